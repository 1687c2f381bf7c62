"""The provider that is a person: money is moved at a bank by hand, then marked as done.

`campaigns/payments/marking.py` turns what the person says into a report like any other.
"""

from collections.abc import Sequence
from datetime import datetime

from campaigns.payment_states import AttemptStatus
from campaigns.payments.providers.base import (
    Answer,
    EventNotVerified,
    Instruction,
    Report,
    SignedBody,
)


class ManualProvider:
    name = "manual"
    signature_header = ""

    def submit_deposit(self, instruction: Instruction, *, now: datetime) -> Answer:
        return Answer(
            AttemptStatus.ACCEPTED,
            message=f"Transfer it to the operator’s bank account with “{instruction.key}” as text.",
        )

    def submit_payout(self, instruction: Instruction, *, now: datetime) -> Answer:
        return Answer(AttemptStatus.ACCEPTED, message="A person will transfer it.")

    def verify_event(self, signed: SignedBody) -> Report:
        """Nobody outside reports for a person. :raises EventNotVerified: always."""
        raise EventNotVerified

    def list_events(self, *, now: datetime) -> Sequence[SignedBody]:
        return ()

    def acknowledge(self, event_ids: Sequence[str]) -> None:
        """Nothing is ever listed."""
