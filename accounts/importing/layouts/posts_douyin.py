"""``videos_douyin.csv.gz``: videos with counts that do not say when they were taken."""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout
from accounts.importing.layouts.derived import note_hashtags_of_caption

LAYOUT = Layout(
    name="posts_douyin",
    title="Douyin videos with counts",
    kind=Kind.POSTS,
    platform="douyin",
    masked=True,
    columns=(
        Column("platform", "platform", cells.platform),
        Column("creator_id", "handle", cells.text(limit=100), needed=True, filled=True),
        Column("video_id", "external_id", cells.text(limit=100), needed=True, filled=True),
        Column("caption", "post.caption", cells.text(limit=20_000), needed=True),
        Column("published_at", "post.published_at", cells.moment, needed=True),
        Column("views", "count.views", cells.count, needed=True),
        Column("likes", "count.likes", cells.count),
        Column("comments", "count.comments", cells.count),
        Column("shares", "count.shares", cells.count),
        Column("creator_followers", "metric.followers", cells.count, needed=True),
    ),
    finish=note_hashtags_of_caption,
)
