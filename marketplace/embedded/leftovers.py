"""What a killed ``up`` left running.

Nothing is written down that could be out of date: the processes are recognised by
what they are. Python children carry ``MARK`` in their environment; PostgreSQL and
Redis overwrite theirs, but work in their data directory.
"""

import contextlib
import os
import signal
from pathlib import Path

import psutil

from marketplace.embedded import addresses

# In the environment of every child: the data directory of the ``up`` that started it.
MARK = "FAIRGROUND_UP"
_SERVERS = ("postgres", "redis-server")


def find(var: Path) -> list[psutil.Process]:
    """The processes of an earlier ``up`` of this ``var``, this process excepted."""
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _belongs_to(process, var)
    ]


def stop(var: Path, *, grace: float = 20.0) -> int:
    """End what ``find`` finds, politely first, and return how many there were.

    Servers last: a worker that lost its broker or database waits for it instead of ending.
    """
    found = find(var)
    servers = [process for process in found if _is_server(process, *_SERVERS)]
    _end([process for process in found if process not in servers], grace)
    _end(servers, grace)
    return len(found)


def _end(found: list[psutil.Process], grace: float) -> None:
    for process in found:
        with contextlib.suppress(psutil.Error):
            # Fast shutdown for PostgreSQL; without waiting for its tasks for a worker,
            # whose queue delivers them again.
            process.send_signal(
                signal.SIGINT if _is_server(process, "postgres") else signal.SIGTERM
            )
    _, alive = psutil.wait_procs(found, timeout=grace)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


def _belongs_to(process: psutil.Process, var: Path) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        if process.environ().get(MARK) == str(var):
            return True
        return _is_server(process, *_SERVERS) and Path(process.cwd()) in (
            addresses.postgres_dir(var),
            addresses.redis_dir(var),
        )
    except (psutil.Error, OSError):  # gone meanwhile, or another user's
        return False


def _is_server(process: psutil.Process, *names: str) -> bool:
    try:
        return process.name().startswith(names)
    except psutil.Error:
        return False
