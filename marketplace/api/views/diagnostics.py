"""What a planned post can be expected to get, and what changes of it would do."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.errors import NotFound
from accounts.models import SocialAccount, User
from campaigns.access import seat_for
from campaigns.delivering import agreed_disclosure
from campaigns.images import ImageRefused
from marketplace.api.authentication import asker
from marketplace.api.bodies import StrictJSONParser
from marketplace.api.drafts import DraftPartsParser, read_parts
from marketplace.api.identifiers import accounts_named
from marketplace.api.serializers.diagnostics import (
    PlepRequestSerializer,
    PlepSerializer,
    PlepUploadSerializer,
    history_sent,
)
from scoring.planning_posts.answers import diagnosis_as_json
from scoring.planning_posts.diagnosing import diagnose
from scoring.planning_posts.drafts import DraftFieldRefused, PlannedPost
from scoring.planning_posts.history import Planner, read_planner
from scoring.planning_posts.kept import picture_hashes
from scoring.planning_posts.pictures import describe_picture


class PlepView(APIView):
    """Nothing is stored: neither the draft nor the picture."""

    parser_classes = [StrictJSONParser, DraftPartsParser]

    @extend_schema(
        request={
            "application/json": PlepRequestSerializer,
            "multipart/form-data": PlepUploadSerializer,
        },
        responses=PlepSerializer,
        tags=["ml"],
        summary="How much engagement a planned post can be expected to get, and what changes do.",
    )
    def post(self, request: Request) -> Response:
        draft, image = read_parts(request)
        sent = PlepRequestSerializer(data=draft)
        sent.is_valid(raise_exception=True)
        data, now, user = sent.validated_data, timezone.now(), asker(request)
        planner, agreed = _planner(user, data, now=now)
        found = diagnose(
            planner=planner,
            post=_post(user, data, image, planner.account),
            now=now,
            changes=data.get("what_if", ()),
            advise=data["suggestions"],
            agreed=agreed,
        )
        account_id = planner.account.pk if planner.account else None
        return Response({"account_id": account_id, **diagnosis_as_json(found)})


def _planner(user: User, data: dict[str, Any], *, now: datetime) -> tuple[Planner, str]:
    """Who plans, and the words of disclosure that were agreed, "" without a contract.

    :raises NotFound: what the asker may not see.
    """
    platform = data.get("platform", "")
    if "collaboration_id" in data:
        collaboration = seat_for(user, data["collaboration_id"]).collaboration
        # one that names no account is with all those of the creator
        named = [collaboration.account] if collaboration.account else []
        accounts = named or collaboration.creator.accounts.select_related("creator").order_by("pk")
        found = [one for one in accounts if platform in ("", one.platform)]
        if not found:
            raise NotFound("This collaboration is with no such account.")
        return read_planner(found[0], as_of=now), agreed_disclosure(collaboration)
    if "account_id" in data:
        account = access.account_for(user, data["account_id"])
        if platform not in ("", account.platform):
            raise NotFound("There is no such account on this platform.")
        return read_planner(account, as_of=now), ""
    if "influencer_id" in data:
        [account, *_] = accounts_named(user, data["influencer_id"], platform=platform)
        return read_planner(account, as_of=now), ""
    planner = Planner(
        platform=platform,
        followers=data.get("followers"),
        following=data.get("following"),
        history=history_sent(data.get("history", [])),
    )
    return planner, ""


def _post(
    user: User, data: dict[str, Any], image: bytes | None, account: SocialAccount | None
) -> PlannedPost:
    picture = None
    if image is not None:
        # kept tests are the creator's own business, and so is what they look like
        own = account is not None and account.creator.user_id == user.pk
        hashes = picture_hashes(account.creator) if account is not None and own else []
        try:
            picture = describe_picture(image, hashes)
        except ImageRefused as error:
            raise DraftFieldRefused("image", error.message, code=error.code) from error
    return PlannedPost(
        caption=data.get("caption", ""),
        hashtags=data.get("hashtags", ()),
        kind=data.get("kind", ""),
        planned_at=data.get("planned_at"),
        duration_s=data.get("duration_s"),
        picture=picture,
    )
