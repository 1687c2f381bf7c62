"""A brand's or creator's endpoints: adding, testing, switching off and on, deleting."""

import base64
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import audit, outbox, queue
from accounts.errors import Conflict, DomainError, NotFound
from accounts.models import (
    Brand,
    Creator,
    Membership,
    NotificationCategory,
    OutboxDelivery,
    OutboxEvent,
    User,
    WebhookEndpoint,
)
from accounts.notifying import posting
from accounts.notifying.spreading import new_delivery

MOST_ENDPOINTS = 10
FAILURES_TO_DISABLE = 20
FAILING_TO_DISABLE = timedelta(hours=24)
"""Both: a busy hour of failures is a short outage, and a quiet day's two are as well."""

KINDS = (
    "collaboration", "deadline", "message", "dispute", "review", "campaign", "result", "deposit",
    "withdrawal", "payout", "case", "alert",
)  # fmt: skip
"""The first parts of kinds that are offered for choice."""

_KIND = re.compile(r"[a-z]+(\.[a-z0-9_]+)?")


class TooManyEndpoints(Conflict):
    code = "too_many_webhooks"
    message = f"There are {MOST_ENDPOINTS} webhooks already. Delete one first."


class EndpointExists(Conflict):
    code = "webhook_exists"
    message = "This address is in the list already."


class UnknownKind(DomainError):
    code = "unknown_kind"


class EndpointDisabled(Conflict):
    code = "webhook_disabled"
    message = "This webhook is switched off. Switch it on first."


def endpoint_of(owner: Brand | Creator, endpoint_id: int) -> WebhookEndpoint:
    """:raises NotFound: if it is another's."""
    found = owner.webhooks.filter(pk=endpoint_id).first() if endpoint_id < 2**63 else None
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def list_deliveries(owner: Brand | Creator, *, count: int = 20) -> list[OutboxDelivery]:
    """The latest to any of the owner's endpoints. One query."""
    mine = OutboxDelivery.objects.filter(endpoint__in=owner.webhooks.all())
    return list(mine.select_related("event", "endpoint").order_by("-pk")[:count])


@transaction.atomic
def add_endpoint(
    *,
    owner: Brand | Creator,
    url: str,
    kinds: Sequence[str] = (),
    actor: User,
    now: datetime,
) -> WebhookEndpoint:
    """Start sending events to ``url``; the answer's ``secret`` is to be shown this once.

    :raises AddressRefused, UnknownKind, TooManyEndpoints, EndpointExists: as named.
    """
    url = url.strip()
    posting.check_url(url)
    for kind in kinds:
        if len(kind) > 80 or not _KIND.fullmatch(kind) or kind.partition(".")[0] not in KINDS:
            raise UnknownKind(
                f"“{kind[:40]}” is no kind of event. Known: {', '.join(KINDS)}.",
                details={"field": "kinds"},
            )
    # Two at once: the second waits here and then counts the first.
    type(owner)._default_manager.select_for_update(no_key=True).get(pk=owner.pk)
    existing = owner.webhooks.all()
    if existing.filter(url=url).exists():
        raise EndpointExists
    if existing.count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints
    endpoint = WebhookEndpoint.objects.create(
        brand=owner if isinstance(owner, Brand) else None,
        creator=owner if isinstance(owner, Creator) else None,
        url=url,
        secret="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        kinds=sorted(set(kinds)),
        created_by=actor,
        created_at=now,
    )
    _audit(endpoint, "added", actor, {"url": url, "kinds": endpoint.kinds})
    return endpoint


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint, actor: User, now: datetime) -> OutboxDelivery:
    """Send ``webhook.test`` to this endpoint alone. :raises EndpointDisabled: if it is off."""
    locked = _lock(endpoint)
    if not locked.is_active:
        raise EndpointDisabled
    event = OutboxEvent.objects.create(
        kind="webhook.test",
        category=NotificationCategory.TECHNICAL,
        subject_type=endpoint._meta.label_lower,
        subject_id=str(endpoint.pk),
        payload={"text": "A test of this webhook, asked for on Fairground."},
        brand=endpoint.brand,
        creator=endpoint.creator,
        actor=actor,
        created_at=now,
        spread_at=now,
    )
    delivery = new_delivery(event, now=now, endpoint=endpoint)
    delivery.save()
    queue.deliver_outbox()
    return delivery


@transaction.atomic
def disable_endpoint(*, endpoint: WebhookEndpoint, actor: User, now: datetime) -> WebhookEndpoint:
    """What happens from now on is not sent to it; what is on its way waits up to three days."""
    locked = _lock(endpoint)
    if locked.is_active:
        _switch_off(locked, f"Switched off by {actor} on {now:%d %b %Y}.")
        _audit(locked, "disabled", actor, {"url": locked.url})
    return locked


@transaction.atomic
def enable_endpoint(*, endpoint: WebhookEndpoint, actor: User, now: datetime) -> WebhookEndpoint:
    """Send to it again, what has waited first."""
    locked = _lock(endpoint)
    if locked.is_active:
        return locked
    locked.is_active, locked.disabled_reason = True, ""
    locked.failures, locked.failing_since = 0, None
    locked.save()
    locked.deliveries.filter(state=OutboxDelivery.State.PENDING).update(next_attempt_at=now)
    _audit(locked, "enabled", actor, {"url": locked.url})
    queue.deliver_outbox()
    return locked


@transaction.atomic
def delete_endpoint(*, endpoint: WebhookEndpoint, actor: User) -> None:
    """With its deliveries; those on their way are not sent any more."""
    locked = _lock(endpoint)
    _audit(locked, "deleted", actor, {"url": locked.url})
    locked.delete()


@transaction.atomic
def note_answer(*, endpoint: WebhookEndpoint, answer: posting.Answer, now: datetime) -> None:
    """Count failures in a row, and switch an endpoint off that keeps failing or says it is gone."""
    if answer.is_taken and not endpoint.failures:
        return
    locked = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
    if locked is None:
        return
    if answer.is_taken:
        locked.failures, locked.failing_since = 0, None
    else:
        locked.failures += 1
        locked.failing_since = locked.failing_since or now
    locked.save(update_fields=["failures", "failing_since"])
    if answer.is_taken or not locked.is_active:
        return
    if answer.status_code == posting.GONE:
        _give_up(locked, "It answered 410: it is gone.", now=now)
    elif (
        locked.failures >= FAILURES_TO_DISABLE
        and locked.failing_since is not None
        and now - locked.failing_since >= FAILING_TO_DISABLE
    ):
        _give_up(locked, f"{locked.failures} attempts in a row failed. {answer.error}", now=now)


def _give_up(endpoint: WebhookEndpoint, reason: str, *, now: datetime) -> None:
    _switch_off(endpoint, reason)
    _audit(endpoint, "disabled", None, {"url": endpoint.url, "reason": reason})
    owner = endpoint.brand_id if endpoint.brand_id is not None else endpoint.creator_id
    outbox.write(
        kind="webhook.disabled",
        category=NotificationCategory.TECHNICAL,
        subject=endpoint,
        now=now,
        payload={"webhook": endpoint.pk, "url": endpoint.url, "reason": endpoint.disabled_reason},
        brand=endpoint.brand,
        brand_roles=[Membership.Role.OWNER],
        creator=endpoint.creator,
        to_creator=endpoint.creator_id is not None,
        letter=outbox.Letter(
            "A webhook was switched off",
            [
                f"Events are not sent to {endpoint.url} any more.",
                f"Why: {endpoint.disabled_reason}",
                "What happened in the last three days is sent once you switch it on again; "
                "what happens while it is off is not.",
            ],
            "webhooks" if endpoint.brand_id is not None else "creator_webhooks",
            [owner or 0],
        ),
    )


def _switch_off(endpoint: WebhookEndpoint, reason: str) -> None:
    endpoint.is_active, endpoint.disabled_reason = False, reason[:300]
    endpoint.save(update_fields=["is_active", "disabled_reason"])


def _lock(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_for_update(of=("self",)).get(pk=endpoint.pk)


def _audit(endpoint: WebhookEndpoint, verb: str, actor: User | None, data: dict[str, Any]) -> None:
    audit.record(actor=actor, verb=f"webhook.{verb}", subject=endpoint, data=data)
