"""Fairground's own layout for posts: one row a post, at one moment."""

from accounts.importing import cells
from accounts.importing.layout import Column, Draft, Kind, Layout, Problem
from accounts.importing.layouts.creators_own import tidy_handle
from accounts.importing.layouts.derived import note_hashtags_of_caption


def _finish(draft: Draft) -> list[Problem]:
    return tidy_handle(draft) + note_hashtags_of_caption(draft)


LAYOUT = Layout(
    name="posts_own",
    title="posts in Fairground's own layout",
    kind=Kind.POSTS,
    columns=(
        Column("handle", "handle", cells.one_line(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform, needed=True, filled=True),
        Column("post_id", "external_id", cells.text(limit=100), needed=True, filled=True),
        Column("kind", "post.kind", cells.one_line(limit=20)),
        Column("caption", "post.caption", cells.text(limit=20_000)),
        Column("hashtags", "post.hashtags", cells.items(limit=150, strip="#")),
        Column("published_at", "post.published_at", cells.moment),
        Column("duration_s", "post.duration_s", cells.quantity),
        Column("observed_at", "observed_at", cells.moment),
        Column("views", "count.views", cells.count),
        Column("likes", "count.likes", cells.count),
        Column("comments", "count.comments", cells.count),
        Column("shares", "count.shares", cells.count),
        Column("saves", "count.saves", cells.count),
        Column("engagement_rate", "count.engagement_rate", cells.ratio(limit=10)),
        Column("picture_hash", "extra.picture_hash", cells.picture_hash),
    ),
    finish=_finish,
)
