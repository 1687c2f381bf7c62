"""A run of the outbox: events to deliveries, then each delivery that is due."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from accounts.models import OutboxDelivery, OutboxEvent, User, WebhookEndpoint
from accounts.notifying import claiming, mailing, posting, webhooks
from accounts.notifying.mailing import Composer, Mail
from accounts.notifying.posting import Answer
from accounts.notifying.spreading import readers_of, spread_events

log = structlog.get_logger(__name__)

RUN_SECONDS = 20.0
"""After which a run leaves the rest to the next, so that other short work is not kept waiting."""


@dataclass
class RunReport:
    spread: int = 0
    delivered: int = 0
    failed: int = 0
    is_unfinished: bool = False


def deliver_due(*, composer: Composer, now: datetime, seconds: float = RUN_SECONDS) -> RunReport:
    """Deliver what is due at ``now``, one after the other. Never inside a transaction.

    An endpoint that fails is left alone for the rest of the run, so one that hangs costs a run
    one timeout and not one for each event.
    """
    report = RunReport(spread=spread_events(now=now))
    give_up_overdue(now=now)
    ends = time.monotonic() + seconds
    with mailing.mail_connection() as connection:
        run = _Run(composer, connection, now)
        while (taken := run.deliver_next()) is not None:
            report.delivered += taken
            report.failed += not taken
            if time.monotonic() > ends:
                report.is_unfinished = True
                break
    return report


def give_up_overdue(*, now: datetime) -> int:
    """Of endpoints that are switched off, which nobody claims."""
    overdue = OutboxDelivery.objects.filter(state=OutboxDelivery.State.PENDING, give_up_at__lte=now)
    return overdue.filter(endpoint__is_active=False).update(
        state=OutboxDelivery.State.FAILED, next_attempt_at=None
    )


@dataclass
class _Run:
    composer: Composer
    connection: Any
    now: datetime
    failing: set[int] = field(default_factory=set)

    def deliver_next(self) -> bool | None:
        """Whether the next one arrived; None if nothing is due."""
        delivery = claiming.claim_next(now=self.now, without_endpoints=self.failing)
        if delivery is None:
            rows = claiming.claim_digest(now=self.now)
            return self._digest(rows) if rows else None
        if delivery.endpoint is not None:
            return self._post(delivery, delivery.endpoint)
        user = delivery.user
        assert user is not None
        return self._mail(
            [delivery],
            user,
            lambda events: self.composer.compose(events[0], user),
            message_id=self.composer.message_id(f"{delivery.event_id}.{user.pk}"),
        )

    def _digest(self, rows: list[OutboxDelivery]) -> bool:
        user = rows[0].user
        assert user is not None
        return self._mail(
            rows,
            user,
            lambda events: self.composer.compose_digest(events, user),
            message_id=self.composer.message_id(f"{rows[0].batch}.{user.pk}"),
        )

    def _mail(
        self,
        deliveries: list[OutboxDelivery],
        user: User,
        compose: Callable[[list[OutboxEvent]], Mail | None],
        *,
        message_id: str,
    ) -> bool:
        try:
            # A digest waits for a day, a failed mail for three: who has left the team
            # meanwhile does not hear of it any more.
            events = [row.event for row in deliveries]
            readers = readers_of(events)
            events = [event for event in events if user.pk in readers[event.pk]]
            mail = compose(events) if events else None
            if mail is None:
                claiming.mark_dropped(deliveries, why="There was nothing to tell any more.")
                return True
            mailing.send(mail, to=user.email, message_id=message_id, connection=self.connection)
        except Exception as error:
            # Whatever it is, the others must not wait for it; it is tried again and shown.
            is_known = isinstance(error, mailing.MAIL_ERRORS)
            tell = log.warning if is_known else log.exception
            tell("mail_not_sent", delivery=deliveries[0].pk, error=str(error)[:200])
            mailing.reset(self.connection)
            claiming.mark_failed(deliveries, error=f"{type(error).__name__}: {error}")
            return False
        claiming.mark_delivered(deliveries, now=self.now)
        return True

    def _post(self, delivery: OutboxDelivery, endpoint: WebhookEndpoint) -> bool:
        try:
            answer = posting.post(delivery.event, endpoint, now=self.now)
        except Exception as error:  # also the time limit of the task
            log.exception("webhook_not_sent", delivery=delivery.pk)
            answer = Answer(None, f"It could not be sent ({type(error).__name__}).")
        with transaction.atomic():
            if answer.is_taken:
                claiming.mark_delivered([delivery], now=self.now, status_code=answer.status_code)
            else:
                claiming.mark_failed([delivery], error=answer.error, status_code=answer.status_code)
            webhooks.note_answer(endpoint=endpoint, answer=answer, now=self.now)
        if not answer.is_taken:
            self.failing.add(endpoint.pk)
        return answer.is_taken
