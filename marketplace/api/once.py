"""The Idempotency-Key header, for views that opt in."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import DomainError
from accounts.idempotency import Answered, answer_once, fingerprint_of, read_key
from marketplace.api.authentication import asker
from marketplace.api.errors import body_of

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"


class OncePerKey:
    """``return self.once(request, lambda: Response(…))``: after access and form were checked.

    Refusals of the service are kept too; what is refused before (400 for the form, 403, 404, 429)
    is not, nor is a fault. ApiSchema describes the header and its refusals by itself.
    """

    takes_idempotency_key: ClassVar[bool] = True
    needs_idempotency_key: ClassVar[bool] = False

    def once(self, request: Request, act: Callable[[], Response]) -> Response:
        """:raises KeyRefused, KeyReused, RequestInProgress: as `accounts.idempotency`."""
        header = request.headers.get(HEADER)
        if header is None:
            return act()
        answered = answer_once(
            user=asker(request),
            key=read_key(header),
            fingerprint=fingerprint_of(
                str(request.method), request.get_full_path(), _asked(request)
            ),
            act=lambda: _answer(act),
            now=timezone.now(),
        )
        headers = {REPLAYED: "true"} if answered.is_replay else {}
        return Response(answered.body, status=answered.status, headers=headers)


def _answer(act: Callable[[], Response]) -> Answered:
    try:
        with transaction.atomic():
            response = act()
    except DomainError as refusal:
        if refusal.http_status >= 500:
            raise
        return Answered(refusal.http_status, json.loads(_text(body_of(refusal))))
    return Answered(response.status_code, json.loads(_text(response.data)))


def _text(body: Any) -> bytes:
    """As it would be sent, so that a replay is the same to the letter."""
    rendered: bytes = JSONRenderer().render(body)
    return rendered


def _asked(request: Request) -> Any:
    """The body, with a hash in the place of each file."""
    files = request.FILES
    if not files:
        return request.data
    hashes = {
        name: [hashlib.file_digest(one, "sha256").hexdigest() for one in files.getlist(name)]
        for name in files
    }
    for name in files:
        for one in files.getlist(name):
            one.seek(0)
    fields = {name: request.POST.getlist(name) for name in request.POST}
    return [fields, hashes]
