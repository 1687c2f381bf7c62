"""Whether a caption says that it is advertising, and where: a check of words and places.

It cannot know whether a post has to be disclosed, nor what the law of a country asks for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from campaigns.delivering import discloses
from scoring.planning_posts.disclosure_words import (
    CLEAR_PHRASES,
    CLEAR_TAGS,
    DENIALS,
    DENYING_TAGS,
    LABELS,
    UNCLEAR_TAGS,
)

FOLD: Final = 125
"""About as many characters are shown before “more”; apps and screens differ."""

BURIED_AMONG: Final = 3
"""From as many hashtags in a row, one that is not the first of them is easily missed."""

LEGAL_NOTE: Final = (
    "A check of words, not legal advice: it knows neither whether you were paid nor the rules "
    "where your followers live. Where a platform has a paid-partnership label, use it as well."
)

_TAG: Final = re.compile(r"[#＃]([^\s#＃@,.;:!?，。！？、<>()\[\]{}\"'|]{1,100})")
_TAG_RUN: Final = re.compile(r"(?:[#＃][^\s#＃]+\s*)+")
_LABEL_END: Final = r"\s*(?:[:：|/\-–—)\]】]|$)"


class State(StrEnum):
    CLEAR = "clear"
    WEAK = "weak"
    NONE = "none"
    DENIED = "denied"


@dataclass(frozen=True)
class Found:
    """Words of disclosure in a caption; ``place`` counts characters from 0, None if the words are
    only among the hashtags kept beside it."""

    words: str
    language: str
    place: int | None


@dataclass(frozen=True)
class DisclosureCheck:
    """``warnings`` are sentences; ``state`` is weak if words were found that may be missed."""

    state: State
    found: tuple[Found, ...]
    warnings: tuple[str, ...]
    note: str = LEGAL_NOTE

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.state]

    def to_json(self) -> dict[str, Any]:
        return {
            "state": self.state.value,
            "sentence": self.sentence,
            "found": [vars(one) for one in self.found],
            "warnings": list(self.warnings),
            "note": self.note,
        }


_SENTENCES: Final = {
    State.CLEAR: "Says that it is advertising, and where it is seen.",
    State.WEAK: "Says something about advertising, in a way that may be missed.",
    State.NONE: "No words were found that say this is advertising. If you get money, products or "
    "anything else for the post, it needs them.",
    State.DENIED: "Says that it is no advertising. If you get anything for it, this misleads.",
}


def check_disclosure(
    caption: str, hashtags: tuple[str, ...] = (), *, agreed: str = ""
) -> DisclosureCheck:
    """Look for words of disclosure in a caption and in the hashtags kept beside it.

    :param agreed: words that a contract asks for, which are looked for too.
    """
    # places count in the folded text alone: folding can lengthen a text
    text = caption.casefold()
    clear, denied = _clear_words(text, hashtags), _denial(text, hashtags)
    unclear = [_unclear(tag) for tag in _tags(text, hashtags) if tag in UNCLEAR_TAGS]
    missed = [_misplaced(text, one) for one in clear]
    if denied:
        state, told = State.DENIED, [f"“{denied}” says the contrary of a disclosure."]
    elif clear and all(missed):
        state, told = State.WEAK, [*dict.fromkeys(missed), *unclear]
    elif clear:
        state, told = State.CLEAR, []
    else:
        state, told = (State.WEAK if unclear else State.NONE), unclear
    if agreed and not discloses(caption, agreed):
        told.append(f"The contract asks for “{agreed}”, which is not in the caption.")
    return DisclosureCheck(state, tuple(clear), tuple(told))


def _clear_words(text: str, hashtags: tuple[str, ...]) -> list[Found]:
    found = [
        Found(f"#{match[1]}", CLEAR_TAGS[match[1]], match.start())
        for match in _TAG.finditer(text)
        if match[1] in CLEAR_TAGS
    ]
    for words, language in CLEAR_PHRASES.items():
        if words in text and discloses(text, words):
            found.append(Found(words, language, text.find(words)))
    found.extend(_labels(text))
    inside = {one.words for one in found}
    found.extend(
        Found(f"#{tag}", CLEAR_TAGS[tag], None)
        for tag in map(_bare, hashtags)
        if tag in CLEAR_TAGS and f"#{tag}" not in inside
    )
    return sorted(found, key=lambda one: (one.place is None, one.place or 0))


def _labels(text: str) -> list[Found]:
    found = []
    for words, language in LABELS.items():
        if words not in text:
            continue
        match = re.search(
            rf"(?:^|[\[(【])\s*{re.escape(words)}{_LABEL_END}", text, flags=re.MULTILINE
        )
        if match:
            found.append(Found(words, language, match.start() + match[0].find(words)))
    return found


def _denial(text: str, hashtags: tuple[str, ...]) -> str:
    for words in DENIALS:
        if words in text and discloses(text, words):
            return words
    return next((f"#{tag}" for tag in _tags(text, hashtags) if tag in DENYING_TAGS), "")


def _misplaced(text: str, found: Found) -> str:
    """Why the words may be missed where they stand, "" if they are seen."""
    if found.place is None:
        return (
            f"“{found.words}” is only among the separate hashtags, where few look. Put it at the "
            "start of the caption."
        )
    for run in _TAG_RUN.finditer(text):
        tags = _TAG.findall(run[0])
        before = _TAG.findall(text[run.start() : found.place])
        if run.start() <= found.place < run.end() and len(tags) >= BURIED_AMONG and before:
            return (
                f"“{found.words}” stands among {len(tags)} hashtags, where it is easily missed. "
                "Put it at the start of the caption."
            )
    if found.place >= FOLD:
        return (
            f"“{found.words}” comes after {found.place:,} characters; apps show about {FOLD} "
            "before “more”. Put it at the start."
        )
    return ""


def _unclear(tag: str) -> str:
    return f"“#{tag}” leaves it open: {UNCLEAR_TAGS[tag]}."


def _tags(text: str, hashtags: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys([*_TAG.findall(text), *map(_bare, hashtags)]))


def _bare(tag: str) -> str:
    return tag.strip().lstrip("#＃").casefold()
