"""What in a brief a moderator should look at, found by patterns that say what they found.

A flag decides nothing: every campaign is read by a moderator before it opens. The words are
English, with a few that most languages share.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from campaigns.terms import BriefTerms

MAX_FLAGS = 40
AROUND = 30


@dataclass(frozen=True)
class Flag:
    """``found`` are the words in their surroundings, ``field`` is where they stand."""

    code: str
    field: str
    found: str
    message: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


CONTENT = {
    "weapons": (
        _words(
            "weapons?",
            "guns?",
            "firearms?",
            "rifles?",
            "pistols?",
            "handguns?",
            "ammunition",
            "ammo",
            "explosives?",
            "grenades?",
            "silencers?",
        ),
        "It may advertise weapons, which is not allowed here.",
    ),
    "gambling": (
        _words(
            "gambling",
            "casinos?",
            "betting",
            "bookmakers?",
            "sportsbooks?",
            "online slots",
            "slot machines?",
            "poker rooms?",
            "jackpots?",
            "roulette",
        ),
        "It may advertise gambling, which is not allowed here.",
    ),
    "drugs_and_tobacco": (
        _words(
            "cocaine",
            "cannabis",
            "marijuana",
            "thc",
            "vapes?",
            "vaping",
            "e-?cigarettes?",
            "cigarettes?",
            "tobacco",
            "nicotine",
            "steroids?",
            "sarms",
        ),
        "It may advertise drugs, tobacco or vapes, which is not allowed here.",
    ),
    "alcohol": (
        _words("alcohol", "vodka", "whiske?y", "gin", "liquor", "beers?", "wines?"),
        "It may advertise alcohol, which must not reach children.",
    ),
    "adult": (
        _words("porn\\w*", "nudes?", "xxx", "escorts?", "erotic\\w*", "onlyfans", "sex toys?"),
        "It may advertise adult content, which is not allowed here.",
    ),
    "health_claims": (
        _words(
            "cures?",
            "miracle",
            "heals? cancer",
            "weight[- ]loss pills?",
            "diet pills?",
            "lose \\d+ ?(?:kg|kilos?|lbs?|pounds)",
            "detox",
            "no side effects",
        ),
        "It may promise effects on health that must be proven.",
    ),
    "money_promises": (
        _words(
            "get rich",
            "guaranteed (?:returns?|profits?|income)",
            "passive income",
            "forex",
            "binary options",
            "crypto\\w*",
            "bitcoin",
            "nfts?",
            "airdrops?",
            "payday loans?",
            "pyramid",
            "mlm",
        ),
        "It may promise money or advertise risky investments.",
    ),
    "hatred": (
        _words("white power", "racial purity", "kill all", "subhumans?", "ethnic cleansing"),
        "It may incite hatred.",
    ),
}
HIDDEN_ADVERTISING = (
    re.compile(
        r"(?<!\w)(?:do not|don'?t|don’t|never|without|no|avoid|hide|not to)\b[^.!?\n]{0,40}?"
        r"(?:#ad\b|#sponsored|#anzeige|disclos\w+|\bsponsor\w*|\bpaid partnership|"
        r"\b(?:that|this|it) (?:is|was)(?: an?)? (?:ad|paid|advert\w*|sponsored)\b)"
        r"|(?:look|feel|seem|appear)s?\b[^.!?\n]{0,20}\b(?:not (?:an )?ad|unpaid|"
        r"like (?:an )?(?:honest|organic) (?:opinion|recommendation))",
        re.IGNORECASE,
    ),
    "It may ask to hide that this is advertising; it always has to be disclosed.",
)
OFF_PLATFORM = (
    re.compile(
        r"(?<!\w)(?:pay ?pal|venmo|cash ?app|revolut|western union|wise transfer|zelle|bizum|"
        r"crypto wallet|bank transfer|wire transfer|gift ?cards?|iban|alipay|wechat pay|"
        r"pa(?:y|id|yment)\b[^.!?\n]{0,30}\b(?:outside|off|directly|in cash|privately)|"
        r"(?:contact|write|text|message|reach|dm)\b[^.!?\n]{0,30}\b(?:whats ?app|telegram|signal)"
        r")(?!\w)",
        re.IGNORECASE,
    ),
    "It may lead payment away from here, where nobody could see or hold it.",
)
# What is wanted from a creator not to do: naming a thing there is no advertising for it.
FORBIDS = ("donts",)
HIDES_WHEN_FORBIDDEN = re.compile(
    r"#ad\b|#sponsored|#anzeige|disclos\w+|\bsponsor\w*|\bpaid\b|\badvert\w*", re.IGNORECASE
)


def find_flags(*, title: str, terms: BriefTerms) -> list[Flag]:
    """At most one flag per rule and field, in the order of reading."""
    found = [flag for field, text in _texts(title, terms) for flag in _flags_of(field, text)]
    return found[:MAX_FLAGS]


def _flags_of(field: str, text: str) -> Iterator[Flag]:
    if field not in FORBIDS:
        for code, (pattern, message) in CONTENT.items():
            if match := pattern.search(text):
                yield Flag(code, field, _surroundings(text, match), message)
    pattern, message = HIDDEN_ADVERTISING
    match = pattern.search(text)
    if not match and field in FORBIDS:
        match = HIDES_WHEN_FORBIDDEN.search(text)
    if match:
        yield Flag("hidden_advertising", field, _surroundings(text, match), message)
    pattern, message = OFF_PLATFORM
    if match := pattern.search(text):
        yield Flag("off_platform", field, _surroundings(text, match), message)


def _texts(title: str, terms: BriefTerms) -> Iterator[tuple[str, str]]:
    yield "title", title
    for name in ("text", "product", "usage_rights", "disclosure", "approval"):
        yield name, getattr(terms, name)
    for name in ("dos", "donts", "links"):
        yield name, "\n".join(getattr(terms, name))
    for place, spec in enumerate(terms.deliverables):
        yield f"deliverables.{place}", f"{spec.kind}\n{spec.description}\n{spec.format}"


def _surroundings(text: str, match: re.Match[str]) -> str:
    begin, end = max(match.start() - AROUND, 0), min(match.end() + AROUND, len(text))
    words = " ".join(text[begin:end].split())
    return f"{'…' if begin else ''}{words}{'…' if end < len(text) else ''}"
