"""What can be counted in a caption without knowing its language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

MAX_CHARACTERS: Final = 5_000
"""More than any of the three platforms takes; what follows is not read."""

MAX_TAGS: Final = 300
"""Hashtags after these are not read."""

_HASHTAG: Final = re.compile(r"[#＃]([^\s#＃@,.;:!?，。！？、<>()\[\]{}\"']{1,100})")
_MENTION: Final = re.compile(r"(?<![\w.])@[\w.]{1,60}")
_LINK: Final = re.compile(r"<link>|https?://\S{3,}|www\.\S{3,}", re.IGNORECASE)
_EMOJI: Final = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001faff"
    "\u2600-\u27bf\u2b50\u2b55]"
)
_CALLS: Final = re.compile(
    r"\b(?:link in (?:my )?bio|follow (?:me|us|for)|comment (?:below|down)|tag (?:a|your) friend"
    r"|let me know|share this|save this|swipe|subscribe|tap the|check (?:it )?out|shop now"
    r"|sigue(?:me|nos)|comenta|comparte|guarda|suscr[ií]b\w*|siga|coment[ae]|compartilh\w*"
    r"|abonne\w*|commente\w*|partage\w*|folgt?|kommentier\w*|teilt?|segui(?:mi|ci)|condividi"
    r"|theo dõi|bình luận|chia sẻ|follow kênh|đăng ký|ikuti|komentar|bagikan|takip et\w*"
    r"|подпи[сш]\w*|коммент\w*|تابع\w*)\b"
    r"|关注|點贊|点赞|评论|收藏|转发|留言|私信|戳|链接|フォロー|コメント|保存|팔로우|댓글",
    re.IGNORECASE,
)
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True)
class CaptionFacts:
    """Counts over the first `MAX_CHARACTERS` characters; `characters` leaves hashtags out."""

    characters: int
    words: int
    lines: int
    emoji: int
    questions: int
    exclamations: int
    digits: int
    capitals_share: float
    latin_share: float
    calls_to_action: int
    links: int
    mentions: int
    hashtags: tuple[str, ...]


def cut_caption(caption: str | None) -> tuple[str, str | None]:
    """The caption as it is read, and a note when its end was left out; None is no text."""
    text = (caption or "").strip()
    if len(text) <= MAX_CHARACTERS:
        return text, None
    note = f"The caption has {len(text):,} characters; only the first {MAX_CHARACTERS:,} were read."
    return text[:MAX_CHARACTERS], note


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Hashtags in lower case, without the sign, each once, in the order given."""
    cleaned = (tag[:200].strip().lstrip("#＃").strip().lower() for tag in islice(tags, MAX_TAGS))
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))


def without_hashtags(caption: str | None) -> str:
    """The caption with its hashtags taken out; as it was when it has none."""
    text = caption or ""
    return " ".join(_HASHTAG.sub(" ", text).split()) if _HASHTAG.search(text) else text


def caption_facts(caption: str | None, hashtags: Iterable[str] | None = None) -> CaptionFacts:
    """Count what is in a caption; `hashtags` are those kept beside it, if any."""
    text, _ = cut_caption(caption)
    prose = _HASHTAG.sub(" ", text)
    letters = sum(char.isalpha() for char in prose)
    return CaptionFacts(
        characters=len(" ".join(prose.split())),
        words=len(prose.split()),
        lines=text.count("\n") + 1 if text else 0,
        emoji=len(_EMOJI.findall(text)),
        questions=text.count("?") + text.count("？"),
        exclamations=text.count("!") + text.count("！"),
        digits=sum(char.isdigit() for char in prose),
        capitals_share=sum(char.isupper() for char in prose) / letters if letters else 0.0,
        latin_share=len(_LATIN.findall(prose)) / letters if letters else 0.0,
        calls_to_action=len(_CALLS.findall(prose)),
        links=len(_LINK.findall(text)),
        mentions=len(_MENTION.findall(text)),
        hashtags=clean_tags((*_HASHTAG.findall(text), *(hashtags or ()))),
    )
