"""Logged-in browsers and something to look at."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AccountMetric, Creator, Provenance, SocialAccount, User
from campaigns.briefs import create_campaign
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from scoring import entries
from tests.cast import NOW, Cast
from tests.scoring.catalogue import DAY, make_catalogue

Browse = Callable[[User | None], Client]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BRIEF = "A gentle vegan skincare line for sensitive skin looks for honest beauty routines."


@pytest.fixture
def browse() -> Browse:
    """A client logged in as somebody; None is a stranger."""

    def client_of(user: User | None) -> Client:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_of


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    return create_campaign(
        brand=cast.brand,
        title="Spring",
        terms=BriefTerms(text=BRIEF),
        actor=cast.brand_owner,
        now=NOW,
    )


@pytest.fixture
def catalogue(db: None) -> dict[str, SocialAccount]:
    return make_catalogue()


def make_creators(count: int, *, first: int = 0) -> list[Creator]:
    """Creators with one account each, in the search index but not embedded: quick to make."""
    creators = [
        Creator.objects.create(display_name=f"Person {number}")
        for number in range(first, first + count)
    ]
    for number, creator in enumerate(creators, start=first):
        account = SocialAccount.objects.create(
            creator=creator, platform="instagram", handle=f"person_{number}", country="Italy"
        )
        AccountMetric.objects.create(
            account=account, day=DAY, followers=1000 + number, provenance=Provenance.IMPORTED
        )
    entries.sync_entries()
    return creators
