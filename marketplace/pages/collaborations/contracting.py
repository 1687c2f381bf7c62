"""Signing the contract, and setting its money aside."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns import contracts
from campaigns.access import PAYERS
from campaigns.states import Side
from marketplace.forms.acts import ActForm
from marketplace.pages.collaborations.acting import Act, carry_out
from marketplace.pages.collaborations.contract_part import new_sign_form
from marketplace.pages.collaborations.seats import seat_on
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


@page
@require_POST
def sign(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_on(request, collaboration_id)
    form = new_sign_form(None, request.POST)

    def do() -> object:
        return contracts.sign(
            collaboration=seat.collaboration,
            typed_name=form.cleaned_data["typed_name"],
            text_hash=form.cleaned_data["exact_hash"],
            side=seat.side,
            actor=user_of(request),
            now=timezone.now(),
        )

    return carry_out(request, seat, Act("sign", form, do, "Signed.", anchor="contract"))


@page
@require_POST
def fund(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_on(request, collaboration_id, roles=PAYERS, side=Side.BRAND)

    def do() -> object:
        return contracts.fund(
            collaboration=seat.collaboration, actor=user_of(request), now=timezone.now()
        )

    said = "The money is set aside. Work can start."
    return carry_out(request, seat, Act("fund", ActForm(request.POST), do, said))
