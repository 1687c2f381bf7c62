"""What alerts can watch: each metric once, with its unit, bounds, source and pace."""

from dataclasses import dataclass
from typing import Final, Literal

Key = Literal["", "currency", "niche"]

LARGEST_COUNT: Final = 10**11
LARGEST_MINOR: Final = 10**14
WINDOWS: Final = (1, 3, 7, 14, 30, 60, 90)
"""Days a change may be counted over. Few and fixed, so that rules share their readings."""


@dataclass(frozen=True)
class Metric:
    """``key`` says whether the metric exists once for each currency or niche.

    ``stale_days``: a reading that is older than this when it arrives fires nothing, and one
    more than this before the next is not the one before it.
    """

    name: str
    label: str
    unit: str
    lowest: float
    highest: float
    source: str
    changes: str
    stale_days: int
    key: Key = ""
    has_changes: bool = True

    @property
    def is_money(self) -> bool:
        return self.key == "currency"

    @property
    def typed_unit(self) -> str:
        """The unit as people type it: money in whole units, which is kept in minor ones."""
        return self.unit.replace("minor units", "money in whole units")


_FACTS: Final = 30
_SCORES: Final = 365

METRICS: Final[dict[str, Metric]] = {
    metric.name: metric
    for metric in (
        Metric(
            "followers", "Followers", "followers", 0, LARGEST_COUNT,
            "The newest day’s count of the account.", "With every import, usually daily.", _FACTS,
        ),
        Metric(
            "engagement_rate", "Engagement rate", "% of followers", 0, 10_000,
            "Likes and comments for each follower, as recorded with the day’s counts.",
            "With every import, usually daily.", _FACTS,
        ),
        Metric(
            "risk", "Fake-follower risk", "points of 100", 0, 100,
            "The newest authenticity score that did not abstain, or a moderator’s decision.",
            "When facts or the model change.", _SCORES,
        ),
        Metric(
            "risk_level", "Risk level", "1 low, 2 medium, 3 high", 1, 3,
            "The level of the same score.", "When facts or the model change.", _SCORES,
            has_changes=False,
        ),
        Metric(
            "price", "Suggested price", "minor units of its currency", 1, LARGEST_MINOR,
            "The newest price score, for the deliverable it quotes.",
            "When facts or the model change.", _SCORES, key="currency",
        ),
        Metric(
            "market_value", "Market value of a post", "minor units, or engagements", 0,
            LARGEST_MINOR, "The newest completed valuation that did not abstain.",
            "With every valuation.", _SCORES, key="currency",
        ),
        Metric(
            "niche_weight", "Weight of a niche", "% sure", 0, 100,
            "The newest niche score; 100 where the creator declares the niche, 0 where it is not "
            "among the eight likeliest.",
            "When texts or the model change.", _SCORES, key="niche",
        ),
        Metric(
            "flagged_posts", "Posts flagged by the engagement check", "posts", 0, 1_000_000,
            "Posts whose newest check says that engagement looks bought.",
            "When posts are checked, after imports.", _SCORES,
        ),
    )
}  # fmt: skip

ENGAGEMENTS: Final = "engagements"
"""The key of market values that no currency is known for."""

TOLERATED_DAYS: Final = 2
TOLERATED_SHARE: Final = 4


def tolerance(window_days: int) -> int:
    """How many days older than the window the reading a change is counted from may be."""
    return max(TOLERATED_DAYS, window_days // TOLERATED_SHARE)
