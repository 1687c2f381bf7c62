"""Payments you may see: deposits and withdrawals of your brands, your own payouts."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.models import Payment
from campaigns.payments.access import earner_for, payment_for, payments_visible_to
from campaigns.payments.payouts import cancel_payout
from marketplace.api.authentication import asker
from marketplace.api.once import OncePerKey
from marketplace.api.serializers.collaboration_acts import NothingSerializer
from marketplace.api.serializers.money import FullPaymentSerializer, PaymentSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.views.money import TAGS


@extend_schema_view(get=extend_schema(tags=TAGS, summary="Payments you may see, the newest first."))
class PaymentListView(ListAPIView):
    serializer_class = PaymentSerializer
    filter_backends = []
    queryset = Payment.objects.none()

    def get_queryset(self) -> QuerySet[Payment]:
        return payments_visible_to(asker(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        return super().list(request, *args, **kwargs)


class PaymentView(APIView):
    @extend_schema(
        responses=FullPaymentSerializer,
        tags=TAGS,
        summary="A payment with each attempt at it.",
    )
    def get(self, request: Request, payment_id: int) -> Response:
        payment = payment_for(asker(request), payment_id)
        check_parameters(request, [])
        return Response(FullPaymentSerializer(payment).data)


class CancelPayoutView(OncePerKey, APIView):
    @extend_schema(
        request=NothingSerializer,
        responses={201: FullPaymentSerializer},
        tags=TAGS,
        summary="Take back a payout of yours before it is sent.",
    )
    def post(self, request: Request, payment_id: int) -> Response:
        user = asker(request)
        payment = payment_for(user, payment_id)
        # For brands and staff there is no payout of their own here.
        earner_for(user, payment.creator_id or 0)
        check_parameters(request, [])
        NothingSerializer(data=request.data).is_valid(raise_exception=True)

        def cancel() -> Response:
            cancelled = cancel_payout(payment=payment, actor=user, now=timezone.now())
            return Response(FullPaymentSerializer(cancelled).data, status=201)

        return self.once(request, cancel)
