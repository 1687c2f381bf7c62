"""Pages about money against everybody: owners and finance, the creator alone, nobody else."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Payment
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.marketplace.pages.test_money import earn

pytestmark = pytest.mark.django_db

GET = {
    "brand_money":       (302, 200, 403, 404, 404, 404, 404),
    "brand_statement":   (302, 200, 403, 404, 404, 404, 404),
    "creator_money":     (302, 404, 404, 404, 200, 404, 404),
    "creator_statement": (302, 404, 404, 404, 200, 404, 404),
}  # fmt: skip
POST = {
    "brand_deposit":         (302, 422, 403, 404, 404, 404, 404),
    "brand_withdraw":        (302, 422, 403, 404, 404, 404, 404),
    "creator_payout":        (302, 404, 404, 404, 422, 404, 404),
    "creator_payout_cancel": (302, 404, 404, 404, 302, 404, 404),
}  # fmt: skip
BODIES = {name: {"bank_account": "DE00"} for name in POST if name != "creator_payout_cancel"}


@pytest.fixture
def address(cast: Cast) -> Callable[[str], str]:
    payment: Payment = earn(cast, now=timezone.now())
    arguments = {
        "brand_statement": [cast.brand.pk, "csv"],
        "creator_money": [cast.creator.pk],
        "creator_statement": [cast.creator.pk, "pdf"],
        "creator_payout": [cast.creator.pk],
        "creator_payout_cancel": [cast.creator.pk, payment.pk],
    }
    query = dict.fromkeys(("brand_statement", "creator_statement"), "?currency=EUR")
    return lambda name: (
        reverse(name, args=arguments.get(name, [cast.brand.pk])) + query.get(name, "")
    )


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    see(address(name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    send(address(name), POST[name], BODIES.get(name, {}), cast=cast, browse=browse)
