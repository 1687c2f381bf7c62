"""Who the limits keep out and why: one account, or a whole page that came out empty.

The words are those of `scoring.ml.match.limits`; the counts are the database's.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from accounts.availability import is_available
from accounts.errors import DomainError
from accounts.models import Creator, SocialAccount
from scoring.matching.limits import passing_by_limit, unknown_by_limit
from scoring.ml.match import limits as rules
from scoring.ml.match.countries import read_country
from scoring.ml.match.country_spelling import nearest_name
from scoring.ml.match.limits import CHECKED, Limited, Limits, Refusal
from scoring.models import SearchEntry


class LimitsRefused(DomainError):
    """Limits nobody could pass, whoever is in the catalogue; ``details["field"]`` names one."""

    code = "limits_refused"

    def __init__(self, message: str, *, field: str, code: str = "", **details: Any) -> None:
        super().__init__(message, code=code, details={"field": field, **details})
        self.field = field


@dataclass(frozen=True)
class EmptyingLimit:
    """One limit and whom it keeps out.

    ``alone`` are accounts that pass all the others, so they appear once it is dropped;
    ``refused`` are all it does not let pass, ``unknown`` those of them whose fact is unknown.
    """

    limit: str
    alone: int
    refused: int
    unknown: int


def check_limits(*, limits: Limits) -> None:
    """Refuse limits that contradict each other, or that name a country nobody knows.

    Reads nothing for countries that exist; else one query for what the catalogue calls them.

    :raises LimitsRefused: with the field, and for a country the nearest name.
    """
    try:
        rules.check_limits(limits)
    except rules.ContradictoryLimits as error:
        raise LimitsRefused(
            str(error), field=error.fields[0], code="limits_contradict", fields=error.fields
        ) from error
    strange = [name for name in limits.countries if read_country(name) is None]
    if strange:
        _check_strange_countries(strange)


def why_not_shown(*, limits: Limits, account: SocialAccount) -> list[Refusal]:
    """Every reason why a list with these limits leaves the account out; empty if it does not.

    Two queries at most.

    :raises LimitsRefused: see `check_limits`.
    """
    check_limits(limits=limits)
    entry = SearchEntry.objects.filter(account=account).select_related("creator").first()
    if entry is None:
        return [Refusal("index", "Not in the search index yet", unknown=True)]
    hidden = [] if entry.is_visible else [Refusal("visibility", _hidden_words(entry.creator))]
    return hidden + rules.why_not_shown(limits, limited_of(entry, limits=limits))


def limited_of(entry: SearchEntry, *, limits: Limits) -> Limited:
    """The facts that limits look at, of a search row with its creator."""
    return Limited(
        platform=entry.platform,
        country=entry.country or None,
        language=entry.language or None,
        niches=entry.niches,
        followers=entry.followers,
        risk=entry.risk,
        price_low_minor=entry.price_low_minor,
        price_currency=entry.price_currency,
        available=_is_available(entry.creator, limits),
    )


def emptying_limits(*, limits: Limits) -> list[EmptyingLimit]:
    """Which limits empty the page, the one that alone keeps most out first.

    Where none stands alone in anybody's way (``alone`` 0 throughout), by all they refuse. Empty
    where no limit is set. One query over the visible accounts.

    :raises LimitsRefused: see `check_limits`.
    """
    check_limits(limits=limits)
    passing = passing_by_limit(limits)
    if not passing:
        return []
    unknown = unknown_by_limit(limits)
    counts: dict[str, Count] = {}
    for limit in passing:
        others = Q(**{f"passes_{other}": True for other in passing if other != limit})
        refused = Q(**{f"passes_{limit}": False})
        counts[f"alone_{limit}"] = Count("pk", filter=refused & others)
        counts[f"refused_{limit}"] = Count("pk", filter=refused)
        counts[f"unknown_{limit}"] = Count("pk", filter=refused & unknown[limit])
    row = _judged(passing).aggregate(**counts)
    found = [
        EmptyingLimit(
            limit, row[f"alone_{limit}"], row[f"refused_{limit}"], row[f"unknown_{limit}"]
        )
        for limit in passing
    ]
    return sorted(found, key=lambda one: (-one.alone, -one.refused, CHECKED.index(one.limit)))


def count_unknown(*, limits: Limits) -> dict[str, int]:
    """Limit → accounts that pass every other one, and of which this fact is unknown.

    What a list with these limits has to say of itself; only limits that leave somebody out so.
    One query over the visible accounts.
    """
    passing, unknown = passing_by_limit(limits), unknown_by_limit(limits)
    if not passing:
        return {}
    counts = {
        limit: Count(
            "pk",
            filter=unknown[limit] & Q(**{f"passes_{other}": other != limit for other in passing}),
        )
        for limit in passing
    }
    return {limit: count for limit, count in _judged(passing).aggregate(**counts).items() if count}


def _judged(passing: dict[str, Q]) -> QuerySet[SearchEntry]:
    """Visible rows, each told of every limit whether it passes; NULL is not passing."""
    return SearchEntry.objects.filter(is_visible=True).annotate(
        **{
            f"passes_{limit}": Case(When(passes, then=Value(True)), default=Value(False))
            for limit, passes in passing.items()
        }
    )


def _is_available(creator: Creator, limits: Limits) -> bool | None:
    period = limits.period()
    return creator.accepts_work if period is None else is_available(creator, *period)


def _hidden_words(creator: Creator) -> str:
    return f"The profile is {creator.get_status_display().lower()}"


def _check_strange_countries(names: list[str]) -> None:
    """What is no country may still be what an imported catalogue calls a place."""
    found = SearchEntry.objects.exclude(country="").order_by().values_list("country", "country_key")
    known = {key: country for country, key in found.distinct()}
    for name in names:
        if rules.country_key(name) not in known:
            nearest = nearest_name(name, also=list(known.values()))
            words = f" Did you mean {nearest}?" if nearest else ""
            raise LimitsRefused(
                f"Unknown country: “{name}”.{words}",
                field="countries",
                code="unknown_country",
                name=name,
                nearest=nearest,
            )
