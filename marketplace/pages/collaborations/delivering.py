"""What either side does with one piece; it is named by its place in the contract."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import NotFound
from campaigns import delivering
from campaigns.access import REVIEWERS, Seat
from campaigns.models import Deliverable
from campaigns.states import Side
from marketplace.forms.acts import ActForm
from marketplace.pages.collaborations import work_part
from marketplace.pages.collaborations.acting import Act, carry_out
from marketplace.pages.collaborations.seats import seat_on
from marketplace.pages.refusals import page


@page
@require_POST
def draft(request: HttpRequest, collaboration_id: int, position: int) -> HttpResponse:
    seat, piece = _makes(request, collaboration_id, position)
    form = work_part.new_draft_form(piece, request.POST)

    def do() -> object:
        return delivering.submit_draft(
            deliverable=piece, actor=seat.user, now=timezone.now(), **form.cleaned_data
        )

    said = "The draft is with the brand, which has seven days; then it counts as approved."
    return carry_out(request, seat, _act("draft", piece, form, do, said))


@page
@require_POST
def changes(request: HttpRequest, collaboration_id: int, position: int) -> HttpResponse:
    seat, piece = _reviews(request, collaboration_id, position)
    terms, brief = work_part.terms_and_brief(seat.collaboration)
    form = work_part.new_changes_form(piece, terms, brief, request.POST)

    def do() -> object:
        return delivering.request_revision(
            deliverable=piece,
            reason=form.cleaned_data["reason"],
            brief_items=form.cited,
            actor=seat.user,
            now=timezone.now(),
        )

    said = "The creator reads what should change, and has seven days."
    return carry_out(request, seat, _act("changes", piece, form, do, said))


@page
@require_POST
def approve(request: HttpRequest, collaboration_id: int, position: int) -> HttpResponse:
    seat, piece = _reviews(request, collaboration_id, position)

    def do() -> object:
        return delivering.approve(
            deliverable=piece, side=seat.side, actor=seat.user, now=timezone.now()
        )

    said = "Approved. The creator can publish it."
    return carry_out(request, seat, _act("approve", piece, ActForm(request.POST), do, said))


@page
@require_POST
def publish(request: HttpRequest, collaboration_id: int, position: int) -> HttpResponse:
    seat, piece = _makes(request, collaboration_id, position)
    terms, _ = work_part.terms_and_brief(seat.collaboration)
    form = work_part.new_publish_form(piece, terms, request.POST)

    def do() -> object:
        return delivering.publish(
            deliverable=piece, actor=seat.user, now=timezone.now(), **form.cleaned_data
        )

    said = "The brand has 72 hours to look at it; then it counts as verified."
    return carry_out(request, seat, _act("publish", piece, form, do, said))


@page
@require_POST
def verify(request: HttpRequest, collaboration_id: int, position: int) -> HttpResponse:
    seat, piece = _reviews(request, collaboration_id, position)

    def do() -> object:
        return delivering.verify(
            deliverable=piece, side=seat.side, actor=seat.user, now=timezone.now()
        )

    said = "Verified. Its price is now owed to the creator."
    return carry_out(request, seat, _act("verify", piece, ActForm(request.POST), do, said))


@page
@require_POST
def waive(request: HttpRequest, collaboration_id: int, position: int) -> HttpResponse:
    seat, piece = _makes(request, collaboration_id, position)
    form = work_part.new_waive_form(piece, request.POST)

    def do() -> object:
        return delivering.waive(
            deliverable=piece,
            reason=form.cleaned_data["reason"],
            actor=seat.user,
            now=timezone.now(),
        )

    said = "Given up. Its price goes back to the brand."
    return carry_out(request, seat, _act("waive", piece, form, do, said))


def _makes(request: HttpRequest, collaboration_id: int, position: int) -> tuple[Seat, Deliverable]:
    seat = seat_on(request, collaboration_id, side=Side.CREATOR)
    return seat, _piece(seat, position)


def _reviews(
    request: HttpRequest, collaboration_id: int, position: int
) -> tuple[Seat, Deliverable]:
    seat = seat_on(request, collaboration_id, roles=REVIEWERS, side=Side.BRAND)
    return seat, _piece(seat, position)


def _piece(seat: Seat, position: int) -> Deliverable:
    """:raises NotFound: if the contract has fewer pieces, or none are under way yet."""
    piece = seat.collaboration.deliverables.filter(position=position).first()
    if piece is None:
        raise NotFound("This collaboration has no such piece.")
    piece.collaboration = seat.collaboration
    return piece


def _act(name: str, piece: Deliverable, form: ActForm, do: Callable[[], object], said: str) -> Act:
    return Act(f"{name}-{piece.position}", form, do, said, anchor=f"piece-{piece.position}")
