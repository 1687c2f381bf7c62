"""What payment providers report: signed by them, sent as often and as late as they like."""

import structlog
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.errors import NotFound
from campaigns.payments.provider_events import receive_event
from campaigns.payments.providers import UnknownProvider, provider_called
from campaigns.payments.providers.base import Provider, SignatureRefused, SignedBody
from marketplace.api.bodies import BodyTooLarge
from marketplace.api.errors import body_of
from marketplace.api.throttling import ProviderThrottle

LARGEST_REPORT = 65_536
log = structlog.get_logger(__name__)


class ProviderEventView(APIView):
    """No session: the provider's signature over the raw body says who asks.

    200 says that the report is stored, so that the provider need not send it again. A refused
    signature leaves a line in the log and no row: strangers must not be able to fill a table.
    """

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [ProviderThrottle]

    @extend_schema(exclude=True)
    def post(self, request: Request, name: str) -> Response:
        provider = _provider(name)
        body = request._request.read(LARGEST_REPORT + 1)
        if len(body) > LARGEST_REPORT:
            raise BodyTooLarge(f"A report has at most {LARGEST_REPORT:,} bytes.")
        signed = SignedBody(body, request.headers.get(provider.signature_header, ""))
        try:
            event = receive_event(provider=name, signed=signed, now=timezone.now())
        except SignatureRefused as error:
            log.warning("provider_signature_refused", provider=name, bytes=len(body))
            # A 401 names what would let the sender in.
            scheme = {"WWW-Authenticate": provider.signature_header}
            return Response(body_of(error), status=error.http_status, headers=scheme)
        return Response({"event_id": event.event_id, "outcome": event.outcome})


def _provider(name: str) -> Provider:
    """:raises NotFound: if there is none of this name, or it reports nothing by itself."""
    try:
        provider = provider_called(name)
    except UnknownProvider as error:
        raise NotFound from error
    if not provider.signature_header:
        raise NotFound
    return provider
