"""What a brief says, checked: the one definition for page, API and command line."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from campaigns import brief_rules
from campaigns.brief_audience import check_matching
from campaigns.brief_fields import BriefFields
from campaigns.brief_refusal import BriefRejected
from campaigns.brief_rules import MAX_BRIEF_CHARACTERS, MAX_FOLLOWERS
from campaigns.models import Brief
from campaigns.specifications import DeliverableSpec

__all__ = ["MAX_BRIEF_CHARACTERS", "MAX_FOLLOWERS", "BriefRejected", "BriefTerms"]

DATES = ("apply_by", "publish_from", "publish_by")


@dataclass(frozen=True, kw_only=True)
class BriefTerms(BriefFields):
    """A brief that can be checked, stored and read again."""

    @classmethod
    def of(cls, brief: Brief) -> "BriefTerms":
        values = {item.name: getattr(brief, item.name) for item in fields(cls)}
        specs = [DeliverableSpec.from_json(one) for one in brief.deliverables]
        return cls(**{**values, "deliverables": specs})

    def checked(self) -> "BriefTerms":
        """These terms, or a refusal that says what to write instead.

        :raises BriefRejected: on an empty, huge or wordless text, on limits or dates that
            contradict each other, and on what no offer could be made of.
        """
        brief_rules.check_text(self.text)
        brief_rules.check_plain(self)
        brief_rules.check_limits(self)
        check_matching(self)
        brief_rules.check_budgets(self)
        brief_rules.check_deliverables(self)
        brief_rules.check_words(self)
        brief_rules.check_dates(self)
        return self

    def to_json(self) -> dict[str, Any]:
        document = asdict(self)
        for name in DATES:
            document[name] = document[name].isoformat() if document[name] else None
        return document

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "BriefTerms":
        """What `to_json` wrote; what it did not know yet has its default."""
        known = {item.name for item in fields(cls)}
        given = {name: value for name, value in document.items() if name in known}
        for name in DATES:
            if given.get(name):
                given[name] = date.fromisoformat(given[name])
        specs = [DeliverableSpec.from_json(one) for one in given.get("deliverables", [])]
        return cls(**{**given, "deliverables": specs})

    def without_past_dates(self, *, today: date) -> "BriefTerms":
        """For a copy: days that are over are no longer said."""
        past = {name: None for name in DATES if (day := getattr(self, name)) and day < today}
        return replace(self, **past) if past else self  # type: ignore[arg-type]
