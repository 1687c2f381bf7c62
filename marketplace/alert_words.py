"""Rules and findings of alerts in sentences: for pages, mails, commands and programs alike."""

from accounts import money
from accounts.models import Platform
from marketplace.readable import UNBROKEN, UNKNOWN, compact, niche_name, short_day
from scoring.alerting.metrics import ENGAGEMENTS, METRICS, Metric
from scoring.models import AlertFiring, AlertSeries, AlertVersion

LEVELS = {1: "low", 2: "medium", 3: "high"}
Kind, Mode = AlertVersion.Kind, AlertSeries.Mode


def amount(metric: Metric, key: str, value: float | None) -> str:
    """``12.5k``, ``4.2 %``, ``€120``; unknown is a dash."""
    if value is None:
        return UNKNOWN
    if metric.is_money and key != ENGAGEMENTS:
        return money.readable(value, key)
    if metric.name == "risk_level":
        return LEVELS.get(round(value), f"{value:g}")
    if metric.name in ("engagement_rate", "niche_weight"):
        return f"{_short(value)}{UNBROKEN}%"
    if metric.name in ("risk", "flagged_posts"):
        return _short(value)
    return compact(value) + (f"{UNBROKEN}engagements" if key == ENGAGEMENTS else "")


def value_of(series: AlertSeries, value: float | None) -> str:
    """A reading of a series as it is compared: a change has its sign."""
    metric = METRICS[series.metric]
    if value is None or series.mode == Mode.LEVEL:
        return amount(metric, series.key, value)
    sign = "−" if value < 0 else "+"
    size = abs(value)
    if series.mode == Mode.PERCENT:
        return f"{sign}{_short(size)}{UNBROKEN}%"
    points = f"{UNBROKEN}points" if metric.name in ("engagement_rate", "niche_weight") else ""
    shown = _short(size) if points else amount(metric, series.key, size)
    return f"{sign}{shown}{points}"


def metric_name(series: AlertSeries) -> str:
    """``Followers``, ``Suggested price in EUR``, ``Weight of the niche travel``."""
    metric = METRICS[series.metric]
    if metric.key == "niche":
        return f"Weight of the niche {niche_name(series.key)}"
    if metric.is_money:
        return f"{metric.label} in {series.key}"
    return metric.label


def rule_sentence(version: AlertVersion) -> str:
    """What fires the rule. Needs the series; no query then."""
    series, rises = version.series, version.direction == AlertVersion.Direction.UP
    limit = version.threshold
    if version.kind == Kind.ENTRANT:
        return (
            f"Somebody is new in the niche {niche_name(series.key)}, "
            f"{_short(limit)}{UNBROKEN}% sure or more"
        )
    name = metric_name(series)
    if version.kind == Kind.THRESHOLD:
        value = amount(METRICS[series.metric], series.key, limit)
        return f"{name}: rises to {value} or more" if rises else f"{name}: falls to {value} or less"
    size = value_of(series, abs(limit)).removeprefix("+")
    days = "1 day" if series.window_days == 1 else f"{series.window_days} days"
    return f"{name}: {'rises' if rises else 'falls'} by {size} or more within {days}"


def scope_sentence(version: AlertVersion) -> str:
    """Whom the rule is about. Needs the shortlist where there is one."""
    parts = []
    if version.scope == AlertVersion.Scope.SHORTLIST:
        listed = version.shortlist
        parts.append(f"on the shortlist “{listed}”" if listed else "on a shortlist that is gone")
    if version.scope == AlertVersion.Scope.NAMED:
        count = len(version.creator_ids)
        parts.append("one named creator" if count == 1 else f"{count} named creators")
    labels = dict(Platform.choices)
    parts += [" or ".join(labels.get(one, one) for one in version.platforms)]
    parts += ["in " + " or ".join(map(niche_name, version.niches)) if version.niches else ""]
    parts += ["from " + " or ".join(version.countries) if version.countries else ""]
    low, high = version.min_followers, version.max_followers
    if low is not None or high is not None:
        parts.append(_range(low, high))
    return ", ".join(filter(None, parts)) or "everybody in the catalogue"


def finding_sentence(firing: AlertFiring) -> str:
    """Why it fired: the reading, what it was before, and the threshold. Needs the version."""
    version, series = firing.version, firing.version.series
    metric = METRICS[series.metric]
    level = amount(metric, series.key, firing.level)
    limit = value_of(series, version.threshold)
    if version.kind == Kind.CHANGE:
        base = amount(metric, series.key, firing.base)
        since = f" on {short_day(firing.base_day)}" if firing.base_day else ""
        change = value_of(series, firing.value)
        return f"{metric_name(series)}: {change}, from {base}{since} to {level} (limit {limit})"
    if firing.matched_already:
        before = "when the alert began"
    elif firing.previous is None:
        before = "with the first reading"
    else:
        before = f"before: {amount(metric, series.key, firing.previous)}"
    return f"{metric_name(series)}: {level}, {before} (limit {limit})"


def _range(low: int | None, high: int | None) -> str:
    if high is None:
        return f"from {compact(low)} followers"
    if low is None:
        return f"up to {compact(high)} followers"
    return f"{compact(low)} to {compact(high)} followers"


def _short(value: float) -> str:
    """``12``, ``4.25``, ``1,200``: two decimals at most."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
