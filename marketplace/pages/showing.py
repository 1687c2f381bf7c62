"""What pages tell the interaction log: which creators a list showed, and who was opened.

A page that shows creators calls `show_list` with their ids in the order shown, puts the answer
into its context as ``shown`` and appends ``{{ shown.query }}`` to each link to a creator: so the
profile that is opened knows its list. Both record only for members who may write for the brand
(`scoring.interactions.access`); for everybody else nothing is written and the links still work.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

import structlog
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.errors import DomainError
from accounts.models import Brand, Creator, User
from campaigns.models import Campaign
from marketplace.pages.people import user_of
from scoring.interactions.access import brands_recorded_for, is_about_oneself
from scoring.interactions.kept import NewEvent
from scoring.interactions.recording import Shown, record_events, record_list
from scoring.models import InteractionEvent

log = structlog.get_logger(__name__)

Kind = InteractionEvent.Kind
Surface = InteractionEvent.Surface

# Reloading a page, or going back to it, shows the same list; it is not seen anew.
SAME_LIST: Final = timedelta(minutes=30)
_PROGRAM = re.compile(r"bot\b|crawl|spider|preview|monitor", re.IGNORECASE)


@dataclass(frozen=True)
class ListShown:
    """What links from a list carry. ``list_id`` and ``brand`` are None if nothing was recorded."""

    list_id: UUID | None = None
    brand: Brand | None = None
    campaign_id: int | None = None

    @property
    def query(self) -> str:
        """``?campaign=3&list=…`` to be appended to the address of a creator; or ""."""
        named = {"campaign": self.campaign_id, "list": self.list_id}
        given = {name: value for name, value in named.items() if value is not None}
        return f"?{urlencode(given)}" if given else ""


def show_list(
    request: HttpRequest,
    *,
    surface: str,
    creator_ids: Sequence[int],
    brand: Brand | None = None,
    campaign: Campaign | None = None,
    propensities: Sequence[float] | None = None,
    first_position: int = 1,
) -> ListShown:
    """Record that a page shows these creators, in this order. Two queries.

    :param brand: whose page it is; None where it is nobody's, such as the catalogue: then it is
        recorded for the user's brand if there is exactly one, else not at all.
    :param propensities: the chance of each to stand where it stands, where a lot decides.
    :param first_position: the place of the first in the whole list, on later pages.
    """
    campaign_id = campaign.pk if campaign else None
    if campaign is not None and brand is None:
        brand = campaign.brand
    unrecorded = ListShown(campaign_id=campaign_id)
    if not creator_ids or not is_looked_at(request):
        return unrecorded
    user = user_of(request)
    found = _recording_brand(user, brand)
    if found is None:
        return unrecorded
    chances: Sequence[float | None] = propensities or [None] * len(creator_ids)
    shown = [
        Shown(creator_id, position, chance)
        for position, (creator_id, chance) in enumerate(
            zip(creator_ids, chances, strict=True), start=first_position
        )
    ]
    list_id = record_list(
        brand=found,
        actor=user,
        surface=surface,
        campaign=campaign,
        shown=shown,
        now=timezone.now(),
        list_id=_id_of(user, found, surface, campaign_id, shown),
    )
    return ListShown(list_id=list_id, brand=found, campaign_id=campaign_id)


def note_visit(
    request: HttpRequest, creator: Creator, *, brands: Sequence[Brand]
) -> InteractionEvent | None:
    """Record that a profile was opened; a click too if ``?list=`` says from which list.

    A list the creator was not shown in is ignored, as is a list of another brand: the visit
    counts without a position. Opening it again within half an hour is the same visit. No query
    for people whose visits are not recorded, seven at most for others.

    :param brands: those `brands_recorded_for` names; of several, only a list tells for which.
    :returns: the impression that led here, if the creator was shown in the list named.
    """
    user = user_of(request)
    if not brands or not is_looked_at(request) or is_about_oneself(user, creator):
        return None
    place = _impression(_list_named(request), creator, brands)
    brand = place.brand if place else (brands[0] if len(brands) == 1 else None)
    if brand is None or not _is_first_visit(user, brand, creator, place):
        return place
    kinds = (Kind.CLICK, Kind.PROFILE_VIEW) if place else (Kind.PROFILE_VIEW,)
    try:
        record_events(
            brand=brand,
            actor=user,
            events=[
                NewEvent(
                    kind=kind,
                    creator_id=creator.pk,
                    list_id=place.list_id if place else None,
                    surface=Surface.PROFILE,
                )
                for kind in kinds
            ],
            now=timezone.now(),
        )
    except DomainError as refusal:
        # The page is shown all the same; a visit that cannot be kept is no reason not to.
        log.warning("visit_not_recorded", code=refusal.code, creator=creator.pk)
    return place


def is_looked_at(request: HttpRequest) -> bool:
    """Whether a person sees the answer now: no HEAD, no fetching ahead, no program."""
    ahead = " ".join(
        request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")
    )
    return (
        request.method == "GET"
        and "prefetch" not in ahead.lower()
        and "preview" not in ahead.lower()
        and not _PROGRAM.search(request.headers.get("User-Agent", ""))
    )


def _recording_brand(user: User, brand: Brand | None) -> Brand | None:
    found = brands_recorded_for(user)
    if brand is not None:
        return found.filter(pk=brand.pk).first()
    two = list(found[:2])
    return two[0] if len(two) == 1 else None


def _id_of(
    user: User, brand: Brand, surface: str, campaign_id: int | None, shown: Sequence[Shown]
) -> UUID:
    """The id of the list if this person was shown the very same within half an hour, else new.

    Without the cache every rendering is a list of its own.
    """
    said = [(one.creator_id, one.position) for one in shown]
    text = f"{user.pk}:{brand.pk}:{surface}:{campaign_id}:{said}"
    key = f"shown:{hashlib.sha256(text.encode()).hexdigest()}"
    try:
        found = cache.get_or_set(key, lambda: uuid4().hex, SAME_LIST.total_seconds())
    except RedisError as error:
        log.warning("shown_lists_unreachable", error=str(error))
        return uuid4()
    return UUID(str(found))


def _is_first_visit(
    user: User, brand: Brand, creator: Creator, place: InteractionEvent | None
) -> bool:
    """Each list leads to a visit of its own; one without a list is the last one going on."""
    any_visit = f"visit:{user.pk}:{brand.pk}:{creator.pk}"
    seconds = SAME_LIST.total_seconds()
    try:
        if place is None:
            return bool(cache.add(any_visit, "1", seconds))
        cache.set(any_visit, "1", seconds)
        return bool(cache.add(f"{any_visit}:{place.list_id}", "1", seconds))
    except RedisError as error:
        log.warning("visits_unreachable", error=str(error))
        return True


def _list_named(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("list", ""))
    except ValueError:
        return None


def _impression(
    list_id: UUID | None, creator: Creator, brands: Sequence[Brand]
) -> InteractionEvent | None:
    if list_id is None:
        return None
    return (
        InteractionEvent.objects.filter(
            list_id=list_id, creator=creator, brand__in=brands, kind=Kind.IMPRESSION
        )
        .select_related("brand")
        .first()
    )
