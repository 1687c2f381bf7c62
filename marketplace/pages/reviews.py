"""Writing a review of the other side, and reading both once they appear."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from campaigns.access import MANAGERS, Seat, seat_for
from campaigns.review_reading import reviews_visible_to
from campaigns.reviews import is_reviewable, write_review
from campaigns.standing import get_standing
from campaigns.states import Side, State
from marketplace.forms.disputes import ReviewForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


@page
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    seat = seat_for(user_of(request), collaboration_id)
    if request.method != "POST":
        return _show(request, seat)
    seat.check(MANAGERS)
    form = ReviewForm(request.POST, side=seat.side)
    if form.is_valid():
        try:
            written = write_review(
                collaboration=seat.collaboration,
                side=seat.side,
                actor=user_of(request),
                now=timezone.now(),
                **form.review(),
            )
        except DomainError as error:
            if error.http_status != 400:
                raise
            form.refuse(error)
        else:
            messages.success(
                request,
                "Both reviews are in, and both can be read."
                if written.published_at
                else "It is kept. It appears when the other side has written, or in time.",
            )
            return redirect("collaboration_review", seat.collaboration.pk)
    return _show(request, seat, form=form, status=422)


def _show(
    request: HttpRequest, seat: Seat, *, form: ReviewForm | None = None, status: int = 200
) -> HttpResponse:
    one = seat.collaboration
    seen = reviews_visible_to(seat.side, one)
    has_written = any(each.side == seat.side for each in seen)
    may_write = seat.side is Side.CREATOR or (seat.side is Side.BRAND and seat.role in MANAGERS)
    if is_reviewable(one, now=timezone.now()) and may_write and not has_written:
        form = form or ReviewForm(side=seat.side)
    elif form is not None:  # it cannot be sent any more, but what was typed is not lost
        status = 409
    context = {
        "seat": seat,
        "one": one,
        "standing": get_standing(one),
        "reviews": seen,
        "has_written": has_written,
        "form": form,
        "is_completed": one.state == State.COMPLETED,
        "is_disputed": one.state == State.DISPUTED,
    }
    return render(request, "disputes/review.html", context, status=status)
