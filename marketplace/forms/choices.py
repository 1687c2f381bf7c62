"""Choices that come from the catalogue as it is now."""

from collections.abc import Iterable

from accounts.models import Platform
from scoring import selectors

Choice = tuple[str, str]

PLATFORMS: list[Choice] = [("", "Any platform"), *Platform.choices]


def country_choices(*, present: str = "") -> list[Choice]:
    """Every country of the catalogue with its count, and the one already chosen."""
    return [("", "Any country"), *_counted(selectors.known_countries(), [present])]


def niche_choices(*, present: Iterable[str] = ()) -> list[Choice]:
    return _counted(selectors.known_niches(), present)


def _counted(known: Iterable[tuple[str, int]], present: Iterable[str]) -> list[Choice]:
    choices = [(name, f"{name} ({count:,})") for name, count in known]
    listed = {name for name, _ in choices}
    # A NUL byte, which no country has, would be refused by the database and not by the form.
    kept = [name for name in present if name and name not in listed and "\x00" not in name]
    return choices + [(name, name) for name in kept]
