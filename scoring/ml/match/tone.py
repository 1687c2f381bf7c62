"""The tone of texts, measured and compared.

Five measures, each in [0, 1], chosen because they can be counted and explained:

- warmth: mean VADER compound (Hutto and Gilbert 2014), moved to [0, 1]; English texts only;
- excitement: share of texts with an exclamation mark, a fire of emoji or a shouted word;
- address: share of texts that speak to the reader (you, your, a question);
- formality: mean length of words, 3.5 letters → 0 and 6 → 1, less 0.5 · share of contractions;
- length: ln(1 + words) of the mean text, 1 word → 0 and 100 words → 1.

Compatibility is 1 minus the mean distance of what both sides have. Two voices that are equal in
all five are 1; nothing is said of fewer than three texts.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Final

from scoring.ml.comment_quality import is_english, mean_sentiment

FEWEST_TEXTS: Final = 3
FEWEST_BRIEF_TEXTS: Final = 1
LEAST_SHARED: Final = 3
MOST_TEXTS: Final = 200
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOISE: Final = re.compile(r"[#@]\w+|https?://\S+|<(?:link|email|phone)>")
_ADDRESS: Final = frozenset("you your yours you're you'll yourself u ya".split())


@dataclass(frozen=True)
class Tone:
    """Measures in [0, 1]; None where the texts do not carry one."""

    warmth: float | None
    excitement: float | None
    address: float | None
    formality: float | None
    length: float | None


def measure_tone(texts: Sequence[str], fewest: int = FEWEST_TEXTS) -> Tone | None:
    """The tone of the first 200 texts that have words; None with fewer than `fewest`."""
    plain = [_NOISE.sub(" ", text) for text in texts[:MOST_TEXTS]]
    spoken = [(text, words) for text in plain if (words := _WORD.findall(text))]
    if len(spoken) < fewest:
        return None
    lower = [[word.lower().replace("’", "'") for word in words] for _, words in spoken]
    english = [text for (text, _), words in zip(spoken, lower, strict=True) if is_english(words)]
    every = [word for words in lower for word in words]
    letters = sum(map(len, every)) / len(every)
    contracted = sum("'" in word for word in every) / len(every)
    return Tone(
        warmth=(mean_sentiment(english) + 1) / 2 if len(english) >= fewest else None,
        excitement=_share([_is_excited(text, words) for text, words in spoken]),
        # "You" is an English word; a question mark is understood in most languages.
        address=_share(
            [
                "?" in text or not _ADDRESS.isdisjoint(words)
                for (text, _), words in zip(spoken, lower, strict=True)
            ]
        )
        if english
        else None,
        formality=_clip((letters - 3.5) / 2.5 - 0.5 * contracted) if english else None,
        length=_clip(math.log(len(every) / len(spoken)) / math.log(100)),
    )


def tone_compatibility(first: Tone | None, second: Tone | None) -> float | None:
    """1 - mean |difference| over the measures both have, in [0, 1]; None with fewer than three."""
    if first is None or second is None:
        return None
    one, two = asdict(first), asdict(second)
    gaps = [
        abs(one[item.name] - two[item.name])
        for item in fields(Tone)
        if one[item.name] is not None and two[item.name] is not None
    ]
    return 1.0 - sum(gaps) / len(gaps) if len(gaps) >= LEAST_SHARED else None


def _is_excited(text: str, words: Sequence[str]) -> bool:
    symbols = sum(unicodedata.category(letter) == "So" for letter in text)
    return "!" in text or symbols >= 3 or any(len(w) >= 4 and w.isupper() for w in words)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)
