"""What is looked at before anything starts."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from django.db import connection

from marketplace.embedded import addresses, directories, explaining, preflight
from marketplace.embedded.errors import StartError


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_free_port_will_do(port: int) -> None:
    preflight.check_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_a_taken_port_is_named(taken_port: int, host: str) -> None:
    with pytest.raises(StartError, match=f"Port {taken_port} is in use .* --port"):
        preflight.check_port(host, taken_port)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_cannot_be_is_named(port: int) -> None:
    with pytest.raises(StartError, match="does not exist"):
        preflight.check_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_a_host_that_is_not_here_is_named(port: int, host: str) -> None:
    with pytest.raises(StartError, match="not an address of this machine"):
        preflight.check_port(host, port)


def test_a_full_disk_is_told_with_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=7 * 2**20))

    with pytest.raises(StartError, match="7 MB free, 400 MB needed"):
        preflight.check_disk(tmp_path)


@pytest.fixture
def restricted(services: None) -> Iterator[dict[str, Any]]:
    """How to reach a database without pgvector as a user who may not enable it."""
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    admin = psycopg2.connect(**parameters)
    admin.autocommit = True
    cursor = admin.cursor()
    cursor.execute("CREATE ROLE nobody_much LOGIN")
    cursor.execute("CREATE DATABASE bare")
    yield {**parameters, "dbname": "bare", "user": "nobody_much"}
    cursor.execute("DROP DATABASE bare")
    cursor.execute("DROP ROLE nobody_much")
    admin.close()


def test_a_user_who_may_not_enable_pgvector_is_told_how(restricted: dict[str, Any]) -> None:
    with pytest.raises(StartError, match="administrator run: CREATE EXTENSION vector"):
        preflight.check_database(restricted)


def test_a_database_with_pgvector_will_do(services: None) -> None:
    preflight.check_database(
        {**connection.get_connection_params(), "dbname": addresses.DATABASE_NAME}
    )


def test_a_redis_broker_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StartError, match="CELERY_BROKER_URL") as refused:
        preflight.check_broker("redis://:secret@127.0.0.1:1/0")
    assert "secret" not in str(refused.value)


def test_socket_paths_stay_short_and_the_same() -> None:
    long = Path("/home") / ("x" * 120)

    assert addresses.socket_dir(Path("/srv/var")) == Path("/srv/var/run")
    assert len(str(addresses.postgres_socket_dir(long) / ".s.PGSQL.5432")) < 104
    assert addresses.socket_dir(long) == addresses.socket_dir(long)
    assert addresses.socket_dir(long) != addresses.socket_dir(long / "y")


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://cache:6379/2", "redis://cache:6379/2"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
    ],
)
def test_the_broker_is_the_same_redis(url: str, broker: str) -> None:
    assert addresses.broker_url_of(url) == broker


def test_a_socket_directory_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "theirs")

    with pytest.raises(StartError, match="belongs to another user"):
        directories.make_socket_dir(tmp_path)


def test_a_missing_package_is_explained_and_installed_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "BASE_DIR", tmp_path)
    stamp = tmp_path / ".venv" / "requirements.installed"
    stamp.parent.mkdir()
    stamp.touch()

    said = explaining.explain(ModuleNotFoundError("No module named 'csp'", name="csp.apps"))

    assert said is not None
    assert said.startswith("The package csp is missing; run bin/start again")
    assert not stamp.exists()


def test_an_error_of_our_own_keeps_its_traceback() -> None:
    missing = ModuleNotFoundError("No module named 'accounts.x'", name="accounts.x")

    assert explaining.explain(missing) is None
    assert explaining.explain(ValueError("a bug")) is None
