"""Versions of a brand's report formula: read, followed by another, brought back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.errors import Conflict, NotFound
from accounts.models import Brand, User
from campaigns.models import ReportFormula
from campaigns.results.formula_terms import FormulaTerms


class FormulaChanged(Conflict):
    code = "formula_changed"

    def __init__(self, version: int) -> None:
        super().__init__(
            f"Somebody wrote version {version} meanwhile. Look at it, then change it again.",
            details={"version": version},
        )


def list_formulas(brand: Brand) -> QuerySet[ReportFormula]:
    """Every version, the newest first."""
    return brand.report_formulas.select_related("created_by").order_by("-version")


def get_formula(brand: Brand) -> ReportFormula | None:
    """The version in use, on or off; None before there is one. One query."""
    return list_formulas(brand).first()


def get_formula_version(brand: Brand, version: int) -> ReportFormula:
    """:raises NotFound: if the brand has no such version."""
    found = list_formulas(brand).filter(version=version).first() if version < 2**31 else None
    if found is None:
        raise NotFound(f"{brand} has no formula of version {version}.")
    return found


@transaction.atomic
def set_formula(
    *, brand: Brand, terms: FormulaTerms, actor: User, now: datetime, based_on: int | None = None
) -> ReportFormula:
    """Follow the formula by another version; the same terms again add nothing.

    :param based_on: the version the change was made from, 0 for none; None does not compare.
    :raises FormulaRefused: naming the field.
    :raises FormulaChanged: if another version came meanwhile.
    """
    return _follow(brand, terms.checked(), actor=actor, now=now, based_on=based_on)


@transaction.atomic
def restore_formula(*, brand: Brand, version: int, actor: User, now: datetime) -> ReportFormula:
    """Make an earlier version's terms the next version.

    :raises NotFound: if there is no such version.
    """
    terms = FormulaTerms.of(get_formula_version(brand, version))
    return _follow(brand, terms, actor=actor, now=now, restored_from=version)


def _follow(
    brand: Brand,
    terms: FormulaTerms,
    *,
    actor: User,
    now: datetime,
    based_on: int | None = None,
    restored_from: int | None = None,
) -> ReportFormula:
    # Two at once would both write the same version.
    Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    present = get_formula(brand)
    document: dict[str, Any] = terms.to_json()
    if present is not None and FormulaTerms.of(present).to_json() == document:
        return present
    number = present.version if present else 0
    if based_on not in (None, number):
        raise FormulaChanged(number)
    made = ReportFormula.objects.create(
        brand=brand,
        version=number + 1,
        restored_from=restored_from,
        created_by=actor,
        created_at=now,
        **document,
    )
    audit.record(
        actor=actor,
        verb="report_formula.restored" if restored_from else "report_formula.changed",
        subject=brand,
        data={
            "version": made.version,
            "restored_from": restored_from,
            "before": FormulaTerms.of(present).to_json() if present else None,
            "after": document,
        },
    )
    return made
