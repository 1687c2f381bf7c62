"""``market_ranking_instagram.csv``: the most followed Instagram accounts by name.

The published influence score and the totals stay in the metric's ``extra``;
``account_avg_likes`` is an average over all posts, so it may have a fraction.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Kind, Layout
from accounts.importing.layouts.creators_catalogue import MAX_ENGAGEMENT
from accounts.importing.layouts.creators_own import tidy_handle

LAYOUT = Layout(
    name="creators_ranking",
    title="a published ranking of Instagram accounts",
    kind=Kind.CREATORS,
    platform="instagram",
    columns=(
        Column("username", "handle", cells.text(limit=100), needed=True, filled=True),
        Column(
            "market_influence_score", "extra.market_influence_score", cells.quantity, needed=True
        ),
        Column("followers", "metric.followers", cells.count, needed=True),
        Column("account_avg_likes", "metric.avg_likes", cells.quantity),
        Column("total_posts_count", "metric.posts", cells.count),
        Column("engagement_rate_60d", "metric.engagement_rate", cells.ratio(limit=MAX_ENGAGEMENT)),
        Column("new_post_avg_likes", "extra.new_post_avg_likes", cells.quantity),
    ),
    finish=tidy_handle,
)
