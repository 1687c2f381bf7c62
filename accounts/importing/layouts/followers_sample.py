"""Samples of followers: one row a follower, its facts as in the labelled account collections.

The id of a follower is hashed with the installation's key while it is read. Facts are the
columns the risk model reads; a cell that is empty says nothing.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout
from accounts.importing.layouts.creators_own import tidy_handle
from accounts.importing.pseudonyms import pseudonym

METHODS = ("random", "recent", "unknown")
COUNTS = ("followers", "following", "posts")
FLAGS = ("has_picture", "has_link", "is_private", "is_verified", "is_business")
SHARES = ("username_digit_ratio", "caption_similarity")
QUANTITIES = (
    "bio_length", "full_name_words", "username_length", "avg_likes", "like_rate", "comment_rate",
    "post_interval_hours", "hashtags_per_post", "avg_caption_length",
)  # fmt: skip


def method(text: str) -> str:
    """How the followers were drawn."""
    if text.lower() not in METHODS:
        raise cells.CellRefused(f"one of {', '.join(METHODS)}")
    return text.lower()


LAYOUT = Layout(
    name="followers_sample",
    title="samples of followers",
    kind=Kind.FOLLOWERS,
    columns=(
        Column("handle", "handle", cells.one_line(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform, needed=True, filled=True),
        Column("follower_id", "pseudonym", pseudonym, needed=True, filled=True),
        Column("taken_on", "taken_on", cells.day),
        Column("method", "method", method),
        *(Column(name, f"follower.{name}", cells.count) for name in COUNTS),
        *(Column(name, f"follower.{name}", cells.flag) for name in FLAGS),
        *(Column(name, f"follower.{name}", cells.ratio(limit=1)) for name in SHARES),
        *(Column(name, f"follower.{name}", cells.quantity) for name in QUANTITIES),
    ),
    finish=tidy_handle,
)
