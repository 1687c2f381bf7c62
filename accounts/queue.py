"""The one place where services ask for later work.

Messages name their task by a string, so that no service imports a task, and leave
only when the transaction that asked for them has committed.
"""

from contextlib import suppress

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def _send(name: str, **kwargs: object) -> None:
    def publish() -> None:
        try:
            current_app.send_task(name, kwargs=kwargs)
        except (OperationalError, RedisError, OSError) as error:
            # The row in the database is the truth: the reaper sends it again.
            log.warning("broker_unreachable", task=name, error=str(error))

    transaction.on_commit(publish)


def run_job(*, job_id: int) -> None:
    _send("marketplace.tasks.run_job", job_id=job_id)


def send_attempt(*, attempt_id: int) -> None:
    _send("marketplace.tasks.send_attempt", attempt_id=attempt_id)


NUDGE = "outbox-nudge"
NUDGE_SECONDS = 30


def deliver_outbox() -> None:
    """Have the outbox delivered now rather than at its next turn.

    While a nudge waits in the queue another would find nothing to do: the task takes the mark
    away before it reads, so whatever was committed until then is read.
    """

    def publish() -> None:
        try:
            if cache.add(NUDGE, 1, timeout=NUDGE_SECONDS):
                current_app.send_task("marketplace.tasks.deliver_outbox", kwargs={})
        except (OperationalError, RedisError, OSError) as error:
            log.warning("broker_unreachable", task="deliver_outbox", error=str(error))

    transaction.on_commit(publish)


def forget_nudge() -> None:
    """To be called before the outbox is read: later nudges are needed again."""
    with suppress(RedisError, OSError):
        cache.delete(NUDGE)
