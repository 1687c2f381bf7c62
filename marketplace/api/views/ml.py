"""The three prediction endpoints of document 000."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import SocialAccount, User
from campaigns import access as campaign_access
from campaigns.briefs import get_latest_brief
from marketplace.api.authentication import asker
from marketplace.api.identifiers import Named, accounts_named
from marketplace.api.schema import refusals
from marketplace.api.serializers.ml import (
    MatchRequestSerializer,
    MatchSerializer,
    RiskRequestSerializer,
    RiskSerializer,
)
from marketplace.api.serializers.pricing import PriceRequestSerializer, PriceSerializer
from marketplace.presenting import match_as_json
from marketplace.pricing_json import suggestion_as_json
from scoring.matching import MatchScore, NotScoredYet, match_accounts
from scoring.matching.campaigns import AskedBy, asked_by
from scoring.models import Score
from scoring.prediction import predict_fake_follower_risk, risk_response
from scoring.pricing.suggesting import suggest_price
from scoring.selectors import current_scores


class FakeFollowerRiskView(APIView):
    @extend_schema(
        request=RiskRequestSerializer,
        responses={200: RiskSerializer, **refusals(409)},
        tags=["ml"],
        summary="The fake-follower risk of an account described by stats, or of one known here.",
    )
    def post(self, request: Request) -> Response:
        asked = RiskRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        account_id = None
        if data.get("stats"):
            answer = predict_fake_follower_risk(platform=data["platform"], stats=data["stats"])
        else:
            account_id, answer = _known_risk(
                asker(request), data["named"], platform=data["platform"]
            )
        return Response({**answer, "user_id": data.get("user_id"), "account_id": account_id})


class MatchScoreView(APIView):
    @extend_schema(
        request=MatchRequestSerializer,
        responses={200: MatchSerializer, **refusals(409)},
        tags=["ml"],
        summary="How well a creator fits a campaign's brief, and why.",
    )
    def post(self, request: Request) -> Response:
        asked = MatchRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = asker(request)
        campaign = campaign_access.campaign_for(user, asked.validated_data["campaign_id"].pk)
        brief = get_latest_brief(campaign)
        accounts = accounts_named(user, asked.validated_data["influencer_id"])
        account, match = _best_match(accounts, asked_by(campaign, brief))
        return Response(
            {
                **match_as_json(match),
                "account_id": account.pk,
                "platform": account.platform,
                "brief_version": brief.version,
                "match_version": match.version,
            }
        )


class PriceSuggestionView(APIView):
    @extend_schema(
        request=PriceRequestSerializer,
        responses={200: PriceSerializer, **refusals(422)},
        tags=["ml"],
        summary="A price range for one deliverable, where prices of comparable creators are known.",
    )
    def post(self, request: Request) -> Response:
        asked = PriceRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        [account, *_] = accounts_named(
            asker(request), data["influencer_id"], platform=data["platform"]
        )
        suggestion = suggest_price(
            account=account,
            deliverable=data["deliverable_type"],
            currency=data.get("currency", ""),
            campaign_type=data.get("campaign_type", ""),
            month=data.get("month"),
            now=timezone.now(),
        )
        return Response(suggestion_as_json(suggestion))


def _known_risk(user: User, named: Named, *, platform: str) -> tuple[int, dict[str, Any]]:
    [account, *_] = accounts_named(user, named, platform=platform)
    score = current_scores([account.pk]).get(account.pk, {}).get(Score.Task.AUTHENTICITY)
    if score is None:
        raise NotScoredYet
    fields = {
        name: getattr(score, name)
        for name in (
            "value",
            "level",
            "confidence",
            "reasons",
            "abstained",
            "abstain_reason",
            "details",
        )
    }
    return account.pk, risk_response(fields, model_version=score.model_version)


def _best_match(accounts: list[SocialAccount], by: AskedBy) -> tuple[SocialAccount, MatchScore]:
    """The account a ranking would show: on the brief's platform if there is one, the best.

    :raises NotScoredYet: if none is in the search index yet.
    """
    on_platform = [account for account in accounts if account.platform == by.terms.platform]
    scores = match_accounts(
        terms=by.terms,
        accounts=on_platform or accounts,
        now=timezone.now(),
        brand_names=by.brand_names,
    )
    found = [(account, scores[account.pk]) for account in accounts if account.pk in scores]
    if not found:
        raise NotScoredYet
    return max(found, key=lambda pair: (pair[1].score, -pair[0].pk))
