"""What a brief says, checked: the one definition for page, API and command line."""

import re
from dataclasses import dataclass, field, fields
from typing import Any

from accounts.errors import DomainError
from accounts.models import Platform
from campaigns.models import Brief

MAX_BRIEF_CHARACTERS = 20_000
MAX_FOLLOWERS = 10_000_000_000
WORD = re.compile(r"[^\W\d_]{2,}")


class BriefRejected(DomainError):
    """The brief cannot be searched by; ``details`` names the field."""

    code = "brief_rejected"
    message = "The brief cannot be used."

    def __init__(self, message: str, *, code: str, attr: str) -> None:
        super().__init__(message, code=code, details={"field": attr})
        self.attr = attr


@dataclass(frozen=True, kw_only=True)
class BriefTerms:
    """The text that creators are compared with, and the hard limits on who is shown.

    Empty strings and None mean "no limit". ``max_risk`` is 0–100; money is in minor units.
    """

    text: str
    platform: str = ""
    country: str = ""
    niches: list[str] = field(default_factory=list)
    min_followers: int | None = None
    max_followers: int | None = None
    max_risk: int | None = None
    budget_minor: int | None = None
    total_budget_minor: int | None = None
    budget_currency: str = ""
    values: list[str] = field(default_factory=list)
    audience: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, brief: Brief) -> "BriefTerms":
        return cls(**{item.name: getattr(brief, item.name) for item in fields(cls)})

    def checked(self) -> "BriefTerms":
        """These terms, or a refusal that says what to write instead.

        :raises BriefRejected: on an empty, huge or wordless text, or limits that
            contradict each other.
        """
        _check_text(self.text)
        _check_limits(self)
        return self


def _check_text(text: str) -> None:
    if not text.strip():
        raise BriefRejected(
            "The brief is empty. Describe the product and the creators you look for "
            "in a sentence or two.",
            code="brief_empty",
            attr="text",
        )
    if len(text) > MAX_BRIEF_CHARACTERS:
        raise BriefRejected(
            f"The brief has {len(text):,} characters; at most {MAX_BRIEF_CHARACTERS:,} are read. "
            "Keep what describes the product, the audience and the content.",
            code="brief_too_long",
            attr="text",
        )
    if "\x00" in text:
        raise BriefRejected(
            "The brief holds NUL bytes, which no text should. Paste it as plain text.",
            code="brief_not_text",
            attr="text",
        )
    if not WORD.search(text):
        raise BriefRejected(
            "The brief has no words to search by. Describe the product and the creators "
            "you look for in words.",
            code="brief_without_words",
            attr="text",
        )


def _check_limits(terms: BriefTerms) -> None:
    if terms.platform and terms.platform not in Platform.values:
        raise BriefRejected(
            f"“{terms.platform}” is no platform we know. Use one of: {', '.join(Platform.values)}.",
            code="unknown_platform",
            attr="platform",
        )
    for name in ("min_followers", "max_followers"):
        count = getattr(terms, name)
        if count is not None and not 0 <= count <= MAX_FOLLOWERS:
            raise BriefRejected(
                f"{name} is {count:,}; it must lie between 0 and {MAX_FOLLOWERS:,}.",
                code="followers_out_of_range",
                attr=name,
            )
    if (
        terms.min_followers is not None
        and terms.max_followers is not None
        and terms.min_followers > terms.max_followers
    ):
        raise BriefRejected(
            f"At least {terms.min_followers:,} and at most {terms.max_followers:,} followers "
            "leaves nobody. Swap the two limits.",
            code="followers_range_empty",
            attr="max_followers",
        )
    if terms.max_risk is not None and not 0 <= terms.max_risk <= 100:
        raise BriefRejected(
            f"The highest risk is {terms.max_risk}; risks run from 0 to 100.",
            code="risk_out_of_range",
            attr="max_risk",
        )
    _check_budgets(terms)


def _check_budgets(terms: BriefTerms) -> None:
    budget, total = terms.budget_minor, terms.total_budget_minor
    if budget is not None and not 0 <= budget < 2**53:
        raise BriefRejected(
            "The budget must be zero or more.", code="budget_negative", attr="budget_minor"
        )
    if total is not None and not 1 <= total < 2**53:
        raise BriefRejected(
            "The total budget must be above zero.",
            code="total_budget_not_positive",
            attr="total_budget_minor",
        )
    if budget is not None and total is not None and budget > total:
        raise BriefRejected(
            "The budget for one creator exceeds that for all of them.",
            code="budget_above_total",
            attr="total_budget_minor",
        )
    if (budget, total) != (None, None) and not re.fullmatch(r"[A-Z]{3}", terms.budget_currency):
        raise BriefRejected(
            "A budget needs a currency of three capital letters, such as EUR.",
            code="budget_without_currency",
            attr="budget_currency",
        )
