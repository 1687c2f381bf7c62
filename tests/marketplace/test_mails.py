"""What both sides of a collaboration are written, by whom it happened and who must act next."""

import pytest
from django.core import mail

from accounts.models import Membership, OutboxEvent, User
from accounts.notifying.delivering import deliver_due
from campaigns import reminding
from campaigns.leaving import decline
from campaigns.models import Collaboration
from campaigns.moving import record
from campaigns.payment_states import AttemptStatus
from campaigns.payments.attempts import raise_status
from campaigns.payments.payouts import submit_payout
from campaigns.states import DELIVERABLE_TRANSITIONS, TRANSITIONS, Side
from marketplace.mails import collaborations
from marketplace.mails.composing import SiteComposer
from tests.campaigns.conftest import NOW, campaign, invited
from tests.campaigns.test_contracts_and_work import agree, piece, sign, start_work
from tests.campaigns.test_payouts import ask, owe
from tests.cast import Cast

__all__ = ["campaign", "invited"]

pytestmark = pytest.mark.django_db
OWNER, CREATOR = "olga.owner@example.org", "carla.creator@example.org"


def deliver() -> dict[str, mail.EmailMessage]:
    """Address → the last mail to it of those this delivers."""
    mail.outbox.clear()
    deliver_due(composer=SiteComposer(), now=NOW)
    return {sent.to[0]: sent for sent in mail.outbox}


def member(cast: Cast, name: str, role: str) -> User:
    user = User.objects.create_user(f"{name}@example.org", name=name)
    Membership.objects.create(brand=cast.brand, user=user, role=role)
    return user


def test_an_invitation_says_who_must_act_until_when_and_what_silence_does(
    invited: Collaboration,
) -> None:
    told = deliver()[CREATOR]
    assert told.subject == "[Fairground] Alder invites you to “Spring”"
    assert "They write: We like your routines." in told.body
    assert (
        "It is your turn, until 8 Mar 2026, 12:00 UTC. If nobody acts, the invitation expires."
        in told.body
    )
    assert "http://localhost:8000/" in told.body
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_refusal_carries_its_reason_to_the_other_side(cast: Cast, invited: Collaboration) -> None:
    deliver()
    decline(
        collaboration=invited, side=Side.CREATOR, actor=cast.creator_user, now=NOW,
        reason="Not <my> kind.",
    )  # fmt: skip
    sent = deliver()
    assert set(sent) == {OWNER}
    assert "The reason given: Not <my> kind." in sent[OWNER].body
    assert "Nobody has to act now." in sent[OWNER].body


def test_signing_tells_the_brands_finance_that_it_is_their_turn(cast: Cast) -> None:
    member(cast, "fin", Membership.Role.FINANCE)
    member(cast, "rev", Membership.Role.REVIEWER)
    collaboration = agree(cast)
    deliver()
    for side in (Side.CREATOR, Side.BRAND):
        sign(cast, collaboration, side)
    sent = deliver()
    assert set(sent) == {OWNER, CREATOR, "fin@example.org"}, "the owner of the first signature"
    assert "It is your turn" in sent["fin@example.org"].body
    assert "The brand must act next" in sent[CREATOR].body


def test_what_fairground_does_itself_is_told_to_both(invited: Collaboration) -> None:
    deliver()
    record(invited, "late", side=Side.SYSTEM, actor=None, now=NOW)
    assert set(deliver()) == {OWNER, CREATOR}


def test_a_happening_without_words_of_its_own_is_told_plainly(
    cast: Cast, invited: Collaboration
) -> None:
    deliver()
    record(invited, "dispute_paused", side=Side.CREATOR, actor=cast.creator_user, now=NOW)
    assert deliver()[OWNER].subject == "[Fairground] “Spring”: dispute paused"
    assert OutboxEvent.objects.get(kind="collaboration.dispute_paused").category == "disputes"


def test_every_transition_has_words_of_its_own() -> None:
    assert set(TRANSITIONS) <= set(collaborations.HAPPENED)
    assert set(DELIVERABLE_TRANSITIONS) <= set(collaborations.PIECE_HAPPENED)


def test_a_reminder_comes_once_to_whoever_must_act(invited: Collaboration) -> None:
    deliver()
    assert invited.deadline_at is not None
    early, late = invited.deadline_at - 2 * reminding.AHEAD, invited.deadline_at - reminding.AHEAD
    assert reminding.remind_of_deadlines(now=early) == 0
    assert reminding.remind_of_deadlines(now=late) == 1
    assert reminding.remind_of_deadlines(now=late) == 0
    sent = deliver()
    assert set(sent) == {CREATOR}
    assert "A day is left: “Spring”" in sent[CREATOR].subject
    assert "the invitation expires" in sent[CREATOR].body


def test_what_has_just_begun_needs_no_reminder(invited: Collaboration) -> None:
    Collaboration.objects.filter(pk=invited.pk).update(updated_at=invited.deadline_at)
    assert invited.deadline_at is not None
    assert reminding.remind_of_deadlines(now=invited.deadline_at - reminding.AHEAD) == 0


def test_a_late_draft_is_reminded_of_the_day_before(cast: Cast) -> None:
    work = start_work(cast)
    deliver()
    due = piece(work).deadline_at
    assert due is not None
    assert reminding.remind_of_deadlines(now=due - reminding.AHEAD) == 1
    sent = deliver()
    assert set(sent) == {CREATOR}
    assert "Piece 1 of “Spring” is waiting for you until 20 Mar 2026" in sent[CREATOR].body
    assert "the brand is told that the draft is late" in sent[CREATOR].body


def test_the_creator_is_told_of_money_that_came_and_came_back(cast: Cast) -> None:
    owe(cast, 10_000)
    payment = submit_payout(payment=ask(cast), now=NOW)
    deliver()
    attempt = payment.attempts.get()
    raise_status(attempt.pk, AttemptStatus.SUCCEEDED, actor=None, now=NOW)
    assert deliver()[CREATOR].subject == "[Fairground] Your payout of €40.00 is paid"
    raise_status(attempt.pk, AttemptStatus.RETURNED, actor=None, now=NOW, message="Account closed")
    sent = deliver()[CREATOR]
    assert "came back; the money is owed to you again" in sent.subject
    assert "Account closed" in sent.body
    kinds = OutboxEvent.objects.filter(kind__startswith="payout.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "payout.ready", "payout.submitted", "payout.paid", "payout.returned",
    ]  # fmt: skip
