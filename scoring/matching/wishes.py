"""The audience a brief wants, read with care: what cannot be is refused by name.

A brand can mend its brief, so its impossible wish is no gap but a refusal that says what to
write instead. What a creator's audience cannot be is a concern (`scoring.ml.match.facts`).
"""

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, Final

from campaigns.terms import BriefRejected, BriefTerms
from scoring.ml.match import audience
from scoring.ml.match.audience import Wish
from scoring.ml.match.countries import country_name, read_country
from scoring.ml.match.country_spelling import nearest_name
from scoring.ml.match.limits import country_key
from scoring.ml.match.shares import Shares, SharesError
from scoring.models import SearchEntry

AGE_BANDS: Final = ("13-17", "18-24", "25-34", "35-44", "45-54", "55+")
GENDERS: Final = ("female", "male", "other")


@dataclass(frozen=True)
class AudienceWish:
    """None where nothing is wished. ``notes`` say what was assumed of shares below 1."""

    ages: Wish | None = None
    genders: Wish | None = None
    countries: Wish | None = None
    interests: Wish | None = None
    notes: tuple[str, ...] = ()


def read_wish(wished: Mapping[str, Any]) -> AudienceWish:
    """A brief's ``audience``: group → shares by name, or names that all count alike.

    :raises BriefRejected: on shares no audience can have, bands that are none, genders and
        countries nobody knows; the field is ``audience.age`` and so on.
    """
    ages = _read("age", wished, _ages)
    genders = _read("gender", wished, _genders)
    countries = _read("countries", wished, _countries)
    interests = _read("interests", wished, _interests)
    found = {"ages": ages, "gender": genders, "countries": countries, "interests": interests}
    return AudienceWish(
        ages,
        genders,
        countries,
        interests,
        tuple(
            f"The wished {name} sum to {wish.known:.0%}; the rest is taken to be spread alike."
            for name, wish in found.items()
            if isinstance(wish, Shares) and wish.note
        ),
    )


def check_wishes(terms: BriefTerms) -> None:
    """What only this layer can judge of a brief: its audience and its country.

    At most one query, and none where the country is in the table of countries.

    :raises BriefRejected: naming the field.
    """
    read_wish(terms.audience)
    check_country(terms.country)


def check_country(name: str) -> None:
    """:raises BriefRejected: unless it is a country, or what the catalogue calls a place."""
    if not name or read_country(name):
        return
    # Catalogues may name places that the table of countries does not.
    if not SearchEntry.objects.filter(country_key=country_key(name)).exists():
        raise unknown_country(name, attr="country")


def unknown_country(name: str, *, attr: str) -> BriefRejected:
    """The refusal of a name that is no country's, with the one spelled most alike."""
    near = nearest_name(name)
    meant = f" Did you mean {near}?" if near else ""
    return BriefRejected(
        f"“{name[:80]}” is no country we know.{meant} "
        "Write its English name or its two-letter code.",
        code="unknown_country",
        attr=attr,
    )


@cache
def countries_by_code() -> dict[str, str]:
    """ISO 3166 alpha-2 code → English name, in the order of names."""
    pairs = map("".join, product(string.ascii_uppercase, repeat=2))
    known = {code: country_name(code) for code in pairs if read_country(code) == code}
    return dict(sorted(known.items(), key=lambda item: item[1]))


def _read(name: str, wished: Mapping[str, Any], reader: Callable[[Any], Wish | None]) -> Any:
    given = wished.get(name)
    if not given:
        return None
    attr = f"audience.{name}"
    if not isinstance(given, Mapping | list | tuple) or not all(
        isinstance(one, str) and one.strip() for one in given
    ):
        raise BriefRejected(
            "Send shares by name, such as {“18-24”: 0.6}, or a list of names.",
            code="audience_rejected",
            attr=attr,
        )
    try:
        found = reader(given)
    except SharesError as error:
        raise BriefRejected(str(error), code="audience_rejected", attr=attr) from error
    if found is None:
        raise BriefRejected(
            "The wished shares sum to less than one half, so most of the audience is open. "
            "Let them sum to 1, or send a list of names instead.",
            code="audience_rejected",
            attr=attr,
        )
    return found


def _ages(given: Mapping[str, object] | Sequence[str]) -> Wish | None:
    if isinstance(given, Mapping):
        return audience.read_ages(given)
    return list(dict.fromkeys(year for band in given for year in audience.years_of(band)))


def _genders(given: Mapping[str, object] | Sequence[str]) -> Wish | None:
    known = {name: audience.read_genders({name: 1.0}) for name in given}
    if unknown := [repr(name) for name, found in known.items() if found is None]:
        raise SharesError(f"{', '.join(unknown)} is none of {', '.join(GENDERS)}.")
    if isinstance(given, Mapping):
        return audience.read_genders(given)
    return list(dict.fromkeys(name for found in known.values() if found for name in found.values))


def _countries(given: Mapping[str, object] | Sequence[str]) -> Wish | None:
    codes = {name: read_country(name) for name in given}
    for name, code in codes.items():
        if code is None:
            raise unknown_country(name, attr="audience.countries")
    if isinstance(given, Mapping):
        return audience.read_audience_countries(given)
    return list(dict.fromkeys(code for code in codes.values() if code))


def _interests(given: Mapping[str, object] | Sequence[str]) -> Wish | None:
    if unreadable := [repr(name) for name in given if not audience.tag_of(name)]:
        raise SharesError(f"{', '.join(unreadable)} has no letters to compare by.")
    if isinstance(given, Mapping):
        return audience.read_interests(given)
    return list(dict.fromkeys(audience.tag_of(name) for name in given))
