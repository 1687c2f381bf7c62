"""The chain of offers, what each changed, and what can be answered now."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accounts.money import CURRENCIES
from campaigns.access import Seat
from campaigns.briefs import get_latest_brief
from campaigns.models import Brief, Collaboration, Offer
from campaigns.offer_changes import Change, list_changes
from campaigns.offer_drafts import draft_terms_of
from campaigns.offer_terms import OfferTerms
from campaigns.offers import get_band
from campaigns.states import BEFORE_AGREEMENT, Side, State
from marketplace.forms.acts import LimitForm, ReasonForm
from marketplace.forms.offers import OfferForm
from marketplace.pages.collaborations.forms_shown import FormsShown

# What ends it before an agreement, as the button and the reason's label say it.
REFUSALS = {
    "decline": ("Decline", "Why you decline, as the other side will read it"),
    "withdraw": ("Withdraw", "Why you withdraw, as the other side will read it"),
}


@dataclass(frozen=True)
class OfferShown:
    offer: Offer
    terms: OfferTerms
    changes: list[Change]


@dataclass(frozen=True)
class Refusal:
    """A way to say no: its act, its button and its form."""

    name: str
    label: str
    form: ReasonForm


def get_offers(one: Collaboration) -> list[OfferShown]:
    """The newest first. One query."""
    shown: list[OfferShown] = []
    before: OfferTerms | None = None
    for offer in one.offers.select_related("actor").order_by("version"):
        terms = OfferTerms.from_json(offer.terms)
        shown.insert(0, OfferShown(offer, terms, list_changes(before, terms) if before else []))
        before = terms
    return shown


def get_negotiation(
    seat: Seat, offers: list[OfferShown], *, moves: list[str], forms: FormsShown, today: date
) -> dict[str, Any]:
    """At most three queries."""
    one = seat.collaboration
    latest = offers[0] if offers else None
    band = get_band(one)
    context: dict[str, Any] = {
        "offers": offers,
        "latest": latest,
        "is_negotiable": one.state in BEFORE_AGREEMENT,
        "rounds": len(offers),
        "max_rounds": band.rounds,
        "band": band if offers else None,
        "has_entered": False,
    }
    if context["band"]:
        context["has_entered"] = seat.side in context["band"].entered
    if one.state not in BEFORE_AGREEMENT or not moves:
        return context
    if {"offer", "counter"} & set(moves) and len(offers) < band.rounds:
        context["offer_form"] = forms.get("offer", lambda: new_offer_form(seat, today=today))
    context["may_accept"] = "accept" in moves
    context["refusals"] = [
        Refusal(name, label, forms.get(name, lambda name=name: new_refusal_form(name)))  # type: ignore[misc]
        for name, (label, _) in REFUSALS.items()
        if name in moves
    ]
    if one.state == State.NEGOTIATING and latest and not context["has_entered"]:
        context["limit_form"] = forms.get(
            "limit", lambda: new_limit_form(seat, latest.offer.currency)
        )
    return context


def new_offer_form(seat: Seat, *, today: date, data: Any = None) -> OfferForm:
    """Filled from the last offer, else from the brief. Two queries."""
    one = seat.collaboration
    brief = get_latest_brief(one.campaign)
    # An offer over a budget's currency is refused; without a budget all are possible.
    has_budget = brief.total_budget_minor is not None
    currencies = (brief.budget_currency,) if has_budget else CURRENCIES
    if data is not None and "add_row" in data:
        return OfferForm.with_another_row(data, currencies=currencies, auto_id="offer-%s")
    start = start_terms(seat, brief, today=today)
    return OfferForm(data, currencies=currencies, start=start, auto_id="offer-%s")


def start_terms(seat: Seat, brief: Brief, *, today: date) -> OfferTerms:
    """Terms to begin from. Creators are not shown a brand's budget by way of prices."""
    last = seat.collaboration.offers.order_by("-version").first()
    if last is not None:
        return OfferTerms.from_json(last.terms)
    brief.campaign = seat.collaboration.campaign
    terms = draft_terms_of(brief, today=today)
    if seat.side is Side.BRAND:
        return terms
    unpriced = [replace(one, price_minor=0) for one in terms.deliverables]
    return replace(terms, deliverables=unpriced)


def new_refusal_form(name: str, data: Any = None) -> ReasonForm:
    return ReasonForm(data, label=REFUSALS[name][1], auto_id=f"{name}-%s")


def new_limit_form(seat: Seat, currency: str, data: Any = None) -> LimitForm:
    is_brand = seat.side is Side.BRAND
    return LimitForm(data, currency=currency, is_brand=is_brand, auto_id="limit-%s")
