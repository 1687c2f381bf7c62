"""A provider that moves no real money and fails on demand, the same way each time.

The bank account says what is to happen: ``fake:returns`` is paid and comes back. Anything else
goes well. What it did under a key is kept in `FakeTransfer`, outside the caller's transaction as
a real provider's memory is, so that asking again after a crash is answered from it.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.crypto import constant_time_compare

from campaigns.models import FakeTransfer
from campaigns.payment_states import REPORTED, AttemptStatus
from campaigns.payments.providers.base import (
    Answer,
    EventNotVerified,
    Instruction,
    ProviderUnavailable,
    Report,
    SignatureRefused,
    SignedBody,
    secret_of,
)

PREFIX = "fake:"
LISTED = 200
_ACCEPTED, _SUCCEEDED, _FAILED, _RETURNED = (
    AttemptStatus.ACCEPTED, AttemptStatus.SUCCEEDED, AttemptStatus.FAILED, AttemptStatus.RETURNED,
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """``silent_before`` and ``silent_after`` count the asks that time out before and after the
    effect; ``reports`` are (status, delay), in the order they are reported."""

    answer: AttemptStatus = _ACCEPTED
    reports: tuple[tuple[AttemptStatus, timedelta], ...] = ((_SUCCEEDED, timedelta(0)),)
    copies: int = 1
    silent_before: int = 0
    silent_after: int = 0


_SOON, _LATER = timedelta(0), timedelta(days=3)
SCENARIOS = {
    "pays": Scenario(),
    "pays_at_once": Scenario(answer=_SUCCEEDED, reports=()),
    "fails": Scenario(answer=_FAILED, reports=()),
    "fails_later": Scenario(reports=((_FAILED, _SOON),)),
    "unreachable": Scenario(silent_before=3),
    "times_out_after": Scenario(silent_after=1),
    "answers_twice": Scenario(copies=2),
    "late": Scenario(reports=((_SUCCEEDED, _LATER),)),
    "out_of_order": Scenario(reports=((_RETURNED, _SOON), (_SUCCEEDED, _SOON))),
    "returns": Scenario(reports=((_SUCCEEDED, _SOON), (_RETURNED, _LATER))),
    "never": Scenario(reports=()),
}


class FakeProvider:
    name = "fake"
    signature_header = "Fake-Signature"

    def submit_deposit(self, instruction: Instruction, *, now: datetime) -> Answer:
        return self._do(instruction, now=now)

    def submit_payout(self, instruction: Instruction, *, now: datetime) -> Answer:
        return self._do(instruction, now=now)

    def verify_event(self, signed: SignedBody) -> Report:
        # Without a secret anybody could sign.
        is_genuine = constant_time_compare(sign(signed.body), signed.signature)
        if not (secret_of(self.name) and is_genuine):
            raise SignatureRefused
        return _read(signed.body)

    def list_events(self, *, now: datetime) -> Sequence[SignedBody]:
        found: list[SignedBody] = []
        waiting = FakeTransfer.objects.exclude(unreported=[]).order_by("pk")
        for transfer in waiting[:LISTED]:
            for event_id, status, due in transfer.unreported:
                if datetime.fromisoformat(due) <= now:
                    found.append(_write(transfer, event_id, status, due))
        return found

    def acknowledge(self, event_ids: Sequence[str]) -> None:
        told = set(event_ids)
        keys = {event_id.rsplit("#", 1)[0] for event_id in told}
        for transfer in FakeTransfer.objects.filter(key__in=keys):
            left = [one for one in transfer.unreported if one[0] not in told]
            FakeTransfer.objects.filter(pk=transfer.pk).update(unreported=left)

    def _do(self, instruction: Instruction, *, now: datetime) -> Answer:
        scenario, name = _scenario_of(instruction)
        FakeTransfer.objects.bulk_create(
            [
                FakeTransfer(
                    key=instruction.key,
                    amount_minor=instruction.amount_minor,
                    currency=instruction.currency,
                    scenario=name,
                    created_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        FakeTransfer.objects.filter(key=instruction.key).update(asked=models.F("asked") + 1)
        transfer = FakeTransfer.objects.get(key=instruction.key)
        if transfer.asked <= scenario.silent_before:
            raise ProviderUnavailable("The fake provider cannot be reached.")
        if scenario.answer != _FAILED:
            self.take_effect(transfer, scenario, now=now)
        if transfer.asked <= scenario.silent_before + scenario.silent_after:
            raise ProviderUnavailable("The fake provider did it, and does not answer.")
        message = "The account is closed." if scenario.answer == _FAILED else ""
        return Answer(scenario.answer, reference=f"fake-{transfer.pk}", message=message)

    def take_effect(self, transfer: FakeTransfer, scenario: Scenario, *, now: datetime) -> None:
        """Move the money, once per key, and remember what is to be reported of it."""
        reports = [
            [f"{transfer.key}#{number}.{copy}", status.value, (now + delay).isoformat()]
            for number, (status, delay) in enumerate(scenario.reports, start=1)
            for copy in range(scenario.copies)
        ]
        FakeTransfer.objects.filter(pk=transfer.pk, effects=0).update(effects=1, unreported=reports)


def sign(body: bytes) -> str:
    """HMAC-SHA-256 of the body under the provider's secret, in hexadecimal."""
    return hmac.new(secret_of(FakeProvider.name).encode(), body, "sha256").hexdigest()


def signed(report: Report) -> SignedBody:
    """A report as the fake provider sends it."""
    body = json.dumps({**asdict(report), "occurred_at": report.occurred_at.isoformat()}).encode()
    return SignedBody(body, sign(body))


def _write(transfer: FakeTransfer, event_id: str, status: str, due: str) -> SignedBody:
    return signed(
        Report(
            event_id=event_id,
            attempt_key=transfer.key,
            status=AttemptStatus(status),
            amount_minor=transfer.amount_minor,
            currency=transfer.currency,
            occurred_at=datetime.fromisoformat(due),
            reference=f"fake-{transfer.pk}",
        )
    )


def _read(body: bytes) -> Report:
    try:
        given: dict[str, Any] = json.loads(body)
        report = Report(**{**given, "occurred_at": datetime.fromisoformat(given["occurred_at"])})
        report = replace(report, status=AttemptStatus(report.status))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EventNotVerified from error
    if report.status not in REPORTED or report.occurred_at.tzinfo is None:
        raise EventNotVerified
    return report


def _scenario_of(instruction: Instruction) -> tuple[Scenario, str]:
    name = instruction.bank_account.removeprefix(PREFIX)
    if not instruction.bank_account.startswith(PREFIX) or name not in SCENARIOS:
        name = "pays"
    return SCENARIOS[name], name
