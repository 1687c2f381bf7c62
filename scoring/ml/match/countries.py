"""Country names and codes as ISO 3166 alpha-2 codes, and what is none of them.

Names are those of the IANA time zone database, with the usual other names.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources
from typing import Final

OTHER_NAMES: Final = {
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "america": "US",
    "uae": "AE",
    "russian federation": "RU",
    "republic of korea": "KR",
    "south korea": "KR",
    "korea": "KR",
    "viet nam": "VN",
    "czechia": "CZ",
    "turkiye": "TR",
    "holland": "NL",
    "the netherlands": "NL",
    "brasil": "BR",
    "deutschland": "DE",
    "espana": "ES",
    "ivory coast": "CI",
    "mainland china": "CN",
}


class UnknownCountry(ValueError):
    """A brief names a country that does not exist under that name."""


def read_country(name: str) -> str | None:
    """The alpha-2 code of a country's code or English name, None if it is neither.

    >>> read_country("Germany"), read_country("uk"), read_country("Atlantis")
    ('DE', 'GB', None)
    """
    return _codes().get(_plain(name))


def read_countries(names: list[str]) -> list[str]:
    """Codes of the countries a brief wants, each once.

    :raises UnknownCountry: with every name that was not understood.
    """
    read = {name: read_country(name) for name in names}
    if unknown := [repr(name) for name, code in read.items() if code is None]:
        raise UnknownCountry(
            f"Unknown country: {', '.join(unknown)}. Write the English name or the two-letter code."
        )
    return list(dict.fromkeys(code for code in read.values() if code is not None))


def country_name(code: str) -> str:
    """The English name of a code; the code itself where it is none."""
    return _names().get(code, code)


@cache
def _names() -> dict[str, str]:
    table = resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and line[0] != "#"]
    return {row[0]: row[1] for row in rows}


@cache
def _codes() -> dict[str, str]:
    names = _names()
    codes = {_plain(code): code for code in names} | {_plain(n): c for c, n in names.items()}
    return codes | OTHER_NAMES


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
