"""A creator's own asking prices, by account and kind of work, each with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import SocialAccount, User
from accounts.models.facts import Provenance
from accounts.money import exponent, to_minor
from scoring.models import MarketPrice
from scoring.models.prices import LARGEST_MAJOR
from scoring.pricing.currencies import is_currency
from scoring.pricing.errors import PriceRefused
from scoring.pricing.knowing import know_accounts, market_facts
from scoring.pricing.market_rows import creator_key
from scoring.pricing.suggesting import list_deliverables


@dataclass(frozen=True)
class Ask:
    """What is asked for one deliverable, in major units; None takes the price back."""

    deliverable: str
    price: Decimal | None
    currency: str


def get_card(account: SocialAccount) -> dict[str, MarketPrice]:
    """Deliverable → the price asked now. One query; what was taken back is left out."""
    return get_cards([account]).get(account.pk, {})


def get_cards(accounts: Sequence[SocialAccount]) -> dict[int, dict[str, MarketPrice]]:
    """Account → its card as `get_card` gives it. One query."""
    newest = (
        _asked_by(accounts)
        .order_by("account_id", "deliverable", "-priced_on", "-pk")
        .distinct("account_id", "deliverable")
    )
    cards: dict[int, dict[str, MarketPrice]] = {}
    for price in newest:
        if price.price_minor is not None and price.account_id is not None:
            cards.setdefault(price.account_id, {})[price.deliverable] = price
    return cards


def list_history(account: SocialAccount, *, limit: int = 200) -> Sequence[MarketPrice]:
    """Every price the creator gave, the newest first, those taken back too. One query."""
    return list(_asked_by([account]).order_by("-priced_on", "-pk")[:limit])


@transaction.atomic
def write_card(
    *,
    account: SocialAccount,
    asks: Sequence[Ask],
    actor: User,
    now: datetime,
    is_whole: bool = False,
) -> dict[str, MarketPrice]:
    """Write what changed, dated today; all of it or nothing. The card as it is then.

    :param is_whole: whether ``asks`` is the whole card: prices it does not name are taken back.
    :raises PriceRefused: an unknown deliverable or currency, a price of zero or less or from a
        thousand million on, or the same deliverable twice; the field is the deliverable.
    """
    offered = list_deliverables(account)
    seen: set[str] = set()
    for ask in asks:
        check_ask(ask, offered=offered)
        if ask.deliverable in seen:
            raise PriceRefused("It is named twice.", field=ask.deliverable)
        seen.add(ask.deliverable)
    _lock(account)
    before = get_card(account)
    wanted = {ask.deliverable: ask for ask in asks}
    if is_whole:
        for name in before.keys() - seen:
            wanted[name] = Ask(name, None, before[name].currency)
    changed = [ask for ask in wanted.values() if _is_new(ask, before)]
    if changed:
        [known] = know_accounts([account], as_of=now)
        facts = {k: v for k, v in market_facts(known).items() if v not in (None, "")}
        followers = facts.pop("followers", None)
        MarketPrice.objects.bulk_create(
            MarketPrice(
                account=account,
                creator_key=creator_key(account.creator_id),
                platform=account.platform,
                deliverable=ask.deliverable,
                kind=MarketPrice.Kind.ASKED,
                price_minor=None if ask.price is None else to_minor(ask.price, ask.currency),
                currency=ask.currency,
                priced_on=now.date(),
                followers=round(followers) if followers else None,
                facts=facts,
                provenance=Provenance.CREATOR,
                is_simulated=account.creator.is_simulated,
                recorded_by=actor,
                recorded_at=now,
            )
            for ask in changed
        )
        audit.record(
            actor=actor,
            verb="price.card_changed",
            subject=account,
            data={ask.deliverable: _said(ask) for ask in changed},
        )
    return get_card(account)


def check_ask(ask: Ask, *, offered: Sequence[str]) -> None:
    """:raises PriceRefused: as `write_card`."""
    field = ask.deliverable
    if ask.deliverable not in offered:
        raise PriceRefused(
            f"“{ask.deliverable[:40]}” is not priced on this platform. Use one of: "
            f"{', '.join(offered)}.",
            field=field,
        )
    if not is_currency(ask.currency):
        raise PriceRefused(
            f"“{ask.currency[:12]}” is no currency known here; write its code, such as EUR.",
            field=field,
        )
    if ask.price is None:
        return
    if not ask.price.is_finite() or ask.price <= 0:
        raise PriceRefused(
            "A price is above zero. Leave the field empty to take a price back.", field=field
        )
    if ask.price >= LARGEST_MAJOR:
        raise PriceRefused("A price is below a thousand million.", field=field)
    if to_minor(ask.price, ask.currency) < 1 or _too_fine(ask.price, ask.currency):
        raise PriceRefused(
            f"{ask.currency} has {exponent(ask.currency)} decimal places.", field=field
        )


def _too_fine(price: Decimal, currency: str) -> bool:
    return price != price.quantize(Decimal(1).scaleb(-exponent(currency)))


def _is_new(ask: Ask, before: Mapping[str, MarketPrice]) -> bool:
    old = before.get(ask.deliverable)
    if ask.price is None:
        return old is not None
    minor = to_minor(ask.price, ask.currency)
    return old is None or (old.price_minor, old.currency) != (minor, ask.currency)


def _asked_by(accounts: Sequence[SocialAccount]) -> QuerySet[MarketPrice]:
    """What the creator asks; a simulated creator's asks are simulated as well."""
    return MarketPrice.objects.filter(
        account__in=accounts,
        provenance__in=[Provenance.CREATOR, Provenance.SIMULATED],
        kind=MarketPrice.Kind.ASKED,
    )


def _said(ask: Ask) -> str | None:
    return None if ask.price is None else f"{ask.price} {ask.currency}"


def _lock(account: SocialAccount) -> None:
    """Two who save at once would both find the card as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rate-card:{account.pk}"]
        )
