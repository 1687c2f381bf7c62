"""Where the embedded PostgreSQL and Redis of one ``var`` directory listen.

Read by the settings, so any ``manage.py`` command finds the servers that
``manage.py up`` started, without being told. Standard library only: this runs
before Django is configured.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

# A Unix socket's path may hold 107 bytes on Linux and 103 on macOS.
MAX_SOCKET_PATH = 100
DATABASE_NAME = "fairground"
DATABASE_USER = "postgres"


def postgres_dir(var: Path) -> Path:
    return var / "postgres"


def redis_dir(var: Path) -> Path:
    return var / "redis"


def log_dir(var: Path) -> Path:
    return var / "log"


def socket_dir(var: Path) -> Path:
    """A directory whose socket paths are short enough, the same for every process.

    It depends on nothing but ``var`` and the user: not on ``TMPDIR``, which
    differs between a terminal and a service manager.
    """
    inside = var / "run"
    if len(os.fsencode(inside / "postgres" / ".s.PGSQL.5432")) <= MAX_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return Path("/tmp") / f"fairground-{os.getuid()}-{digest}"  # noqa: S108 (see servers.py)


def redis_socket(var: Path) -> Path:
    return socket_dir(var) / "redis.sock"


def postgres_socket_dir(var: Path) -> Path:
    """A directory of its own: as root, PostgreSQL runs under another user who owns it."""
    return socket_dir(var) / "postgres"


def database_url(var: Path, name: str = DATABASE_NAME) -> str:
    """``DATABASE_URL`` of the embedded server, for use when none is set."""
    host = quote(str(postgres_socket_dir(var)), safe="")
    return f"postgres://{DATABASE_USER}@{host}/{name}"


def redis_url(var: Path, database: int = 0) -> str:
    """``REDIS_URL`` of the embedded server, for use when none is set."""
    return f"unix://{quote(str(redis_socket(var)))}?db={database}"


def broker_url(var: Path) -> str:
    """The same Redis in the words Celery's transport uses."""
    return broker_url_of(redis_url(var, database=1))


def broker_url_of(redis_url: str) -> str:
    """The broker URL that names the same Redis as ``redis_url``.

    Only the Unix socket form differs: ``unix://PATH?db=N`` is
    ``redis+socket://PATH?virtual_host=N`` to Celery.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    login = f"{parts.netloc}" if "@" in parts.netloc else ""
    return f"redis+socket://{login}{parts.path}?virtual_host={database}"
