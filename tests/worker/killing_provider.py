"""A provider that kills the worker that talks to it, once, where a file in a directory says."""

import os
import signal
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from campaigns.payments.providers.base import Answer, Instruction
from campaigns.payments.providers.fake import FakeProvider


class KillingProvider(FakeProvider):
    def submit_payout(self, instruction: Instruction, *, now: datetime) -> Answer:
        die_at("before_effect")
        answer = super().submit_payout(instruction, now=now)
        die_at("after_effect")
        return answer

    def acknowledge(self, event_ids: Sequence[str]) -> None:
        if event_ids:
            die_at("after_commit")
        super().acknowledge(event_ids)


def die_at(point: str) -> None:
    """As the kernel kills, the whole process group; the file is gone, so it happens once."""
    marker = Path(os.environ["KILL_MARKERS"]) / point
    if marker.exists():
        marker.unlink()
        os.killpg(os.getpgid(0), signal.SIGKILL)
