"""A request that is sent again has its effect once, and is answered as the first time.

The semantics are those of the IETF draft “The Idempotency-Key HTTP Header Field”: the same key
with the same request is answered from what is kept, with another request it is refused, and one
that comes while the first is still at work waits for it. The key's row and the effect are one
transaction: whoever is killed in between leaves neither.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from accounts.errors import Conflict, DomainError
from accounts.models import KeptAnswer, User

KEY_CHARACTERS = 80
KEPT = timedelta(hours=48)
WAIT_SECONDS = 10
_LOCK_NOT_AVAILABLE = "55P03"
# A string of RFC 8941 stands in quotes; most clients write the key without.
_KEY = re.compile(r'"?([!#-\[\]-~](?:[ !#-\[\]-~]*[!#-\[\]-~])?)"?')


class KeyRefused(DomainError):
    code = "idempotency_key_refused"
    message = (
        f"An idempotency key has 1 to {KEY_CHARACTERS} printable ASCII characters, without "
        "quotes or backslashes inside, such as a UUID."
    )


class KeyReused(DomainError):
    """The key already stands for another request of the same user."""

    code = "idempotency_key_reused"
    http_status = 422
    message = "This idempotency key was used for another request. Use a new key for a new request."


class RequestInProgress(Conflict):
    """The first request with this key has not ended within `WAIT_SECONDS`."""

    code = "request_in_progress"
    message = "The first request with this idempotency key is still at work. Send it again later."


@dataclass(frozen=True)
class Answered:
    """``status`` and JSON-ready ``body``; ``is_replay`` if it was answered before."""

    status: int
    body: Any
    is_replay: bool = False


def read_key(header: str) -> str:
    """The key a header's value means. :raises KeyRefused: if it means none."""
    found = _KEY.fullmatch(header.strip())
    is_half_quoted = found is not None and header.count('"') == 1
    if found is None or is_half_quoted or len(found[1]) > KEY_CHARACTERS:
        raise KeyRefused
    return found[1]


def fingerprint_of(method: str, address: str, body: Any) -> str:
    """SHA-256 of what was asked for; JSON bodies that say the same are the same."""
    asked = json.dumps([method, address, body], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(asked.encode()).hexdigest()


@transaction.atomic
def answer_once(
    *, user: User, key: str, fingerprint: str, act: Callable[[], Answered], now: datetime
) -> Answered:
    """What ``act`` answers, or answered when this key was first used.

    ``act`` runs inside this transaction. A refusal that it answers with is kept like any answer,
    as the draft has it; when it raises, nothing is kept and the key is free.

    :raises KeyReused: if the key stands for another request.
    :raises RequestInProgress: if the first request takes longer than `WAIT_SECONDS`.
    """
    kept = _open(user, key, fingerprint, now)
    if kept.fingerprint != fingerprint:
        raise KeyReused
    if kept.status is not None:
        return Answered(kept.status, json.loads(kept.body), is_replay=True)
    answered = act()
    kept.status, kept.body = answered.status, json.dumps(answered.body)
    kept.save(update_fields=["status", "body"])
    return answered


def clear_old_keys(*, now: datetime) -> int:
    """Forget answers after `KEPT`; how many."""
    deleted, _ = KeptAnswer.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted


def _open(user: User, key: str, fingerprint: str, now: datetime) -> KeptAnswer:
    """The key's row, locked. The unique key makes a second request wait for the first."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
            KeptAnswer.objects.bulk_create(
                [KeptAnswer(user=user, key=key, fingerprint=fingerprint, created_at=now)],
                ignore_conflicts=True,
            )
            kept = KeptAnswer.objects.select_for_update().get(user=user, key=key)
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == _LOCK_NOT_AVAILABLE:
            raise RequestInProgress from error
        raise
    return kept
