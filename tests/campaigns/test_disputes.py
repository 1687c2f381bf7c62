"""Opening disputes, evidence, decisions of two people, and where the money goes."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import Error, connection, transaction

from accounts.errors import DomainError
from accounts.models import AuditEntry, User
from campaigns import cancelling, delivering, timers
from campaigns import dispute_decisions as deciding
from campaigns.balances import list_earnings
from campaigns.dispute_decisions import Decision, confirm_decision, propose_decision
from campaigns.dispute_states import DecisionKind
from campaigns.disputes import (
    MAX_DISPUTES,
    EvidenceClosed,
    NoDispute,
    NotYourDispute,
    TooLateToDispute,
    TooManyDisputes,
    TooManyStatements,
    UnknownCategory,
    UnknownPieces,
    add_statement,
    open_dispute,
    withdraw_dispute,
)
from campaigns.ledger import check_books
from campaigns.models import Collaboration, DecisionProposal, Dispute, Operation, Payment
from campaigns.moving import NotInThisState, ReasonMissing
from campaigns.payments.payouts import NotOwedThatMuch, request_payout, submit_payout
from campaigns.states import Side
from campaigns.wording import LinkUnusable, TextUnusable
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import balances, draft, piece, publish, start_work
from tests.cast import Cast, hashed_password

LATER = NOW + timedelta(hours=80)


def of_the_desk(name: str, *codenames: str) -> User:
    user = User.objects.create_user(f"{name}@example.org", name=name, is_staff=True)
    user.password = hashed_password()
    user.side = User.Side.STAFF
    user.save()
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="campaigns", codename__in=codenames)
    )
    return User.objects.get(pk=user.pk)


def moderator(name: str = "mira") -> User:
    return of_the_desk(name, "view_dispute", "decide_dispute", "hide_review", "view_review")


def financier(name: str = "fay") -> User:
    return of_the_desk(name, "view_dispute", "decide_dispute", "confirm_dispute")


def dispute_of(
    cast: Cast, collaboration: Collaboration, side: Side = Side.BRAND, **given: Any
) -> Dispute:
    actor = cast.brand_owner if side is Side.BRAND else cast.creator_user
    fields: dict[str, Any] = {
        "category": "not_as_agreed", "text": "The video shows another product.",
        "positions": [1], "now": NOW, **given,
    }  # fmt: skip
    return open_dispute(collaboration=collaboration, side=side, actor=actor, **fields)


def say(cast: Cast, collaboration: Collaboration, side: Side, now: datetime = NOW) -> Any:
    actor = cast.brand_owner if side is Side.BRAND else cast.creator_user
    return add_statement(
        collaboration=collaboration, text="See here.", links=["https://example.org/proof"],
        side=side, actor=actor, now=now,
    )  # fmt: skip


def settle(*parts: int, **clawbacks: int) -> Decision:
    creator, fee, brand = parts or (0, 0, 0)
    back = {int(place.removeprefix("piece_")): amount for place, amount in clawbacks.items()}
    return Decision(DecisionKind.SETTLE, "Half of it was made.", creator, fee, brand, back)


RESUME = Decision(DecisionKind.RESUME, "The draft is what was agreed.")


def decide(dispute: Dispute, decision: Decision, now: datetime = LATER) -> Collaboration:
    propose_decision(dispute=dispute, decision=decision, actor=moderator(), now=now)
    return confirm_decision(dispute=dispute, actor=financier(), now=now)


def complete(cast: Cast, *prices: int, now: datetime = NOW) -> Collaboration:
    collaboration = start_work(cast, *prices)
    for position in range(1, len(prices) + 1):
        one = draft(cast, piece(collaboration, position))
        delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=now)
        publish(cast, one)
        delivering.verify(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=now)
    collaboration.refresh_from_db()
    assert collaboration.state == "completed"
    return collaboration


def ask_payout(cast: Cast, amount: int, key: str) -> Payment:
    return request_payout(
        creator=cast.creator, amount_minor=amount, currency="EUR", provider="fake",
        bank_account="fake:pays", idempotency_key=key, actor=cast.creator_user, now=NOW,
    )  # fmt: skip


@pytest.fixture
def active(cast: Cast) -> Collaboration:
    return start_work(cast, 50_000, 30_000)


@pytest.mark.django_db
class TestOpening:
    @pytest.mark.parametrize("side", [Side.BRAND, Side.CREATOR])
    def test_either_side_stops_everything(
        self, cast: Cast, active: Collaboration, side: Side
    ) -> None:
        before = balances()
        dispute = dispute_of(cast, active, side, positions=[2, 1, 2])
        active.refresh_from_db()
        assert (active.state, active.acting_side) == ("disputed", "moderator")
        assert active.deadline_at == dispute.decide_by == NOW + timedelta(days=14)
        assert dispute.positions == [1, 2]
        assert dispute.evidence_until == NOW + timedelta(hours=72)
        with pytest.raises(NotInThisState):
            draft(cast, piece(active))
        assert balances() == before
        assert AuditEntry.objects.filter(verb="collaboration.dispute").count() == 1
        assert active.events.get(name="dispute").reason == "Not what was agreed"

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"category": "boredom"}, UnknownCategory),
            ({"positions": []}, UnknownPieces),
            ({"positions": [3]}, UnknownPieces),
            ({"positions": [10**30]}, UnknownPieces),
            ({"text": "  "}, TextUnusable),
            ({"text": "x" * 4_001}, TextUnusable),
            ({"text": "\x00"}, TextUnusable),
            ({"text": "\ud800"}, TextUnusable),
            ({"links": ["http://example.org"]}, LinkUnusable),
            ({"links": [f"https://example.org/{n}" for n in range(6)]}, LinkUnusable),
        ],
    )
    def test_unusable_ones_change_nothing(
        self, cast: Cast, active: Collaboration, given: dict[str, Any], error: type[DomainError]
    ) -> None:
        with pytest.raises(error) as refused:
            dispute_of(cast, active, **given)
        assert refused.value.details["field"] in given
        active.refresh_from_db()
        assert active.state == "active"
        assert not Dispute.objects.exists()

    def test_not_twice_and_not_without_end(self, cast: Cast, active: Collaboration) -> None:
        for _ in range(MAX_DISPUTES):
            dispute_of(cast, active)
            with pytest.raises(NotInThisState):
                dispute_of(cast, active, Side.CREATOR)
            withdraw_dispute(
                collaboration=active, reason="Settled.", side=Side.BRAND, actor=cast.brand_owner,
                now=NOW,
            )  # fmt: skip
        with pytest.raises(TooManyDisputes):
            dispute_of(cast, active)

    def test_completed_work_for_seven_days(self, cast: Cast) -> None:
        done = complete(cast, 50_000)
        with pytest.raises(TooLateToDispute):
            dispute_of(cast, done, now=NOW + timedelta(days=7, seconds=1))
        assert dispute_of(cast, done, now=NOW + timedelta(days=7)).from_state == "completed"


@pytest.mark.django_db
class TestStatements:
    def test_the_first_of_the_other_side_is_the_answer(
        self, cast: Cast, active: Collaboration
    ) -> None:
        dispute = dispute_of(cast, active)
        for side in (Side.BRAND, Side.CREATOR, Side.CREATOR):
            say(cast, active, side)
        assert [one.kind for one in dispute.statements.all()] == ["evidence", "answer", "evidence"]
        assert active.events.filter(name="dispute_answer").count() == 1

    def test_refusals(self, cast: Cast, active: Collaboration) -> None:
        with pytest.raises(NoDispute):
            say(cast, active, Side.BRAND)
        dispute_of(cast, active)
        with pytest.raises(EvidenceClosed):
            say(cast, active, Side.BRAND, NOW + timedelta(hours=72))
        for _ in range(20):
            say(cast, active, Side.BRAND)
        with pytest.raises(TooManyStatements):
            say(cast, active, Side.BRAND)

    def test_the_database_keeps_them_as_they_are(self, cast: Cast, active: Collaboration) -> None:
        dispute = dispute_of(cast, active)
        statement = say(cast, active, Side.CREATOR)
        for change in (
            lambda: type(statement).objects.filter(pk=statement.pk).update(text="No."),
            lambda: statement.delete(),
            lambda: Dispute.objects.filter(pk=dispute.pk).update(text="No."),
            lambda: Dispute.objects.filter(pk=dispute.pk).update(state="settled", ended_at=NOW),
            lambda: dispute.delete(),
        ):
            with pytest.raises(Error), transaction.atomic():
                change()


@pytest.mark.django_db
class TestTime:
    def test_a_withdrawn_dispute_gives_the_time_back(
        self, cast: Cast, active: Collaboration
    ) -> None:
        due = draft(cast, piece(active)).deadline_at
        other = piece(active, 2).deadline_at
        assert due is not None
        assert other is not None
        still = timedelta(days=5)
        dispute = dispute_of(cast, active)
        assert timers.fire_due(now=NOW + still).fired == 0
        with pytest.raises(NotYourDispute):
            withdraw_dispute(
                collaboration=active, reason="x", side=Side.CREATOR, actor=cast.creator_user,
                now=NOW + still,
            )  # fmt: skip
        with pytest.raises(ReasonMissing):
            withdraw_dispute(
                collaboration=active, reason=" ", side=Side.BRAND, actor=cast.brand_owner,
                now=NOW + still,
            )  # fmt: skip
        back = withdraw_dispute(
            collaboration=active, reason="We agreed.", side=Side.BRAND, actor=cast.brand_owner,
            now=NOW + still,
        )  # fmt: skip
        assert (back.state, back.deadline_at, back.acting_side) == ("active", None, "")
        assert piece(active).deadline_at == due + still
        assert piece(active, 2).deadline_at == other + still
        dispute.refresh_from_db()
        assert (dispute.state, dispute.ended_at) == ("withdrawn", NOW + still)
        delivering.approve(
            deliverable=piece(active), side=Side.BRAND, actor=cast.brand_owner, now=NOW + still
        )
        deadline = piece(active).deadline_at
        assert deadline is not None
        assert deadline.date() == piece(active).publish_by + still

    def test_cancelling_and_disputing_count_once(self, cast: Cast, active: Collaboration) -> None:
        before = piece(active).deadline_at
        assert before is not None
        cancelling.ask_to_cancel(
            collaboration=active, side=Side.CREATOR, actor=cast.creator_user, now=NOW,
            reason="I am ill.",
        )  # fmt: skip
        opened = NOW + timedelta(hours=20)
        dispute = dispute_of(cast, active, now=opened)
        back = decide(dispute, RESUME, opened + timedelta(days=20))  # late, and still possible
        assert back.state == "active"
        assert piece(active).deadline_at == before + timedelta(days=20, hours=20)
        assert back.stood_still == timedelta(days=20, hours=20)

    @pytest.mark.parametrize("by_silence", [True, False])
    def test_refusing_to_cancel_gives_the_time_back(
        self, cast: Cast, active: Collaboration, by_silence: bool
    ) -> None:
        before = draft(cast, piece(active)).deadline_at
        assert before is not None
        cancelling.ask_to_cancel(
            collaboration=active, side=Side.CREATOR, actor=cast.creator_user, now=NOW,
            reason="I am ill.",
        )  # fmt: skip
        asked = timedelta(hours=72 if by_silence else 70)
        if by_silence:
            assert timers.fire_due(now=NOW + asked).fired == 1
        else:
            cancelling.refuse_to_cancel(
                collaboration=active, side=Side.BRAND, actor=cast.brand_owner, reason="No.",
                now=NOW + asked,
            )  # fmt: skip
        assert piece(active).deadline_at == before + asked

    def test_a_late_decision_is_told_once(self, cast: Cast, active: Collaboration) -> None:
        dispute_of(cast, active)
        late = NOW + timedelta(days=14)
        assert timers.fire_due(now=late).fired == 1
        assert timers.fire_due(now=late + timedelta(days=9)).fired == 0
        active.refresh_from_db()
        assert (active.state, active.acting_side) == ("disputed", "moderator")


@pytest.mark.django_db
class TestDeciding:
    def test_going_on(self, cast: Cast, active: Collaboration) -> None:
        before = balances()
        dispute = dispute_of(cast, active)
        back = decide(dispute, RESUME)
        assert (back.state, balances()) == ("active", before)
        dispute.refresh_from_db()
        assert dispute.state == "resumed"
        assert active.events.get(name="resume").reason == RESUME.reasons
        draft(cast, piece(active))

    def test_dividing_what_is_set_aside(self, cast: Cast, active: Collaboration) -> None:
        settled = decide(dispute_of(cast, active), settle(40_000, 4_000, 44_000))
        found = balances()
        assert (settled.state, found["hold"]) == ("settled", 0)
        assert (found["creator_payable"], found["platform_fee"]) == (40_000, 4_000)
        assert {one.state for one in settled.deliverables.all()} == {"cancelled"}
        settled.refresh_from_db()
        assert (settled.earmark_minor, settled.acting_side) == (40_000, "")
        assert settled.events.get(name="settle").reason == "Half of it was made."
        assert check_books().is_right
        assert AuditEntry.objects.filter(verb="dispute.decision_confirmed").count() == 1

    def test_completed_work_is_left_or_taken_back(self, cast: Cast) -> None:
        done = complete(cast, 50_000, 30_000)
        due = done.deadline_at
        assert due is not None
        dispute = dispute_of(cast, done, now=NOW + timedelta(days=1), positions=[2])
        back = decide(dispute, RESUME, NOW + timedelta(days=11))
        assert (back.state, back.acting_side) == ("completed", "both")
        assert back.deadline_at == due + timedelta(days=10)
        assert back.events.filter(name="uphold").count() == 1

    def test_a_paid_piece_is_clawed_back(self, cast: Cast) -> None:
        done = complete(cast, 50_000, 30_000)
        settled = decide(dispute_of(cast, done, positions=[2]), settle(piece_2=30_000))
        found = balances()
        assert settled.state == "settled"
        assert (found["creator_payable"], found["platform_fee"]) == (50_000, 5_000)
        assert found["brand_wallet"] == 200_000 - 55_000
        settled.refresh_from_db()
        assert settled.earmark_minor == 50_000
        assert check_books().is_right

    @pytest.mark.parametrize(
        "decision",
        [
            settle(40_000, 4_000, 44_001),
            settle(-1, 0, 88_001),
            settle(88_000, True, -1),
            settle(40_000, 4_000, 44_000, piece_1=1),
            Decision(DecisionKind.RESUME, "Go on.", 1, 0, 0),
            Decision(DecisionKind.RESUME, " "),
            Decision(DecisionKind.RESUME, "x" * 2_001),
        ],
    )
    def test_what_does_not_add_up_is_refused(
        self, cast: Cast, active: Collaboration, decision: Decision
    ) -> None:
        dispute = dispute_of(cast, active)
        with pytest.raises(DomainError) as refused:
            propose_decision(dispute=dispute, decision=decision, actor=moderator(), now=LATER)
        assert refused.value.details["field"]
        assert not DecisionProposal.objects.exists()

    @pytest.mark.parametrize(
        "decision",
        [settle(), settle(piece_1=1), settle(piece_2=30_001), settle(piece_2=0), settle(1, 0, 0)],
    )
    def test_clawbacks_are_of_pieces_in_dispute(self, cast: Cast, decision: Decision) -> None:
        dispute = dispute_of(cast, complete(cast, 50_000, 30_000), positions=[2])
        with pytest.raises(DomainError):
            propose_decision(dispute=dispute, decision=decision, actor=moderator(), now=LATER)

    def test_nobody_is_decided_about_unheard(self, cast: Cast, active: Collaboration) -> None:
        dispute = dispute_of(cast, active)
        mira = moderator()

        def propose() -> DecisionProposal:
            return propose_decision(dispute=dispute, decision=RESUME, actor=mira, now=NOW)

        with pytest.raises(deciding.NotHeardYet):
            propose()
        say(cast, active, Side.CREATOR)
        assert propose().outcome == ""
        with pytest.raises(deciding.ProposalWaits):
            propose()

    def test_it_takes_two_people_and_finance_rights(
        self, cast: Cast, active: Collaboration
    ) -> None:
        dispute = dispute_of(cast, active)
        fay, mira = financier(), moderator()
        with pytest.raises(deciding.NoProposal):
            confirm_decision(dispute=dispute, actor=fay, now=LATER)
        propose_decision(dispute=dispute, decision=RESUME, actor=fay, now=LATER)
        with pytest.raises(deciding.SecondPersonNeeded):
            confirm_decision(dispute=dispute, actor=fay, now=LATER)
        with pytest.raises(deciding.NotOfTheDesk):
            confirm_decision(dispute=dispute, actor=mira, now=LATER)
        for nobody in (cast.brand_owner, cast.moderator):
            with pytest.raises(deciding.NotOfTheDesk):
                propose_decision(dispute=dispute, decision=RESUME, actor=nobody, now=LATER)
        with pytest.raises(Error), transaction.atomic():
            DecisionProposal.objects.update(outcome="confirmed", reviewed_by=fay, reviewed_at=NOW)
        assert confirm_decision(dispute=dispute, actor=financier("flo"), now=LATER).state
        with pytest.raises(NoDispute):
            confirm_decision(dispute=dispute, actor=financier("fox"), now=LATER)

    def test_people_of_a_side_do_not_decide(self, cast: Cast, active: Collaboration) -> None:
        dispute = dispute_of(cast, active)
        right = Permission.objects.get(codename="decide_dispute")
        for user in (cast.brand_viewer, cast.creator_user):
            user.is_staff = True
            user.save()
            user.user_permissions.add(right)
            with pytest.raises(deciding.BelongsToASide):
                propose_decision(
                    dispute=dispute, decision=RESUME, actor=User.objects.get(pk=user.pk), now=LATER
                )

    def test_what_is_sent_back_is_proposed_anew(self, cast: Cast, active: Collaboration) -> None:
        dispute = dispute_of(cast, active)
        mira = moderator()
        propose_decision(dispute=dispute, decision=RESUME, actor=mira, now=LATER)
        deciding.send_back_decision(
            dispute=dispute, note="Look at the draft.", actor=financier(), now=LATER
        )
        dispute.refresh_from_db()
        assert dispute.state == "open"
        propose_decision(dispute=dispute, decision=settle(0, 0, 88_000), actor=mira, now=LATER)
        assert [one.outcome for one in dispute.proposals.all()] == ["", "sent_back"]

    def test_withdrawing_drops_what_was_proposed(self, cast: Cast, active: Collaboration) -> None:
        dispute = dispute_of(cast, active)
        propose_decision(dispute=dispute, decision=RESUME, actor=moderator(), now=LATER)
        withdraw_dispute(
            collaboration=active, reason="We agreed.", side=Side.BRAND, actor=cast.brand_owner,
            now=LATER,
        )  # fmt: skip
        assert dispute.proposals.get().outcome == "dropped"
        with pytest.raises(NoDispute):
            confirm_decision(dispute=dispute, actor=financier(), now=LATER)


@pytest.mark.django_db
class TestFrozenPayouts:
    @pytest.mark.parametrize(("side", "frozen"), [(Side.BRAND, True), (Side.CREATOR, False)])
    def test_what_a_brand_disputes_is_not_paid_out(
        self, cast: Cast, side: Side, frozen: bool
    ) -> None:
        done = complete(cast, 50_000, 30_000)
        ready = ask_payout(cast, 60_000, "before")
        dispute = dispute_of(cast, done, side, positions=[2])
        assert submit_payout(payment=ready, now=NOW).state == (
            "in_review" if frozen else "submitted"
        )
        if not frozen:
            return
        [owed] = list_earnings(cast.creator)
        assert (owed.owed_minor, owed.promised_minor, owed.frozen_minor) == (80_000, 60_000, 30_000)
        assert owed.available_minor == 0
        with pytest.raises(NotOwedThatMuch):
            ask_payout(cast, 2_000, "after")
        decide(dispute, RESUME)
        [owed] = list_earnings(cast.creator)
        assert (owed.frozen_minor, owed.available_minor) == (0, 20_000)
        ask_payout(cast, 2_000, "after")


@pytest.mark.django_db(transaction=True)
def test_a_decision_confirmed_by_many_at_once_happens_once(cast: Cast) -> None:
    collaboration = start_work(cast, 50_000)
    dispute = dispute_of(cast, collaboration)
    people = [financier(f"fay{number}") for number in range(8)]
    propose_decision(
        dispute=dispute, decision=settle(20_000, 2_000, 33_000), actor=moderator(), now=LATER
    )
    answers = at_once(
        [partial(confirm_decision, dispute=dispute, actor=who, now=LATER) for who in people]
    )
    assert sorted(answers) == ["Collaboration"] + ["NoDispute"] * 7
    assert Operation.objects.filter(kind="split").count() == 1
    assert balances()["hold"] == 0
    assert check_books().is_right


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """What each answers, by the name of its type, errors included."""
    answers: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            answers.append(type(act()).__name__)
        except Exception as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
