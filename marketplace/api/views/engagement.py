"""Whether the engagement of a series is fake: one series, or many in one call."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from drf_standardized_errors.formatter import flatten_errors
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.errors import NotFound
from accounts.models import User
from marketplace.api.authentication import asker
from marketplace.api.serializers.engagement import (
    BatchRequestSerializer,
    BatchSerializer,
    EngagementRequestSerializer,
    EngagementSerializer,
    SeriesSerializer,
    observations_sent,
)
from scoring.access import posts_for
from scoring.engagement_prediction import (
    NONE,
    AskedSeries,
    SeriesRefused,
    predict_fake_engagement,
)
from scoring.post_series import read_observations

Errors = list[dict[str, Any]]


class FakeEngagementView(APIView):
    @extend_schema(
        request=EngagementRequestSerializer,
        responses=EngagementSerializer,
        tags=["ml"],
        summary="Whether the engagement of one post looks fake, and in which hours.",
    )
    def post(self, request: Request) -> Response:
        sent = EngagementRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data, now = sent.validated_data, timezone.now()
        [asked] = _asked(asker(request), [data], now=now)
        if asked is None:
            raise NotFound("There is no such post, or the profile is not shown.")
        told = predict_fake_engagement(
            [asked],
            detector=data.get("detector", ""),
            now=now,
            with_steps=data["include_steps"],
        )
        [answer] = told.answers
        if isinstance(answer, SeriesRefused):
            raise answer
        return Response(
            {
                **{name: data.get(name) for name in ("video_id", "post_id", "platform")},
                **answer,
                "model_version": told.model_version,
                "detector": told.detector,
            }
        )


class FakeEngagementBatchView(APIView):
    @extend_schema(
        request=BatchRequestSerializer,
        responses=BatchSerializer,
        tags=["ml"],
        summary="The same for many series; each gets its answer or its own refusal.",
    )
    def post(self, request: Request) -> Response:
        sent = BatchRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        now = timezone.now()
        read = [_read(one) for one in sent.validated_data["series"]]
        asked = _asked(asker(request), [data for data, _ in read], now=now)
        told = predict_fake_engagement(
            [one for one in asked if one is not None],
            detector=sent.validated_data.get("detector", ""),
            now=now,
            with_steps=sent.validated_data["include_steps"],
        )
        answers = iter(told.answers)
        results = []
        for (data, errors), one in zip(read, asked, strict=True):
            answer = None if one is None else next(answers)
            if isinstance(answer, SeriesRefused):
                errors, answer = [_refusal(answer)], None
            elif answer is None and not errors:
                errors = [_NOT_SHOWN]
            named = {"video_id": data.get("video_id"), "post_id": data.get("post_id")}
            results.append({**named, "answer": answer, "errors": errors})
        return Response(
            {
                "results": results,
                "refused": sum(bool(result["errors"]) for result in results),
                "model_version": told.model_version,
                "detector": told.detector,
            }
        )


_NOT_SHOWN = {
    "code": NotFound.code,
    "detail": "There is no such post, or the profile is not shown.",
    "attr": "post_id",
}


def _read(series: Any) -> tuple[dict[str, Any], Errors]:
    """One series of a batch: what it says, or only its name and what is wrong with it."""
    sent = SeriesSerializer(data=series)
    if sent.is_valid():
        return sent.validated_data, []
    name = series.get("video_id") if isinstance(series, dict) else None
    named = {"video_id": name} if isinstance(name, str) and len(name) <= 100 else {}
    errors = [
        {"code": error.code, "detail": error.detail, "attr": error.attr}
        for error in flatten_errors(sent.errors)
    ]
    return named, errors


def _asked(
    user: User, sent: Sequence[dict[str, Any]], *, now: datetime
) -> list[AskedSeries | None]:
    """The series behind each request; None where nothing is asked or the post is not shown.

    Two queries if any names a post, else none.
    """
    wanted = [data["post_id"] for data in sent if "post_id" in data]
    shown = posts_for(user, wanted) if wanted else {}
    stored = read_observations(list(shown), as_of=now) if shown else {}
    asked: list[AskedSeries | None] = []
    for data in sent:
        if "observations" in data:
            observations = observations_sent(data["observations"])
            asked.append(AskedSeries(data.get("video_id", ""), observations))
        elif data.get("post_id") in shown:
            post = data["post_id"]
            asked.append(AskedSeries(str(post), stored.get(post, NONE), is_stored=True))
        else:
            asked.append(None)
    return asked


def _refusal(refused: SeriesRefused) -> dict[str, Any]:
    return {
        "code": refused.code,
        "detail": refused.message,
        "attr": (refused.details or {}).get("field"),
    }
