"""Answering an invitation or application, offers, and the private limits."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns import leaving, offers
from marketplace.forms.acts import HashForm
from marketplace.pages.collaborations.acting import Act, carry_out
from marketplace.pages.collaborations.offers_part import (
    new_limit_form,
    new_offer_form,
    new_refusal_form,
)
from marketplace.pages.collaborations.seats import seat_on
from marketplace.pages.collaborations.showing import Returned, show
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


@page
@require_POST
def offer(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    """Send an offer or counter-offer; the button for another row only shows the form again."""
    seat, now = seat_on(request, collaboration_id), timezone.now()
    form = new_offer_form(seat, today=now.date(), data=request.POST)
    if not form.is_bound:
        return show(request, seat, returned=Returned("offer", form))

    def do() -> object:
        return offers.make_offer(
            collaboration=seat.collaboration,
            terms=form.terms,
            side=seat.side,
            actor=user_of(request),
            now=now,
            message=form.cleaned_data["message"],
        )

    said = "Your offer is sent. The other side has 72 hours to answer."
    return carry_out(request, seat, Act("offer", form, do, said))


@page
@require_POST
def accept(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_on(request, collaboration_id)
    form = HashForm(request.POST)

    def do() -> object:
        return offers.accept_offer(
            collaboration=seat.collaboration,
            terms_hash=form.cleaned_data["exact_hash"],
            side=seat.side,
            actor=user_of(request),
            now=timezone.now(),
        )

    said = "You agreed. The contract is drawn up: read it and sign."
    return carry_out(request, seat, Act("accept", form, do, said, anchor="contract"))


@page
@require_POST
def decline(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    return _leave(request, collaboration_id, "decline", "Declined. The other side reads why.")


@page
@require_POST
def withdraw(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    return _leave(request, collaboration_id, "withdraw", "Withdrawn. The other side reads why.")


def _leave(request: HttpRequest, collaboration_id: int, name: str, said: str) -> HttpResponse:
    seat = seat_on(request, collaboration_id)
    form = new_refusal_form(name, request.POST)
    service = leaving.decline if name == "decline" else leaving.withdraw

    def do() -> object:
        return service(
            collaboration=seat.collaboration,
            side=seat.side,
            actor=user_of(request),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )

    return carry_out(request, seat, Act(name, form, do, said))


@page
@require_POST
def limit(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_on(request, collaboration_id)
    currency = offers.get_latest_offer(seat.collaboration).currency
    form = new_limit_form(seat, currency, request.POST)

    def do() -> object:
        return offers.enter_limit(
            collaboration=seat.collaboration,
            limit_minor=form.cleaned_data["limit"],
            currency=currency,
            side=seat.side,
            actor=user_of(request),
            now=timezone.now(),
        )

    said = "Your private limit is entered. Nobody can read it or change it."
    return carry_out(request, seat, Act("limit", form, do, said, anchor="limits"))
