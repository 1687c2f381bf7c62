"""What a rule asks, checked: the one definition for page, API, command and back-test."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from accounts.errors import DomainError
from accounts.models import Platform
from accounts.money import CURRENCIES
from campaigns.terms import MAX_FOLLOWERS
from scoring.alerting.metrics import ENGAGEMENTS, METRICS, WINDOWS, Metric
from scoring.ml.match.audience import tag_of
from scoring.ml.match.limits import country_key
from scoring.models import AlertSeries, AlertVersion, SearchEntry

Kind = AlertVersion.Kind
Direction = AlertVersion.Direction
Scope = AlertVersion.Scope
Mode = AlertSeries.Mode

MOST_NAMED: Final = 500
MOST_CHOICES: Final = 20
MOST_COOLDOWN: Final = 365
LARGEST_PERCENT: Final = 1_000_000
LARGEST_ID: Final = 2**63 - 1
NICHE_FROM: Final = 50.0
"""Per cent sure from which on somebody counts as being in a niche, unless the rule says else."""


class RuleRejected(DomainError):
    """The rule cannot be; ``attr`` names the entry, the same in every interface."""

    code = "alert_rejected"

    def __init__(self, attr: str, message: str, *, code: str = "") -> None:
        self.attr = attr
        super().__init__(message, code=code, details={"field": attr})


@dataclass(frozen=True, kw_only=True)
class RuleTerms:
    """What is watched, about whom, and from when on it is told.

    ``threshold`` is in the metric's unit (money in minor units), or in per cent where ``mode``
    is "percent"; of a change it is the size, above zero, also of a fall. ``niche`` is the niche
    of a niche metric, ``niches`` are a filter. Empty and None ask nothing.
    """

    kind: str
    metric: str = ""
    threshold: float | None = None
    direction: str = Direction.UP
    mode: str = Mode.PERCENT
    window_days: int | None = None
    currency: str = ""
    niche: str = ""
    include_matching: bool = False
    cooldown_days: int = 7
    scope: str = Scope.FILTERS
    platforms: Sequence[str] = ()
    niches: Sequence[str] = ()
    countries: Sequence[str] = ()
    min_followers: int | None = None
    max_followers: int | None = None
    shortlist_id: int | None = None
    creator_ids: Sequence[int] = ()

    @property
    def of(self) -> Metric:
        """:raises RuleRejected: if there is no such metric."""
        name = "niche_weight" if self.kind == Kind.ENTRANT else self.metric
        if name not in METRICS:
            raise RuleRejected(
                "metric", f"There is no metric “{name[:40]}”. Known: {', '.join(METRICS)}."
            )
        return METRICS[name]

    @property
    def key(self) -> str:
        return {"": "", "currency": self.currency, "niche": tag_of(self.niche)}[self.of.key]

    @property
    def series_mode(self) -> str:
        return self.mode if self.kind == Kind.CHANGE else Mode.LEVEL

    @property
    def signed_threshold(self) -> float:
        """As readings are compared with it: a fall of 10 is a change to −10 or below."""
        if self.threshold is None:
            return NICHE_FROM
        falls = self.kind == Kind.CHANGE and self.direction == Direction.DOWN
        return -self.threshold if falls else self.threshold

    def checked(self) -> "RuleTerms":
        """These terms, or a refusal that says what to write instead. Three queries at most.

        :raises RuleRejected: naming the entry.
        """
        _among("kind", self.kind, Kind.values)
        metric = self.of
        if self.kind != Kind.ENTRANT:
            _among("direction", self.direction, Direction.values)
        if self.kind == Kind.CHANGE:
            self._check_change(metric)
        self._check_key(metric)
        self._check_threshold(metric)
        _between("cooldown_days", self.cooldown_days, 1, MOST_COOLDOWN, "days")
        _among("scope", self.scope, Scope.values)
        self._check_filters()
        self._check_creators()
        return self

    def _check_change(self, metric: Metric) -> None:
        if not metric.has_changes:
            raise RuleRejected("metric", f"{metric.label} has steps, not changes: use a threshold.")
        _among("mode", self.mode, (Mode.ABSOLUTE, Mode.PERCENT))
        if self.window_days not in WINDOWS:
            days = ", ".join(map(str, WINDOWS))
            raise RuleRejected("window_days", f"A change is counted over one of {days} days.")

    def _check_key(self, metric: Metric) -> None:
        if metric.key == "currency":
            known = (*CURRENCIES, ENGAGEMENTS) if metric.name == "market_value" else CURRENCIES
            _among("currency", self.currency, known)
        if metric.key == "niche":
            _check_niche("niche", self.niche)

    def _check_threshold(self, metric: Metric) -> None:
        if self.threshold is None and self.kind == Kind.ENTRANT:
            return
        if self.threshold is None or not math.isfinite(self.threshold):
            raise RuleRejected("threshold", "A number from which on it is told.")
        if self.kind != Kind.CHANGE:
            low = max(metric.lowest, 1.0) if self.kind == Kind.ENTRANT else metric.lowest
            _between("threshold", self.threshold, low, metric.highest, metric.unit)
            return
        if self.mode == Mode.PERCENT:
            top: float = 100 if self.direction == Direction.DOWN else LARGEST_PERCENT
            unit = "per cent"
        else:
            top, unit = metric.highest - metric.lowest, metric.unit
        if self.threshold <= 0:
            raise RuleRejected("threshold", "How large a change: a number above zero.")
        _between("threshold", self.threshold, 0, top, unit)

    def _check_filters(self) -> None:
        for name, longest in (("platforms", 12), ("niches", 60), ("countries", 80)):
            chosen = getattr(self, name)
            if len(chosen) > MOST_CHOICES:
                raise RuleRejected(name, f"At most {MOST_CHOICES}.")
            if any(not 0 < len(one.strip()) <= longest or "\0" in one for one in chosen):
                raise RuleRejected(name, f"Each has 1 to {longest} characters.")
        for platform in self.platforms:
            _among("platforms", platform, Platform.values)
        for niche in self.niches:
            _check_niche("niches", niche)
        for country in self.countries:
            _check_country(country)
        low, high = self.min_followers, self.max_followers
        for name, count in (("min_followers", low), ("max_followers", high)):
            if count is not None:
                _between(name, count, 0, MAX_FOLLOWERS, "followers")
        if low is not None and high is not None and low > high:
            raise RuleRejected("max_followers", "Below the least: nobody would pass.")

    def _check_creators(self) -> None:
        if self.scope == Scope.SHORTLIST and self.shortlist_id is None:
            raise RuleRejected("shortlist_id", "Choose the shortlist.")
        if self.scope != Scope.NAMED:
            return
        if not 1 <= len(self.creator_ids) <= MOST_NAMED:
            raise RuleRejected("creator_ids", f"Name 1 to {MOST_NAMED} creators.")
        if any(not 0 < pk <= LARGEST_ID for pk in self.creator_ids):
            raise RuleRejected("creator_ids", "A creator is named by its number, such as 34.")

    def fields(self) -> dict[str, Any]:
        """The columns of an `AlertVersion` that say the same, the series aside."""
        by_filters = {
            "platforms": sorted(set(self.platforms)),
            "niches": sorted({tag_of(one) for one in self.niches}),
            "countries": sorted({one.strip() for one in self.countries}),
            "country_keys": sorted({country_key(one) for one in self.countries}),
            "min_followers": self.min_followers,
            "max_followers": self.max_followers,
        }
        return {
            "kind": self.kind,
            "direction": Direction.UP if self.kind == Kind.ENTRANT else self.direction,
            "threshold": self.signed_threshold,
            "include_matching": self.include_matching and self.kind != Kind.ENTRANT,
            "cooldown_days": self.cooldown_days,
            "scope": self.scope,
            **by_filters,
            "shortlist_id": self.shortlist_id if self.scope == Scope.SHORTLIST else None,
            "creator_ids": sorted(set(self.creator_ids)) if self.scope == Scope.NAMED else [],
        }

    @classmethod
    def of_version(cls, version: AlertVersion) -> "RuleTerms":
        """What `fields` wrote. One query unless the series is loaded."""
        series = version.series
        metric = METRICS[series.metric]
        is_change = version.kind == Kind.CHANGE
        return cls(
            kind=version.kind,
            metric=series.metric,
            threshold=abs(version.threshold) if is_change else version.threshold,
            direction=version.direction,
            mode=series.mode if is_change else Mode.PERCENT,
            window_days=series.window_days or None,
            currency=series.key if metric.key == "currency" else "",
            niche=series.key if metric.key == "niche" else "",
            include_matching=version.include_matching,
            cooldown_days=version.cooldown_days,
            scope=version.scope,
            platforms=tuple(version.platforms),
            niches=tuple(version.niches),
            countries=tuple(version.countries),
            min_followers=version.min_followers,
            max_followers=version.max_followers,
            shortlist_id=version.shortlist_id,
            creator_ids=tuple(version.creator_ids),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


def _among(attr: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise RuleRejected(attr, f"“{str(value)[:40]}” is none of: {', '.join(known)}.")


def _between(attr: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise RuleRejected(attr, f"Between {low:,g} and {high:,.0f} ({unit}).")


def _check_niche(attr: str, niche: str) -> None:
    tag = tag_of(niche) if len(niche) <= 60 and "\0" not in niche else ""
    if not tag or not SearchEntry.objects.filter(niches__contains=[tag]).exists():
        raise RuleRejected(attr, f"No creator is in a niche “{niche[:40]}”.", code="unknown_niche")


def _check_country(country: str) -> None:
    key = country_key(country)
    if len(key) == 2 and key.isupper():
        return
    if not SearchEntry.objects.filter(country_key=key).exists():
        raise RuleRejected(
            "countries", f"“{country[:40]}” is no country we know.", code="unknown_country"
        )
