"""One ``up`` per data directory."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from marketplace.embedded.errors import StartError


@contextlib.contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold ``var/up.lock`` while the body runs.

    The kernel drops the lock with the process that holds it, so one that was
    killed leaves a file but no lock: there is nothing stale to clear.

    :raises StartError: if another process holds it, naming that process.
    """
    path = var / "up.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise StartError(f"{path} cannot be locked ({error.strerror}).") from error
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StartError(
                f"Fairground is already running here (pid {holder}); "
                "stop it with Ctrl-C in its terminal, or set FAIRGROUND_VAR for a second one."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)
