"""What a visitor sent, handed back when it could not be saved."""

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, get_token

# Only forms with one of these hold work worth saving; log-ins never do.
TEXT_FIELDS = ("text", "message", "reason", "caption", "notes")
LABEL = "What you wrote"
MAX_ECHO_CHARACTERS = 200_000


@dataclass(frozen=True)
class Echo:
    """A sent form with the text in a box; ``can_resend`` only if it came from our own page."""

    path: str
    name: str
    label: str
    text: str
    hidden: list[tuple[str, str]]
    csrf_token: str
    can_resend: bool


def echo_of(request: HttpRequest) -> Echo | None:
    """The form in ``request`` if it holds a long text, else None. No queries."""
    if request.method != "POST":
        return None
    try:
        posted = request.POST
    except (SuspiciousOperation, UnreadablePostError):
        return None
    name = next((name for name in TEXT_FIELDS if posted.get(name)), None)
    if name is None:
        return None
    return Echo(
        path=request.get_full_path(),
        name=name,
        label=LABEL,
        text=posted[name][:MAX_ECHO_CHARACTERS],
        hidden=[
            (key, value)
            for key, values in posted.lists()
            if key not in {name, "csrfmiddlewaretoken"}
            for value in values
        ],
        csrf_token=get_token(request),
        can_resend=_came_from_our_page(request),
    )


class _CsrfCheck(CsrfViewMiddleware):
    """The check alone: the page it would answer with asks for an echo itself."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)


def _came_from_our_page(request: HttpRequest) -> bool:
    """Asked again here because the failure may have struck before the check was made."""
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check = _CsrfCheck(lambda _request: HttpResponse())
    return check.process_view(request, lambda _request: HttpResponse(), (), {}) is None
