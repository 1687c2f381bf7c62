"""Fairground's own layout for counts: one row an account and day."""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout
from accounts.importing.layouts.creators_own import tidy_handle

LAYOUT = Layout(
    name="metrics_own",
    title="daily counts in Fairground's own layout",
    kind=Kind.METRICS,
    columns=(
        Column("handle", "handle", cells.one_line(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform, needed=True, filled=True),
        Column("day", "day", cells.day, needed=True, filled=True),
        Column("followers", "metric.followers", cells.count),
        Column("following", "metric.following", cells.count),
        Column("posts", "metric.posts", cells.count),
        Column("avg_likes", "metric.avg_likes", cells.quantity),
        Column("avg_comments", "metric.avg_comments", cells.quantity),
        Column("engagement_rate", "metric.engagement_rate", cells.ratio(limit=10)),
        Column("comments_to_likes", "metric.comments_to_likes", cells.ratio(limit=100)),
    ),
    finish=tidy_handle,
)
