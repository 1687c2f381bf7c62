"""A PostgreSQL and a Redis of this test session's own.

Every session has a data directory of its own under ``/tmp``, so several can run
at once and none touches the data of a running Fairground. ``DATABASE_URL`` and
``REDIS_URL`` set by the caller are used instead.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

_PREFIX = "fg-test-"


def choose_var_dir() -> Path:
    """Make this session's ``var`` and name it in the environment.

    To be called before the settings are imported: they read it. Directories of
    sessions that were killed are removed.
    """
    root = Path("/tmp")
    for old in root.glob(f"{_PREFIX}*"):
        pid = old.name.removeprefix(_PREFIX).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(old, ignore_errors=True)
    var = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=root))
    (var / "static").mkdir()  # whitenoise warns of its absence
    os.environ["FAIRGROUND_VAR"] = str(var)
    return var


@contextlib.contextmanager
def running(var: Path) -> Iterator[None]:
    """Start what the settings expect under ``var``; stop it at the end."""
    from django.conf import settings

    from marketplace.embedded import addresses, postgres, redis_server
    from marketplace.embedded.directories import make_var

    make_var(var)
    with contextlib.ExitStack() as stack:

        def keep(server: subprocess.Popen[bytes]) -> None:
            # Nothing in it is wanted afterwards.
            stack.callback(server.wait)
            stack.callback(server.kill)

        if addresses.database_url(var) == settings.DATABASE_URL:
            stack.callback(postgres.stop, postgres.start(var, durable=False))
        if addresses.redis_url(var) == settings.REDIS_URL:
            keep(redis_server.start(var, durable=False))
        yield
