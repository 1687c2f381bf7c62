"""Pages of prices against everybody, and what they show."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Job, SocialAccount
from scoring.models import CurrencyRate, MarketPrice
from tests.cast import Cast
from tests.marketplace.api.conftest import As, Program, no_limit, program, refusal
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.scoring.catalogue import make_account
from tests.scoring.pricing.market import GENERAL, write_csv

__all__ = ["no_limit", "program"]
pytestmark = pytest.mark.django_db

GET = {
    "my_prices":        (302, 403, 403, 403, 200, 200, 403),
    "price_market":     (302, 403, 403, 403, 403, 403, 200),
    "rate_card_import": (302, 403, 403, 403, 403, 403, 200),
    "currency_rates":   (302, 403, 403, 403, 403, 403, 200),
}  # fmt: skip
POST = {
    "my_price_card":    (302, 403, 403, 403, 302, 403, 403),
    "price_learn":      (302, 403, 403, 403, 403, 403, 302),
    "rate_card_import": (302, 403, 403, 403, 403, 403, 422),
    "currency_rates":   (302, 403, 403, 403, 403, 403, 422),
}  # fmt: skip
RATE = {"base": "EUR", "quote": "USD", "rate": "1.1", "source": "ECB"}


@pytest.fixture
def account(cast: Cast) -> SocialAccount:
    account = make_account("mine")
    account.creator = cast.creator
    account.save()
    return account


def test_get(cast: Cast, browse: Browse) -> None:
    for name, row in GET.items():
        see(reverse(name), row, cast=cast, browse=browse)


def test_post(cast: Cast, browse: Browse, account: SocialAccount) -> None:
    price = {"currency": "EUR", "reel": "9"}
    for name, row in POST.items():
        own = name == "my_price_card"
        address = reverse(name, args=[account.pk] if own else [])
        send(address, row, price if own else {}, cast=cast, browse=browse)
    for wrong in (account.pk + 99, 2**63, 10**30):
        address = reverse("my_price_card", args=[wrong])
        assert browse(cast.creator_user).post(address, {}).status_code == 404


def test_a_creator_says_and_takes_back_prices_that_brands_see(
    cast: Cast, browse: Browse, account: SocialAccount
) -> None:
    card = reverse("my_price_card", args=[account.pk])
    browser = browse(cast.creator_user)
    assert (
        browser.post(card, {"currency": "EUR", "reel": "900", "story": "150.5"}).status_code == 302
    )
    page = browser.get(reverse("my_prices")).content.decode()
    assert "€900" in page
    assert "no prices for Instagram" in page
    seen = browse(cast.brand_viewer).get(reverse("creator", args=[account.creator_id]))
    assert "€150.50" in seen.content.decode()
    browser.post(card, {"currency": "EUR", "reel": "900", "story": ""})
    assert "taken back" in browser.get(reverse("my_prices")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"reel": "0"}, {"reel": "-5"}, {"reel": "1000000000"}, {"reel": "x\x00"},
              {"reel": "9" * 400}, {"currency": "QQQ"}],
)  # fmt: skip
def test_a_wrong_price_is_told_beside_its_field(
    cast: Cast, browse: Browse, account: SocialAccount, wrong: dict[str, str]
) -> None:
    card = reverse("my_price_card", args=[account.pk])
    answer = browse(cast.creator_user).post(card, {"currency": "EUR", "story": "5", **wrong})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not MarketPrice.objects.exists()


def test_a_moderator_imports_a_file_and_reads_what_is_wrong(
    cast: Cast, browse: Browse, tmp_path: Path
) -> None:
    def upload(**changes: str) -> Any:
        file = write_csv(tmp_path / "card.csv", [{**GENERAL, **changes}]).read_bytes()
        return browse(cast.moderator).post(
            reverse("rate_card_import"),
            {"file": SimpleUploadedFile("card.csv", file), "source": "a test"},
        )

    wrong = upload(price="0", priced_on="2025-01-01")
    assert wrong.status_code == 422
    assert "a price above 0" in wrong.content.decode()
    other = browse(cast.moderator).post(
        reverse("rate_card_import"),
        {"file": SimpleUploadedFile("list.csv", b"a,b\n1,2"), "source": "s", "day": "1999-01-01"},
    )
    assert "The day of the prices is before 2005." in other.content.decode()
    other = browse(cast.moderator).post(
        reverse("rate_card_import"),
        {"file": SimpleUploadedFile("list.csv", b"a,b\n1,2"), "source": "s"},
    )
    assert "list.csv is no file of prices" in other.content.decode()  # not its copy's name
    assert upload(priced_on="2025-01-01").status_code == 302
    page = browse(cast.moderator).get(reverse("price_market")).content.decode()
    assert "card.csv" in page
    assert MarketPrice.objects.get().recorded_by == cast.moderator


def test_a_moderator_gives_a_dated_rate_and_starts_learning(cast: Cast, browse: Browse) -> None:
    browser, today = browse(cast.moderator), str(timezone.now().date())
    address = reverse("currency_rates")
    for wrong in ({"rate": "0"}, {"quote": "EUR"}, {"day": "2999-01-01"}, {"source": "\x00"}):
        assert browser.post(address, {**RATE, "day": today, **wrong}).status_code == 422
    assert browser.post(address, {**RATE, "day": today}).status_code == 302
    assert CurrencyRate.objects.get().given_by == cast.moderator
    assert "1 EUR = 1.1 USD" in browser.get(address).content.decode()
    browser.post(reverse("price_learn"))
    assert Job.objects.get().kind == Job.Kind.PRICES


def test_programs_read_and_replace_a_rate_card(
    program: As, cast: Cast, account: SocialAccount
) -> None:
    address = f"creators/{account.creator_id}/rate-card"
    own = program(cast.creator_user)

    def put(asking: Program, prices: list[dict[str, str]]) -> tuple[int, Any]:
        body = {"account_id": account.pk, "prices": prices}
        path = f"/api/v1/{address}"
        return asking.read(asking.client.put(path, body, "application/json"))

    reel = {"deliverable_type": "reel", "price": "900", "currency": "EUR"}
    assert put(own, [reel])[0] == 200
    status, answer = program(cast.brand_viewer).get(address)
    assert status == 200
    assert answer["accounts"][0]["prices"][0]["price"] == 900
    assert put(program(cast.other_creator_user), [reel])[0] == 403
    assert put(program(cast.brand_owner), [reel])[0] == 403
    for wrong in ({"price": "0"}, {"price": "1000000000"}, {"currency": "QQQ"}):
        status, told = put(own, [{**reel, **wrong}])
        assert (status, refusal(told)[1]) == (422, "reel")
    assert put(own, [])[1]["accounts"][0]["prices"] == []


def test_comparable_prices_say_where_there_is_no_market(
    program: As, cast: Cast, account: SocialAccount
) -> None:
    asker = program(cast.brand_viewer)
    address = f"creators/{account.creator_id}/comparable-prices"
    status, answer = asker.get(address, platform="instagram", deliverable_type="reel")
    assert (status, refusal(answer)[0]) == (422, "no_comparable_market_data")
    assert asker.get(address, platform="myspace", deliverable_type="reel")[0] == 400
    far = asker.get(f"creators/{10**20}/comparable-prices", platform="instagram",
                    deliverable_type="reel")  # fmt: skip
    assert far[0] == 404
