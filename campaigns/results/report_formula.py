"""Which formula a report's earned media value is computed by."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Brand
from campaigns.results.earned_value import Rates
from campaigns.results.formula_terms import FormulaTerms
from campaigns.results.formulas import get_formula, get_formula_version


@dataclass(frozen=True)
class UsedFormula:
    """``is_present`` says whether it is the version in use now, or an earlier one asked for."""

    version: int
    currency: str
    rates: Rates
    sources: dict[str, str]
    created_at: datetime
    is_present: bool


def formula_for(brand: Brand, *, version: int | None = None) -> UsedFormula | None:
    """The version asked for, else the present one if it is on. At most two queries.

    :raises NotFound: if the brand has no such version.
    """
    present = get_formula(brand)
    if version is None and not (present and present.is_on):
        return None
    found = present
    if version is not None and not (present and present.version == version):
        found = get_formula_version(brand, version)
    if found is None or not found.rates:
        return None
    terms = FormulaTerms.of(found)
    return UsedFormula(
        version=found.version,
        currency=found.currency,
        rates=terms.rates,
        sources=dict(terms.sources),
        created_at=found.created_at,
        is_present=present is not None and found.pk == present.pk,
    )
