"""``creators.csv.gz``: masked Instagram and TikTok creators with rates and niches.

``engagement_rate`` is a fraction of followers. Both ratios were computed by others and
a few cannot be true (-24.1, 2361.55): those become unknown. A ratio up to 10 is kept,
because a small account's viral video reaches many times its followers.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout
from accounts.importing.layouts.derived import note_link_in_bio

MAX_ENGAGEMENT = 10.0
MAX_COMMENTS_TO_LIKES = 100.0

LAYOUT = Layout(
    name="creators_catalogue",
    title="masked creators with bio, rates and niches",
    kind=Kind.CREATORS,
    masked=True,
    columns=(
        Column("creator_id", "handle", cells.text(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform, needed=True, filled=True),
        Column("bio", "account.bio", cells.text(limit=10_000), needed=True),
        Column("hashtags", "account.hashtags", cells.items(limit=150, strip="#")),
        Column("location", "account.country", cells.one_line(limit=80)),
        Column("followers", "metric.followers", cells.count, needed=True),
        Column("engagement_rate", "metric.engagement_rate", cells.ratio(limit=MAX_ENGAGEMENT)),
        Column(
            "comments_to_likes",
            "metric.comments_to_likes",
            cells.ratio(limit=MAX_COMMENTS_TO_LIKES),
        ),
        Column("verified", "account.is_verified", cells.flag),
        Column("niches", "account.declared_niches", cells.items(limit=60)),
    ),
    finish=note_link_in_bio,
)
