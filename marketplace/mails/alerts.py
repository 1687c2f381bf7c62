"""The mail of a brand's alerts: put together when it is sent, so that a day's findings are one."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.template.loader import render_to_string

from accounts.models import (
    Membership,
    NotificationCategory,
    NotificationPreference,
    OutboxEvent,
    User,
)
from accounts.notifying.preferences import get_paces, next_digest
from accounts.outbox import Letter
from marketplace.alert_words import finding_sentence
from scoring.alerting.reading import findings_between
from scoring.alerting.telling import DIGEST

SHOWN_OF_A_RULE: Final = 10
_MOMENT: Final = timedelta(microseconds=1)


def letter_of(event: OutboxEvent, user: User) -> Letter | None:
    """What was found since the last daily mail; of one check for those who are told at once.

    None where a later event of the day tells it, where nothing is left to tell, and for whoever
    has left the team. Six queries at most.
    """
    brand_id = event.payload.get("brand")
    if event.kind != DIGEST or not brand_id:
        return None
    member = Membership.objects.select_related("brand").filter(brand=brand_id, user=user).first()
    if member is None:
        return None
    after, until = event.created_at - _MOMENT, event.created_at
    if get_paces(user)[NotificationCategory.ALERTS] == NotificationPreference.Pace.DAILY:
        until = next_digest(event.created_at) - _MOMENT
        after = until - timedelta(days=1)
        if _is_followed(event, until=until):
            return None
    counts, findings = findings_between(
        brand_id, after=after, until=until, most_of_a_rule=SHOWN_OF_A_RULE
    )
    if not findings:
        return None
    groups = []
    for rule, rows in groupby(findings, key=lambda firing: firing.rule):
        listed = [(row, finding_sentence(row)) for row in rows]
        groups.append((rule, listed, counts[rule.pk] - len(listed)))
    text = render_to_string("emails/alert_digest.txt", {"brand": member.brand, "groups": groups})
    total = sum(counts.values())
    subject = f"{total} finding{'' if total == 1 else 's'} of the alerts of {member.brand}"
    return Letter(subject, [text.strip()], "alerts", [member.brand.pk])


def _is_followed(event: OutboxEvent, *, until: datetime) -> bool:
    """Whether the brand has a later event for the same daily mail, which then tells all."""
    return OutboxEvent.objects.filter(
        kind=DIGEST,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        created_at__gt=event.created_at,
        created_at__lte=until,
    ).exists()
