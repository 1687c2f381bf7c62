"""A creator's rate card, and prices of others it can be compared with."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.availability import own_profile_for
from accounts.errors import NotFound
from accounts.models import Creator, Platform
from accounts.money import to_major
from marketplace.api.authentication import asker
from marketplace.api.identifiers import Named, accounts_named
from marketplace.api.schema import refusals
from marketplace.api.serializers.pricing import (
    ComparablePricesSerializer,
    ComparablesQuerySerializer,
    RateCardRequestSerializer,
    RateCardSerializer,
)
from marketplace.api.strictness import check_parameters
from marketplace.pricing_json import comparable_as_json, recent_as_json
from scoring.models import MarketPrice
from scoring.pricing.rate_cards import Ask, get_card, write_card
from scoring.pricing.suggesting import list_deliverables, suggest_price


class RateCardView(APIView):
    @extend_schema(
        responses=RateCardSerializer,
        tags=["creators"],
        operation_id="creators_rate_card",
        summary="What a creator asks for their work, by account.",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        check_parameters(request, [])
        return Response(card_as_json(access.creator_for(asker(request), creator_id)))

    @extend_schema(
        request=RateCardRequestSerializer,
        responses={200: RateCardSerializer, **refusals(422)},
        tags=["creators"],
        operation_id="creators_write_rate_card",
        summary="Replace the card of one of your accounts; prices it does not name are taken back.",
    )
    def put(self, request: Request, creator_id: int) -> Response:
        user = asker(request)
        creator = own_profile_for(user, creator_id)
        asked = RateCardRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        account = creator.accounts.select_related("creator").filter(pk=data["account_id"]).first()
        if account is None:
            raise NotFound("You have no such account.")
        write_card(
            account=account,
            asks=[
                Ask(one["deliverable_type"], one["price"], one["currency"])
                for one in data["prices"]
            ],
            actor=user,
            now=timezone.now(),
            is_whole=True,
        )
        return Response(card_as_json(creator))


class ComparablePricesView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("platform", str, required=True, enum=Platform.values),
            OpenApiParameter("deliverable_type", str, required=True),
        ],
        responses={200: ComparablePricesSerializer, **refusals(422)},
        tags=["creators"],
        operation_id="creators_comparable_prices",
        summary="Prices of comparable creators, blurred; none where fewer than five have one.",
    )
    def get(self, request: Request, creator_id: int) -> Response:
        check_parameters(request, ["platform", "deliverable_type"])
        asked = ComparablesQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        named = Named("creator", min(creator_id, 2**63 - 1))
        [account, *_] = accounts_named(asker(request), named, platform=data["platform"])
        found = suggest_price(
            account=account, deliverable=data["deliverable_type"], now=timezone.now()
        )
        return Response(
            {
                "account_id": account.pk,
                "deliverable_type": found.deliverable,
                "comparables": [comparable_as_json(one) for one in found.comparables],
                "comparables_note": found.comparables_note,
                "recent_market": recent_as_json(found.market.recent, found.market.currency),
                "simulated": found.simulated,
            }
        )


def card_as_json(creator: Creator) -> dict[str, Any]:
    accounts = creator.accounts.select_related("creator").order_by("pk")
    return {
        "creator_id": creator.pk,
        "accounts": [
            {
                "account_id": account.pk,
                "platform": account.platform,
                "deliverable_types": list(list_deliverables(account)),
                "prices": [_price(price) for price in get_card(account).values()],
            }
            for account in accounts
        ],
    }


def _price(price: MarketPrice) -> dict[str, Any]:
    assert price.price_minor is not None
    return {
        "deliverable_type": price.deliverable,
        "price": float(to_major(price.price_minor, price.currency)),
        "currency": price.currency,
        "priced_on": price.priced_on.isoformat(),
    }
