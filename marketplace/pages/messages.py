"""The thread of a collaboration: read, write, report, and the files in it."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, NotFound
from campaigns.access import MANAGERS, Seat, seat_for
from campaigns.attachments import LARGEST, store_attachment
from campaigns.message_reading import (
    Thread,
    attachment_for,
    get_thread,
    messages_visible_to,
    threads,
)
from campaigns.message_reports import note_moderators_look, report_message
from campaigns.messaging import ATTACHMENTS_PER_MESSAGE, is_open, mark_read, send_message
from campaigns.models import Attachment
from campaigns.standing import get_standing
from campaigns.states import Side
from marketplace.files import attachment_response
from marketplace.forms.messages import MessageForm, MessageReportForm
from marketplace.pages.errors import error_page
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page

LARGEST_FORM = ATTACHMENTS_PER_MESSAGE * LARGEST + 256 * 1024
# A poll brings what a few minutes can bring; more is a reason to load the page.
MOST_NEWER = 50


@csrf_exempt
@page
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, collaboration_id: int) -> HttpResponseBase:
    """Who may not write is refused before a byte of the files is read.

    The check for forged forms reads the form, so it comes after that, in `_send`.
    """
    seat = seat_for(user_of(request), collaboration_id)
    if request.method != "POST":
        return _page(request, seat)
    seat.check(MANAGERS)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
        return error_page(413, message="The files are larger than 40 MB together. Send fewer.")
    return _send(request, seat)


@page
@require_safe
def newer(request: HttpRequest, collaboration_id: int) -> HttpResponse:
    """What came after the message the page ends with; 204 if nothing did. Four short queries."""
    seat = seat_for(user_of(request), collaboration_id).check()
    after = _number(request.GET.get("after", "")) or 0
    found = messages_visible_to(seat).filter(pk__gt=after).order_by("pk")
    rows = list(threads(found, reader=seat.user)[:MOST_NEWER])
    if not rows:
        return HttpResponse(status=204)
    mark_read(
        collaboration=seat.collaboration, user=seat.user, now=timezone.now(), up_to=rows[-1].pk
    )
    context = {"seat": seat, "messages_shown": rows, "newest": rows[-1].pk}
    return render(request, "messages/newer.html", context)


@page
@require_POST
def report(request: HttpRequest, collaboration_id: int, message_id: int) -> HttpResponse:
    seat = seat_for(user_of(request), collaboration_id)
    message = messages_visible_to(seat.check()).filter(pk=message_id).first()
    if message is None:
        raise NotFound("There is no such message.")
    form = MessageReportForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    report_message(seat=seat, message=message, reason=reason, now=timezone.now())
    messages.success(request, "The moderators see this message now, and you hear from them.")
    return redirect(_address(collaboration_id, message_id))


@page
@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    return attachment_response(attachment_for(user_of(request), attachment_id))


@csrf_protect
def _send(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    kept: list[Attachment] = []
    if form.is_valid():
        kept = list(
            seat.collaboration.attachments.filter(
                pk__in=_kept_numbers(request), uploader=seat.user, message=None
            )
        )
        try:
            return _sent(request, seat, form, kept)
        except DomainError as error:
            named = str((error.details or {}).get("field"))
            field = "attachments" if named == "file" else named
            if field not in form.fields:
                raise
            form.add_error(field, error.message)
    return _page(request, seat, form=form, kept=kept, status=422)


def _sent(
    request: HttpRequest, seat: Seat, form: forms.Form, kept: list[Attachment]
) -> HttpResponse:
    """Files that were taken go into ``kept``: one bad file costs none of the others."""
    asked, now = form.cleaned_data, timezone.now()
    for file in asked["attachments"]:
        try:
            kept.append(
                store_attachment(
                    collaboration=seat.collaboration,
                    side=seat.side,
                    actor=seat.user,
                    file=file,
                    name=file.name,
                    now=now,
                )
            )
        except DomainError as error:
            error.message = f"{file.name}: {error.message}"
            raise
    message = send_message(
        collaboration=seat.collaboration,
        side=seat.side,
        actor=seat.user,
        text=asked["text"],
        client_key=asked["client_key"],
        attachment_ids=[one.pk for one in kept],
        now=now,
    )
    return redirect(_address(seat.collaboration.pk, message.pk))


def _page(
    request: HttpRequest,
    seat: Seat,
    *,
    form: MessageForm | None = None,
    kept: list[Attachment] | None = None,
    status: int = 200,
) -> HttpResponse:
    before = _number(request.GET.get("before", ""))
    shown = get_thread(seat, before=before)
    _note_reading(seat, shown, is_newest=before is None)
    may_write = _may_write(seat)
    is_writable = may_write and is_open(seat.collaboration, now=timezone.now())
    if form is None:
        form = MessageForm(initial={"client_key": uuid.uuid4().hex})
    context: dict[str, Any] = {
        "seat": seat,
        "standing": get_standing(seat.collaboration),
        "messages_shown": shown.messages,
        "earlier": shown.earlier,
        "newest": shown.newest,
        "is_newest": before is None,
        "form": form if is_writable else None,
        "kept": kept or [],
        "is_closed": may_write and not is_writable,
        "is_moderator": seat.side is Side.MODERATOR,
    }
    return render(request, "messages/thread.html", context, status=status)


def _note_reading(seat: Seat, shown: Thread, *, is_newest: bool) -> None:
    """A side's mark moves with what it was shown; a moderator's look is put on record."""
    if seat.side is Side.MODERATOR:
        note_moderators_look(seat=seat)
    elif is_newest and shown.messages:
        mark_read(
            collaboration=seat.collaboration, user=seat.user, now=timezone.now(), up_to=shown.newest
        )


def _may_write(seat: Seat) -> bool:
    return seat.side is Side.CREATOR or (seat.side is Side.BRAND and seat.role in MANAGERS)


def _kept_numbers(request: HttpRequest) -> list[int]:
    """Ids of files that an earlier try of this form has uploaded, whosever they are."""
    sent = map(_number, request.POST.getlist("kept")[: 2 * ATTACHMENTS_PER_MESSAGE])
    return [one for one in sent if one is not None]


def _address(collaboration_id: int, message_id: int) -> str:
    return f"{reverse('collaboration_messages', args=[collaboration_id])}#message-{message_id}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


PATTERNS = [
    path("collaborations/<int:collaboration_id>/messages/", thread, name="collaboration_messages"),
    path(
        "collaborations/<int:collaboration_id>/messages/newer/",
        newer,
        name="collaboration_messages_newer",
    ),
    path(
        "collaborations/<int:collaboration_id>/messages/<int:message_id>/report/",
        report,
        name="message_report",
    ),
    path("attachments/<int:attachment_id>/", attachment, name="attachment"),
]
