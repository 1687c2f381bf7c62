"""Phrases of biographies that offer to trade follows, and those that sell promotion."""

from __future__ import annotations

import re
from typing import Final

FOLLOW_TRADE: Final = re.compile(
    r"\b(follow[\s-]*(?:for|4)[\s-]*follow|f4f|f[\s-]for[\s-]f|l4l|like[\s-]*(?:for|4)[\s-]*like|"
    r"sub[\s-]*(?:for|4)[\s-]*sub|s4s|follow(?:s)?[\s-]*back|followback|follow[\s-]*train|"
    r"i\s+follow\s+back|gain\s+followers?|free\s+followers?|teamfollowback)\b",
    re.IGNORECASE,
)
PROMOTION: Final = re.compile(
    r"\b(dm\s+(?:me\s+)?for\s+(?:promo\w*|shout\s*outs?|collabs?|paid\s+\w+)|paid\s+promo\w*|"
    r"promo(?:tion)?s?\s+(?:available|open)|buy\s+followers?)\b",
    re.IGNORECASE,
)


def follow_trades(bio: str) -> list[str]:
    """What the biography says that trades follows for follows, in lower case, each once."""
    return _found(FOLLOW_TRADE, bio)


def promotions(bio: str) -> list[str]:
    """What it says that sells promotion: ordinary business, so no sign of either side."""
    return _found(PROMOTION, bio)


def _found(pattern: re.Pattern[str], bio: str) -> list[str]:
    found = (" ".join(match.group().lower().split()) for match in pattern.finditer(bio))
    return list(dict.fromkeys(found))[:5]
