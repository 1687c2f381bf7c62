"""An offer as a brief suggests it, to begin from."""

from datetime import date, timedelta

from accounts.money import CURRENCIES
from campaigns.models import Brief
from campaigns.offer_terms import DeliverableTerms, OfferTerms
from campaigns.terms import BriefTerms

PUBLISHED_AFTER = timedelta(days=28)
DRAFT_BEFORE = timedelta(days=7)


def draft_terms_of(brief: Brief, *, today: date) -> OfferTerms:
    """The brief's deliverables, rights and duties as terms; for a form, not yet to be offered.

    The budget for one creator is split evenly over the pieces, the odd minor units on the
    first. Where the brief names no budget, a price is 0, which `OfferTerms.checked` refuses:
    somebody has to set it. A brief without deliverables gives terms without any. Days the brief
    does not name, or that are over, are four weeks from today, drafts a week earlier.
    """
    terms = BriefTerms.of(brief)
    specs = [spec for spec in terms.deliverables for _ in range(spec.count)]
    publish_by = terms.publish_by
    if publish_by is None or publish_by < today:
        publish_by = today + PUBLISHED_AFTER
    draft_due_on = max(today, publish_by - DRAFT_BEFORE)
    prices = _split(terms.budget_minor or 0, len(specs))
    return OfferTerms(
        currency=_currency(terms, brief),
        deliverables=[
            DeliverableTerms(
                kind=spec.kind,
                platform=spec.platform,
                description=spec.full_description,
                price_minor=price,
                draft_due_on=draft_due_on,
                publish_by=publish_by,
            )
            for spec, price in zip(specs, prices, strict=True)
        ],
        revision_rounds=terms.revision_rounds,
        usage_rights_months=terms.usage_rights_months,
        usage_rights=terms.usage_rights,
        exclusivity_days=terms.exclusivity_days,
        disclosure=terms.disclosure,
        notes=terms.approval,
    )


def _currency(terms: BriefTerms, brief: Brief) -> str:
    if terms.budget_currency:
        return terms.budget_currency
    own = brief.campaign.brand.currency
    return own if own in CURRENCIES else CURRENCIES[0]


def _split(total_minor: int, parts: int) -> list[int]:
    if not parts:
        return []
    share, odd = divmod(total_minor, parts)
    return [share + odd, *[share] * (parts - 1)]
