"""The country somebody probably meant by a name that is none."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from itertools import product
from string import ascii_uppercase
from typing import Final

from scoring.ml.match.countries import OTHER_NAMES, country_name, read_country

LEAST_LIKENESS: Final = 0.75
"""Ratio of `difflib`: Germny is 0.92 like Germany, Wonderland 0.67 like Switzerland."""


def nearest_name(name: str, *, also: Sequence[str] = ()) -> str:
    """The known country name most like this one, "" if none is.

    :param also: names that count besides those of countries.

    >>> nearest_name("Germny"), nearest_name("Brazl"), nearest_name("Wonderland")
    ('Germany', 'Brazil', '')
    """
    written = {known.casefold(): known for known in (*also, *_names())}
    written |= {other: country_name(code) for other, code in OTHER_NAMES.items() if len(other) > 3}
    close = get_close_matches(name.strip().casefold(), written, n=1, cutoff=LEAST_LIKENESS)
    return written[close[0]] if close else ""


@cache
def _names() -> tuple[str, ...]:
    codes = ("".join(letters) for letters in product(ascii_uppercase, repeat=2))
    return tuple(country_name(code) for code in codes if read_country(code) == code)
