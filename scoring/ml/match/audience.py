"""Audience similarity (document 000 section 2): age, gender, geography, interests, niche tags.

Each function compares one creator's audience with what one campaign wants, and gives a value
in [0, 1], or None where either side is unknown. A wish is either shares by name or a group of
names; both are on one scale (see `shares.similarity_to_group`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from scoring.ml.match import shares
from scoring.ml.match.countries import read_country
from scoring.ml.match.shares import Shares, SharesError

YOUNGEST, OLDEST = 13, 80
"""Ages are compared year by year from 13 to 80; an open band such as 55+ ends at 80."""
_BAND: Final = re.compile(r"(\d{1,3})\s*(?:[-–]|to)\s*(\d{1,3})|(\d{1,3})\s*\+")
_GENDERS: Final = {
    **dict.fromkeys(("female", "f", "woman", "women", "w"), "female"),
    **dict.fromkeys(("male", "m", "man", "men"), "male"),
    **dict.fromkeys(("other", "o", "non-binary", "nonbinary", "diverse"), "other"),
}
Wish = Shares | Sequence[str]


def read_ages(bands: Mapping[str, object]) -> Shares | None:
    """Shares by year of age, from shares by band; within a band years are taken as equal.

    :raises SharesError: impossible shares, or a band that is not like 18-24 or 55+.
    """
    read = shares.read_shares(bands)
    if read is None:
        return None
    years: dict[str, float] = {}
    for band, share in read.values.items():
        inside = years_of(band)
        for year in inside:
            years[year] = years.get(year, 0.0) + share / len(inside)
    return Shares(years, read.known, read.note)


def years_of(band: str) -> list[str]:
    """The years of age in a band such as `18-24` or `55+`.

    :raises SharesError: not such a band, or one without any year from 13 to 80.
    """
    found = _BAND.fullmatch(band.strip())
    first, last = (0, -1)
    if found:
        first = int(found[1] or found[3])
        last = int(found[2]) if found[2] else OLDEST
    years = range(max(first, YOUNGEST), min(last, OLDEST) + 1)
    if not years:
        raise SharesError(f"{band!r} is not an age band; write 18-24 or 55+.")
    return [str(year) for year in years]


def read_genders(given: Mapping[str, object]) -> Shares | None:
    """Shares of `female`, `male` and `other`. Words for none of them count as unknown."""
    return shares.read_shares(given, lambda name: _GENDERS.get(name.strip().casefold()))


def read_audience_countries(given: Mapping[str, object]) -> Shares | None:
    """Shares by country code; countries nobody knows belong to the unknown rest."""
    return shares.read_shares(given, read_country)


def read_interests(given: Mapping[str, object]) -> Shares | None:
    """Shares by interest, names compared as `tag_of` writes them."""
    return shares.read_shares(given, tag_of)


def tag_of(name: str) -> str:
    """A tag without case, spaces and punctuation at its ends: `#Street Food` is `street-food`."""
    return "-".join(re.findall(r"[^\W_]+", name.casefold()))


def distribution_similarity(wish: Wish | None, audience: Shares | None) -> float | None:
    """1 minus the Hellinger distance of what is wanted and who follows: age, gender, interests.

    :param wish: shares, or the names in a wanted group (years, genders, tags).
    """
    if audience is None or not wish:
        return None
    if isinstance(wish, Shares):
        return shares.hellinger_similarity(wish.values, audience.values)
    return shares.similarity_to_group(shares.share_inside(audience.values, wish))


def geographic_overlap(wish: Wish | None, audience: Shares | None) -> float | None:
    """The share of the audience in wanted countries, or Σ min(p, q) where shares are wanted.

    Platforms list the largest countries, so a part whose country is unknown counts as elsewhere.
    """
    if audience is None or not wish:
        return None
    known = min(audience.known, 1.0)
    if isinstance(wish, Shares):
        inside = {name: share * known for name, share in audience.values.items()}
        return shares.overlap(wish.values, inside)
    return known * shares.share_inside(audience.values, wish)


def niche_similarity(
    wanted: Sequence[str],
    weights: Mapping[str, float] | None,
    related: Mapping[tuple[str, str], float] | None = None,
) -> float | None:
    """How surely a creator is in one of the wanted niches, or in one near to it.

    The largest weight · nearness over all pairs of wanted and own tags, in [0, 1].

    :param weights: tag → 0–1 (a declared niche 1, a predicted one its probability).
    :param related: nearness 0–1 of two different tags, either way round; equal tags are 1.
    """
    if not wanted or weights is None:
        return None
    own = {tag_of(tag): min(max(weight, 0.0), 1.0) for tag, weight in weights.items()}
    near = related or {}
    best = 0.0
    for want in map(tag_of, wanted):
        for tag, weight in own.items():
            close = 1.0 if tag == want else max(near.get((want, tag), 0), near.get((tag, want), 0))
            best = max(best, weight * close)
    return min(best, 1.0)
