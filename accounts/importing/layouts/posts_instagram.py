"""``posts_instagram.csv.gz``: posts without an id, with a capped engagement rate in per cent.

A post is known again by its creator, time and caption. The file has 96 posts twice,
one of them with other numbers: the first of each is kept.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Draft, Kind, Layout, Problem
from accounts.importing.layouts.derived import content_id, note_hashtags_of_caption

PER_CENT = 0.01


def _identify(draft: Draft) -> list[Problem]:
    post = draft.parts["post"]
    published = post["published_at"].isoformat() if "published_at" in post else ""
    draft.parts[""]["external_id"] = content_id(
        draft.handle or "", published, post.get("caption", "")
    )
    return note_hashtags_of_caption(draft)


LAYOUT = Layout(
    name="posts_instagram",
    title="Instagram posts with engagement rates",
    kind=Kind.POSTS,
    platform="instagram",
    masked=True,
    derived_key=True,
    columns=(
        Column("platform", "platform", cells.platform),
        Column("creator_id", "handle", cells.text(limit=100), needed=True, filled=True),
        Column("creator_followers", "metric.followers", cells.count, needed=True),
        Column("following", "metric.following", cells.count),
        Column("caption", "post.caption", cells.text(limit=20_000), needed=True),
        Column("published_at", "post.published_at", cells.moment, needed=True),
        Column(
            "engagement_rate",
            "count.engagement_rate",
            cells.ratio(limit=1000, scale=PER_CENT),
            needed=True,
        ),
    ),
    finish=_identify,
)
