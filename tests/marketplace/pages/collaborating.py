"""A collaboration brought to where a page is tried, by the services that bring it there in life."""

from collections.abc import Callable
from datetime import datetime, timedelta

from campaigns import cancelling, contracts, delivering
from campaigns.ledger import Leg, account_of, post_operation
from campaigns.models import Collaboration, Contract, Deliverable, LedgerAccount, Offer
from campaigns.offer_terms import DeliverableTerms, OfferTerms
from campaigns.offers import accept_offer, make_offer
from campaigns.starting import invite_creator
from campaigns.states import Side
from tests.campaigns.conftest import open_campaign
from tests.cast import Cast

STAGES = (
    "invited", "offered", "agreed", "signed", "active", "drafted", "approved", "published",
    "completed",
)  # fmt: skip
PRICES = (50_000,)


def terms_of(now: datetime, *prices: int, **fields: object) -> OfferTerms:
    """A video per price, in euro cents, due in two weeks and published in four."""
    deliverables = [
        DeliverableTerms(
            kind="video",
            platform="instagram",
            description="A short video about the sunscreen\nNo music",
            price_minor=price,
            draft_due_on=now.date() + timedelta(days=14),
            publish_by=now.date() + timedelta(days=28),
        )
        for price in prices or PRICES
    ]
    return OfferTerms(**{"currency": "EUR", "deliverables": deliverables, **fields})  # type: ignore[arg-type]


def reach(cast: Cast, stage: str, *prices: int, now: datetime) -> Collaboration:
    """Invited by the brand, which made the offer; with enough in its wallet to pay for it."""
    last = STAGES.index(stage)
    one = invite_creator(
        campaign=open_campaign(cast), creator=cast.creator, actor=cast.brand_owner, now=now,
        message="We like your routines.",
    )  # fmt: skip
    steps: tuple[Callable[[], object], ...] = (
        lambda: offer(cast, one, *prices, now=now),
        lambda: accept_offer(
            collaboration=one, terms_hash=Offer.objects.get(collaboration=one).terms_hash,
            side=Side.CREATOR, actor=cast.creator_user, now=now,
        ),
        lambda: _sign_and_deposit(cast, one, now),
        lambda: contracts.fund(collaboration=one, actor=cast.brand_owner, now=now),
        *(
            lambda step=step: [step(cast, piece, now) for piece in pieces(one)]
            for step in (_draft, _approve, _publish, _verify)
        ),
    )  # fmt: skip
    for step in steps[:last]:
        step()
    return Collaboration.objects.select_related("campaign__brand", "creator").get(pk=one.pk)


def offer(cast: Cast, one: Collaboration, *prices: int, now: datetime, side: Side = Side.BRAND,
          **fields: object) -> Offer:  # fmt: skip
    return make_offer(
        collaboration=one, terms=terms_of(now, *prices, **fields), side=side, now=now,
        actor=cast.brand_owner if side is Side.BRAND else cast.creator_user,
    )  # fmt: skip


def ask_to_cancel(cast: Cast, one: Collaboration, *, now: datetime) -> None:
    cancelling.ask_to_cancel(
        collaboration=one, side=Side.BRAND, actor=cast.brand_owner, now=now,
        reason="The product is late.",
    )  # fmt: skip


def deposit(cast: Cast, amount_minor: int, *, now: datetime) -> None:
    wallet = account_of(LedgerAccount.Kind.BRAND_WALLET, "EUR", brand=cast.brand)
    outside = account_of(LedgerAccount.Kind.EXTERNAL, "EUR")
    post_operation(
        operation_id=f"deposit:{amount_minor}", kind="deposit", actor=None, now=now,
        legs=[Leg(outside, -amount_minor), Leg(wallet, amount_minor)],
    )  # fmt: skip


def sign(cast: Cast, one: Collaboration, side: Side, *, now: datetime) -> None:
    contracts.sign(
        collaboration=one, typed_name="Ada Example", side=side, now=now,
        text_hash=Contract.objects.get(collaboration=one).text_hash,
        actor=cast.brand_owner if side is Side.BRAND else cast.creator_user,
    )  # fmt: skip


def pieces(one: Collaboration) -> list[Deliverable]:
    return list(one.deliverables.order_by("position"))


def _sign_and_deposit(cast: Cast, one: Collaboration, now: datetime) -> None:
    for side in (Side.BRAND, Side.CREATOR):
        sign(cast, one, side, now=now)
    deposit(cast, 200_000, now=now)


def _draft(cast: Cast, piece: Deliverable, now: datetime) -> None:
    delivering.submit_draft(
        deliverable=piece, text="First cut", link="", actor=cast.creator_user, now=now
    )


def _approve(cast: Cast, piece: Deliverable, now: datetime) -> None:
    delivering.approve(deliverable=piece, side=Side.BRAND, actor=cast.brand_owner, now=now)


def _publish(cast: Cast, piece: Deliverable, now: datetime) -> None:
    delivering.publish(
        deliverable=piece, url="https://example.org/v/1", caption="Routine #ad",
        actor=cast.creator_user, now=now,
    )  # fmt: skip


def _verify(cast: Cast, piece: Deliverable, now: datetime) -> None:
    delivering.verify(deliverable=piece, side=Side.BRAND, actor=cast.brand_owner, now=now)
