"""Series of posts that tell no account: running totals, by the hour or however often.

A post already known keeps its account, as in `metrics_videos`; the others are filed under
the account that stands for unknown ones.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout
from accounts.importing.layouts.metrics_videos import midnight

COUNTS = (
    Column("likes", "count.likes", cells.count),
    Column("comments", "count.comments", cells.count),
    Column("shares", "count.shares", cells.count),
    Column("saves", "count.saves", cells.count),
)

LAYOUT = Layout(
    name="metrics_series",
    title="totals of posts at moments",
    kind=Kind.METRICS,
    asks_platform=True,
    has_handle=False,
    columns=(
        Column("video_id", "external_id", cells.text(limit=100), needed=True, filled=True),
        Column("observed_at", "observed_at", cells.moment, needed=True, filled=True),
        Column("views", "count.views", cells.count, needed=True),
        *COUNTS,
    ),
)

DAYS = Layout(
    name="metrics_series_days",
    title="totals of posts by day",
    kind=Kind.METRICS,
    asks_platform=True,
    has_handle=False,
    columns=(
        Column("video_id", "external_id", cells.text(limit=100), needed=True, filled=True),
        Column("date", "observed_at", midnight, needed=True, filled=True),
        Column("views", "count.views", cells.count, needed=True),
        *COUNTS,
    ),
)
