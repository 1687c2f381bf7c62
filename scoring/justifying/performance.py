"""What an account reaches: followers, growth and recent posts, measured and with intervals."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from accounts.models import AccountMetric, Provenance, SocialAccount
from scoring.features.growth_facts import read_growth
from scoring.justifying.documents import Figure, Section, Unit
from scoring.justifying.medians import FEWEST, Median, median_of
from scoring.justifying.recent_posts import MOST, RecentPosts

MEDIAN_WORDS: Final = "holds the median of all such posts in at least 95 % of samples"
MONTH: Final = timedelta(days=30)
SLACK: Final = timedelta(days=7)


def performance_section(account: SocialAccount, posts: RecentPosts, *, as_of: datetime) -> Section:
    """Followers and their growth, and the medians of recent posts. Two queries."""
    metric = (
        AccountMetric.objects.filter(
            account=account, followers__isnull=False, day__lte=as_of.date(), recorded_at__lte=as_of
        )
        .exclude(provenance=Provenance.ESTIMATED)
        .order_by("-day", "-recorded_at")
        .first()
    )
    followers = metric.followers if metric else None
    figures = [
        _followers(metric),
        _growth(account, metric, as_of=as_of),
        _median("views", "Views of a post, median", posts, posts.views()),
        _median(
            "interactions", "Likes and comments of a post, median", posts, posts.interactions()
        ),
        _engagement_rate(posts, followers),
        _median(
            "interactions_per_view",
            "Likes and comments per view, median",
            posts,
            posts.interactions_per_view(),
            unit=Unit.SHARE,
        ),
    ]
    return Section(
        name="performance",
        title="Performance",
        figures=[figure for figure in figures if figure is not None],
        sentences=_spread(posts),
    )


def _followers(metric: AccountMetric | None) -> Figure:
    if metric is None:
        return Figure(
            name="followers", label="Followers", unit=Unit.COUNT, value=None,
            unknown="No count of followers is on record.",
        )  # fmt: skip
    return Figure(
        name="followers",
        label="Followers",
        unit=Unit.COUNT,
        value=metric.followers,
        source=f"Count {Provenance(metric.provenance).label.lower()}; a count has no interval",
        as_of=metric.day.isoformat(),
        simulated=metric.provenance == Provenance.SIMULATED,
    )


def _growth(account: SocialAccount, metric: AccountMetric | None, *, as_of: datetime) -> Figure:
    """The change of the follower count over the last thirty days on record."""

    def unknown(why: str) -> Figure:
        return Figure(
            name="growth", label="Growth in 30 days", unit=Unit.SIGNED_SHARE, value=None,
            unknown=why,
        )  # fmt: skip

    series = read_growth([account], as_of=as_of)[0]
    if metric is None or len(series) < 2:
        return unknown("Followers were counted on fewer than two days.")
    days = series.days - (series.days[-1] - np.timedelta64(MONTH.days, "D"))
    place = int(np.argmin(np.abs(days)))
    then, now = float(series.followers[place]), float(series.followers[-1])
    if abs(days[place].astype(int)) > SLACK.days or then <= 0:
        return unknown("There is no count of followers from about thirty days before the last.")
    return Figure(
        name="growth",
        label="Growth in 30 days",
        unit=Unit.SIGNED_SHARE,
        value=now / then - 1,
        source=f"{then:,.0f} followers on {_day(series.days[place])}, {now:,.0f} on "
        f"{_day(series.days[-1])}; two counts, so there is no interval",
        as_of=str(series.days[-1]),
        simulated=metric.provenance == Provenance.SIMULATED,
    )


def _median(
    name: str,
    label: str,
    posts: RecentPosts,
    values: Sequence[float],
    *,
    unit: Unit = Unit.COUNT,
) -> Figure:
    found = median_of(values)
    if found is None:
        return Figure(name=name, label=label, unit=unit, value=None, unknown=_too_few(len(values)))
    return _figure(name, label, posts, found, unit=unit)


def _engagement_rate(posts: RecentPosts, followers: int | None) -> Figure:
    """Likes and comments of the median post over the followers of today."""
    label = "Engagement rate"
    found = median_of(posts.interactions())
    if found is None or not followers:
        why = (
            "No count of followers is on record." if found else _too_few(len(posts.interactions()))
        )
        return Figure(name="engagement_rate", label=label, unit=Unit.SHARE, value=None, unknown=why)
    rate = Median(
        found.value / followers,
        None if found.low is None else found.low / followers,
        None if found.high is None else found.high / followers,
        found.lower / followers,
        found.upper / followers,
        found.n,
    )
    return _figure(
        "engagement_rate", label, posts, rate, unit=Unit.SHARE,
        of="Likes and comments of the median post, divided by the followers; ",
    )  # fmt: skip


def _figure(
    name: str, label: str, posts: RecentPosts, found: Median, *, unit: Unit, of: str = ""
) -> Figure:
    counted_on = posts.counted_on
    has_interval = found.low is not None
    return Figure(
        name=name,
        label=label,
        unit=unit,
        value=found.value,
        low=found.low,
        high=found.high,
        interval=MEDIAN_WORDS if has_interval else "fewer than six posts give no 95 % interval",
        source=f"{of}{found.n} of {posts.source()}" if found.n < len(posts.posts)
        else f"{of}{posts.source()}",
        as_of=counted_on.isoformat() if counted_on else "",
        simulated=posts.is_simulated,
    )  # fmt: skip


def _spread(posts: RecentPosts) -> list[str]:
    """How far single posts lie from the median, which the interval of a median does not say."""
    said = []
    for name, values in (("views", posts.views()), ("likes and comments", posts.interactions())):
        found = median_of(values)
        if found is not None:
            said.append(
                f"One post in two has between {found.lower:,.0f} and {found.upper:,.0f} {name}; "
                "the others have fewer or more."
            )
    return said


def _too_few(number: int) -> str:
    if number == 0:
        return f"None of the last {MOST} posts has counts from three days after it or later."
    return (
        f"Only {number} of the last posts ha{'s' if number == 1 else 've'} it; {FEWEST} are needed."
    )


def _day(day: np.datetime64) -> str:
    return f"{day.astype('datetime64[D]').item():%-d %b %Y}"
