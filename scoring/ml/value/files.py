"""The files that coefficients are fitted on and values are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from scoring.ml.plep.posts import Posts, read_posts
from scoring.ml.tables import Layout, Table, TableError, read_table

CATALOGUE: Final = Layout(
    numbers=("followers", "engagement_rate", "comments_to_likes"),
    texts=("platform", "creator_id", "bio"),
    needed=("platform", "followers", "engagement_rate", "bio"),
)
PRICES: Final = Layout(
    numbers=("followers", "median_interactions_30d", "price_21_60s"),
    texts=("platform", "creator_id", "currency"),
    needed=("followers", "price_21_60s"),
)
RANKING: Final = Layout(
    numbers=(
        "market_influence_score",
        "followers",
        "account_avg_likes",
        "total_posts_count",
        "engagement_rate_60d",
        "new_post_avg_likes",
    ),
    texts=("username",),
    needed=("followers",),
)
PRICED_DELIVERABLE: Final = "video_21_60s"
PRICED_ON: Final = "2025-11"
LAYOUTS: Final = {
    "market_influence_score": "ranking",
    "price_21_60s": "prices",
    "bio": "catalogue",
    "account_avg_likes": "ranking",
    "new_post_avg_likes": "ranking",
    "engagement_rate_60d": "ranking",
}
"""Of several the first column counts; a ranking may lack its scores."""


@dataclass(frozen=True)
class CreatorPosts:
    """Posts with known time and engagement, by creator, oldest first.

    `starts` (creators + 1,), `logs` log(1 + engagement) and `times` in days, (posts,);
    `followers` of each creator as of the newest post, `names` their ids.
    """

    platform: str
    names: np.ndarray
    followers: np.ndarray
    starts: np.ndarray
    logs: np.ndarray
    times: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    def of(self, creator: int) -> slice:
        return slice(int(self.starts[creator]), int(self.starts[creator + 1]))


def kind_of(path: Path) -> str:
    """What a file holds, by its header: ranking, prices, catalogue or posts.

    :raises TableError: no readable CSV file.
    """
    if not path.is_file() or not path.name.endswith((".csv", ".csv.gz")):
        raise TableError(f"{path} is no .csv or .csv.gz file that can be read.")
    try:
        header = [str(name).strip() for name in pd.read_csv(path, nrows=0).columns]
    except (OSError, EOFError, ValueError) as error:
        raise TableError(f"{path} cannot be read: {error}.") from error
    return next((kind for column, kind in LAYOUTS.items() if column in header), "posts")


def read_ranking(path: Path) -> Table:
    """:raises TableError: see `read_table`."""
    return read_table(path, RANKING)


def read_creator_posts(path: Path) -> tuple[int, list[CreatorPosts]]:
    """The rows of a file and its posts, platform by platform.

    :raises TableError: see `read_table`.
    """
    file = read_posts(path)
    return file.rows, by_creator(file.posts, file.names)


def by_creator(posts: Posts, names: np.ndarray) -> list[CreatorPosts]:
    """Posts without time, engagement or creator are left out."""
    found = []
    kept = np.isfinite(posts.times) & np.isfinite(posts.engagement) & (posts.creators >= 0)
    for platform in sorted(set(posts.platforms[kept])):
        rows = np.flatnonzero(kept & (posts.platforms == platform))
        rows = rows[np.lexsort((posts.times[rows], posts.creators[rows]))]
        creators, first = np.unique(posts.creators[rows], return_index=True)
        starts = np.append(first, len(rows))
        newest = rows[starts[1:] - 1]
        assert len(creators) == len(newest)
        found.append(
            CreatorPosts(
                platform=platform,
                names=names[newest],
                followers=posts.followers[newest],
                starts=starts,
                logs=np.log1p(posts.engagement[rows]),
                times=posts.times[rows] / 86_400.0,
            )
        )
    return found
