"""A rough language group of a short text, for reporting figures apart. Not an identification."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

NON_LATIN_FROM: Final = 0.3
# Function words that few of the other languages share.
# fmt: off
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "English": frozenset("the and for my you your with of is are from me this all just to".split()),
    "Spanish": frozenset("el los las y mi una con para por del más que soy tu aquí vida".split()),
    "Portuguese": frozenset("e os do da em meu minha uma com não você sou aqui das vida".split()),
    "French": frozenset("le les et des je du une pour mon sur dans vous ma au avec est".split()),
    "German": frozenset("und der die das ich mein für mit aus bei auf ein eine von im ist".split()),
    "Italian": frozenset("il di che per sono mia mio della un ed gli nel del una con vita".split()),
    "Turkish": frozenset("ve bir için ile bu iş çok daha benim iletişim reklam olan".split()),
    "Indonesian": frozenset("dan yang di untuk ini aku dari ada dengan bisa saya kami".split()),
    "Polish": frozenset("i na się z do jest nie mój moje dla po tu współpraca".split()),
    "Nordic or Dutch": frozenset("og på jeg jag är och med en het een van voor ik av til".split()),
}
# fmt: on
OTHER_SCRIPT: Final = "other script"
UNDECIDED: Final = "undecided"
_LETTERS = re.compile(r"[^\W\d_]+")


def guess_language_group(text: str) -> str:
    """The language whose function words are most frequent, “other script”, or “undecided”.

    “Other script” from 30 % letters outside the Latin alphabet; undecided without any
    function word or with a tie.
    """
    words = _LETTERS.findall(unicodedata.normalize("NFKC", text).lower())
    letters = "".join(words)
    foreign = sum(not _is_latin(char) for char in letters)
    if letters and foreign / len(letters) >= NON_LATIN_FROM:
        return OTHER_SCRIPT
    votes = {name: sum(word in own for word in words) for name, own in _WORDS.items()}
    first, second = sorted(votes.values(), reverse=True)[:2]
    if first == second:
        return UNDECIDED
    return max(votes, key=lambda name: votes[name])


def _is_latin(char: str) -> bool:
    return char < "\u0250" or "\u1e00" <= char <= "\u1eff"
