"""``rates_douyin.csv.gz``: profiles from Douyin's creator marketplace.

The marketplace's 30-day figures are kept under their own names in the metric's
``extra``, where the price model finds them. Its engagement rate is interactions per
*view*, so it is not stored as the account's engagement rate, which is per follower.
``region`` is a place in China, so the country is China and the region stays in ``extra``.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Draft, Kind, Layout, Problem


def _place(draft: Draft) -> list[Problem]:
    account, raw, extra = draft.parts["account"], draft.parts["raw"], draft.parts["extra"]
    if "region" in raw:
        account["country"], extra["region"] = "China", raw["region"]
    if extra.keys() & _PRICES and "currency" in raw:
        extra["currency"] = raw["currency"]
    return []


_PRICES = {"price_1_20s", "price_21_60s", "price_over_60s"}

LAYOUT = Layout(
    name="creators_douyin",
    title="Douyin marketplace profiles with 30-day figures and asking prices",
    kind=Kind.CREATORS,
    platform="douyin",
    masked=True,
    columns=(
        Column("creator_id", "handle", cells.text(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform),
        Column("region", "raw.region", cells.one_line(limit=80)),
        Column("tags", "account.declared_niches", cells.json_names(limit=60), needed=True),
        Column("content_themes", "account.hashtags", cells.json_names(limit=150), needed=True),
        Column("followers", "metric.followers", cells.count, needed=True),
        Column("follower_change_15d", "extra.follower_change_15d", cells.change),
        Column("follower_change_30d", "extra.follower_change_30d", cells.change),
        Column("median_views_30d", "extra.median_views_30d", cells.quantity),
        Column("median_interactions_30d", "extra.median_interactions_30d", cells.quantity),
        Column("engagement_rate_30d", "extra.engagement_rate_30d", cells.ratio(limit=10)),
        Column("completion_rate_30d", "extra.completion_rate_30d", cells.ratio(limit=1)),
        Column("expected_views", "extra.expected_views", cells.quantity),
        Column("price_1_20s", "extra.price_1_20s", cells.quantity),
        Column("price_21_60s", "extra.price_21_60s", cells.quantity),
        Column("price_over_60s", "extra.price_over_60s", cells.quantity),
        Column("currency", "raw.currency", cells.text(limit=3)),
    ),
    finish=_place,
)
