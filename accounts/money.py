"""Money between the minor units that are stored and the figures people write."""

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217: currencies whose smallest unit is not a hundredth.
_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3}
_SIGNS = {"EUR": "€", "USD": "US$", "GBP": "£", "CNY": "CN¥", "JPY": "JP¥", "INR": "₹"}

# The currencies a brief can be budgeted in, the widest used first.
CURRENCIES = ("EUR", "USD", "GBP", "CNY", "INR", "BRL", "CAD", "AUD", "CHF")


def exponent(currency: str) -> int:
    """Decimal places of a currency: 2 for EUR, 0 for JPY."""
    return _EXPONENTS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """12.50 EUR → 1250; a fraction of a minor unit is rounded half up."""
    scaled = amount.scaleb(exponent(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_major(minor: int | float, currency: str) -> Decimal:
    """1250 EUR → 12.50."""
    places = exponent(currency)
    return Decimal(round(minor)).scaleb(-places)


def readable(minor: int | float, currency: str) -> str:
    """``€1,250`` or ``€12.50``: estimates and budgets, as people write them. From a thousand on
    hundredths are rounded away; what is owed to somebody is written by `exact`."""
    amount = to_major(minor, currency)
    whole = amount == amount.to_integral_value() or abs(amount) >= 1000
    places = 0 if whole else exponent(currency)
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"{sign}{amount:,.{places}f}"


def estimate(minor: float, currency: str) -> str:
    """``€328``, ``€37.01``: a modelled amount. From a hundred on hundredths say nothing."""
    unit = 10 ** exponent(currency)
    return readable(round(minor / unit) * unit if abs(minor) >= 100 * unit else minor, currency)


def exact(minor: int, currency: str) -> str:
    """``€1,250.00``, to the last minor unit: for contracts, balances and whatever is owed."""
    sign = _SIGNS.get(currency, f"{currency} ")
    amount = to_major(minor, currency)
    return f"{'−' if amount < 0 else ''}{sign}{abs(amount):,.{exponent(currency)}f}"
