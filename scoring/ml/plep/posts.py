"""Published posts as rows, read from a file.

The layouts are those of the three collections, and the one in which outcomes of campaigns are
written, whose counts are those after 30 days, or 7 where 30 are not over.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from scoring.ml.plep.captions import clean_tags
from scoring.ml.tables import Layout, Table, read_table

PLATFORMS: Final = ("douyin", "tiktok", "instagram")
COUNTS: Final = ("likes", "comments", "shares")
HORIZONS: Final = ("30d", "7d")
MEASURED: Final = ("engagements_30d", "engagements_7d")
MEASURED_COUNTS: Final = tuple(f"{count}_{horizon}" for horizon in HORIZONS for count in COUNTS)
MEASURED_VIEWS: Final = ("views_30d", "views_7d")
LAYOUT: Final = Layout(
    numbers=(
        *COUNTS,
        "views",
        "saves",
        "duration_s",
        "creator_followers",
        "following",
        "engagement_rate",
        "followers",
        *MEASURED,
        *MEASURED_COUNTS,
        *MEASURED_VIEWS,
    ),
    texts=("platform", "creator_id", "video_id", "caption", "hashtags", "published_at"),
    needed_any=("likes", "engagement_rate", "caption", "creator_followers", *MEASURED),
)
RATE_CAP: Final = 30.0
"""Per cent at which the Instagram collection cuts its engagement rates."""


@dataclass(frozen=True)
class Posts:
    """n posts. Numbers are NaN where unknown, texts None.

    `engagement` is a count: likes + comments + shares, or for Instagram followers ×
    engagement rate. `times` are seconds since 1970 UTC. `creators` are whole numbers, -1
    where unknown. `hashtags` holds the tags kept beside the caption, as tuples.
    """

    platforms: np.ndarray
    creators: np.ndarray
    captions: np.ndarray
    hashtags: np.ndarray
    times: np.ndarray
    durations: np.ndarray
    followers: np.ndarray
    following: np.ndarray
    engagement: np.ndarray
    views: np.ndarray

    def __len__(self) -> int:
        return len(self.platforms)

    def take(self, rows: np.ndarray) -> Posts:
        return Posts(**{name: values[rows] for name, values in vars(self).items()})


@dataclass(frozen=True)
class PostFile:
    """`rows` of the file, `duplicates` of which were left out of `posts`.

    `names` and `videos` are the creator's and the post's own ids, None where unknown.
    """

    rows: int
    duplicates: int
    posts: Posts
    names: np.ndarray
    videos: np.ndarray


def read_posts(path: Path) -> PostFile:
    """Read a file, a post that is in it twice once.

    :raises scoring.ml.tables.TableError: see `read_table`.
    """
    table = read_table(path, LAYOUT)
    posts, names, videos = posts_of(table), table.text("creator_id"), table.text("video_id")
    kept = first_of_each(posts, names, videos)
    return PostFile(table.rows, table.rows - len(kept), posts.take(kept), names[kept], videos[kept])


def posts_of(table: Table) -> Posts:
    """Every row as a post; counts below zero and times that cannot be read are unknown."""
    followers = _first_known(table, "creator_followers", "followers")
    platforms = _platforms(table)
    counted = _count(table, "likes") + _count(table, "comments") + _count(table, "shares")
    if set(MEASURED) & set(table.columns):
        # the engagement rate beside measured outcomes is the account's, not the post's
        engagement = _measured(table, platforms)
    else:
        # a rate of followers is all the Instagram collection has; in a list of profiles,
        # without captions and times, it is the account's average and of no one post
        implied = followers * _count(table, "engagement_rate") / 100.0
        instagram = (platforms == "instagram") & ~np.isfinite(counted)
        instagram &= bool({"caption", "published_at"} & set(table.columns))
        engagement = np.where(instagram, implied, counted)
    return Posts(
        platforms=platforms,
        creators=_numbered(table.text("creator_id")),
        captions=table.text("caption"),
        hashtags=_tag_lists(table.text("hashtags")),
        times=_seconds(table.text("published_at")),
        durations=_count(table, "duration_s"),
        followers=followers,
        following=_count(table, "following"),
        engagement=engagement,
        views=_first_known(table, "views", *MEASURED_VIEWS),
    )


def first_of_each(posts: Posts, names: np.ndarray, videos: np.ndarray) -> np.ndarray:
    """Rows that repeat no earlier row: neither its video id nor creator, caption and time."""
    seen: set[Hashable] = set()
    kept = []
    columns = (posts.platforms, names, videos, posts.captions, posts.times)
    for row, (platform, name, video, caption, time) in enumerate(zip(*columns, strict=True)):
        keys: list[Hashable] = [(platform, "video", video)] if video is not None else []
        if name is not None and np.isfinite(time):
            keys.append((platform, name, caption, time))
        if seen.isdisjoint(keys):
            kept.append(row)
        seen.update(keys)
    return np.array(kept, dtype=int)


def join_files(files: Sequence[PostFile]) -> Posts:
    """Posts of several files, each once; a creator of one name and platform is one creator."""
    columns = {
        name: np.concatenate([getattr(file.posts, name) for file in files])
        for name in vars(files[0].posts)
    }
    names = np.concatenate([file.names for file in files])
    videos = np.concatenate([file.videos for file in files])
    people = np.full(len(names), None, dtype=object)
    for row, (platform, name) in enumerate(zip(columns["platforms"], names, strict=True)):
        people[row] = None if name is None else f"{platform} {name}"
    posts = Posts(**(columns | {"creators": _numbered(people)}))
    return posts.take(first_of_each(posts, names, videos))


def _platforms(table: Table) -> np.ndarray:
    """In lower case; where the file does not say, what only one layout has tells it."""
    if {"engagement_rate", "following"} & set(table.columns):
        usual = "instagram"
    elif {"duration_s", "saves", "hashtags"} & set(table.columns):
        usual = "tiktok"
    else:
        usual = "douyin"
    return np.array([str(name or usual).strip().lower() for name in table.text("platform")])


def _count(table: Table, name: str) -> np.ndarray:
    values = np.array(table.number(name), dtype=float)
    values[~(values >= 0)] = np.nan
    return values


def _first_known(table: Table, *names: str) -> np.ndarray:
    values = np.full(table.rows, np.nan)
    for name in names:
        own = _count(table, name)
        values = np.where(np.isfinite(values), values, own)
    return values


def _measured(table: Table, platforms: np.ndarray) -> np.ndarray:
    """The latest measured count as the collections count; else engagements as a whole, which
    hold saves where a platform shows them."""
    values = np.full(table.rows, np.nan)
    for horizon in HORIZONS:
        shares = np.where(platforms == "instagram", 0.0, _count(table, f"shares_{horizon}"))
        own = _count(table, f"likes_{horizon}") + _count(table, f"comments_{horizon}") + shares
        values = np.where(np.isfinite(values), values, own)
    whole = _first_known(table, *MEASURED)
    return np.where(np.isfinite(values), values, whole)


def _numbered(names: np.ndarray) -> np.ndarray:
    codes, _ = pd.factorize(names)
    return np.asarray(codes, dtype=int)


def _tag_lists(texts: np.ndarray) -> np.ndarray:
    result = np.empty(len(texts), dtype=object)
    for row, text in enumerate(texts):
        result[row] = clean_tags(str(text).split(";")) if text is not None else None
    return result


def _seconds(texts: np.ndarray) -> np.ndarray:
    """Times as written, in UTC where no offset is; whole numbers are seconds since 1970.

    Of dates such as 03/04/2025 the file tells whether the day or the month comes first, by a
    part above 12. Where none or both do, those times are unknown: a guess would put posts
    before each other that were not.
    """
    written = pd.Series(texts, dtype=object).astype("string").str.strip()
    parts = written.str.extract(r"^(\d{1,2})[./-](\d{1,2})[./-]\d{4}(?!\d)").astype("Float64")
    slashed = parts[0].notna()
    day_first, month_first = bool((parts[0] > 12).any()), bool((parts[1] > 12).any())
    parsed = _parse(written.mask(slashed))
    if day_first != month_first:
        parsed = parsed.fillna(_parse(written.where(slashed), day_first=day_first))
    known = parsed.notna().to_numpy()
    seconds = parsed.dt.as_unit("s").astype("int64").to_numpy().astype(float)
    since_1970 = pd.to_numeric(written.where(written.str.fullmatch(r"\d{9,10}(\.\d*)?")))
    counted = since_1970.astype("float64").to_numpy(na_value=np.nan)
    return np.where(np.isfinite(counted), counted, np.where(known, seconds, np.nan))


def _parse(texts: pd.Series, *, day_first: bool = False) -> pd.Series:
    return pd.to_datetime(
        texts.astype(object), errors="coerce", utc=True, format="mixed", dayfirst=day_first
    )


def log_engagement(posts: Posts) -> np.ndarray:
    """log1p of the count, shape (n,), NaN where unknown."""
    return np.asarray(np.log1p(posts.engagement))
