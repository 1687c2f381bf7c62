"""What stops a start is told in one line, with a non-zero exit and no traceback."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marketplace.embedded import leftovers
from tests.launcher.conftest import Up

pytestmark = pytest.mark.launcher


def refusal(up: Up) -> str:
    """The one line that a refused start ends with."""
    assert up.process.wait(60) == 1, up.text()
    assert "Traceback" not in up.text()
    return up.text().strip().splitlines()[-1]


def test_a_port_in_use(var: Path, start: Callable[..., Up]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = refusal(start("--port", str(port)))

    assert said == (f"Port {port} is in use by another program; choose one with --port {port + 1}.")
    assert leftovers.find(var) == []


def test_a_database_that_is_not_there(port: int, start: Callable[..., Up]) -> None:
    url = "postgres://somebody:secret@127.0.0.1:1/fairground"

    said = refusal(start("--port", str(port), DATABASE_URL=url))

    assert said.startswith("DATABASE_URL: the database at 127.0.0.1:1 is out of reach:")
    assert "secret" not in said


def test_a_redis_that_is_not_there(port: int, start: Callable[..., Up]) -> None:
    said = refusal(start("--port", str(port), REDIS_URL="redis://:secret@127.0.0.1:1/0"))

    assert said.startswith("REDIS_URL: the Redis at 127.0.0.1:1 is out of reach:")
    assert "secret" not in said


def test_a_data_directory_that_cannot_be(port: int, start: Callable[..., Up]) -> None:
    assert "/dev/null" in refusal(start("--port", str(port), FAIRGROUND_VAR="/dev/null/var"))


def test_a_setting_that_is_no_number(port: int, start: Callable[..., Up]) -> None:
    said = refusal(start("--port", str(port), JOB_HEARTBEAT_SECONDS="often"))

    assert "JOB_HEARTBEAT_SECONDS" in said


@pytest.fixture
def small_disk(var: Path) -> Iterator[Path]:
    disk = var / "small"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk(small_disk: Path, port: int, start: Callable[..., Up]) -> None:
    said = refusal(start("--port", str(port), FAIRGROUND_VAR=str(small_disk)))

    assert said.startswith(f"Not enough disk space for {small_disk}: ")
