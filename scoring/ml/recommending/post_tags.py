"""Real choices with their times from a file of posts: which tag met which creator, and when.

Like `tag_data`, but a post has a moment, so the split can be by time: what was posted
before decides, and only pairs of tag and creator that are new afterwards are to be found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from scoring.ml.recommending.events import EventLog, Kind
from scoring.ml.recommending.tag_data import REACH_TAGS
from scoring.ml.tables import Layout, TableError, concatenate, read_table

LAYOUT: Final = Layout(
    numbers=("creator_followers",),
    texts=("creator_id", "caption", "hashtags", "published_at"),
    needed=("creator_id", "published_at"),
    needed_any=("caption", "hashtags"),
)
FEWEST_CREATORS: Final = 5
_TAG = re.compile(r"#\s*(\w+)")


@dataclass(frozen=True)
class TagLog:
    """Tags as brands, creators, and an event per tag of a post; `day` counts from the first."""

    tags: list[str]
    creators: list[str]
    log: EventLog


def read_post_tags(files: Sequence[Path]) -> TagLog:
    """Events of the tags that five creators or more have used.

    :raises TableError: unreadable file, or no tag that five creators share.
    """
    table = concatenate([read_table(path, LAYOUT) for path in files], LAYOUT)
    moments = pd.to_datetime(pd.Series(table.text("published_at")), errors="coerce", format="mixed")
    rows = [
        (tag, creator, moment)
        for creator, caption, tags, moment in zip(
            table.text("creator_id"),
            table.text("caption"),
            table.text("hashtags"),
            moments,
            strict=True,
        )
        if creator is not None and not pd.isna(moment)
        for tag in _tags_of(caption, tags)
    ]
    users = Counter(tag for tag, _ in {(tag, creator) for tag, creator, _ in rows})
    rows = [row for row in rows if users[row[0]] >= FEWEST_CREATORS]
    if not rows:
        raise TableError(f"{files[0]}: no tag is shared by {FEWEST_CREATORS} creators.")
    names, brands = np.unique([tag for tag, _, _ in rows], return_inverse=True)
    people, creators = np.unique([creator for _, creator, _ in rows], return_inverse=True)
    times = pd.DatetimeIndex([moment for _, _, moment in rows])
    return TagLog(
        tags=names.tolist(),
        creators=people.tolist(),
        log=EventLog.from_columns(
            brands=brands,
            creators=creators,
            kinds=np.full(len(rows), int(Kind.CLICK)),
            days=(times - times.min()).total_seconds().to_numpy() / 86_400,
        ),
    )


def _tags_of(caption: str | None, tags: str | None) -> set[str]:
    own = {part.strip().lower() for part in (tags or "").split(";")}
    own |= set(_TAG.findall((caption or "").lower()))
    return own - REACH_TAGS - {""}
