"""Ending an active collaboration early: asking, agreeing, refusing."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns import cancelling
from marketplace.forms.acts import ActForm
from marketplace.pages.collaborations.acting import Act, carry_out
from marketplace.pages.collaborations.ending_part import new_ending_form
from marketplace.pages.collaborations.seats import seat_on
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


@page
@require_POST
def cancel(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_on(request, collaboration_id)
    form = new_ending_form("cancel", request.POST)

    def do() -> object:
        return cancelling.ask_to_cancel(
            collaboration=seat.collaboration,
            side=seat.side,
            actor=user_of(request),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )

    said = "Asked. The other side has 72 hours; until then everything stands still."
    return carry_out(request, seat, Act("cancel", form, do, said))


@page
@require_POST
def agree(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_on(request, collaboration_id)

    def do() -> object:
        return cancelling.agree_to_cancel(
            collaboration=seat.collaboration,
            side=seat.side,
            actor=user_of(request),
            now=timezone.now(),
        )

    said = "It is ended, and the money is divided."
    return carry_out(request, seat, Act("agree", ActForm(request.POST), do, said, "money"))


@page
@require_POST
def refuse(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_on(request, collaboration_id)
    form = new_ending_form("refuse", request.POST)

    def do() -> object:
        return cancelling.refuse_to_cancel(
            collaboration=seat.collaboration,
            side=seat.side,
            actor=user_of(request),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )

    return carry_out(request, seat, Act("refuse", form, do, "It goes on."))
