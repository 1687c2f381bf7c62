"""What a brand has, what a creator is owed, and asking for it to be moved."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.idempotency import read_key
from accounts.models import Brand, Creator
from campaigns.balances import list_earnings, list_wallets
from campaigns.models import Payment
from campaigns.payments import depositing, payouts
from campaigns.payments.access import earner_for, treasury_of
from campaigns.payments.asking import IdempotencyKeyMissing
from campaigns.payments.listing import list_pending_deposits, list_set_aside
from campaigns.payments.providers import default_provider
from marketplace.api.authentication import asker
from marketplace.api.once import HEADER, OncePerKey
from marketplace.api.serializers.money import (
    AskingSerializer,
    BalanceSerializer,
    DepositingSerializer,
    FullPaymentSerializer,
    WalletSerializer,
)
from marketplace.api.strictness import StrictSerializer, check_parameters

TAGS = ["money"]
LISTED = 100


class WalletView(APIView):
    @extend_schema(
        responses=WalletSerializer,
        tags=TAGS,
        summary="Your brand's money: free, set aside per campaign, and on its way.",
    )
    def get(self, request: Request, brand_id: int) -> Response:
        brand = treasury_of(asker(request), brand_id)
        check_parameters(request, [])
        row = {
            "brand": brand,
            "currencies": list_wallets(brand),
            "campaigns": list_set_aside(brand),
            "pending_deposits": list_pending_deposits(brand)[:LISTED],
        }
        return Response(WalletSerializer(row).data)


class BalanceView(APIView):
    @extend_schema(
        responses=BalanceSerializer,
        tags=TAGS,
        summary="What you are owed, what is under way, and what you can ask for.",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        creator = earner_for(asker(request), creator_id)
        check_parameters(request, [])
        row = {"creator_id": creator.pk, "currencies": list_earnings(creator)}
        return Response(BalanceSerializer(row).data)


class AskingView(OncePerKey, APIView):
    """A request that moves money carries a key, always: it may be sent more than once."""

    needs_idempotency_key = True
    sent: ClassVar[type[StrictSerializer]] = AskingSerializer

    def ask(self, request: Request, service: Callable[..., Payment], owner: Any) -> Response:
        """:raises IdempotencyKeyMissing: without the header. Else as the service."""
        check_parameters(request, [])
        if HEADER not in request.headers:
            raise IdempotencyKeyMissing
        key = read_key(request.headers[HEADER])
        asked = self.sent(data=request.data)
        asked.is_valid(raise_exception=True)
        sent = {"provider": default_provider(), **asked.validated_data}

        def move() -> Response:
            payment = service(
                **owner, **sent, idempotency_key=key, actor=asker(request), now=timezone.now()
            )
            return Response(FullPaymentSerializer(payment).data, status=201)

        return self.once(request, move)


class DepositView(AskingView):
    sent = DepositingSerializer

    @extend_schema(
        request=DepositingSerializer,
        responses={201: FullPaymentSerializer},
        tags=TAGS,
        summary="Ask the provider to collect a deposit; the wallet grows when it has come.",
    )
    def post(self, request: Request, brand_id: int) -> Response:
        brand: Brand = treasury_of(asker(request), brand_id)
        return self.ask(request, depositing.request_deposit, {"brand": brand})


class WithdrawalView(AskingView):
    @extend_schema(
        request=AskingSerializer,
        responses={201: FullPaymentSerializer},
        tags=TAGS,
        summary="Send free money back to your brand; it leaves the wallet in the same moment.",
    )
    def post(self, request: Request, brand_id: int) -> Response:
        brand: Brand = treasury_of(asker(request), brand_id)
        return self.ask(request, depositing.request_withdrawal, {"brand": brand})


class PayoutView(AskingView):
    @extend_schema(
        request=AskingSerializer,
        responses={201: FullPaymentSerializer},
        tags=TAGS,
        summary="Ask to be paid what you are owed; held for review with the reasons, if any.",
    )
    def post(self, request: Request, creator_id: int) -> Response:
        creator: Creator = earner_for(asker(request), creator_id)
        return self.ask(request, payouts.request_payout, {"creator": creator})
