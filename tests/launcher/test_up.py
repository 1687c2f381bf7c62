"""The whole product: it comes up, keeps going, ends without a trace and starts again."""

import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from marketplace.embedded import leftovers
from tests.launcher.conftest import Up, status_of

pytestmark = pytest.mark.launcher


def worker_of(up: Up) -> psutil.Process:
    return next(
        child for child in psutil.Process(up.process.pid).children() if "worker" in child.cmdline()
    )


def test_a_life_of_the_product(var: Path, port: int, start: Callable[..., Up]) -> None:
    site = f"http://127.0.0.1:{port}"
    first = start("--port", str(port))
    first.wait_until_running()
    assert status_of(f"{site}/health/live") == 200
    first.wait_until(lambda: status_of(f"{site}/health/ready") == 200)

    # Another one here is refused and harms nothing.
    second = start("--port", str(port))
    assert second.process.wait(30) == 1
    assert f"already running here (pid {first.process.pid})" in second.text()

    # A worker that is killed comes back.
    victim = worker_of(first)
    pool = victim.children()
    victim.kill()
    first.wait_until(lambda: "Worker short stopped (signal 9)" in first.text())
    first.wait_until(lambda: not any(process.is_running() for process in pool))
    first.wait_until(lambda: status_of(f"{site}/health/ready") == 200)

    # Killed outright and started again at once: it clears up and has the same data.
    key = (var / "secret_key").read_text()
    first.end(signal.SIGKILL)
    third = start("--port", str(port))
    third.wait_until_running()
    assert (var / "secret_key").read_text() == key
    assert status_of(f"{site}/health/live") == 200

    assert third.end(signal.SIGINT) == 0, third.text()
    assert "Traceback" not in third.text()
    assert leftovers.find(var) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_mid_start_leaves_nothing(
    var: Path, port: int, start: Callable[..., Up], number: signal.Signals
) -> None:
    up = start("--port", str(port))
    up.wait_until(lambda: "Starting PostgreSQL" in up.text())

    assert up.end(number) == 0, up.text()
    assert "Traceback" not in up.text()
    assert leftovers.find(var) == []
