"""Child processes that never outlive the process that started them.

Each child leads a session of its own, so that Ctrl-C in the terminal reaches
only the launcher, which then stops the children in order. Should the launcher be
killed outright, Linux sends every child its ``death_signal``; where the kernel
has no such thing the next start finds the orphans (``leftovers.py``).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
# Loaded once, before any fork: a child may not take the dynamic loader's lock.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent(death_signal: int, parent: int) -> Callable[[], None] | None:
    if _LIBC is None:
        return None

    def set_death_signal() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return set_death_signal


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own, its output appended to ``log``.

    :param user: run as this user (only root can ask for it).
    :param death_signal: what the child gets when this process dies.
    :raises OSError: if the log cannot be written or the command not be run.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(env) if env is not None else None,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            # Runs after the change of user, which would clear it.
            preexec_fn=_die_with_parent(death_signal, os.getpid()),
        )


def stop(
    process: subprocess.Popen[bytes],
    *,
    signals: Sequence[signal.Signals] = (signal.SIGTERM,),
    grace: float = 10.0,
) -> None:
    """End a process made by ``spawn`` and everything in its group.

    Each of ``signals`` is sent in turn with ``grace`` seconds to act on it; then
    the whole group is killed.
    """
    for number in signals:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace)
    kill_group(process.pid)
    process.wait()


def kill_group(leader: int, timeout: float = 5.0) -> None:
    """Kill what is left of the group ``leader`` led and wait until it is gone.

    The leader may be dead and reaped: its number names the group for as long as
    one member lives, and the kernel gives it to nobody else meanwhile.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            os.killpg(leader, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS says the latter of zombies
            return
        if not any(_is_alive_in(process, leader) for process in psutil.process_iter()):
            return
        time.sleep(0.05)


def _is_alive_in(process: psutil.Process, group: int) -> bool:
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError):
        return False


def last_lines(log: Path, count: int = 8) -> list[str]:
    """The last ``count`` lines of a log that have text on them."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 16_384))
            text = stream.read().decode(errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-count:]
