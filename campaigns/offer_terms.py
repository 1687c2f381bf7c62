"""What two sides agree on: deliverables with prices and dates, rights and duties."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from accounts.errors import DomainError
from accounts.models import Platform
from accounts.money import CURRENCIES

MAX_DELIVERABLES = 50
MAX_REVISION_ROUNDS = 10
MAX_RIGHTS_MONTHS = 120
MAX_EXCLUSIVITY_DAYS = 730
LARGEST_PRICE_MINOR = 10**12


class TermsRejected(DomainError):
    """The terms cannot be offered; ``details`` names the field."""

    code = "terms_rejected"

    def __init__(self, message: str, *, attr: str) -> None:
        super().__init__(message, details={"field": attr})
        self.attr = attr


@dataclass(frozen=True, kw_only=True)
class DeliverableTerms:
    """One thing to be made and published; the price is paid when it is verified."""

    kind: str
    platform: str
    description: str
    price_minor: int
    draft_due_on: date
    publish_by: date


@dataclass(frozen=True, kw_only=True)
class OfferTerms:
    """Money is in minor units of ``currency``; the platform's fee comes on top, for the brand."""

    currency: str
    deliverables: list[DeliverableTerms] = field(default_factory=list)
    revision_rounds: int = 2
    usage_rights_months: int = 0
    usage_rights: str = ""
    exclusivity_days: int = 0
    disclosure: str = "#ad"
    notes: str = ""

    @property
    def total_minor(self) -> int:
        return sum(one.price_minor for one in self.deliverables)

    def to_json(self) -> dict[str, Any]:
        document = asdict(self)
        for one in document["deliverables"]:
            one["draft_due_on"] = one["draft_due_on"].isoformat()
            one["publish_by"] = one["publish_by"].isoformat()
        return document

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "OfferTerms":
        deliverables = [
            DeliverableTerms(
                **{
                    **one,
                    "draft_due_on": date.fromisoformat(one["draft_due_on"]),
                    "publish_by": date.fromisoformat(one["publish_by"]),
                }
            )
            for one in document["deliverables"]
        ]
        return cls(**{**document, "deliverables": deliverables})

    def hash_after(self, previous_hash: str) -> str:
        """SHA-256 over the terms and the offer before."""
        text = json.dumps([previous_hash, self.to_json()], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def checked(self, *, today: date) -> "OfferTerms":
        """These terms, or a refusal that names the field.

        :raises TermsRejected: as named there.
        """
        if self.currency not in CURRENCIES:
            raise TermsRejected(
                f"“{self.currency}” is not offered; use one of {', '.join(CURRENCIES)}.",
                attr="currency",
            )
        if not 1 <= len(self.deliverables) <= MAX_DELIVERABLES:
            raise TermsRejected(f"Name 1 to {MAX_DELIVERABLES} deliverables.", attr="deliverables")
        for place, one in enumerate(self.deliverables):
            _check_deliverable(one, f"deliverables.{place}", today=today)
        _check_range("revision_rounds", self.revision_rounds, MAX_REVISION_ROUNDS)
        _check_range("usage_rights_months", self.usage_rights_months, MAX_RIGHTS_MONTHS)
        _check_range("exclusivity_days", self.exclusivity_days, MAX_EXCLUSIVITY_DAYS)
        if not 1 <= len(self.disclosure.strip()) <= 200:
            raise TermsRejected(
                "Say how the advertising is disclosed, such as #ad (1 to 200 characters).",
                attr="disclosure",
            )
        for attr, longest in (("usage_rights", 2_000), ("notes", 5_000)):
            if len(getattr(self, attr)) > longest:
                raise TermsRejected(f"At most {longest:,} characters.", attr=attr)
        return self


def _check_deliverable(one: DeliverableTerms, attr: str, *, today: date) -> None:
    if not 1 <= len(one.kind.strip()) <= 40:
        raise TermsRejected(
            "Name the kind, such as video (1 to 40 characters).", attr=f"{attr}.kind"
        )
    if one.platform not in Platform.values:
        raise TermsRejected(
            f"“{one.platform}” is no platform; use one of {', '.join(Platform.values)}.",
            attr=f"{attr}.platform",
        )
    if not 1 <= len(one.description.strip()) <= 2_000:
        raise TermsRejected(
            "Say what is to be made (1 to 2,000 characters).", attr=f"{attr}.description"
        )
    if isinstance(one.price_minor, bool) or not 1 <= one.price_minor <= LARGEST_PRICE_MINOR:
        raise TermsRejected("The price is above zero.", attr=f"{attr}.price_minor")
    if one.draft_due_on < today:
        raise TermsRejected(f"{one.draft_due_on:%d %b %Y} is past.", attr=f"{attr}.draft_due_on")
    if one.publish_by < one.draft_due_on:
        raise TermsRejected(
            f"It would be published ({one.publish_by:%d %b %Y}) before its draft is due "
            f"({one.draft_due_on:%d %b %Y}).",
            attr=f"{attr}.publish_by",
        )


def _check_range(attr: str, value: int, largest: int) -> None:
    if isinstance(value, bool) or not 0 <= value <= largest:
        raise TermsRejected(f"A whole number from 0 to {largest}.", attr=attr)
