"""Fairground's own layout for creators: one row an account, by the name it goes by."""

from accounts.importing import cells
from accounts.importing.layout import Column, Draft, Kind, Layout, Problem
from accounts.importing.layouts.derived import note_link_in_bio
from accounts.models import Platform

# Elsewhere @Anna and @anna are the same account; YouTube's channel ids are not.
CASE_MATTERS = (Platform.YOUTUBE, Platform.DOUYIN)


def tidy_handle(draft: Draft) -> list[Problem]:
    """A handle without its @, in lower case where the platform does not tell cases apart.

    :raises CellRefused: if nothing is left.
    """
    handle = (draft.handle or "").lstrip("@").strip()
    if not handle:
        raise cells.CellRefused("a handle besides the @")
    draft.handle = handle if draft.platform in CASE_MATTERS else handle.lower()
    return []


def _finish(draft: Draft) -> list[Problem]:
    return tidy_handle(draft) + note_link_in_bio(draft)


LAYOUT = Layout(
    name="creators_own",
    title="creators in Fairground's own layout",
    kind=Kind.CREATORS,
    columns=(
        Column("handle", "handle", cells.one_line(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform, needed=True, filled=True),
        Column("full_name", "account.full_name", cells.one_line(limit=200)),
        Column("bio", "account.bio", cells.text(limit=10_000)),
        Column("hashtags", "account.hashtags", cells.items(limit=150, strip="#")),
        Column("niches", "account.declared_niches", cells.items(limit=60)),
        Column("country", "account.country", cells.one_line(limit=80)),
        Column("is_verified", "account.is_verified", cells.flag),
        Column("is_private", "account.is_private", cells.flag),
        Column("is_business", "account.is_business", cells.flag),
        Column("has_picture", "account.has_picture", cells.flag),
        Column("has_link", "account.has_link", cells.flag),
        Column("opened_on", "account.opened_on", cells.day),
        Column("day", "day", cells.day),
        Column("followers", "metric.followers", cells.count),
        Column("following", "metric.following", cells.count),
        Column("posts", "metric.posts", cells.count),
        Column("avg_likes", "metric.avg_likes", cells.quantity),
        Column("avg_comments", "metric.avg_comments", cells.quantity),
        Column("engagement_rate", "metric.engagement_rate", cells.ratio(limit=10)),
        Column("comments_to_likes", "metric.comments_to_likes", cells.ratio(limit=100)),
    ),
    finish=_finish,
)
