"""The whole machine under random people, times and mistakes: the books stay right."""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from accounts.errors import DomainError
from accounts.models import User
from campaigns import (
    cancelling,
    contracts,
    delivering,
    disputes,
    leaving,
    offers,
    reviews,
    starting,
    timers,
)
from campaigns import dispute_decisions as deciding
from campaigns.dispute_states import DISPUTE_LIVE, DecisionKind
from campaigns.ledger import Leg, account_of, check_books, post_operation
from campaigns.models import Collaboration, Contract, Deliverable, Dispute, LedgerAccount
from campaigns.states import ALLOWED, FINAL, Side, State
from scoring.visibility import set_creator_status
from tests.campaigns.conftest import NOW, open_campaign, terms
from tests.campaigns.test_disputes import financier, moderator
from tests.cast import Cast

pytestmark = pytest.mark.django_db

RUNS = int(os.environ.get("FAIRGROUND_MACHINE_RUNS", "20"))
STEPS = int(os.environ.get("FAIRGROUND_MACHINE_STEPS", "40"))
SIDES = st.sampled_from([Side.BRAND, Side.CREATOR])

NEXT_STEP = {
    "pending": "draft",
    "revision_requested": "draft",
    "draft_submitted": "approve",
    "approved": "publish",
    "published": "verify",
}


class Machine(RuleBasedStateMachine):
    cast: Cast

    @initialize(begun=st.sampled_from([0, 5, 8]))
    def start(self, begun: int) -> None:
        self.point = transaction.savepoint()
        self.now: datetime = NOW
        self.campaign = open_campaign(self.cast)
        self.mira, self.fay = moderator(), financier()
        wallet = account_of(LedgerAccount.Kind.BRAND_WALLET, "EUR", brand=self.campaign.brand)
        post_operation(
            operation_id="deposit:machine",
            kind="deposit",
            legs=[
                Leg(account_of(LedgerAccount.Kind.EXTERNAL, "EUR"), -150_000),
                Leg(wallet, 150_000),
            ],
            actor=None,
            now=self.now,
        )
        # Most random walks end in talks; these begin where there is work, and money.
        self.go_on(begun, settles=False)

    def teardown(self) -> None:
        if hasattr(self, "point"):
            self.count()
            transaction.savepoint_rollback(self.point)

    def actor(self, side: Side) -> User:
        return self.cast.brand_owner if side is Side.BRAND else self.cast.creator_user

    def attempt(self, service: Any, **arguments: Any) -> None:
        """Refusals are part of life; anything else is a fault."""
        with suppress(DomainError), transaction.atomic():
            service(**arguments)

    def newest(self) -> Collaboration | None:
        return Collaboration.objects.order_by("-pk").first()

    @rule(which=st.booleans(), invite=st.booleans())
    def begin(self, which: bool, invite: bool) -> None:
        creator = self.cast.creator if which else self.cast.other_creator
        service = starting.invite_creator if invite else starting.apply_to_campaign
        self.attempt(
            service, campaign=self.campaign, creator=creator, now=self.now,
            actor=self.cast.brand_owner if invite else self.cast.creator_user,
        )  # fmt: skip

    @rule(side=SIDES, prices=st.lists(st.integers(1, 90_000), min_size=1, max_size=3))
    def offer(self, side: Side, prices: list[int]) -> None:
        if found := self.newest():
            self.attempt(
                offers.make_offer, collaboration=found, terms=terms(*prices), side=side,
                actor=self.actor(side), now=self.now,
            )  # fmt: skip

    @rule(side=SIDES, latest=st.booleans())
    def accept(self, side: Side, latest: bool) -> None:
        if found := self.newest():
            chain = list(found.offers.order_by("-version"))
            chosen = chain[0 if latest else -1].terms_hash if chain else "nothing"
            self.attempt(
                offers.accept_offer, collaboration=found, terms_hash=chosen, side=side,
                actor=self.actor(side), now=self.now,
            )  # fmt: skip

    @rule(side=SIDES, service=st.sampled_from([leaving.decline, leaving.withdraw]))
    def leave(self, side: Side, service: Any) -> None:
        if found := self.newest():
            self.attempt(
                service, collaboration=found, side=side, actor=self.actor(side), now=self.now,
                reason="because",
            )  # fmt: skip

    @rule(side=SIDES)
    def sign(self, side: Side) -> None:
        found = self.newest()
        contract = Contract.objects.filter(collaboration=found).first()
        if found and contract:
            self.attempt(
                contracts.sign, collaboration=found, typed_name="A. Name", side=side,
                text_hash=contract.text_hash, actor=self.actor(side), now=self.now,
            )  # fmt: skip

    @rule(times=st.integers(1, 6), settles=st.booleans())
    def go_on(self, times: int, settles: bool) -> None:
        """The sensible next step, so that runs get as far as money."""
        for _ in range(times):
            found = self.newest()
            if found is None or found.state in FINAL:
                self.begin(which=True, invite=True)
            elif found.state in (State.INVITED, State.APPLIED):
                self.offer(Side.BRAND, [20_000, 15_000])
            elif found.state == State.NEGOTIATING:
                self.accept(Side(found.acting_side), latest=True)
            elif found.state == State.AGREED:
                self.sign(Side.BRAND)
                self.sign(Side.CREATOR)
            elif found.state == State.SIGNED:
                self.fund(1)
            elif found.state == State.ACTIVE:
                live = found.deliverables.filter(state__in=NEXT_STEP).first()
                if live:
                    self.work(live.position, NEXT_STEP[live.state])
            elif found.state == State.DISPUTED:
                self.decide(50, 0, settles, takes_back=True, sends_back=False, hears=True)
            elif found.state == State.COMPLETED:
                self.review(Side.BRAND, 4)
                self.review(Side.CREATOR, 5)

    @rule(times=st.integers(1, 3))
    def fund(self, times: int) -> None:
        for _ in range(times):
            if found := self.newest():
                self.attempt(
                    contracts.fund, collaboration=found, actor=self.cast.brand_owner, now=self.now
                )

    @rule(
        place=st.integers(1, 3),
        step=st.sampled_from(["draft", "revise", "approve", "publish", "verify", "waive"]),
    )
    def work(self, place: int, step: str) -> None:
        found = Deliverable.objects.filter(collaboration=self.newest(), position=place).first()
        if found is None:
            return
        creator, brand = self.cast.creator_user, self.cast.brand_owner
        services: dict[str, tuple[Any, dict[str, Any]]] = {
            "draft": (delivering.submit_draft, {"text": "cut 1", "link": "", "actor": creator}),
            "revise": (
                delivering.request_revision,
                {"reason": "too long", "brief_items": ["short video"], "actor": brand},
            ),
            "approve": (delivering.approve, {"side": Side.BRAND, "actor": brand}),
            "publish": (
                delivering.publish,
                {"url": "https://example.org/v", "caption": "Look #ad", "actor": creator},
            ),
            "verify": (delivering.verify, {"side": Side.BRAND, "actor": brand}),
            "waive": (delivering.waive, {"reason": "no time", "actor": creator}),
        }
        service, arguments = services[step]
        self.attempt(service, deliverable=found, now=self.now, **arguments)

    @rule(side=SIDES, step=st.sampled_from(["ask", "agree", "refuse"]))
    def cancel(self, side: Side, step: str) -> None:
        found = self.newest()
        if found is None:
            return
        reason = {} if step == "agree" else {"reason": "because"}
        service = getattr(cancelling, f"{step}_to_cancel")
        self.attempt(
            service, collaboration=found, side=side, actor=self.actor(side), now=self.now, **reason
        )

    @rule(side=SIDES, place=st.integers(1, 3), answers=st.booleans())
    def dispute(self, side: Side, place: int, answers: bool) -> None:
        if found := self.newest():
            self.attempt(
                disputes.open_dispute, collaboration=found, category="other", text="No.",
                positions=[place], side=side, actor=self.actor(side), now=self.now,
            )  # fmt: skip
            if answers:
                for each in (Side.CREATOR, Side.BRAND):
                    self.state(each)

    @rule(side=SIDES)
    def state(self, side: Side) -> None:
        if found := self.newest():
            self.attempt(
                disputes.add_statement, collaboration=found, text="See.", side=side,
                actor=self.actor(side), now=self.now,
            )  # fmt: skip

    @rule(side=SIDES)
    def withdraw_dispute(self, side: Side) -> None:
        if found := self.newest():
            self.attempt(
                disputes.withdraw_dispute, collaboration=found, reason="because", side=side,
                actor=self.actor(side), now=self.now,
            )  # fmt: skip

    @rule(
        share=st.integers(0, 100), off=st.sampled_from([0, 0, 0, 1]), settles=st.booleans(),
        takes_back=st.booleans(), sends_back=st.sampled_from([False, False, True]),
        hears=st.booleans(),
    )  # fmt: skip
    def decide(
        self, share: int, off: int, settles: bool, takes_back: bool, sends_back: bool, hears: bool
    ) -> None:
        """A decision of any share, at times one that does not add up."""
        found = Dispute.objects.filter(state__in=DISPUTE_LIVE).first()
        if found is None:
            return
        if hears:
            self.now = max(self.now, found.evidence_until)
        decision = deciding.Decision(DecisionKind.RESUME, "because")
        if settles:
            held = deciding.set_aside_minor(found.collaboration)
            creator = held * share // 100
            fee = creator // 11
            paid = found.collaboration.deliverables.filter(
                state="settled", position__in=found.positions
            )
            decision = deciding.Decision(
                DecisionKind.SETTLE, "because", creator - fee, fee, held - creator + off,
                {one.position: max(one.price_minor * share // 100, 1) for one in paid}
                if takes_back
                else {},
            )  # fmt: skip
        desk: dict[str, Any] = {"dispute": found, "now": self.now}
        self.attempt(deciding.propose_decision, decision=decision, actor=self.mira, **desk)
        if sends_back:
            self.attempt(deciding.send_back_decision, note="no", actor=self.fay, **desk)
        self.attempt(deciding.confirm_decision, actor=self.fay, **desk)

    @rule(side=SIDES, rating=st.integers(0, 6))
    def review(self, side: Side, rating: int) -> None:
        if found := self.newest():
            self.attempt(
                reviews.write_review, collaboration=found, rating=rating, text="Good.", side=side,
                actor=self.actor(side), now=self.now,
            )  # fmt: skip

    @rule(hours=st.sampled_from([1, 1, 24, 24, 73, 24 * 8, 24 * 15]), twice=st.booleans())
    def wait(self, hours: int, twice: bool) -> None:
        self.now += timedelta(hours=hours)
        timers.fire_due(now=self.now)
        if twice:
            again = timers.fire_due(now=self.now)
            assert again.fired == 0
            assert again.failed == 0

    @rule(status=st.sampled_from(["suspended", "active"]))
    def moderate(self, status: str) -> None:
        set_creator_status(
            creator=self.cast.creator, status=status, actor=self.cast.moderator, now=self.now
        )

    def count(self) -> None:
        for state in Collaboration.objects.values_list("state", flat=True):
            event(f"collaboration ended {state}")

    @invariant()
    def books_are_right(self) -> None:
        if not hasattr(self, "point"):
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        assert check_books().is_right
        for collaboration in Collaboration.objects.filter(state__in=FINAL):
            held = collaboration.ledger.filter(kind="hold").values_list("balance_minor", flat=True)
            assert not any(held), collaboration.state

    @invariant()
    def states_follow_the_table(self) -> None:
        if not hasattr(self, "point"):
            return
        for collaboration in Collaboration.objects.all():
            path = [event.to_state for event in collaboration.events.all()]
            assert path[-1] == collaboration.state
            for before, after in pairwise(path):
                assert before == after or (before, after) in ALLOWED
            if collaboration.state == State.ACTIVE:
                assert collaboration.deliverables.exists()
            in_dispute = collaboration.disputes.filter(state__in=DISPUTE_LIVE).count()
            assert in_dispute == (collaboration.state == State.DISPUTED)

    @invariant()
    def reviews_are_double_blind(self) -> None:
        if not hasattr(self, "point"):
            return
        for collaboration in Collaboration.objects.filter(reviews__isnull=False).distinct():
            unseen = collaboration.reviews.filter(published_at=None).count()
            if collaboration.state in (State.COMPLETED, State.DISPUTED):
                assert unseen == collaboration.reviews.count() == 1
            else:
                assert unseen == 0

    @invariant()
    def the_budget_is_kept(self) -> None:
        if hasattr(self, "point"):
            taken = sum(
                Collaboration.objects.filter(campaign=self.campaign).values_list(
                    "earmark_minor", flat=True
                )
            )
            assert taken <= 200_000


def test_the_machine_keeps_its_books(cast: Cast) -> None:
    bound = type("BoundMachine", (Machine,), {"cast": cast})
    run_machine(
        bound,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
