"""From an event to its receivers: one delivery for each, made once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import (
    Creator,
    Membership,
    NotificationPreference,
    OutboxDelivery,
    OutboxEvent,
    User,
    WebhookEndpoint,
)
from accounts.notifying.backoff import GIVE_UP_AFTER
from accounts.notifying.preferences import get_paces_of, next_digest

CHUNK = 200
Pace = NotificationPreference.Pace


def spread_events(*, now: datetime) -> int:
    """Make the deliveries of every event that has none yet; how many events there were."""
    done = count = _spread_chunk(now)
    while count == CHUNK:
        count = _spread_chunk(now)
        done += count
    return done


@transaction.atomic
def _spread_chunk(now: datetime) -> int:
    """Eight queries, however many events. A crash undoes all of it, and the next does it again."""
    events = list(
        OutboxEvent.objects.select_for_update(skip_locked=True)
        .filter(spread_at__isnull=True)
        .order_by("created_at", "pk")[:CHUNK]
    )
    if not events:
        return 0
    readers = readers_of(events)
    paces = get_paces_of({user_id for ids in readers.values() for user_id in ids})
    endpoints = _endpoints(events)
    deliveries = []
    for event in events:
        for user_id in sorted(readers[event.pk]):
            pace = paces[user_id][event.category]
            if pace != Pace.NEVER:
                deliveries.append(_mail(event, user_id, pace=pace, now=now))
        for endpoint in endpoints:
            if _concerns(endpoint, event) and endpoint.wants(event.kind):
                deliveries.append(new_delivery(event, now=now, endpoint=endpoint))
    OutboxDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(spread_at=now)
    return len(events)


def new_delivery(
    event: OutboxEvent,
    *,
    now: datetime,
    user_id: int | None = None,
    endpoint: WebhookEndpoint | None = None,
    due_at: datetime | None = None,
) -> OutboxDelivery:
    """Not saved. With ``due_at`` it waits for the digest of that time."""
    return OutboxDelivery(
        event=event,
        user_id=user_id,
        endpoint=endpoint,
        is_digest=due_at is not None,
        next_attempt_at=due_at or now,
        give_up_at=(due_at or now) + GIVE_UP_AFTER,
        created_at=now,
    )


def _mail(event: OutboxEvent, user_id: int, *, pace: Pace, now: datetime) -> OutboxDelivery:
    due_at = next_digest(now) if pace == Pace.DAILY else None
    return new_delivery(event, now=now, user_id=user_id, due_at=due_at)


def readers_of(events: Sequence[OutboxEvent]) -> dict[object, set[int]]:
    """Event's id → users who may get e-mail of it, preferences aside. Three queries."""
    members: dict[int, dict[int, str]] = defaultdict(dict)
    of_brands = Membership.objects.filter(brand__in=_ids(event.brand_id for event in events))
    for brand_id, user_id, role in of_brands.values_list("brand_id", "user_id", "role"):
        members[brand_id][user_id] = role
    creators = dict(
        Creator.objects.filter(pk__in=_ids(event.creator_id for event in events))
        .exclude(user=None)
        .values_list("pk", "user_id")
    )
    readers: dict[object, set[int]] = {}
    for event in events:
        ids = set(event.to_users)
        if event.brand_id is not None:
            of_brand = members[event.brand_id].items()
            ids |= {user_id for user_id, role in of_brand if role in event.brand_roles}
        if event.to_creator and event.creator_id in creators:
            ids.add(creators[event.creator_id])
        readers[event.pk] = ids - {event.actor_id}
    everybody = {user_id for ids in readers.values() for user_id in ids}
    active = set(User.objects.filter(pk__in=everybody, is_active=True).values_list("pk", flat=True))
    return {key: ids & active for key, ids in readers.items()}


def _endpoints(events: Sequence[OutboxEvent]) -> list[WebhookEndpoint]:
    brands = _ids(event.brand_id for event in events)
    creators = _ids(event.creator_id for event in events)
    found = WebhookEndpoint.objects.filter(Q(brand__in=brands) | Q(creator__in=creators))
    return list(found.filter(is_active=True).order_by("pk"))


def _concerns(endpoint: WebhookEndpoint, event: OutboxEvent) -> bool:
    if endpoint.brand_id is not None:
        return endpoint.brand_id == event.brand_id
    return endpoint.creator_id == event.creator_id


def _ids(found: Iterable[int | None]) -> set[int]:
    return {pk for pk in found if pk is not None}
