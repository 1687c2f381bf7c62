"""Which words of a query a profile uses itself, for a reader to see why it is near."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

MOST: Final = 8
SHORTEST: Final = 3
_WORD = re.compile(r"[^\W_]+")
# Scripts that write no spaces between words: compared by pairs of characters.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True)
class SharedWords:
    """Words of the bio and hashtags that the query has as well, in the profile's spelling."""

    bio: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()


def shared_words(query: str, *, bio: str, hashtags: Sequence[str]) -> SharedWords:
    """At most `MOST` of each. A hashtag counts where it is a word of the query or holds one.

    Singular and plural count as one word, English function words as none. Nearness of
    meaning needs no shared word, so none is no argument against a profile.
    """
    wanted = {_stem(word) for word in _words(query)}
    if not wanted:
        return SharedWords()
    pairs = _pairs(query)
    own = [word for word in _words(bio) if _stem(word) in wanted]
    own += [pair for pair in _pairs(bio) if pair in pairs]
    tags = [tag for tag in hashtags if _tag_says(tag, wanted) or _pairs(tag) & pairs]
    return SharedWords(_distinct(own), _distinct(tags))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text)
    return [
        word
        for word in _WORD.findall(folded)
        if len(word) >= SHORTEST and word.casefold() not in ENGLISH_STOP_WORDS
    ]


def _stem(word: str) -> str:
    """Singular and plural alike: recipe and recipes, dish and dishes, story and stories."""
    plain = word.casefold()
    if len(plain) > SHORTEST + 1 and plain.endswith("ies"):
        return plain.removesuffix("ies") + "y"
    if len(plain) > SHORTEST and plain.endswith("s") and not plain.endswith("ss"):
        plain = plain.removesuffix("s")
    return plain.removesuffix("e") if len(plain) > SHORTEST else plain


def _tag_says(tag: str, wanted: set[str]) -> bool:
    plain = unicodedata.normalize("NFKC", tag).casefold()
    # A short word would be found inside many unrelated ones: "art" in "party".
    return _stem(plain) in wanted or any(len(word) >= 5 and word in plain for word in wanted)


def _pairs(text: str) -> set[str]:
    runs = _UNSPACED.findall(unicodedata.normalize("NFKC", text))
    return {run[place : place + 2] for run in runs for place in range(len(run) - 1)}


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(_stem(word), word)
    return tuple(first.values())[:MOST]
