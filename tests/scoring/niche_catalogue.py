"""A catalogue with three topics and real vectors, for tests of niche groups."""

from __future__ import annotations

from accounts.models import SocialAccount
from scoring.catalogue import Quiet, embed_catalogue
from tests.scoring.catalogue import NOW, make_account

TOPICS = {
    "cooking": (
        "{} vegan recipe from my kitchen, {} cooking for the family",
        ("easy", "quick", "italian", "warm", "cheap", "sunday", "healthy", "spicy"),
    ),
    "lifting": (
        "{} gym workout, {} strength training with barbell and coach",
        ("daily", "heavy", "morning", "natural", "home", "legs", "powerlifting", "cardio"),
    ),
    "painting": (
        "{} watercolour painting, {} illustrator and artist with brush and paper",
        ("abstract", "botanical", "small", "portrait", "london", "city", "dark", "nature"),
    ),
}


def make_topics(*names: str, start: int = 0) -> dict[str, list[SocialAccount]]:
    """Eight accounts for each topic, embedded; one silent account besides."""
    accounts = {name: _make_topic(name, start) for name in names or TOPICS}
    embed()
    return accounts


def make_silent() -> SocialAccount:
    return make_account("silent", bio="")


def embed() -> None:
    embed_catalogue(params={}, progress=Quiet(), now=NOW)


def _make_topic(name: str, start: int) -> list[SocialAccount]:
    sentence, words = TOPICS[name]
    return [
        make_account(
            f"{name}_{start + place}",
            bio=sentence.format(word, words[place - 1]),
            platform="tiktok" if place % 4 == 0 else "instagram",
            followers=1_000 * (start + place + 1),
        )
        for place, word in enumerate(words)
    ]
