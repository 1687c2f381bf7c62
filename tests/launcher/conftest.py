"""A data directory and a launcher for tests that start the product for real."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marketplace.embedded import leftovers

BASE_DIR = Path(__file__).resolve().parents[2]


@pytest.fixture
def var() -> Iterator[Path]:
    """A data directory with a short path; nothing of it runs on after the test."""
    directory = Path(tempfile.mkdtemp(prefix=f"fg-test-{os.getpid()}-", dir="/tmp"))
    yield directory
    leftovers.stop(directory, grace=5)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Up:
    """``manage.py up`` in a process of its own."""

    def __init__(self, var: Path, *arguments: str, **environment: str) -> None:
        self.output = var.with_name(f"{var.name}.out")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-demo", *arguments],
                cwd=BASE_DIR,
                env={**os.environ, "FAIRGROUND_VAR": str(var), **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Whoever runs the tests under nohup ignores hang-ups, and children inherit that.
                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
            )

    def text(self) -> str:
        return self.output.read_text()

    def wait_until(self, happened: Callable[[], bool], *, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.1)

    def wait_until_running(self) -> None:
        self.wait_until(lambda: "Fairground is running at" in self.text())

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(180)


@pytest.fixture
def start(var: Path) -> Iterator[Callable[..., Up]]:
    """Call it with arguments of ``up``; what still runs at the end is killed."""
    started: list[Up] = []

    def start_up(*arguments: str, **environment: str) -> Up:
        up = Up(var, *arguments, **environment)
        started.append(up)
        return up

    yield start_up
    for up in started:
        with contextlib.suppress(ProcessLookupError):
            up.process.kill()
        up.process.wait()
        up.output.unlink(missing_ok=True)


def status_of(url: str) -> int:
    """The HTTP status, or 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
