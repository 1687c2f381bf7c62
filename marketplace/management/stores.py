"""What a command says when the database behind it is away."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import OperationalError


@contextmanager
def database_needed() -> Iterator[None]:
    """Turn a lost database into one line that says what to start."""
    try:
        yield
    except OperationalError as error:
        raise CommandError(
            "The database cannot be reached. Start Fairground with bin/start, "
            "or set DATABASE_URL to a running PostgreSQL."
        ) from error
