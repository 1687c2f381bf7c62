from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEntry, SocialAccount
from scoring.models import MarketPrice
from scoring.pricing.errors import PriceRefused
from scoring.pricing.rate_cards import Ask, get_card, list_history, write_card
from tests.cast import Cast
from tests.scoring.catalogue import make_account
from tests.scoring.pricing.market import NOW

pytestmark = pytest.mark.django_db
REEL = Ask("reel", Decimal("900.50"), "EUR")


@pytest.fixture
def account(cast: Cast) -> SocialAccount:
    account = make_account("mine")
    account.creator = cast.creator
    account.save()
    return account


def test_a_card_is_written_dated_with_what_was_known(account: SocialAccount, cast: Cast) -> None:
    card = write_card(account=account, asks=[REEL], actor=cast.creator_user, now=NOW)
    price = card["reel"]
    assert (price.price_minor, price.priced_on, price.followers) == (90_050, NOW.date(), 20_000)
    assert price.facts["engagement_rate"] == 0.04
    entry = AuditEntry.objects.get(verb="price.card_changed")
    assert (entry.actor, entry.data) == (cast.creator_user, {"reel": "900.50 EUR"})


def test_only_changes_are_written_and_the_history_stays(account: SocialAccount, cast: Cast) -> None:
    user = cast.creator_user
    story = Ask("story", Decimal(200), "EUR")
    write_card(account=account, asks=[REEL, story], actor=user, now=NOW)
    write_card(account=account, asks=[REEL, story], actor=user, now=NOW + timedelta(days=1))
    assert MarketPrice.objects.count() == 2
    later = NOW + timedelta(days=9)
    card = write_card(account=account, asks=[REEL], actor=user, now=later, is_whole=True)
    assert set(card) == set(get_card(account)) == {"reel"}
    assert [price.price_minor for price in list_history(account)] == [None, 20_000, 90_050]


@pytest.mark.parametrize(
    "wrong",
    [
        Ask("reel", Decimal(0), "EUR"),
        Ask("reel", Decimal(-1), "EUR"),
        Ask("reel", Decimal(10**9), "EUR"),
        Ask("reel", Decimal("NaN"), "EUR"),
        Ask("reel", Decimal("0.001"), "EUR"),
        Ask("reel", Decimal(5), "QQQ"),
        Ask("statue", Decimal(5), "EUR"),
        Ask("re\x00el", Decimal(5), "EUR"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_written(
    account: SocialAccount, cast: Cast, wrong: Ask
) -> None:
    story = Ask("story", Decimal(200), "EUR")
    with pytest.raises(PriceRefused) as refused:
        write_card(account=account, asks=[story, wrong], actor=cast.creator_user, now=NOW)
    assert refused.value.details["field"] == wrong.deliverable
    assert not MarketPrice.objects.exists()
