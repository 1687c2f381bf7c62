"""What a check found, on its way to the brand's people and programs.

Programs are told with every check. People get `alert.digest`, whose words are put together when
the mail is sent (`marketplace.mails.alerts`), so that one mail a day holds everything.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from accounts import access, outbox
from accounts.models import Membership, NotificationCategory, OutboxEvent
from scoring.models import AlertFiring

FIRED: Final = "alert.fired"
DIGEST: Final = "alert.digest"
MOST_IN_PAYLOAD: Final = 100


def tell_findings(*, now: datetime) -> int:
    """Write the events of the findings of ``now``; how many. Five statements at most."""
    counts = _counts(now)
    shown: dict[int, list[AlertFiring]] = defaultdict(list)
    for firing in _first_of_each_brand(now):
        shown[firing.brand_id].append(firing)
    people = _people([brand_id for brand_id, by in counts.items() if by["email"]])
    events: list[OutboxEvent] = []
    for brand_id, by in counts.items():
        if by["webhook"]:
            firings = shown.get(brand_id, [])
            events.append(
                _draft(brand_id, FIRED, now, payload=_payload(brand_id, firings, by, now))
            )
        if people.get(brand_id):
            events.append(
                _draft(brand_id, DIGEST, now, payload={"brand": brand_id}, to=people[brand_id])
            )
    outbox.write_all(events)
    return len(events)


def _draft(
    brand_id: int,
    kind: str,
    now: datetime,
    *,
    payload: dict[str, Any],
    to: Sequence[int] = (),
) -> OutboxEvent:
    """Of people no brand is named: its webhooks get their own event."""
    return OutboxEvent(
        kind=kind,
        category=NotificationCategory.ALERTS,
        subject_type="accounts.brand",
        subject_id=str(brand_id),
        payload=payload,
        brand_id=brand_id if kind == FIRED else None,
        to_users=list(to),
        created_at=now,
    )


def _counts(now: datetime) -> dict[int, dict[str, int]]:
    """Brand → findings that go by e-mail and by webhook, each rule by its own channels."""
    found = (
        AlertFiring.objects.filter(fired_at=now)
        .order_by("brand_id")
        .values_list("brand_id")
        .annotate(
            email=Count("pk", filter=Q(rule__by_email=True)),
            webhook=Count("pk", filter=Q(rule__by_webhook=True)),
        )
    )
    return {brand_id: {"email": email, "webhook": hook} for brand_id, email, hook in found}


def _first_of_each_brand(now: datetime) -> list[AlertFiring]:
    placed = AlertFiring.objects.filter(fired_at=now, rule__by_webhook=True).annotate(
        place=Window(RowNumber(), partition_by=F("brand_id"), order_by=F("pk").asc())
    )
    chosen = placed.filter(place__lte=MOST_IN_PAYLOAD)
    return list(chosen.select_related("rule", "version__series", "creator", "account"))


def _people(brand_ids: Sequence[int]) -> dict[int, list[int]]:
    """Who keeps the brand's campaigns: owners and managers."""
    found: dict[int, list[int]] = defaultdict(list)
    members = Membership.objects.filter(brand__in=brand_ids, role__in=access.WRITERS)
    for brand_id, user_id in members.order_by("user_id").values_list("brand_id", "user_id"):
        found[brand_id].append(user_id)
    return found


def _payload(
    brand_id: int, firings: Sequence[AlertFiring], by: dict[str, int], now: datetime
) -> dict[str, Any]:
    return {
        "brand": brand_id,
        "checked_at": now.isoformat(),
        "findings": by["webhook"],
        "left_out": max(0, by["webhook"] - len(firings)),
        "firings": [
            {
                "id": firing.pk,
                "rule": firing.rule_id,
                "rule_name": firing.rule.name,
                "version": firing.version.number,
                "metric": firing.version.series.metric,
                "key": firing.version.series.key,
                "mode": firing.version.series.mode,
                "window_days": firing.version.series.window_days or None,
                "threshold": firing.version.threshold,
                "creator": firing.creator_id,
                "account": firing.account_id,
                "platform": firing.account.platform,
                "is_simulated": firing.creator.is_simulated,
                "day": firing.day.isoformat(),
                "value": firing.value,
                "level": firing.level,
                "previous": firing.previous,
                "base": firing.base,
                "model_version": firing.model_version,
            }
            for firing in firings
        ],
    }
