"""``videos_tiktok.csv.gz``: videos with their counts at the moment they were seen."""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout

LAYOUT = Layout(
    name="posts_tiktok",
    title="TikTok videos with counts",
    kind=Kind.POSTS,
    platform="tiktok",
    masked=True,
    columns=(
        Column("platform", "platform", cells.platform),
        Column("creator_id", "handle", cells.text(limit=100), needed=True, filled=True),
        Column("creator_followers", "metric.followers", cells.count, needed=True),
        Column("video_id", "external_id", cells.text(limit=100), needed=True, filled=True),
        Column("caption", "post.caption", cells.text(limit=20_000), needed=True),
        Column("hashtags", "post.hashtags", cells.items(limit=150, strip="#"), needed=True),
        Column("published_at", "post.published_at", cells.moment, needed=True),
        Column("observed_at", "observed_at", cells.moment, needed=True),
        Column("duration_s", "post.duration_s", cells.quantity),
        Column("views", "count.views", cells.count, needed=True),
        Column("likes", "count.likes", cells.count),
        Column("comments", "count.comments", cells.count),
        Column("shares", "count.shares", cells.count),
        Column("saves", "count.saves", cells.count),
    ),
)
