"""Rows of the permission tables, each tried by everybody.

A table says for each page and each of `PEOPLE` the status of its answer. 302 for a stranger
leads to the log-in page; for the others it says that the act was done. What one person does
is rolled back before the next one tries.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse

PEOPLE = (
    "stranger", "brand_owner", "brand_viewer", "other_owner", "creator_user",
    "other_creator_user", "moderator",
)  # fmt: skip
Row = tuple[int, ...]


def see(address: str, row: Row, *, cast: Cast, browse: Browse) -> None:
    """Everybody opens the page."""
    for person, expected in zip(PEOPLE, row, strict=True):
        with undone():
            client = client_of(person, cast, browse)
            check(client.get(address), person, expected)


def send(address: str, row: Row, body: dict[str, str], *, cast: Cast, browse: Browse) -> None:
    """Everybody sends the form."""
    for person, expected in zip(PEOPLE, row, strict=True):
        with undone():
            client = client_of(person, cast, browse)
            check(client.post(address, body), person, expected)


def client_of(person: str, cast: Cast, browse: Browse) -> Client:
    return browse(cast.everybody().get(person))


def check(response: object, person: str, expected: int) -> None:
    status = response.status_code  # type: ignore[attr-defined]
    assert status == expected, f"{person} got {status}, not {expected}"
    if person == "stranger" and expected == 302:
        assert response.url.startswith(reverse("account_login"))  # type: ignore[attr-defined]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
