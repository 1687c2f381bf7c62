"""Taking a made-up collaboration through time, by the services people use."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Creator, User
from campaigns import contracts, delivering, offers
from campaigns.briefs import get_latest_brief
from campaigns.messaging import send_message
from campaigns.models import Campaign, Collaboration, Contract, Deliverable
from campaigns.offer_drafts import draft_terms_of
from campaigns.offer_terms import OfferTerms
from campaigns.reviews import write_review
from campaigns.starting import apply_to_campaign, invite_creator
from campaigns.states import Side


@dataclass
class Walk:
    """One collaboration, the two people who act, and the time they act at.

    Every step takes place at ``at`` and moves it on by some hours.
    """

    campaign: Campaign
    creator: Creator
    brand_user: User
    creator_user: User
    at: dt.datetime
    collaboration: Collaboration = field(init=False)

    def later(self, *, days: float = 0, hours: float = 0) -> "Walk":
        self.at += dt.timedelta(days=days, hours=hours)
        return self

    def invite(self, message: str) -> "Walk":
        self.collaboration = invite_creator(
            campaign=self.campaign, creator=self.creator, actor=self.brand_user, now=self.at,
            message=message,
        )  # fmt: skip
        return self.later(hours=20)

    def apply(self, message: str) -> "Walk":
        self.collaboration = apply_to_campaign(
            campaign=self.campaign, creator=self.creator, actor=self.creator_user, now=self.at,
            message=message,
        )  # fmt: skip
        return self.later(hours=30)

    def draft_terms(self) -> OfferTerms:
        """What the brief suggests, as seen on this day."""
        return draft_terms_of(get_latest_brief(self.campaign), today=self.at.date())

    def offer(self, side: Side, terms: OfferTerms, message: str = "") -> "Walk":
        offers.make_offer(
            collaboration=self.collaboration, terms=terms, message=message, **self._by(side)
        )
        return self.later(hours=9)

    def accept(self, side: Side) -> "Walk":
        offers.accept_offer(
            collaboration=self.collaboration,
            terms_hash=offers.get_latest_offer(self.collaboration).terms_hash,
            **self._by(side),
        )
        return self.later(hours=3)

    def sign(self, *sides: Side) -> "Walk":
        text_hash = Contract.objects.get(collaboration=self.collaboration).text_hash
        for side in sides:
            contracts.sign(
                collaboration=self.collaboration, typed_name=self._user(side).name,
                text_hash=text_hash, **self._by(side),
            )  # fmt: skip
            self.later(hours=2)
        return self

    def fund(self) -> "Walk":
        contracts.fund(collaboration=self.collaboration, actor=self.brand_user, now=self.at)
        return self.later(days=1)

    def show_draft(self, position: int, text: str) -> "Walk":
        delivering.submit_draft(
            deliverable=self._piece(position), text=text, link="", actor=self.creator_user,
            now=self.at,
        )  # fmt: skip
        return self.later(hours=16)

    def ask_for_changes(self, position: int, reason: str, items: list[str]) -> "Walk":
        delivering.request_revision(
            deliverable=self._piece(position), reason=reason, brief_items=items,
            actor=self.brand_user, now=self.at,
        )  # fmt: skip
        return self.later(days=1)

    def approve(self, position: int) -> "Walk":
        delivering.approve(deliverable=self._piece(position), **self._by(Side.BRAND))
        return self.later(days=1)

    def publish(self, position: int, caption: str) -> "Walk":
        piece = self._piece(position)
        delivering.publish(
            deliverable=piece,
            # No platform has this host: nobody real is shown as having published it.
            url=f"https://{piece.platform}.example.com/{self.collaboration.pk}/{position}",
            caption=caption, actor=self.creator_user, now=self.at,
        )  # fmt: skip
        return self.later(hours=26)

    def verify(self, position: int) -> "Walk":
        delivering.verify(deliverable=self._piece(position), **self._by(Side.BRAND))
        return self.later(hours=5)

    def write(self, side: Side, text: str) -> "Walk":
        send_message(
            collaboration=self.collaboration, text=text,
            client_key=f"demo-{self.at:%Y%m%d%H%M}-{side}", **self._by(side),
        )  # fmt: skip
        return self.later(hours=1)

    def review(self, side: Side, rating: int, text: str) -> "Walk":
        write_review(collaboration=self.collaboration, rating=rating, text=text, **self._by(side))
        return self.later(hours=12)

    def agree(self, terms: OfferTerms | None = None) -> "Walk":
        """Offer, acceptance and both signatures, as most collaborations go."""
        self.offer(Side.BRAND, terms or self.draft_terms()).accept(Side.CREATOR)
        return self.sign(Side.BRAND, Side.CREATOR)

    def deliver(self, text: str = "A first cut, with the disclosure at the start.") -> "Walk":
        """Every piece from draft to settled."""
        disclosure = self.collaboration.contract.offer.terms["disclosure"]
        for piece in Deliverable.objects.filter(collaboration=self.collaboration):
            at = piece.position
            self.show_draft(at, text).approve(at).publish(at, f"Tried and told. {disclosure}")
            self.verify(at)
        return self

    def _piece(self, position: int) -> Deliverable:
        return Deliverable.objects.select_related("collaboration").get(
            collaboration=self.collaboration, position=position
        )

    def _user(self, side: Side) -> User:
        return self.brand_user if side is Side.BRAND else self.creator_user

    def _by(self, side: Side) -> dict[str, Any]:
        return {"side": side, "actor": self._user(side), "now": self.at}
