"""Signal 9 in the middle of collecting results: each look taken once, nothing lost."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from campaigns import delivering
from campaigns.models import CollectionPoint, Observation
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import draft, piece, publish, start_work
from tests.cast import Cast
from tests.worker.conftest import REPOSITORY, _database_url

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
DUE = NOW + timedelta(hours=1)


def collect(markers: Path, now: datetime) -> int:
    return subprocess.run(
        [sys.executable, "-m", "tests.worker.collecting_process", now.isoformat()],
        cwd=REPOSITORY,
        env={
            **os.environ,
            "DATABASE_URL": _database_url(),
            "RESULT_CONNECTORS": "fake=tests.worker.killing_connector.KillingConnector",
            "KILL_MARKERS": str(markers),
        },
        timeout=120,
    ).returncode


@pytest.mark.parametrize(("point", "taken"), [("after_answer", 0), ("while_taking", 1)])
def test_a_collection_that_is_killed_is_done_by_the_next(
    cast: Cast, tmp_path: Path, point: str, taken: int
) -> None:
    collaboration = start_work(cast, 50_000, 30_000)
    for position in (1, 2):
        one = draft(cast, piece(collaboration, position))
        delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
        publish(cast, one, url=f"https://example.org/v/{position}")
    (tmp_path / point).touch()
    assert collect(tmp_path, DUE) == -signal.SIGKILL
    assert Observation.objects.count() == taken
    assert collect(tmp_path, DUE + timedelta(minutes=5)) == 0
    assert Observation.objects.count() == 2
    points = CollectionPoint.objects.filter(horizon="1h").values_list("state", flat=True)
    assert list(points) == ["collected", "collected"]
