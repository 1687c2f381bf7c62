"""``influencers_data.csv``: an id, a bio and a recent caption, of no stated platform.

The caption becomes a post without a date. The platform is asked for with --platform
and is Instagram when nothing is said.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Draft, Kind, Layout, Problem
from accounts.importing.layouts.derived import (
    content_id,
    note_hashtags_of_caption,
    note_link_in_bio,
)


def _add_post(draft: Draft) -> list[Problem]:
    caption = draft.parts["post"].get("caption")
    if caption:
        draft.parts[""]["external_id"] = content_id(draft.handle or "", caption)
        note_hashtags_of_caption(draft)
    return note_link_in_bio(draft)


LAYOUT = Layout(
    name="creators_influencers",
    title="influencers with bio and recent captions",
    kind=Kind.CREATORS,
    asks_platform=True,
    masked=True,
    columns=(
        Column("influencer_id", "handle", cells.text(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform),
        Column("bio", "account.bio", cells.text(limit=10_000), needed=True),
        Column("recent_captions", "post.caption", cells.text(limit=20_000), needed=True),
    ),
    finish=_add_post,
)
