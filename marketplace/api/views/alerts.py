"""Alerts: made, read, changed, deleted, tried on the past; and what they found."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.models import User
from marketplace.api.authentication import asker
from marketplace.api.once import OncePerKey
from marketplace.api.serializers.alerts import (
    AlertBacktestRequestSerializer,
    AlertBacktestSerializer,
    AlertFiringSerializer,
    AlertListParameters,
    AlertMetricsSerializer,
    AlertPatchSerializer,
    AlertRequestSerializer,
    AlertSeenRequestSerializer,
    AlertSerializer,
    alert_as_json,
    backtest_as_json,
    firing_as_json,
    metric_as_json,
    terms_given,
)
from marketplace.api.serializers.refusals import RefusalSerializer
from marketplace.api.strictness import check_parameters
from marketplace.api.views.briefs import brand_to_write_for
from marketplace.api.views.discovery import parameters
from scoring.alerting import keeping
from scoring.alerting.backtesting import backtest
from scoring.alerting.keeping import Channels
from scoring.alerting.metrics import METRICS, WINDOWS
from scoring.alerting.reading import findings_of, newest_versions, rule_for, rules_of, with_counts
from scoring.alerting.terms import RuleTerms
from scoring.models import AlertFiring, AlertRule

TAGS = ["alerts"]
TAKEN = OpenApiResponse(RefusalSerializer, description="The name is taken, or there are too many.")
TOO_WIDE = OpenApiResponse(RefusalSerializer, description="It would take longer than 15 seconds.")


@extend_schema_view(
    get=extend_schema(
        parameters=[AlertListParameters],
        responses=AlertSerializer(many=True),
        tags=TAGS,
        operation_id="alerts_list",
        summary="Your brands' alerts, the latest first, with how often each fired.",
    )
)
class AlertListView(OncePerKey, ListAPIView):
    """Two queries beside the log-in's, whatever the page's length."""

    filter_backends = []
    queryset = AlertRule.objects.none()

    def get_queryset(self) -> QuerySet[AlertRule]:
        return rules_of(asker(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = parameters(request, AlertListParameters)
        found = self.get_queryset()
        if brand_id := asked.get("brand_id"):
            found = found.filter(brand=access.brand_for(asker(request), brand_id))
        counted = with_counts(found, now=timezone.now()).order_by("-pk")
        page: list[AlertRule] = self.paginate_queryset(counted) or []
        versions = newest_versions([rule.pk for rule in page])
        return self.get_paginated_response(
            [alert_as_json(rule, versions[rule.pk]) for rule in page]
        )

    @extend_schema(
        request=AlertRequestSerializer,
        responses={201: AlertSerializer, 409: TAKEN},
        tags=TAGS,
        operation_id="alerts_create",
        summary="Make an alert for a brand you write for.",
    )
    def post(self, request: Request) -> Response:
        user = asker(request)
        asked = AlertRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        brand = brand_to_write_for(user, data.get("brand_id"))

        def act() -> Response:
            rule = keeping.create_rule(
                brand=brand,
                name=data["name"],
                terms=terms_given(data["terms"]),
                channels=Channels(by_email=data["by_email"], by_webhook=data["by_webhook"]),
                actor=user,
                now=timezone.now(),
            )
            return Response(presented(rule.pk), status=201)

        return self.once(request, act)


class AlertView(APIView):
    @extend_schema(
        responses=AlertSerializer,
        tags=TAGS,
        operation_id="alerts_read",
        summary="An alert and how often it fired.",
    )
    def get(self, request: Request, rule_id: int) -> Response:
        check_parameters(request, [])
        return Response(presented(rule_for(asker(request), rule_id).pk))

    @extend_schema(
        request=AlertPatchSerializer,
        responses={200: AlertSerializer, 409: TAKEN},
        tags=TAGS,
        operation_id="alerts_change",
        summary="Change an alert, pause or resume it; changed terms make a new version.",
    )
    def patch(self, request: Request, rule_id: int) -> Response:
        user, now = asker(request), timezone.now()
        rule = rule_for(user, rule_id, write=True)
        asked = AlertPatchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        with transaction.atomic():
            # What is left out stays as it is when this is written, not as it was when it was read.
            rule = keeping.lock_rule(rule)
            if data.keys() - {"is_paused"}:
                _change(rule, data, actor=user, now=now)
            if data.get("is_paused") is True:
                keeping.pause_rule(rule=rule, actor=user)
            if data.get("is_paused") is False:
                keeping.resume_rule(rule=rule, actor=user, now=now)
            changed = presented(rule.pk)
        return Response(changed)

    @extend_schema(
        responses={204: None},
        tags=TAGS,
        operation_id="alerts_delete",
        summary="Delete an alert with everything it found.",
    )
    def delete(self, request: Request, rule_id: int) -> Response:
        user = asker(request)
        keeping.delete_rule(rule=rule_for(user, rule_id, write=True), actor=user)
        return Response(status=204)


class AlertBacktestView(APIView):
    @extend_schema(
        request=AlertBacktestRequestSerializer,
        responses={200: AlertBacktestSerializer, 422: TOO_WIDE},
        tags=TAGS,
        operation_id="alerts_backtest",
        summary="What an alert would have fired on, without keeping it.",
    )
    def post(self, request: Request) -> Response:
        user = asker(request)
        asked = AlertBacktestRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        brand = brand_to_write_for(user, data.get("brand_id"))
        terms = terms_given(data["terms"])
        keeping.check_terms(brand, terms)
        tried = backtest(brand=brand, terms=terms, now=timezone.now(), days=data["days"])
        return Response(backtest_as_json(tried))


@extend_schema_view(
    get=extend_schema(
        responses=AlertFiringSerializer(many=True),
        tags=TAGS,
        operation_id="alerts_firings",
        summary="What an alert found and why, the latest first.",
    )
)
class AlertFiringsView(ListAPIView):
    """Two queries beside the log-in's, whatever the page's length."""

    filter_backends = []
    queryset = AlertFiring.objects.none()

    def get_queryset(self) -> QuerySet[AlertFiring]:
        return findings_of(rule_for(asker(self.request), self.kwargs["rule_id"])).order_by("-pk")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        check_parameters(request, ["cursor", "page_size"])
        page: list[AlertFiring] = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([firing_as_json(one) for one in page])


class AlertSeenView(APIView):
    @extend_schema(
        request=AlertSeenRequestSerializer,
        responses={204: None},
        tags=TAGS,
        operation_id="alerts_seen",
        summary="Mark findings of an alert as seen.",
    )
    def post(self, request: Request, rule_id: int) -> Response:
        user = asker(request)
        rule = rule_for(user, rule_id, write=True)
        asked = AlertSeenRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        keeping.mark_seen(
            rule=rule,
            actor=user,
            now=timezone.now(),
            firing_ids=asked.validated_data.get("firing_ids"),
        )
        return Response(status=204)


class AlertMetricsView(APIView):
    @extend_schema(
        responses=AlertMetricsSerializer,
        tags=TAGS,
        operation_id="alerts_metrics",
        summary="What alerts can watch, with units and sources.",
    )
    def get(self, request: Request) -> Response:
        check_parameters(request, [])
        return Response(
            {"metrics": [metric_as_json(one) for one in METRICS.values()], "windows": WINDOWS}
        )


def presented(rule_id: int) -> dict[str, Any]:
    found = AlertRule.objects.filter(pk=rule_id).select_related("brand", "created_by")
    rule = with_counts(found, now=timezone.now()).get()
    return alert_as_json(rule, newest_versions([rule_id])[rule_id])


def _change(rule: AlertRule, data: dict[str, Any], *, actor: User, now: datetime) -> None:
    present = RuleTerms.of_version(keeping.current_version(rule))
    # Who matches already is told of once, where it is asked for.
    asked = {"include_matching": False, **data.get("terms", {})}
    keeping.change_rule(
        rule=rule,
        name=data.get("name", rule.name),
        terms=terms_given(asked, present),
        channels=Channels(
            by_email=data.get("by_email", rule.by_email),
            by_webhook=data.get("by_webhook", rule.by_webhook),
        ),
        actor=actor,
        now=now,
    )
