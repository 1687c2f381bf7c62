"""``growth_data.csv``: thirty daily follower counts a row, the last of them today's.

The file does not say which day that is: the day of the import, or --as-of. The averages
are of the same day.
"""

from accounts.importing import cells
from accounts.importing.layout import Column, Draft, Kind, Layout, Problem
from accounts.importing.rows import MetricFact

DAYS = 30
SERIES = "follower_growth_last_30_days"


def _compare_ends(draft: Draft) -> list[Problem]:
    series, metric = draft.parts["raw"][SERIES], draft.parts["metric"]
    followers = metric.setdefault("followers", series[-1])
    if followers == series[-1]:
        return []
    return [Problem("followers", str(followers), f"{series[-1]}, the last daily count")]


def _spread(draft: Draft) -> list[MetricFact]:
    """One fact a day, oldest first; the last day's has everything the row says."""
    earlier = draft.parts["raw"][SERIES][:-1]
    days = [
        MetricFact({"followers": followers}, age=len(earlier) - index)
        for index, followers in enumerate(earlier)
    ]
    return [*days, MetricFact(draft.parts["metric"])]


LAYOUT = Layout(
    name="metrics_growth",
    title="thirty daily follower counts a row",
    kind=Kind.METRICS,
    asks_platform=True,
    masked=True,
    columns=(
        Column("influencer_id", "handle", cells.text(limit=100), needed=True, filled=True),
        Column("platform", "platform", cells.platform),
        Column("followers", "metric.followers", cells.count, needed=True),
        Column("avg_likes", "metric.avg_likes", cells.quantity, needed=True),
        Column("avg_comments", "metric.avg_comments", cells.quantity, needed=True),
        Column(SERIES, f"raw.{SERIES}", cells.json_counts(length=DAYS), needed=True, filled=True),
    ),
    finish=_compare_ends,
    split=_spread,
)
