"""Where the embedded PostgreSQL and Redis of one ``var`` directory listen.

Read by the settings, so any ``manage.py`` command finds the servers that
``manage.py up`` started, without being told. Standard library only: this runs
before Django is configured.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

# A Unix socket's path may hold 107 bytes on Linux and 103 on macOS.
MAX_SOCKET_PATH = 100
DATABASE_NAME = "fairground"


def postgres_dir(var: Path) -> Path:
    return var / "postgres"


def redis_dir(var: Path) -> Path:
    return var / "redis"


def socket_dir(var: Path) -> Path:
    """A directory whose socket paths are short enough, the same for every process."""
    inside = redis_dir(var)
    if len(str(inside / "redis.sock")) <= MAX_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"fairground-{os.getuid()}-{digest}"


def redis_socket(var: Path) -> Path:
    return socket_dir(var) / "redis.sock"


def postgres_socket_dir(var: Path) -> Path:
    """Where the running server listens, or where it would when it is not running.

    PostgreSQL writes its socket directory as the fifth line of ``postmaster.pid``.
    """
    try:
        lines = (postgres_dir(var) / "postmaster.pid").read_text().splitlines()
        return Path(lines[4])
    except (OSError, IndexError):
        return postgres_dir(var)


def database_url(var: Path) -> str:
    """``DATABASE_URL`` of the embedded server, for use when none is set."""
    return f"postgres://postgres@{quote(str(postgres_socket_dir(var)), safe='')}/{DATABASE_NAME}"


def redis_url(var: Path, database: int = 0) -> str:
    """``REDIS_URL`` of the embedded server, for use when none is set."""
    return f"unix://{redis_socket(var)}?db={database}"


def broker_url(var: Path) -> str:
    """The same Redis in the words Celery's transport uses."""
    return f"redis+socket://{redis_socket(var)}?virtual_host=1"
