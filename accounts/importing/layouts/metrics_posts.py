"""Fairground's own layout for the counts of posts over time: one row a post and moment."""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout
from accounts.importing.layouts.creators_own import tidy_handle
from accounts.importing.layouts.metrics_series import COUNTS

LAYOUT = Layout(
    name="metrics_posts",
    title="counts of posts over time in Fairground's own layout",
    kind=Kind.METRICS,
    columns=(
        Column("handle", "handle", cells.one_line(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform, needed=True, filled=True),
        Column("post_id", "external_id", cells.text(limit=100), needed=True, filled=True),
        Column("observed_at", "observed_at", cells.moment, needed=True, filled=True),
        Column("views", "count.views", cells.count),
        *COUNTS,
    ),
    finish=tidy_handle,
)
