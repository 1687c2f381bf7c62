"""A dispute as the two sides have it: what is said, until when, and what was decided."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import DomainError
from campaigns.access import MANAGERS, Seat, seat_for
from campaigns.dispute_reading import list_disputes, moves_of
from campaigns.disputes import add_statement, open_dispute, withdraw_dispute
from campaigns.models import Contract
from campaigns.standing import get_standing
from campaigns.states import Side
from campaigns.whereabouts import get_whereabouts
from marketplace.forms.acts import ActForm
from marketplace.forms.disputes import DisputeForm, StatementForm, WithdrawDisputeForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


@page
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_for(user_of(request), collaboration_id)
    if request.method != "POST":
        return _show(request, seat)
    seat.check(MANAGERS)
    form = _new_dispute(seat, request.POST)
    said = "The dispute is open. Work and money stand still until it is decided."
    return _send(request, seat, form, open_dispute, said)


@page
@require_POST
def evidence(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_for(user_of(request), collaboration_id).check(MANAGERS)
    return _send(request, seat, StatementForm(request.POST), add_statement, "It is added.")


@page
@require_POST
def withdraw(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_for(user_of(request), collaboration_id).check(MANAGERS)
    said = "The dispute is taken back. Everybody has the time that was left."
    return _send(request, seat, WithdrawDisputeForm(request.POST), withdraw_dispute, said)


def _send(
    request: HttpRequest, seat: Seat, form: ActForm, service: Callable[..., object], said: str
) -> HttpResponse:
    """Hand a form to its service; what cannot be used is told beside its field."""
    if form.is_valid():
        try:
            service(
                collaboration=seat.collaboration,
                side=seat.side,
                actor=user_of(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as error:
            if error.http_status != 400:
                raise
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect("collaboration_dispute", seat.collaboration.pk)
    return _show(request, seat, form=form, status=422)


def _show(
    request: HttpRequest, seat: Seat, *, form: ActForm | None = None, status: int = 200
) -> HttpResponse:
    one = seat.collaboration
    disputes = list_disputes(one)
    moves = moves_of(seat, disputes, now=timezone.now())
    shown: dict[str, ActForm] = {}
    if moves.may_open:
        shown["open_form"] = form if isinstance(form, DisputeForm) else _new_dispute(seat)
    if moves.may_state:
        shown["statement_form"] = form if type(form) is StatementForm else StatementForm()
    if moves.may_withdraw:
        again = isinstance(form, WithdrawDisputeForm)
        shown["withdraw_form"] = form if again and form else WithdrawDisputeForm()
    latest = disputes[0] if disputes else None
    context: dict[str, Any] = {
        **shown,
        "seat": seat,
        "one": one,
        "standing": get_standing(one),
        "latest": latest,
        "earlier": disputes[1:],
        "moves": moves,
        "money": get_whereabouts(one) if latest else None,
        "has_contract": Contract.objects.filter(collaboration=one).exists(),
        "unsent": form.typed() if form and form not in shown.values() else [],
        "returned": form,
        "desk_url": reverse("admin:campaigns_dispute_change", args=[latest.dispute.pk])
        if latest and seat.side is Side.MODERATOR
        else "",
    }
    return render(request, "disputes/dispute.html", context, status=status)


def _new_dispute(seat: Seat, data: Any = None) -> DisputeForm:
    return DisputeForm(data, pieces=seat.collaboration.deliverables.order_by("position"))
