"""The whole brief: the short form, and behind it what creators work by."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from accounts import money
from accounts.models import Brand
from campaigns import brief_rules
from campaigns.models.briefs import Objective
from campaigns.offer_terms import MAX_EXCLUSIVITY_DAYS, MAX_REVISION_ROUNDS, MAX_RIGHTS_MONTHS
from campaigns.terms import DATES, BriefTerms
from marketplace.forms.briefs import BriefForm, CampaignTitleField
from marketplace.forms.lines import LinesField
from marketplace.forms.specifications import BaseSpecifications, SpecificationSet

TEXTS = ("objective", "product", "usage_rights", "disclosure", "approval")
LISTS = ("links", "dos", "donts", "values")
NUMBERS = ("usage_rights_months", "exclusivity_days", "revision_rounds")

# The parts of the page, each with the fields it shows.
SECTIONS = {
    "work": ("objective",),
    "money": ("places", "total_budget", "shows_budget"),
    "content": ("product", "links", "dos", "donts", "values"),
    "rights": ("usage_rights_months", "exclusivity_days", "usage_rights", "disclosure",
               "revision_rounds", "approval"),
    "dates": ("apply_by", "publish_from", "publish_by"),
}  # fmt: skip


def _day(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **kwargs)


def _number(label: str, largest: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=largest, help_text=help_text
    )


def _words(label: str, rows: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class FullBriefForm(BriefForm):
    """What is not sent at all, as by a program, keeps its present value; what is sent empty is
    emptied. ``specs`` are the rows of deliverables.
    """

    objective = forms.ChoiceField(
        label="Objective", required=False, choices=[("", "Not said yet"), *Objective.choices]
    )
    places = forms.IntegerField(
        label="Creators wanted",
        required=False,
        min_value=1,
        max_value=brief_rules.MAX_PLACES,
        help_text="Left empty, as many as the budget allows.",
    )
    total_budget = forms.DecimalField(
        label="Budget for all creators together",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        help_text="Offers cannot exceed it. Creators never see it.",
    )
    shows_budget = forms.BooleanField(
        label="Show creators the range the budget for one lies in", required=False
    )
    product = _words("Product", 3, "What is advertised, and how creators get it.")
    links = LinesField(
        label="Links, one on each line", rows=2, placeholder="https://…", help_text="At most 10."
    )
    dos = LinesField(label="Do, one point on each line")
    donts = LinesField(label="Don't, one point on each line")
    values = LinesField(label="Values, one on each line", rows=2)
    usage_rights_months = _number(
        "Usage rights, in months", MAX_RIGHTS_MONTHS, "0: it stays on the creator's channels."
    )
    exclusivity_days = _number(
        "No advertising for competitors, in days", MAX_EXCLUSIVITY_DAYS, "0: not asked for."
    )
    usage_rights = _words("Usage rights in words", 2, "Where and how you use the content.")
    disclosure = forms.CharField(
        label="How it is disclosed as advertising",
        required=False,
        max_length=brief_rules.MAX_DISCLOSURE_CHARACTERS,
        initial="#ad",
    )
    revision_rounds = _number("Rounds of changes", MAX_REVISION_ROUNDS)
    approval = _words("What you approve, and how", 2)
    apply_by = _day("Apply by")
    publish_from = _day("Publish from")
    publish_by = _day("Publish by")

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        terms: BriefTerms | None = None,
        brands: list[Brand] | None = None,
        title: str = "",
        **kwargs: Any,
    ) -> None:
        said = terms or BriefTerms(text="")
        initial = {name: getattr(said, name) for name in (*TEXTS, *LISTS, *NUMBERS, *DATES)}
        initial |= {"places": said.places, "shows_budget": said.shows_budget, "title": title}
        if said.total_budget_minor is not None:
            initial["total_budget"] = money.to_major(said.total_budget_minor, said.budget_currency)
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(data, *args, terms=terms, brands=brands, **kwargs)
        self.fields["budget_currency"].disabled = False
        if terms:
            self.fields["title"] = CampaignTitleField(required=True)
            self.fields["title"].help_text = ""
        rows = data if data is not None and "specs-TOTAL_FORMS" in data else None
        self.specs: BaseSpecifications = SpecificationSet(  # type: ignore[assignment]
            rows, prefix="specs", initial=[spec.to_json() for spec in said.deliverables]
        )

    @property
    def open_sections(self) -> set[str]:
        """Sections that hold an error, or say something already."""
        present = self.present or BriefTerms(text="")
        plain = BriefTerms(text="")
        opened = {name for name, fields in SECTIONS.items() if self.errors.keys() & set(fields)}
        if self.non_field_errors() or (self.specs.is_bound and not self.specs.is_valid()):
            opened.add("work")
        named = {"total_budget": "total_budget_minor"}
        for section, fields in SECTIONS.items():
            keys = [named.get(name, name) for name in fields]
            if any(getattr(present, key) != getattr(plain, key) for key in keys):
                opened.add(section)
        return opened | ({"work"} if present.deliverables else set())

    def clean(self) -> dict[str, Any]:
        if self.specs.is_bound and not self.specs.is_valid():
            said = [str(error) for error in self.specs.non_form_errors()]
            if not self.specs.management_form.is_valid():
                said = ["The rows of deliverables did not arrive whole; send the form again."]
            self.add_error(None, said or "A deliverable cannot be used; see its row.")
        return super().clean()

    def _terms(self, cleaned: dict[str, Any]) -> BriefTerms:
        terms = super()._terms(cleaned)
        present, sent = self.present or BriefTerms(text=""), self.data
        changes: dict[str, Any] = {
            name: cleaned[name] for name in (*TEXTS, *LISTS, *DATES, "places") if name in sent
        }
        changes |= {name: cleaned[name] or 0 for name in NUMBERS if name in sent}
        if self.specs.is_bound:
            changes["deliverables"] = self.specs.to_specs()
            # An unticked box is not sent; the rows tell that it was on the page.
            changes["shows_budget"] = cleaned["shows_budget"]
        total, currency = cleaned["total_budget"], cleaned["budget_currency"]
        if "total_budget" in sent:
            changes["total_budget_minor"] = (
                None if total is None else money.to_minor(total, currency)
            )
        any_budget = terms.budget_minor is not None or (
            changes.get("total_budget_minor", present.total_budget_minor) is not None
        )
        changes["budget_currency"] = currency if any_budget else ""
        return replace(terms, **changes)
