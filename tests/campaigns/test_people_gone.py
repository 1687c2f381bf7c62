"""A creator suspended in the middle, a member who left, a person who is gone altogether."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.errors import NotFound
from accounts.models import Creator, Membership, User
from accounts.teams import accept_invitation, invite_member
from campaigns import cancelling, contracts, delivering, timers
from campaigns.access import seat_for
from campaigns.collaboration_list import list_collaborations
from campaigns.hiring import CreatorNotHireable
from campaigns.leaving import decline
from campaigns.ledger import check_books
from campaigns.models import Collaboration, Signature
from campaigns.offers import accept_offer, make_offer
from campaigns.starting import NobodyToAnswer, apply_to_campaign, invite_creator
from campaigns.states import Side
from tests.campaigns.conftest import NOW, open_campaign, terms
from tests.campaigns.test_contracts_and_work import (
    agree,
    balances,
    deposit,
    draft,
    piece,
    publish,
    sign,
    start_work,
)
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def become(cast: Cast, status: str) -> None:
    Creator.objects.filter(pk=cast.creator.pk).update(status=status)


def offered(cast: Cast) -> Collaboration:
    collaboration = invite_creator(
        campaign=open_campaign(cast), creator=cast.creator, actor=cast.brand_owner, now=NOW
    )
    make_offer(
        collaboration=collaboration, terms=terms(), side=Side.BRAND, actor=cast.brand_owner,
        now=NOW,
    )  # fmt: skip
    return collaboration


def signed(cast: Cast) -> Collaboration:
    collaboration = agree(cast)
    for side in (Side.BRAND, Side.CREATOR):
        collaboration = sign(cast, collaboration, side)
    deposit(cast, 200_000)
    return collaboration


def _counter(cast: Cast, one: Collaboration) -> object:
    return make_offer(
        collaboration=one, terms=terms(), side=Side.CREATOR, actor=cast.creator_user, now=NOW
    )


def _accept(cast: Cast, one: Collaboration) -> object:
    return accept_offer(
        collaboration=one, terms_hash=one.offers.get().terms_hash, side=Side.CREATOR,
        actor=cast.creator_user, now=NOW,
    )  # fmt: skip


def _sign(cast: Cast, one: Collaboration) -> object:
    return sign(cast, one, Side.BRAND)


def _fund(cast: Cast, one: Collaboration) -> object:
    return contracts.fund(collaboration=one, actor=cast.brand_owner, now=NOW)


STEPS = [(offered, _counter), (offered, _accept), (agree, _sign), (signed, _fund)]


@pytest.mark.parametrize("status", [Creator.Status.SUSPENDED, Creator.Status.CLOSED])
class TestSuspended:
    @pytest.mark.parametrize(("start", "step"), STEPS)
    def test_nothing_new_is_agreed_and_the_state_stays(
        self,
        cast: Cast,
        status: str,
        start: Callable[[Cast], Collaboration],
        step: Callable[[Cast, Collaboration], object],
    ) -> None:
        collaboration = start(cast)
        before = Collaboration.objects.values().get(pk=collaboration.pk)
        money = balances()
        become(cast, status)
        with pytest.raises(CreatorNotHireable):
            step(cast, Collaboration.objects.get(pk=collaboration.pk))
        assert Collaboration.objects.values().get(pk=collaboration.pk) == before
        assert balances() == money

    def test_nobody_invites_them_and_they_do_not_apply(self, cast: Cast, status: str) -> None:
        campaign = open_campaign(cast)
        become(cast, status)
        for start, actor in (
            (invite_creator, cast.brand_owner), (apply_to_campaign, cast.creator_user)
        ):  # fmt: skip
            with pytest.raises(CreatorNotHireable):
                start(campaign=campaign, creator=cast.creator, actor=actor, now=NOW)
        assert not campaign.collaborations.exists()

    def test_work_that_runs_is_finished_and_paid(self, cast: Cast, status: str) -> None:
        collaboration = start_work(cast, 50_000)
        become(cast, status)
        draft(cast, piece(collaboration))
        delivering.approve(
            deliverable=piece(collaboration), side=Side.BRAND, actor=cast.brand_owner, now=NOW
        )
        publish(cast, piece(collaboration))
        delivering.verify(
            deliverable=piece(collaboration), side=Side.BRAND, actor=cast.brand_owner, now=NOW
        )
        collaboration.refresh_from_db()
        assert collaboration.state == "completed"
        assert balances()["creator_payable"] == 50_000
        assert check_books().is_right

    def test_they_still_read_it_and_may_leave(self, cast: Cast, status: str) -> None:
        collaboration = offered(cast)
        become(cast, status)
        assert seat_for(cast.creator_user, collaboration.pk).side is Side.CREATOR
        assert len(list_collaborations(cast.creator_user, now=NOW).rows) == 1
        after = decline(
            collaboration=collaboration, side=Side.CREATOR, actor=cast.creator_user, now=NOW,
            reason="I am suspended.",
        )  # fmt: skip
        assert after.state == "declined"

    def test_a_running_collaboration_can_be_cancelled(self, cast: Cast, status: str) -> None:
        collaboration = start_work(cast, 50_000)
        become(cast, status)
        cancelling.ask_to_cancel(
            collaboration=collaboration, side=Side.BRAND, actor=cast.brand_owner, now=NOW,
            reason="Suspended.",
        )  # fmt: skip
        timers.fire_due(now=NOW + timedelta(hours=72))
        collaboration.refresh_from_db()
        assert collaboration.state == "cancelled"
        assert balances()["hold"] == 0

    def test_what_they_cannot_sign_expires_and_frees_the_budget(
        self, cast: Cast, status: str
    ) -> None:
        collaboration = agree(cast)
        become(cast, status)
        timers.fire_due(now=NOW + timedelta(hours=72))
        collaboration.refresh_from_db()
        assert (collaboration.state, collaboration.earmark_minor) == ("expired", 0)


def manager_of(cast: Cast) -> User:
    user = User.objects.create_user("manager@example.org", name="Mia Manager")
    invitation = invite_member(
        brand=cast.brand, email=user.email, role=Membership.Role.MANAGER, actor=cast.brand_owner,
        now=NOW,
    )  # fmt: skip
    accept_invitation(invitation=invitation, user=user, now=NOW)
    return user


def begun_by(cast: Cast, manager: User) -> Collaboration:
    """Invited, offered and signed by the manager, agreed and signed by the creator."""
    collaboration = invite_creator(
        campaign=open_campaign(cast), creator=cast.creator, actor=manager, now=NOW
    )
    made = make_offer(
        collaboration=collaboration, terms=terms(), side=Side.BRAND, actor=manager, now=NOW
    )
    accept_offer(
        collaboration=collaboration, terms_hash=made.terms_hash, side=Side.CREATOR,
        actor=cast.creator_user, now=NOW,
    )  # fmt: skip
    text_hash = collaboration.contract.text_hash
    contracts.sign(
        collaboration=collaboration, typed_name="Mia Manager", text_hash=text_hash,
        side=Side.BRAND, actor=manager, now=NOW,
    )  # fmt: skip
    return sign(cast, collaboration, Side.CREATOR)


class TestMembers:
    def test_a_removed_member_loses_the_seat_and_the_brand_goes_on(self, cast: Cast) -> None:
        manager = manager_of(cast)
        collaboration = begun_by(cast, manager)
        manager.memberships.all().delete()
        with pytest.raises(NotFound):
            seat_for(manager, collaboration.pk)
        assert not list_collaborations(manager, now=NOW).rows
        deposit(cast, 200_000)
        assert _fund(cast, collaboration).state == "active"  # type: ignore[attr-defined]

    def test_a_deleted_member_leaves_what_they_did(self, cast: Cast) -> None:
        manager = manager_of(cast)
        collaboration = begun_by(cast, manager)
        manager.delete()
        collaboration.refresh_from_db()
        assert list(collaboration.events.filter(side="brand").values_list("actor", flat=True)) == [
            None, None, None
        ]  # fmt: skip
        assert collaboration.offers.get().actor is None
        signature = Signature.objects.get(side=Side.BRAND)
        assert (signature.user, signature.typed_name) == (None, "Mia Manager")
        deposit(cast, 200_000)
        assert _fund(cast, collaboration).state == "active"  # type: ignore[attr-defined]

    def test_an_offer_of_somebody_deleted_can_be_accepted(self, cast: Cast) -> None:
        manager = manager_of(cast)
        collaboration = invite_creator(
            campaign=open_campaign(cast), creator=cast.creator, actor=manager, now=NOW
        )
        make_offer(
            collaboration=collaboration, terms=terms(), side=Side.BRAND, actor=manager, now=NOW
        )
        manager.delete()
        assert _accept(cast, collaboration).state == "agreed"  # type: ignore[attr-defined]


class TestCreatorsGone:
    def test_work_shown_before_is_approved_by_silence_and_can_be_ended(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000)
        shown = draft(cast, piece(collaboration))
        cast.creator_user.delete()
        creator = Creator.objects.get(pk=collaboration.creator_id)
        assert creator.user is None
        assert shown.deadline_at is not None
        timers.fire_due(now=shown.deadline_at)
        assert piece(collaboration).state == "approved"
        with pytest.raises(NobodyToAnswer):
            invite_creator(
                campaign=open_campaign(cast), creator=creator, actor=cast.brand_owner, now=NOW
            )
        late = shown.deadline_at
        cancelling.ask_to_cancel(
            collaboration=collaboration, side=Side.BRAND, actor=cast.brand_owner, now=late,
            reason="Nobody is there.",
        )  # fmt: skip
        # A draft was shown, so silence does not end it; a moderator's decision does.
        timers.fire_due(now=late + timedelta(hours=72))
        collaboration.refresh_from_db()
        assert collaboration.state == "active"
        [row] = list_collaborations(cast.brand_owner, now=late).rows
        assert row.other == creator.display_name
        assert check_books().is_right
