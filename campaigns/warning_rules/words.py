"""A message as the rules read it: tidied signs, sentences, and phrases looked for in them.

Every pattern joins words by gaps of bounded length and never nests repetitions, so that the
time to read a text grows with its length and no faster, whatever is in it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Signs that show as nothing; put into a word they would hide it from the rules.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e"))
# Letters of other scripts that look like Latin ones.
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁɡӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορνАВЕКМНОРСТХІЅ",
    "aeopcyxijshdglABEZHIKMNOPTYXaopvABEKMHOPCTXIS",
)
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
GAP = r"[^.!?\n]{0,40}?"
_NEGATED = re.compile(
    r"\b(?:never|do not|don['’]t|must not|mustn['’]t|not allowed|nothing outside|niemals"
    r"|bitte nicht|nunca|jamais|ne\b.{1,20}\bpas|mai)\b",
    re.IGNORECASE,
)


def phrases(*alternatives: str) -> re.Pattern[str]:
    """Any of these, as whole words; a space stands for any white space, ``…`` for a short gap."""
    joined = "|".join(alternatives).replace(" ?", r"\s?").replace(" ", r"\s{1,3}")
    joined = joined.replace("…", GAP)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def tidy(text: str) -> str:
    """Without invisible signs, in the plain form of each letter, words in one script."""
    visible = text.translate(_INVISIBLE)
    plain = unicodedata.normalize("NFKC", visible)
    if len(plain) > 2 * len(visible) + 100:  # signs that stand for whole sentences, in numbers
        plain = visible
    return _WORD.sub(lambda found: in_one_script(found[0]), plain)


def in_one_script(word: str) -> str:
    """The word with look-alikes made Latin, if Latin letters stand beside others."""
    return word.translate(_LOOK_ALIKES) if mixes_scripts(word) else word


def mixes_scripts(word: str) -> bool:
    """Whether Latin letters stand beside Greek or Cyrillic ones."""
    has_latin = any(sign.isascii() and sign.isalpha() for sign in word)
    return has_latin and any("\u0370" <= sign <= "\u052f" for sign in word)


def sentences(text: str) -> list[str]:
    return [one for one in _SENTENCE_END.split(text) if one and not one.isspace()]


def warns_itself(sentence: str) -> bool:
    """Whether it says not to do something."""
    return _NEGATED.search(sentence) is not None


def found_in(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[str]:
    """The first words that each pattern finds."""
    for pattern in patterns:
        if found := pattern.search(text):
            yield " ".join(found[0].split())
