"""What every provider can be asked, and the answers it may give.

A provider is told the same thing under the same key as often as we like and does it once; that
is the one promise crash safety rests on. It may time out, answer late, report twice, report out
of order and change its mind from paid to returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings

from accounts.errors import DomainError
from campaigns.payment_states import AttemptStatus


class ProviderUnavailable(Exception):
    """No answer: the provider may have done it or not. Ask again under the same key."""


class EventNotVerified(DomainError):
    """The report is not from the provider, or not readable."""

    code = "event_not_verified"
    message = "This report does not carry the provider’s signature, or cannot be read."


class SignatureRefused(EventNotVerified):
    """Whoever sent it does not know the provider's secret."""

    code = "signature_refused"
    message = "This report does not carry the provider’s signature."
    http_status = 401


@dataclass(frozen=True)
class Instruction:
    """What is to be done. ``amount_minor`` in minor units; ``key`` makes it once."""

    key: str
    amount_minor: int
    currency: str
    bank_account: str


@dataclass(frozen=True)
class Answer:
    """``status`` is accepted, succeeded or failed; ``reference`` is the provider's own id."""

    status: AttemptStatus
    reference: str = ""
    message: str = ""


@dataclass(frozen=True)
class Report:
    """One event of a provider about an attempt of ours."""

    event_id: str
    attempt_key: str
    status: AttemptStatus
    amount_minor: int
    currency: str
    occurred_at: datetime
    reference: str = ""
    message: str = ""


@dataclass(frozen=True)
class SignedBody:
    """A report as it comes over the wire; ``signature`` is the header's value, or empty."""

    body: bytes
    signature: str


class Provider(Protocol):
    """``signature_header`` is the header its reports are signed in; empty if it sends none."""

    name: str
    signature_header: str

    def submit_deposit(self, instruction: Instruction, *, now: datetime) -> Answer:
        """Collect money. :raises ProviderUnavailable: if there is no answer."""

    def submit_payout(self, instruction: Instruction, *, now: datetime) -> Answer:
        """Send money out. :raises ProviderUnavailable: if there is no answer."""

    def verify_event(self, signed: SignedBody) -> Report:
        """:raises SignatureRefused: if the signature is wrong.
        :raises EventNotVerified: if what was signed cannot be read.
        """

    def list_events(self, *, now: datetime) -> Sequence[SignedBody]:
        """Reports not yet acknowledged; each stays listed until it is."""

    def acknowledge(self, event_ids: Sequence[str]) -> None:
        """Do not list these again."""


def secret_of(name: str) -> str:
    """What a provider signs its reports with (`settings.PAYMENT_PROVIDER_SECRETS`), or empty."""
    secrets: dict[str, str] = settings.PAYMENT_PROVIDER_SECRETS
    return secrets.get(name, "")
