"""Warnings that explain themselves: what was found, why it matters, what to do.

They are shown with a message and never hold it back: a rule can be wrong, and whoever is warned
can judge. docs/messages.md says how often the rules were right, and on what.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from campaigns.warning_rules.contact import contact_words
from campaigns.warning_rules.payment import payment_words
from campaigns.warning_rules.phishing import phishing_signs
from campaigns.warning_rules.urgency import urgency_words
from campaigns.warning_rules.words import tidy

MOST_WORDS, LONGEST_WORDS = 5, 120


@dataclass(frozen=True)
class MessageWarning:
    """``words`` were found; ``why`` they matter; ``advice`` for the reader."""

    kind: str
    title: str
    words: tuple[str, ...]
    why: str
    advice: str

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": self.title,
            "words": list(self.words),
            "why": self.why,
            "advice": self.advice,
        }


TEXTS = {
    "payment": (
        "This may be about paying outside Fairground",
        "Money that does not pass through Fairground is not set aside in advance, is in no "
        "contract, and nobody here can pay it out, bring it back or decide a dispute about it.",
        "Send no money and no bank details. Have the price put into an offer here instead.",
    ),
    "contact": (
        "This may lead the talk away from here",
        "Nothing is signed yet. What is agreed elsewhere is in no contract, and moderators cannot "
        "read it if there is a dispute.",
        "Go on here until both have signed. After that, a number for the courier is fine.",
    ),
    "phishing": (
        "This may be after your log-in or lead you astray",
        "A false page looks like a real one and takes what is typed into it. Neither Fairground "
        "nor a brand or creator ever needs your password, a code from your telephone or the words "
        "of a wallet.",
        "Do not open it and type nothing in. Type the address you know, and report the message.",
    ),
    "urgency": (
        "It presses you to hurry",
        "Hurry beside the above is how people are kept from thinking it over.",
        "Take your time. Deadlines that count are on the page of the collaboration.",
    ),
}


def find_warnings(
    text: str, *, contract_signed: bool, own_hosts: frozenset[str] = frozenset()
) -> list[MessageWarning]:
    """Warnings for a message of any text, at most one of each kind. Pure, and linear in time.

    :param contract_signed: after that, telephone numbers and addresses raise no warning.
    :param own_hosts: where this Fairground runs.
    """
    plain = tidy(text)
    # Links are judged by the letters they have, not by those they look like.
    suspicions = phishing_signs(text, own_hosts=own_hosts)
    found = [
        _warning("payment", payment_words(plain)),
        _warning("contact", [] if contract_signed else contact_words(plain)),
        _warning(
            "phishing",
            (one.words for one in suspicions),
            reasons=[f"“{_short(one.words)}” {one.why}." for one in suspicions if one.why],
        ),
    ]
    warnings = [warning for warning in found if warning is not None]
    if warnings and (hurry := _warning("urgency", urgency_words(plain))):
        warnings.append(hurry)
    return warnings


def _warning(
    kind: str, words: Iterable[str], *, reasons: Iterable[str] = ()
) -> MessageWarning | None:
    shown = tuple(dict.fromkeys(_short(one) for one in words))[:MOST_WORDS]
    if not shown:
        return None
    title, why, advice = TEXTS[kind]
    why = " ".join([*dict.fromkeys(list(reasons)[:3]), why])
    return MessageWarning(kind, title, shown, why, advice)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1] + "…"
