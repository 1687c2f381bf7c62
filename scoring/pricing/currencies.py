"""Converting between currencies with dated rates that somebody gave, and never otherwise."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import User
from accounts.money import to_major, to_minor
from scoring.models import CurrencyRate
from scoring.pricing.errors import RateMissing, RateRefused

OLDEST: Final = timedelta(days=35)
"""A rate counts for its day and so many days after it."""
FIRST_DAY: Final = date(2000, 1, 1)
LARGEST_RATE: Final = Decimal(10**9)
SMALLEST_RATE: Final = Decimal("0.0000000001")
_CODE: Final = re.compile(r"[A-Z]{3}\Z")

# ISO 4217, what people are paid in. A code outside it is a mistake, not a currency.
KNOWN: Final = frozenset(
    "AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR "
    "ISK JOD JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB "
    "SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR".split()
)


@dataclass(frozen=True)
class Conversion:
    """One unit of ``base`` counted as ``rate`` units of ``quote``, as of ``day``.

    ``inverted``: the rate was given the other way round and its reciprocal is used.
    """

    base: str
    quote: str
    rate: Decimal
    day: date
    source: str
    inverted: bool

    def apply(self, amount_minor: int) -> int:
        return to_minor(to_major(amount_minor, self.base) * self.rate, self.quote)

    @property
    def sentence(self) -> str:
        way = ", turned round from the rate given for the other direction" if self.inverted else ""
        return (
            f"Converted at 1 {self.base} = {self.rate.normalize():f} {self.quote} of "
            f"{self.day.day} {self.day:%B %Y} ({self.source}){way}."
        )


def convert(amount_minor: int, frm: str, to: str, on: date) -> tuple[int, Conversion | None]:
    """The amount in minor units of ``to``, and the rate it was converted at; None: same currency.

    :raises RateMissing: if no rate of the pair is known that is `OLDEST` old at most.
    """
    if frm == to:
        return amount_minor, None
    conversion = find_rate(frm, to, on)
    return conversion.apply(amount_minor), conversion


def find_rate(frm: str, to: str, on: date) -> Conversion:
    """The newest rate of the pair on that day; of two equally new, the one given for this
    direction. One query.

    :raises RateMissing: as `convert`.
    """
    rates = CurrencyRate.objects.filter(
        base__in=[frm, to], quote__in=[frm, to], day__range=(on - OLDEST, on)
    )
    usable = sorted(rates, key=lambda one: (one.day, one.base == frm, one.pk))
    if not usable:
        raise RateMissing(
            f"There is no rate from {frm} to {to} for {on.day} {on:%B %Y} or the "
            f"{OLDEST.days} days before. A moderator can give one, with its day and source.",
            details={"from": frm, "to": to, "day": on.isoformat()},
        )
    found = usable[-1]
    inverted = found.base != frm
    return Conversion(
        base=frm,
        quote=to,
        rate=(1 / found.rate).quantize(SMALLEST_RATE) if inverted else found.rate,
        day=found.day,
        source=found.source,
        inverted=inverted,
    )


@transaction.atomic
def give_rate(
    *,
    base: str,
    quote: str,
    rate: Decimal,
    day: date,
    source: str,
    actor: User | None,
    now: datetime,
) -> CurrencyRate:
    """Write down a rate; a later one for the same pair and day replaces it.

    :raises RateRefused: unknown or same currency, a rate out of range, a day to come or
        before 2000, no source.
    """
    base, quote, source = base.strip().upper(), quote.strip().upper(), source.strip()
    for field, code in (("base", base), ("quote", quote)):
        if not is_currency(code):
            raise RateRefused(
                f"“{code[:12]}” is no currency known here; write its code, such as EUR.",
                details={"field": field},
            )
    if base == quote:
        raise RateRefused("A rate is between two currencies.", details={"field": "quote"})
    if not rate.is_finite() or not SMALLEST_RATE <= rate <= LARGEST_RATE:
        raise RateRefused("A rate is a number above zero.", details={"field": "rate"})
    if day > now.date():
        raise RateRefused("The day has not come yet.", details={"field": "day"})
    if day < FIRST_DAY:
        raise RateRefused(
            f"Rates are kept from {FIRST_DAY.year} on; the day says {day.year}.",
            details={"field": "day"},
        )
    if not source or len(source) > 200 or "\x00" in source:
        raise RateRefused(
            "Say in up to 200 characters where the rate is from.", details={"field": "source"}
        )
    given = CurrencyRate.objects.create(
        base=base, quote=quote, rate=rate, day=day, source=source, given_by=actor, given_at=now
    )
    audit.record(
        actor=actor,
        verb="price.rate_given",
        subject=given,
        data={"base": base, "quote": quote, "rate": str(rate), "day": day.isoformat()},
    )
    return given


def list_rates() -> QuerySet[CurrencyRate]:
    """All rates, the newest day first. One query."""
    return CurrencyRate.objects.select_related("given_by").order_by("-day", "base", "quote", "-pk")


def is_currency(code: str) -> bool:
    return bool(_CODE.match(code)) and code in KNOWN
