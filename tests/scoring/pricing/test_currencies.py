from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from scoring.models import CurrencyRate
from scoring.pricing.currencies import OLDEST, Conversion, convert, give_rate
from scoring.pricing.errors import RateMissing, RateRefused
from tests.cast import Cast
from tests.scoring.pricing.market import NOW

DAY = NOW.date()
GIVEN = {"base": "EUR", "quote": "USD", "rate": Decimal("1.10"), "day": DAY, "source": "ECB"}


def give(**changes: Any) -> CurrencyRate:
    return give_rate(**{**GIVEN, "actor": None, "now": NOW, **changes})


@pytest.mark.django_db
def test_an_amount_is_converted_with_its_rate_day_and_source(cast: Cast) -> None:
    give(actor=cast.moderator)
    amount, by = convert(10_000, "EUR", "USD", DAY)
    assert by is not None
    assert (amount, by.rate, by.day, by.inverted) == (11_000, Decimal("1.10"), DAY, False)
    assert "1 EUR = 1.1 USD of 1 March 2026 (ECB)" in by.sentence
    assert AuditEntry.objects.get(verb="price.rate_given").actor == cast.moderator
    assert convert(5, "EUR", "EUR", DAY) == (5, None)


@pytest.mark.django_db
def test_the_other_direction_is_turned_round_and_says_so() -> None:
    give()
    amount, by = convert(11_000, "USD", "EUR", DAY)
    assert by is not None
    assert (amount, by.inverted) == (10_000, True)
    assert "turned round" in by.sentence


@pytest.mark.django_db
def test_currencies_without_hundredths_keep_their_units() -> None:
    give(quote="JPY", rate=Decimal(160))
    assert convert(1_050, "EUR", "JPY", DAY)[0] == 1_680


@pytest.mark.django_db
def test_an_old_rate_or_none_is_refused_by_pair_and_day() -> None:
    give(day=DAY - OLDEST - timedelta(days=1))
    with pytest.raises(RateMissing, match="from EUR to USD for 1 March 2026") as refused:
        convert(1, "EUR", "USD", DAY)
    assert refused.value.details == {"from": "EUR", "to": "USD", "day": "2026-03-01"}
    give(day=DAY + timedelta(days=0), now=NOW, quote="GBP")
    with pytest.raises(RateMissing):
        convert(1, "GBP", "USD", DAY)


@pytest.mark.django_db
def test_the_rate_given_last_for_a_day_counts_and_none_is_changed() -> None:
    give()
    rate = give(rate=Decimal("1.2"))
    assert convert(100, "EUR", "USD", DAY)[0] == 120
    with pytest.raises(DatabaseError), transaction.atomic():
        CurrencyRate.objects.filter(pk=rate.pk).update(rate=2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"base": "EURO"}, "base"),
        ({"quote": "XQX"}, "quote"),
        ({"quote": "EUR"}, "quote"),
        ({"rate": Decimal(0)}, "rate"),
        ({"rate": Decimal("NaN")}, "rate"),
        ({"rate": Decimal(10**10)}, "rate"),
        ({"day": DAY + timedelta(days=1)}, "day"),
        ({"day": date(1999, 12, 31)}, "day"),
        ({"source": " "}, "source"),
        ({"source": "\x00"}, "source"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(RateRefused) as refused:
        give(**wrong)
    assert refused.value.details["field"] == field
    assert not CurrencyRate.objects.exists()


@settings(max_examples=30)
@given(st.integers(0, 10**12), st.integers(1, 10**6), st.sampled_from(["USD", "JPY", "KWD"]))
def test_conversion_keeps_order_and_zero(amount: int, thousandths: int, quote: str) -> None:
    by = Conversion("EUR", quote, Decimal(thousandths) / 1000, date(2026, 1, 1), "", False)
    assert by.apply(0) == 0
    assert by.apply(amount) <= by.apply(amount + 1)
