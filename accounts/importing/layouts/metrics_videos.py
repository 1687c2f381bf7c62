"""``series_youtube_daily.csv.gz``: running totals of videos, day by day.

The file does not say whose videos they are. A video already known keeps its account;
the others are filed under one account that is not shown to anybody (`UNATTRIBUTED`).
"""

from datetime import UTC, datetime, time

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout

# Parentheses are in no real handle.
UNATTRIBUTED = "(unattributed)"


def midnight(text: str) -> datetime:
    """A day's running total counts as taken at 00:00 UTC."""
    return datetime.combine(cells.day(text), time(), tzinfo=UTC)


LAYOUT = Layout(
    name="metrics_videos",
    title="daily totals of YouTube videos",
    kind=Kind.METRICS,
    platform="youtube",
    has_handle=False,
    columns=(
        Column("video_id", "external_id", cells.text(limit=100), needed=True, filled=True),
        Column("date", "observed_at", midnight, needed=True, filled=True),
        Column("views", "count.views", cells.count, needed=True),
        Column("likes", "count.likes", cells.count),
        Column("dislikes", "post_extra.dislikes", cells.count, needed=True),
        Column("comments", "count.comments", cells.count),
    ),
)
