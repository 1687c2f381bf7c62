"""Which language a person writes in, from a bio and captions; "" where that is not sure.

py3langid: a naive Bayes model over byte n-grams (Lui and Baldwin 2012, langid.py) that ships
with its package, so that the same text reads the same everywhere. It answers for any text, and
short bios are lists of names and places as often as sentences; a threshold on its probability
and a least length make it abstain there. Hashtags are left out: many of them are English
whatever the language of the rest, and with them fewer answers are right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

DETECTOR_VERSION: Final = "py3langid-0.4.0/2"
"""Part of the digest of what a language was read from: a new one has all texts read again."""
LEAST_PROBABILITY: Final = 0.5
LEAST_BYTES: Final = 20
"""Of UTF-8, as the model reads: 20 Latin letters, or 7 characters of Japanese."""
MOST_CHARACTERS: Final = 4_000

# Languages are left out whose answers were mostly bios in a neighbour's (Catalan, Latin) or
# handles and lists of names (Tagalog, Swahili, Albanian).
LANGUAGES: Final = tuple(
    "ar bg bn cs da de el en es et fa fi fr gu he hi hr hu hy id it ja ka kn ko lt lv ml mr ms nl "
    "nn no pa pl pt ro ru sk sl sr sv ta te th tr uk ur vi zh".split()
)
_ONE_NAME: Final = {"nn": "no"}
_ADDRESS: Final = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|<\w+>|[@#][\w.]+"
    r"|\b\w+\.(?:com|net|org|de|it|es|fr|co|tv|me|io|br|uk)\b\S*"
)
_SPACED: Final = re.compile(r"\b(?:[^\W\d_] ){2,}[^\W\d_]\b")
_WORD: Final = re.compile(r"[^\W\d_][\w\u0300-\u036f]*(?:['’][^\W\d_]+)*")


def detect_language(text: str) -> str:
    """The ISO 639-1 code of a text's language, "" without enough text or surety.

    Pure: the same text has the same answer in every process.

    >>> detect_language("Ti aiuto a mangiare vegan facile"), detect_language("DJ | Berlin")
    ('it', '')
    """
    words = plain_words(text)
    if len(words.encode()) < LEAST_BYTES:
        return ""
    code, probability = _identifier().classify(words)
    return _ONE_NAME.get(code, code) if probability >= LEAST_PROBABILITY else ""


def detect_languages(texts: Sequence[str]) -> list[str]:
    """`detect_language` of each; about 0.1 ms a text, after half a second for the model."""
    return [detect_language(text) for text in texts]


def plain_words(text: str) -> str:
    """Words in small letters: no addresses, mentions, emoji or d e c o r a t i o n."""
    # Decorative alphabets (𝓽𝓱𝓲𝓼, ｔｈｉｓ) are letters in disguise.
    plain = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])
    plain = _ADDRESS.sub(" ", plain)
    plain = _SPACED.sub(lambda run: run[0].replace(" ", ""), plain)
    return " ".join(_WORD.findall(plain)).lower()


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
