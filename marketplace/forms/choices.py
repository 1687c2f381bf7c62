"""Choices that come from the catalogue as it is now."""

from collections.abc import Iterable

from django.utils.translation import get_language_info

from accounts.models import Platform
from marketplace.readable import niche_name
from scoring import selectors

Choice = tuple[str, str]

# Django names the two scripts of Chinese and not the language, and Gujarati not at all.
UNNAMED_BY_DJANGO = {"zh": "Chinese", "gu": "Gujarati"}
PLATFORMS: list[Choice] = [("", "Any platform"), *Platform.choices]


def country_choices(*, present: str = "") -> list[Choice]:
    """Every country of the catalogue with its count, and the one already chosen."""
    return [("", "Any country"), *_counted(selectors.known_countries(), [present])]


def niche_choices(*, present: Iterable[str] = ()) -> list[Choice]:
    """Niches as words, by the tag that is stored."""
    counted = _counted(selectors.known_niches(), present)
    return [(tag, niche_name(label)) for tag, label in counted]


def language_choices(*, present: Iterable[str] = ()) -> list[Choice]:
    """Languages by the name they have in English, with how many accounts write in them."""
    codes = {**dict.fromkeys(present, 0), **dict(selectors.known_languages())}
    named = [(code, f"{language_name(code)} ({count:,})") for code, count in codes.items()]
    return sorted(named, key=lambda choice: choice[1])


def language_name(code: str) -> str:
    """``de`` → ``German``; the code itself where no name is known."""
    try:
        return UNNAMED_BY_DJANGO.get(code) or str(get_language_info(code)["name"])
    except KeyError:
        return code


def _counted(known: Iterable[tuple[str, int]], present: Iterable[str]) -> list[Choice]:
    choices = [(name, f"{name} ({count:,})") for name, count in known]
    listed = {name for name, _ in choices}
    # A NUL byte, which no country has, would be refused by the database and not by the form.
    kept = [name for name in present if name and name not in listed and "\x00" not in name]
    return choices + [(name, name) for name in kept]
