"""What is searched for, checked: the one definition for page, API, command and saved search."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final

from accounts.errors import DomainError
from accounts.models import Platform
from campaigns.terms import MAX_FOLLOWERS
from scoring.ml.match.limits import Limits

MAX_TEXT: Final = 500
# The encoder reads about 250 words at once; addresses of more than 8 kB are refused by servers.
MAX_EXAMPLE: Final = 800
MAX_LIKE: Final = 5
MAX_CHOICES: Final = 20
LARGEST_ID: Final = 10**18
_CURRENCY = re.compile(r"[A-Z]{3}")
# Limit → the longest text one of its choices may be.
_CHOICES: Final = {"platforms": 12, "countries": 80, "languages": 8, "niches": 60}
# What pages, API and commands call the entry, where that is not its own name.
_PARAMETERS: Final = {
    "text": "q",
    "platforms": "platform",
    "countries": "country",
    "languages": "language",
    "niches": "niche",
}
_DATES: Final = ("available_from", "available_until")


class SearchRejected(DomainError):
    """The search cannot be made; ``attr`` names the parameter, the same in every interface."""

    code = "search_rejected"

    def __init__(self, message: str, *, code: str, attr: str) -> None:
        self.attr = _PARAMETERS.get(attr, attr)
        super().__init__(message, code=code, details={"field": self.attr})


@dataclass(frozen=True, kw_only=True)
class SearchTerms:
    """Words, examples and hard limits; empty and None ask nothing.

    ``like`` are ids of creators, ``example`` is a pasted bio or captions: both say "more of
    this", while exact names are looked up for ``text`` alone.
    """

    text: str = ""
    like: Sequence[int] = ()
    example: str = ""
    platforms: Sequence[str] = ()
    countries: Sequence[str] = ()
    languages: Sequence[str] = ()
    niches: Sequence[str] = ()
    min_followers: int | None = None
    max_followers: int | None = None
    max_risk: float | None = None
    budget_minor: int | None = None
    currency: str = ""
    available_from: date | None = None
    available_until: date | None = None

    @property
    def has_direction(self) -> bool:
        """Whether anything is to be resembled; else the search is a filtered list."""
        return bool(self.text.strip() or self.like or self.example.strip())

    @property
    def is_empty(self) -> bool:
        return not self.to_json()

    def limits(self) -> Limits:
        return Limits(
            platforms=self.platforms,
            countries=self.countries,
            languages=self.languages,
            niches=self.niches,
            min_followers=self.min_followers,
            max_followers=self.max_followers,
            max_risk=self.max_risk,
            budget_minor=self.budget_minor,
            currency=self.currency,
            available_from=self.available_from,
            available_until=self.available_until,
        )

    def checked(self) -> "SearchTerms":
        """These terms, or a refusal that says what to write instead.

        :raises SearchRejected: naming the entry.
        """
        _check_texts(self)
        _check_like(self.like)
        _check_choices(self)
        _check_numbers(self)
        return self

    def to_json(self) -> dict[str, Any]:
        """Only what asks something, so that a stored search stays readable."""
        asked = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {
            name: value.isoformat() if isinstance(value, date) else _plain(value)
            for name, value in asked.items()
            if not isinstance(value, list | tuple) or value
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "SearchTerms":
        """What `to_json` wrote; entries no longer known are left out."""
        known = {item.name for item in fields(cls)}
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
            if name in known
        }
        for name in _DATES:
            if given.get(name):
                given[name] = date.fromisoformat(given[name])
        return cls(**given)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _check_texts(terms: SearchTerms) -> None:
    for name, text, longest in (
        ("text", terms.text, MAX_TEXT),
        ("example", terms.example, MAX_EXAMPLE),
    ):
        if not _is_text(text):
            raise SearchRejected(
                "This holds characters that are no text. Paste it as plain text.",
                code="not_text",
                attr=name,
            )
        if len(text) > longest:
            raise SearchRejected(
                f"{len(text):,} characters; at most {longest:,} are read. Keep what describes "
                "the creators you look for.",
                code="text_too_long",
                attr=name,
            )


def _check_like(like: Sequence[int]) -> None:
    if len(like) > MAX_LIKE:
        raise SearchRejected(
            f"{len(like)} creators as examples; at most {MAX_LIKE}.",
            code="too_many_examples",
            attr="like",
        )
    if any(not 0 < pk < LARGEST_ID for pk in like):
        raise SearchRejected(
            "An example is the number of a creator, such as 34.", code="not_an_id", attr="like"
        )


def _check_choices(terms: SearchTerms) -> None:
    for name, longest in _CHOICES.items():
        chosen = getattr(terms, name)
        if len(chosen) > MAX_CHOICES:
            raise SearchRejected(f"At most {MAX_CHOICES}.", code="too_many_choices", attr=name)
        if any(not 1 <= len(one.strip()) <= longest or not _is_text(one) for one in chosen):
            raise SearchRejected(
                f"Each has 1 to {longest} characters.", code="not_a_choice", attr=name
            )
    for platform in terms.platforms:
        if platform not in Platform.values:
            raise SearchRejected(
                f"“{platform}” is no platform we know. Use one of: {', '.join(Platform.values)}.",
                code="unknown_platform",
                attr="platforms",
            )


def _check_numbers(terms: SearchTerms) -> None:
    low, high = terms.min_followers, terms.max_followers
    for name, count in (("min_followers", low), ("max_followers", high)):
        if count is not None and not 0 <= count <= MAX_FOLLOWERS:
            raise SearchRejected(
                f"A number between 0 and {MAX_FOLLOWERS:,}.",
                code="followers_out_of_range",
                attr=name,
            )
    if low is not None and high is not None and low > high:
        raise SearchRejected(
            f"At least {low:,} and at most {high:,} followers leaves nobody. Swap the two limits.",
            code="followers_range_empty",
            attr="max_followers",
        )
    if terms.max_risk is not None and not 0 <= terms.max_risk <= 100:
        raise SearchRejected("Risks run from 0 to 100.", code="risk_out_of_range", attr="max_risk")
    budget = terms.budget_minor
    if budget is not None and not 0 <= budget < 2**53:
        raise SearchRejected("Zero or more.", code="budget_out_of_range", attr="budget_minor")
    if (budget is not None or terms.currency) and not _CURRENCY.fullmatch(terms.currency):
        raise SearchRejected(
            "A budget needs a currency of three capital letters, such as EUR.",
            code="budget_without_currency",
            attr="currency",
        )
    begins, ends = terms.available_from, terms.available_until
    if begins and ends and ends < begins:
        raise SearchRejected(
            "The time ends before it begins.", code="dates_reversed", attr="available_until"
        )


def _is_text(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
