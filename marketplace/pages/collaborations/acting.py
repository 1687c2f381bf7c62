"""One act from a sent form to its answer: done and told, or the page again with what was typed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.errors import DomainError, Forbidden
from accounts.money import exact
from campaigns.access import Seat, seat_for
from campaigns.ledger import InsufficientFunds
from campaigns.moving import NotYourTurn
from campaigns.offers import OverBudget
from campaigns.states import Side
from marketplace.forms.acts import ActForm
from marketplace.pages.collaborations.showing import Returned, show
from marketplace.pages.people import user_of


@dataclass(frozen=True)
class Act:
    """What a form is called on the page, what it does, and what is said then."""

    key: str
    form: ActForm
    do: Callable[[], object]
    said: str
    anchor: str = ""


def carry_out(request: HttpRequest, seat: Seat, act: Act) -> HttpResponse:
    """Hand a form to its service; what is refused comes back beside its field.

    Answers 422 to what was typed, 409 if the collaboration has moved on meanwhile.
    """
    pk = seat.collaboration.pk
    if not act.form.is_valid():
        return show(request, seat, returned=Returned(act.key, act.form), status=422)
    try:
        act.do()
    except DomainError as error:
        # Whose turn it is changes with the state; who somebody is does not.
        if error.http_status == 404 or (
            isinstance(error, Forbidden) and not isinstance(error, NotYourTurn)
        ):
            raise
        act.form.refuse(error, in_words(error, seat))
        about_input = error.http_status == 400 or isinstance(error, OverBudget)
        fresh = seat_for(user_of(request), pk)
        returned = Returned(act.key, act.form)
        return show(request, fresh, returned=returned, status=422 if about_input else 409)
    messages.success(request, act.said)
    response = redirect("collaboration", pk)
    if act.anchor:
        response["Location"] += f"#{act.anchor}"
    return response


def in_words(error: DomainError, seat: Seat) -> str:
    """A refusal as people read it; empty where its own message is."""
    details = error.details if isinstance(error.details, dict) else {}
    if isinstance(error, OverBudget):
        asked = exact(details["asked_minor"], details["currency"])
        if seat.side is Side.CREATOR:  # what a brand can still spend is the brand's to know
            return f"{asked} is more than the campaign's budget has left."
        left = exact(details["left_minor"], details["currency"])
        return f"{asked} is more than what the campaign's budget has left: {left}."
    if isinstance(error, InsufficientFunds):
        has, needs = (
            exact(details[name], details["currency"])
            for name in ("available_minor", "needed_minor")
        )
        return f"The wallet holds {has}; {needs} are needed. Nothing was moved."
    return ""
