"""Negotiating: offers and counter-offers, the blind band, and acceptance of exact terms."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from accounts.errors import Conflict, DomainError
from accounts.models import User
from accounts.money import CURRENCIES, exact
from campaigns.briefs import get_latest_brief
from campaigns.contracts import draw_up
from campaigns.hiring import ensure_hireable
from campaigns.models import BlindLimit, Brief, Campaign, Collaboration, Offer
from campaigns.moving import OTHER_SIDE, check_move, lock, move, record
from campaigns.offer_terms import LARGEST_PRICE_MINOR, OfferTerms
from campaigns.starting import MESSAGE_CHARACTERS
from campaigns.states import BEFORE_AGREEMENT, FREES_BUDGET, TRANSITIONS, Acting, Side, State
from campaigns.wording import checked_text

MAX_ROUNDS = 6
HOLDS_A_PLACE = tuple(
    state for state in State if state not in BEFORE_AGREEMENT and state not in FREES_BUDGET
)


class TooManyRounds(Conflict):
    code = "too_many_rounds"
    message = (
        f"{MAX_ROUNDS} offers were exchanged. Accept the last one, decline it, or enter a "
        "private limit: if the limits overlap, one more offer can be made."
    )


class OverBudget(Conflict):
    code = "over_budget"


class NoPlaceLeft(Conflict):
    """As many creators as the campaign wants have agreed."""

    code = "no_place_left"


class WrongCurrency(DomainError):
    code = "wrong_currency"


class TermsChanged(Conflict):
    """What was accepted is not what is on the table."""

    code = "terms_changed"


class NoOffer(Conflict):
    code = "no_offer"
    message = "There is no offer yet."


class LimitEntered(Conflict):
    code = "limit_entered"
    message = "You have entered your private limit; it cannot be changed."


@transaction.atomic
def make_offer(
    *,
    collaboration: Collaboration,
    terms: OfferTerms,
    side: Side,
    actor: User,
    now: datetime,
    message: str = "",
) -> Offer:
    """Offer terms, or counter the other side's; the other side then has 72 hours.

    :raises TermsRejected, TextUnusable: if the terms, or the message, cannot be offered.
    What a brand offers is taken of the campaign's budget from now on. What a creator asks is
    not, nor is it compared with the budget: that would tell what the brand has left, and let
    others run out of it. The brand's acceptance takes it.

    :raises WrongCurrency, OverBudget: against the campaign's brief.
    :raises TooManyRounds: after six offers, or seven where private limits overlap.
    Raises as `moving.move` otherwise.
    """
    terms.checked(today=now.date())
    message = _checked_message(message)
    locked = lock(collaboration)
    name = "counter" if locked.state == State.NEGOTIATING else "offer"
    check_move(locked, TRANSITIONS[name], side=side, now=now)
    ensure_hireable(locked.creator)
    last = locked.offers.order_by("-version").first()
    version = 1 if last is None else last.version + 1
    if version > get_band(locked).rounds:
        raise TooManyRounds
    earmark = _earmark(locked, terms.total_minor, terms.currency, side=side)
    previous = "" if last is None else last.terms_hash
    offer = Offer.objects.create(
        collaboration=locked,
        version=version,
        side=side,
        terms=terms.to_json(),
        terms_hash=terms.hash_after(previous),
        previous_hash=previous,
        total_minor=terms.total_minor,
        currency=terms.currency,
        message=message,
        actor=actor,
        created_at=now,
    )
    move(
        locked,
        name,
        side=side,
        actor=actor,
        now=now,
        acting_side=OTHER_SIDE[side],
        earmark=earmark,
        data={
            "version": version,
            "terms_hash": offer.terms_hash,
            "total_minor": offer.total_minor,
            "brief_version": get_latest_brief(locked.campaign).version,
        },
    )
    return offer


@transaction.atomic
def accept_offer(
    *, collaboration: Collaboration, terms_hash: str, side: Side, actor: User, now: datetime
) -> Collaboration:
    """Agree to the offer with exactly this hash; the contract is drawn up for both to sign.

    :raises NoOffer: before any offer.
    :raises TermsChanged: if another offer is on the table by now.
    :raises NoPlaceLeft: if as many creators as the campaign wants have agreed.
    :raises OverBudget: if the brand accepts more than its budget has left.
    """
    locked = lock(collaboration)
    check_move(locked, TRANSITIONS["accept"], side=side, now=now)
    ensure_hireable(locked.creator)
    offer = get_latest_offer(locked)
    if offer.terms_hash != terms_hash:
        raise TermsChanged(
            f"These are not the terms on the table: offer {offer.version} is. Read it again.",
            details={"version": offer.version, "terms_hash": offer.terms_hash},
        )
    check_places(locked)
    agreed = move(
        locked,
        "accept",
        side=side,
        actor=actor,
        now=now,
        acting_side=Acting.BOTH,
        earmark=_earmark(locked, offer.total_minor, offer.currency, side=side),
        data={"version": offer.version, "terms_hash": offer.terms_hash},
    )
    draw_up(collaboration=agreed, offer=offer, now=now)
    return agreed


@dataclass(frozen=True)
class Band:
    """What both sides may know of the blind band: neither limit.

    ``overlaps`` is None until both have entered; ``suggested_minor`` is a round amount near the
    middle of the overlap (`round_amount_between`).
    """

    entered: tuple[Side, ...]
    overlaps: bool | None
    suggested_minor: int | None
    currency: str

    @property
    def rounds(self) -> int:
        """How many offers can be made in all: one more where the limits overlap."""
        return MAX_ROUNDS + bool(self.overlaps)


@transaction.atomic
def enter_limit(
    *,
    collaboration: Collaboration,
    limit_minor: int,
    currency: str,
    side: Side,
    actor: User,
    now: datetime,
) -> Band:
    """Enter a private limit: the most a brand pays, the least a creator takes. Once.

    :raises LimitEntered: if this side has.
    :raises WrongCurrency, OverBudget: as for an offer.
    :raises NotInThisState: unless an offer is being negotiated.
    """
    if currency not in CURRENCIES or not 1 <= limit_minor <= LARGEST_PRICE_MINOR:
        raise WrongCurrency(f"Enter an amount above zero in one of {', '.join(CURRENCIES)}.")
    locked = lock(collaboration)
    _check_negotiating(locked, side=side, now=now)
    offer = get_latest_offer(locked)
    if currency != offer.currency:
        raise WrongCurrency(f"The offers are in {offer.currency}; enter the limit in it.")
    if side is Side.BRAND:
        check_budget(locked, limit_minor, currency)
    if locked.blind_limits.filter(side=side).exists():
        raise LimitEntered
    BlindLimit.objects.create(
        collaboration=locked, side=side, limit_minor=limit_minor, currency=currency, created_at=now
    )
    band = get_band(locked)
    # The timeline tells that a limit was entered and whether they meet, never how much it is.
    record(
        locked,
        "enter_limit",
        side=side,
        actor=actor,
        now=now,
        before=State(locked.state),
        data={"overlaps": band.overlaps, "suggested_minor": band.suggested_minor},
    )
    return band


def get_band(collaboration: Collaboration) -> Band:
    """One query."""
    limits = {limit.side: limit for limit in collaboration.blind_limits.all()}
    entered = tuple(Side(side) for side in sorted(limits))
    if len(limits) < 2:
        currency = next((limit.currency for limit in limits.values()), "")
        return Band(entered, None, None, currency)
    most, least = limits[Side.BRAND], limits[Side.CREATOR]
    if most.limit_minor < least.limit_minor:
        return Band(entered, False, None, most.currency)
    suggested = round_amount_between(least.limit_minor, most.limit_minor)
    return Band(entered, True, suggested, most.currency)


def round_amount_between(least: int, most: int) -> int:
    """The roundest amount (1, 2 or 5 and noughts) in the middle half of what is between.

    The exact middle would tell each side the other's limit; this tells only about where it is.
    """
    quarter = (most - least) // 4
    low, high = least + quarter, most - quarter
    step = 10 ** len(str(high))
    while step > 1:
        for part in (step, step // 2, step // 5):
            nearest = ((low + high) // 2 + part // 2) // part * part
            if low <= nearest <= high:
                return nearest
        step //= 10
    return (low + high) // 2


def get_latest_offer(collaboration: Collaboration) -> Offer:
    """:raises NoOffer: if none was made."""
    offer = collaboration.offers.order_by("-version").first()
    if offer is None:
        raise NoOffer
    return offer


def _checked_message(message: str) -> str:
    """:raises TextUnusable: if it is too long or cannot be stored; it may be empty."""
    if not message.strip():
        return ""
    return checked_text(message, longest=MESSAGE_CHARACTERS, field="message")


def _earmark(
    collaboration: Collaboration, amount_minor: int, currency: str, *, side: Side
) -> tuple[int, str] | None:
    """What the brand's word takes of the budget; a creator's changes nothing (None)."""
    if side is Side.BRAND:
        check_budget(collaboration, amount_minor, currency)
        return amount_minor, currency
    check_currency(get_latest_brief(collaboration.campaign), currency)
    return None


def check_currency(brief: Brief, currency: str) -> None:
    """:raises WrongCurrency: if the budget is in another one."""
    if brief.total_budget_minor is not None and currency != brief.budget_currency:
        raise WrongCurrency(f"The campaign's budget is in {brief.budget_currency}; offers are too.")


def check_budget(collaboration: Collaboration, amount_minor: int, currency: str) -> None:
    """Lock the campaign and see that its budget covers this beside all other earmarks.

    :raises WrongCurrency: if the budget is in another currency.
    :raises OverBudget: with what is left.
    """
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=collaboration.campaign_id)
    brief = get_latest_brief(campaign)
    check_currency(brief, currency)
    if brief.total_budget_minor is None:
        return
    others = campaign.collaborations.exclude(pk=collaboration.pk)
    taken = others.aggregate(total=Sum("earmark_minor"))["total"] or 0
    left = brief.total_budget_minor - taken
    if amount_minor > left:
        raise OverBudget(
            f"{exact(amount_minor, currency)} exceed what is left of the campaign's budget: "
            f"{exact(max(left, 0), currency)}.",
            details={"left_minor": max(left, 0), "asked_minor": amount_minor, "currency": currency},
        )


def check_places(collaboration: Collaboration) -> None:
    """Lock the campaign and see that it wants one more creator beside those who agreed.

    Whoever agreed keeps the place to the end of the work; it is free again if that falls through.

    :raises NoPlaceLeft: if all places are taken.
    """
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=collaboration.campaign_id)
    places = get_latest_brief(campaign).places
    if places is None:
        return
    others = campaign.collaborations.exclude(pk=collaboration.pk)
    taken = others.filter(state__in=HOLDS_A_PLACE).count()
    if taken >= places:
        raise NoPlaceLeft(
            f"The campaign wants {places} creator{'s' if places != 1 else ''}, and "
            f"{taken} agreed already.",
            details={"places": places, "taken": taken},
        )


def _check_negotiating(collaboration: Collaboration, *, side: Side, now: datetime) -> None:
    """Either side may enter a limit, whoever's turn it is, until the offer expires."""
    negotiating = TRANSITIONS["counter"]
    acting = Side(collaboration.acting_side) if collaboration.acting_side in OTHER_SIDE else side
    check_move(collaboration, negotiating, side=acting, now=now)
