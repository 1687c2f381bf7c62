from collections.abc import Iterator

import pytest
from django.db import transaction

from accounts.models import SocialAccount
from tests.scoring.catalogue import make_catalogue


@pytest.fixture(scope="module")
def catalogue(
    django_db_setup: None, django_db_blocker: object
) -> Iterator[dict[str, SocialAccount]]:
    """Eight accounts, embedded and scored once for all tests of a module.

    Each test runs in a savepoint of its own inside, so none sees what another changed.
    """
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield make_catalogue()
        transaction.set_rollback(True)
