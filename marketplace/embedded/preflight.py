"""What must hold before anything is started; each failure is one clear line."""

import contextlib
import errno
import os
import shutil
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import redis
from kombu import Connection

from marketplace.embedded.errors import StartError

# A new PostgreSQL takes 40 MB, its log of changes and the demo market some 200 MB more.
MIN_FREE_BYTES = 400 * 1024 * 1024
TIMEOUT = 5


def check_port(host: str, port: int) -> None:
    """:raises StartError: if the web server could not listen there."""
    if not 0 < port < 65536:
        raise StartError(f"Port {port} does not exist; choose one from 1 to 65535 with --port.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise StartError(f"The host {host!r} is not an address of this machine.") from error
    with socket.socket(family, kind, protocol) as probe:
        # As the web server does: connections of the last run may still be closing.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            raise StartError(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program; choose one with --port {port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} needs root; choose one above 1023 with --port 8000."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"The host {host!r} is not an address of this machine; leave out --host."
    return f"Port {port} cannot be used ({os.strerror(error.errno or 0)}); choose one with --port."


def check_disk(var: Path) -> None:
    """:raises StartError: if the disk of ``var`` is nearly full."""
    free = shutil.disk_usage(var).free
    if free < MIN_FREE_BYTES:
        raise StartError(
            f"Not enough disk space for {var}: {free // 2**20} MB free, "
            f"{MIN_FREE_BYTES // 2**20} MB needed; free some or set FAIRGROUND_VAR."
        )


def check_database(parameters: dict[str, Any]) -> None:
    """Try the database that ``DATABASE_URL`` names and its vector type.

    :param parameters: what Django would pass to ``psycopg2.connect``.
    :raises StartError: if it does not answer or has no pgvector.
    """
    where = f"{parameters.get('host') or 'local'}:{parameters.get('port') or 5432}"
    wanted = {
        name: parameters[name]
        for name in ("host", "port", "user", "password", "dbname", "sslmode", "service")
        if parameters.get(name)
    }
    try:
        connection = psycopg2.connect(**wanted, connect_timeout=TIMEOUT)
    except psycopg2.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        raise StartError(
            f"DATABASE_URL: the database at {where} is out of reach: {said}"
        ) from error
    with contextlib.closing(connection):
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'")
        if cursor.fetchone():
            return
        try:
            cursor.execute("CREATE EXTENSION vector")
            connection.commit()
        except psycopg2.errors.InsufficientPrivilege as error:
            raise StartError(
                f"The database at {where} has pgvector, but its user may not enable it; "
                "let an administrator run: CREATE EXTENSION vector"
            ) from error
        except psycopg2.Error as error:
            raise StartError(
                f"The PostgreSQL at {where} has no pgvector; install the extension "
                "there, or unset DATABASE_URL to use the embedded one."
            ) from error


def check_redis(url: str) -> None:
    """:raises StartError: if the Redis that ``REDIS_URL`` names does not answer."""
    place = urlsplit(url)
    where = f"{place.hostname}:{place.port or 6379}" if place.hostname else place.path
    try:
        with contextlib.closing(
            redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise StartError(f"REDIS_URL: the Redis at {where} is out of reach: {error}") from error


def check_broker(url: str) -> None:
    """:raises StartError: if the broker that ``CELERY_BROKER_URL`` names does not answer."""
    with Connection(url, connect_timeout=TIMEOUT) as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=TIMEOUT)
        except Exception as error:  # each broker's library has its own
            where = broker.as_uri()  # without the password
            raise StartError(f"CELERY_BROKER_URL: {where} is out of reach: {error}") from error
