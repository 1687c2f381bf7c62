"""Collaborations at each stage of their life, and what is sent to move them on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from campaigns import cancelling, contracts, delivering
from campaigns.models import Collaboration
from campaigns.offers import make_offer
from campaigns.starting import apply_to_campaign, invite_creator
from campaigns.states import Side
from tests.campaigns.conftest import NOW, open_campaign, terms
from tests.campaigns.test_contracts_and_work import agree, deposit, draft, piece, publish, sign
from tests.cast import Cast

TERMS = {
    "currency": "EUR",
    "deliverables": [
        {
            "kind": "video", "platform": "instagram", "description": "A short video",
            "price_minor": 40_000, "draft_due_on": "2026-03-20", "publish_by": "2026-03-30",
        }
    ],
}  # fmt: skip


def invited(cast: Cast) -> Collaboration:
    return invite_creator(
        campaign=open_campaign(cast), creator=cast.creator, actor=cast.brand_owner, now=NOW
    )


def applied(cast: Cast) -> Collaboration:
    return apply_to_campaign(
        campaign=open_campaign(cast), creator=cast.creator, actor=cast.creator_user, now=NOW
    )


def offered(cast: Cast) -> Collaboration:
    """By the brand, so it is the creator's turn."""
    collaboration = invited(cast)
    make_offer(
        collaboration=collaboration, terms=terms(), side=Side.BRAND, actor=cast.brand_owner, now=NOW
    )
    return collaboration


def agreed(cast: Cast) -> Collaboration:
    return agree(cast)


def signed(cast: Cast) -> Collaboration:
    collaboration = agree(cast)
    for side in (Side.CREATOR, Side.BRAND):
        sign(cast, collaboration, side)
    deposit(cast, 200_000)
    return collaboration


def active(cast: Cast) -> Collaboration:
    return contracts.fund(collaboration=signed(cast), actor=cast.brand_owner, now=NOW)


def drafted(cast: Cast) -> Collaboration:
    collaboration = active(cast)
    draft(cast, piece(collaboration))
    return collaboration


def approved(cast: Cast) -> Collaboration:
    collaboration = drafted(cast)
    delivering.approve(
        deliverable=piece(collaboration), side=Side.BRAND, actor=cast.brand_owner, now=NOW
    )
    return collaboration


def published(cast: Cast) -> Collaboration:
    collaboration = approved(cast)
    publish(cast, piece(collaboration))
    return collaboration


def ending(cast: Cast) -> Collaboration:
    """The creator has asked to cancel."""
    return cancelling.ask_to_cancel(
        collaboration=active(cast), side=Side.CREATOR, actor=cast.creator_user, now=NOW,
        reason="I moved.",
    )  # fmt: skip


Body = Callable[[Collaboration], dict[str, Any]]
WHY: Body = lambda _: {"reason": "It does not fit."}  # noqa: E731
NOTHING: Body = lambda _: {}  # noqa: E731


@dataclass(frozen=True)
class Act:
    """A POST that works: who sends what, where, at which stage, and the state it leads to."""

    move: str
    stage: Callable[[Cast], Collaboration]
    side: Side
    end: str
    body: Body
    leads_to: str
    of_piece: bool = False

    def __str__(self) -> str:
        return f"{self.move} by {self.side}, {self.stage.__name__}"

    def address(self, collaboration: Collaboration) -> str:
        if self.of_piece:
            return f"deliverables/{piece(collaboration).pk}/{self.end}"
        return f"collaborations/{collaboration.pk}/{self.end}"

    def user(self, cast: Cast) -> User:
        return cast.brand_owner if self.side is Side.BRAND else cast.creator_user

    def others(self, cast: Cast) -> User:
        return cast.creator_user if self.side is Side.BRAND else cast.brand_owner


_OFFER: Body = lambda _: {"terms": TERMS, "message": "What do you think?"}  # noqa: E731
_B, _C = Side.BRAND, Side.CREATOR
ACTS = (
    Act("offer", invited, _C, "offers/", _OFFER, "negotiating"),
    Act("offer", applied, _B, "offers/", _OFFER, "negotiating"),
    Act("counter", offered, _C, "offers/", _OFFER, "negotiating"),
    Act(
        "accept", offered, _C, "accept/",
        lambda one: {"terms_hash": one.offers.get().terms_hash}, "agreed",
    ),
    Act("decline", invited, _C, "decline/", WHY, "declined"),
    Act("decline", offered, _C, "decline/", WHY, "declined"),
    Act("reject", applied, _B, "decline/", WHY, "rejected"),
    Act("withdraw", invited, _B, "withdraw/", WHY, "withdrawn"),
    Act("withdraw", applied, _C, "withdraw/", WHY, "withdrawn"),
    Act(
        "sign", agreed, _C, "sign/",
        lambda one: {"typed_name": "Carla Creator", "text_hash": one.contract.text_hash}, "agreed",
    ),
    Act("fund", signed, _B, "fund/", NOTHING, "active"),
    Act("ask_to_cancel", active, _B, "cancel/", WHY, "cancel_requested"),
    Act("ask_to_cancel", active, _C, "cancel/", WHY, "cancel_requested"),
    Act("agree_to_cancel", ending, _B, "cancel/agree/", NOTHING, "cancelled"),
    Act("refuse_to_cancel", ending, _B, "cancel/refuse/", WHY, "active"),
    Act(
        "submit_draft", active, _C, "drafts/", lambda _: {"text": "First cut"}, "draft_submitted",
        of_piece=True,
    ),
    Act("waive", active, _C, "waive/", WHY, "waived", of_piece=True),
    Act(
        "request_revision", drafted, _B, "revisions/",
        lambda _: {"reason": "Too dark.", "brief_items": ["A short video"]}, "revision_requested",
        of_piece=True,
    ),
    Act("approve", drafted, _B, "approve/", NOTHING, "approved", of_piece=True),
    Act(
        "publish", approved, _C, "publish/",
        lambda _: {"url": "https://example.org/v/1", "caption": "My routine #ad"}, "published",
        of_piece=True,
    ),
    Act("verify", published, _B, "verify/", NOTHING, "settled", of_piece=True),
)  # fmt: skip
