"""The fake connector, until a marker file says that the process dies now, as by signal 9."""

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from campaigns.results.connectors.base import Asked
from campaigns.results.connectors.fake import FakeConnector
from campaigns.results.observed import Observed


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def take_marker(name: str) -> bool:
    marker = Path(os.environ["KILL_MARKERS"]) / name
    if marker.exists():
        marker.unlink()
        return True
    return False


class DeadlyCounts(Mapping[str, Any]):
    """Whoever reads these counts dies: in the middle of taking them."""

    def __getitem__(self, name: str) -> Any:
        die()

    def __iter__(self) -> Iterator[str]:
        die()

    def __len__(self) -> int:
        return 1


class KillingConnector(FakeConnector):
    def collect(self, points: Sequence[Asked], *, now: datetime) -> Sequence[Observed]:
        found = list(super().collect(points, now=now))
        if take_marker("after_answer"):
            die()
        if take_marker("while_taking"):
            found[-1] = replace(found[-1], counts=DeadlyCounts())
        return found
