"""Children end with their starter, are started again, and are found when orphaned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from marketplace.embedded import leftovers, lock, processes
from marketplace.embedded.errors import StartError
from marketplace.embedded.supervisor import MAX_DEATHS, Child, Supervisor
from tests.launcher.conftest import BASE_DIR


def wait_until(happened: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def shell(log: Path, script: str) -> subprocess.Popen[bytes]:
    return processes.spawn(["/bin/sh", "-c", script], log=log, cwd=log.parent)


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_stop_ends_what_ignores_it_and_its_children(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = shell(log, "trap '' TERM; sleep 60 & echo $!; wait; wait")
    wait_until(lambda: bool(processes.last_lines(log)))
    grandchild = int(processes.last_lines(log)[0])

    processes.stop(process, grace=0.3)

    assert process.returncode == -signal.SIGKILL
    assert not is_running(grandchild)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_child_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import pathlib, time; from marketplace.embedded import processes;"
            f"path = pathlib.Path({str(tmp_path)!r});"
            "child = processes.spawn(['sleep', '60'], log=path / 'log', cwd=path);"
            "(path / 'pid').write_text(str(child.pid)); time.sleep(60)",
        ],
        cwd=BASE_DIR,
    )
    pid = tmp_path / "pid"
    wait_until(lambda: pid.exists() and bool(pid.read_text()))

    parent.kill()
    parent.wait()

    wait_until(lambda: not is_running(int(pid.read_text())))


def test_an_orphan_is_found_by_its_mark_and_ended(tmp_path: Path) -> None:
    marked = processes.spawn(
        ["sleep", "60"], log=tmp_path / "log", cwd=tmp_path, env={leftovers.MARK: str(tmp_path)}
    )
    other = processes.spawn(
        ["sleep", "60"], log=tmp_path / "log", cwd=tmp_path, env={leftovers.MARK: "/elsewhere"}
    )
    wait_until(lambda: bool(leftovers.find(tmp_path)))

    assert [process.pid for process in leftovers.find(tmp_path)] == [marked.pid]
    assert leftovers.stop(tmp_path, grace=5) == 1
    assert marked.poll() is not None or not is_running(marked.pid)
    assert other.poll() is None
    processes.stop(other, grace=1)
    marked.wait()


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    log = tmp_path / "log"
    child = Child("Sleeper", log, lambda: shell(log, "exec sleep 60"), processes.stop)
    supervisor.add(child)
    assert child.process is not None
    first = child.process.pid
    child.process.kill()
    child.process.wait()

    supervisor.check()
    assert child.process is None
    assert said == [f"Sleeper stopped (signal 9); starting it again in 1 s. Its log: {log}"]
    child.restart_at = 0
    supervisor.check()

    assert child.process is not None
    assert child.process.pid != first
    supervisor.stop()
    assert not is_running(first)


def test_a_child_that_keeps_dying_ends_it_all_with_its_last_lines(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda text: None)
    log = tmp_path / "log"
    child = Child("Crasher", log, lambda: shell(log, "echo no memory; exit 3"), processes.stop)
    supervisor.add(child)

    def crash_until_given_up() -> None:
        for _ in range(2 * MAX_DEATHS):  # one look sees it dead, the next starts it
            if child.process is not None:
                child.process.wait()
            child.restart_at = 0
            supervisor.check()

    with pytest.raises(StartError, match=r"(?s)Crasher stopped 5 times in a row.*no memory"):
        crash_until_given_up()


def test_children_are_stopped_in_the_opposite_order(tmp_path: Path) -> None:
    order: list[str] = []
    supervisor = Supervisor(lambda text: None)

    def child(name: str) -> Child:
        def stop(process: subprocess.Popen[bytes]) -> None:
            order.append(name)
            processes.stop(process, grace=1)

        log = tmp_path / name
        return Child(name, log, lambda: shell(log, "exec sleep 60"), stop)

    for name in ("database", "worker", "web"):
        supervisor.add(child(name))
    supervisor.stop()

    assert order == ["web", "worker", "database"]


def test_a_command_that_cannot_be_run_is_one_line(tmp_path: Path) -> None:
    def start() -> subprocess.Popen[bytes]:
        return processes.spawn(["/nowhere/at/all"], log=tmp_path / "log", cwd=tmp_path)

    with pytest.raises(StartError, match=r"Nothing could not be started: .*No such file"):
        Supervisor(lambda text: None).add(Child("Nothing", tmp_path, start, processes.stop))


def test_only_one_can_hold_the_lock(tmp_path: Path) -> None:
    refused = pytest.raises(StartError, match=rf"already running here \(pid {os.getpid()}\)")
    with lock.only_one(tmp_path), refused, lock.only_one(tmp_path):
        pass
    with lock.only_one(tmp_path):
        pass


def test_a_lock_file_that_a_killed_run_left_does_not_lock(tmp_path: Path) -> None:
    (tmp_path / "up.lock").write_text("1")

    with lock.only_one(tmp_path):
        assert (tmp_path / "up.lock").read_text() == str(os.getpid())
