"""Lists of collaborations: whose, in which order, page by page, at a constant cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Creator, Membership
from campaigns import cancelling, delivering, timers
from campaigns.collaboration_list import (
    BadCursor,
    CollaborationPage,
    Filters,
    Sides,
    count_collaborations,
    counted,
    list_collaborations,
    sides_of,
)
from campaigns.leaving import decline
from campaigns.models import Campaign, Collaboration
from campaigns.offers import make_offer
from campaigns.starting import apply_to_campaign
from campaigns.states import STAGES, Side, Stage, State
from tests.campaigns.conftest import NOW, open_campaign, terms
from tests.campaigns.test_contracts_and_work import agree, draft, piece, publish, start_work
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def apply(campaign: Campaign, cast: Cast, count: int, *, same_time: bool = False) -> list[int]:
    """Applications of so many other creators, the earliest first."""
    made = []
    for number in range(count):
        creator = Creator.objects.create(display_name=f"Applicant {number}")
        at = NOW if same_time else NOW + timedelta(minutes=number)
        one = apply_to_campaign(campaign=campaign, creator=creator, actor=cast.moderator, now=at)
        made.append(one.pk)
    return made


def ids(page: CollaborationPage) -> list[int]:
    return [row.collaboration.pk for row in page.rows]


def see(cast: Cast, **filters: object) -> list[int]:
    given = Filters(**filters)  # type: ignore[arg-type]
    return ids(list_collaborations(cast.brand_owner, given, now=NOW))


class TestWhose:
    def test_each_side_sees_its_own_and_nobody_elses(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        for user in (cast.brand_owner, cast.brand_viewer, cast.creator_user):
            assert ids(list_collaborations(user, now=NOW)) == [invited.pk]
        for user in (cast.other_owner, cast.other_creator_user, cast.moderator):
            assert ids(list_collaborations(user, now=NOW)) == []

    def test_members_of_several_brands_get_one_list_in_order(self, cast: Cast) -> None:
        first = apply(open_campaign(cast), cast, 3)
        # The other brand's campaign, by the cast with the owners exchanged.
        other = open_campaign(Cast(**{**cast.__dict__, "brand_owner": cast.other_owner}))
        second = apply(other, cast, 2)
        only = Filters(brand_id=cast.other_brand.pk)
        assert ids(list_collaborations(cast.brand_owner, only, now=NOW)) == []
        Membership.objects.create(brand=cast.brand, user=cast.other_owner, role="viewer")
        seen = ids(list_collaborations(cast.other_owner, now=NOW))
        assert seen == [first[2], second[1], first[1], second[0], first[0]]
        assert ids(list_collaborations(cast.brand_owner, now=NOW)) == first[::-1]
        assert ids(list_collaborations(cast.other_owner, only, now=NOW)) == second[::-1]

    def test_a_creator_in_the_brands_team_sits_on_the_creators_side_once(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        Membership.objects.create(brand=cast.brand, user=cast.creator_user, role="manager")
        [row] = list_collaborations(cast.creator_user, now=NOW).rows
        assert row.side is Side.CREATOR
        assert count_collaborations(cast.creator_user, now=NOW) == 1

    def test_a_removed_member_sees_nothing_any_more(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        cast.brand_viewer.memberships.all().delete()
        assert sides_of(cast.brand_viewer) == Sides()
        assert ids(list_collaborations(cast.brand_viewer, now=NOW)) == []


class TestPages:
    def test_pages_join_in_both_directions(self, cast: Cast, campaign: Campaign) -> None:
        everything = apply(campaign, cast, 7)[::-1]
        forwards, pages, cursor = [], [], ""
        while True:
            page = list_collaborations(cast.brand_owner, now=NOW, cursor=cursor, size=3)
            forwards += ids(page)
            pages.append(page)
            if not (cursor := page.next_cursor):
                break
        assert forwards == everything
        assert [len(page.rows) for page in pages] == [3, 3, 1]
        assert not pages[0].previous_cursor
        back = list_collaborations(
            cast.brand_owner, now=NOW, cursor=pages[2].previous_cursor, size=3
        )
        assert ids(back) == ids(pages[1])
        first = list_collaborations(cast.brand_owner, now=NOW, cursor=back.previous_cursor, size=3)
        assert ids(first) == ids(pages[0])
        assert not first.previous_cursor

    @pytest.mark.parametrize("size", [1, 2, 5])
    def test_what_happened_in_one_moment_is_neither_lost_nor_doubled(
        self, cast: Cast, campaign: Campaign, size: int
    ) -> None:
        everything = apply(campaign, cast, 5, same_time=True)[::-1]
        seen, cursor = [], ""
        while True:
            page = list_collaborations(cast.brand_owner, now=NOW, cursor=cursor, size=size)
            seen += ids(page)
            if not (cursor := page.next_cursor):
                break
        assert seen == everything

    def test_a_row_that_moves_up_leaves_the_pages_below_as_they_were(
        self, cast: Cast, campaign: Campaign
    ) -> None:
        everything = apply(campaign, cast, 4)[::-1]
        page = list_collaborations(cast.brand_owner, now=NOW, size=2)
        last = Collaboration.objects.get(pk=everything[3])
        later = NOW + timedelta(days=1)
        decline(
            collaboration=last, side=Side.BRAND, actor=cast.brand_owner, now=later, reason="No."
        )
        after = list_collaborations(cast.brand_owner, now=NOW, cursor=page.next_cursor, size=2)
        assert ids(after) == [everything[2]]
        assert see(cast)[0] == everything[3]

    @settings(max_examples=60, deadline=None)
    @given(text=st.text(min_size=1, max_size=300))
    def test_any_other_cursor_is_refused_by_name(self, text: str) -> None:
        from accounts.models import User

        with pytest.raises(BadCursor) as refused:
            list_collaborations(User(pk=1), now=NOW, cursor=text)
        assert refused.value.code == "bad_cursor"
        assert refused.value.details == {"field": "cursor"}

    def test_a_cursor_changed_by_one_letter_is_refused(
        self, cast: Cast, campaign: Campaign
    ) -> None:
        apply(campaign, cast, 2)
        cursor = list_collaborations(cast.brand_owner, now=NOW, size=1).next_cursor
        for place in (0, len(cursor) // 2, len(cursor) - 1):
            other = "A" if cursor[place] != "A" else "B"
            forged = cursor[:place] + other + cursor[place + 1 :]
            with pytest.raises(BadCursor):
                list_collaborations(cast.brand_owner, now=NOW, cursor=forged)


class TestFilters:
    def test_by_campaign(self, cast: Cast) -> None:
        first, second = open_campaign(cast), open_campaign(cast)
        a, b = apply(first, cast, 2), apply(second, cast, 1)
        assert see(cast, campaign_id=first.pk) == a[::-1]
        assert see(cast, campaign_id=second.pk) == b
        assert see(cast, campaign_id=10**17) == []
        others = list_collaborations(cast.other_owner, Filters(campaign_id=first.pk), now=NOW)
        assert ids(others) == []

    def test_every_state_has_its_stage(self) -> None:
        staged = [state for states in STAGES.values() for state in states]
        assert sorted(staged) == sorted(State)

    def test_by_stage(self, cast: Cast, invited: Collaboration) -> None:
        assert see(cast, stage=Stage.TALKS) == [invited.pk]
        assert see(cast, stage=Stage.DONE) == []
        decline(
            collaboration=invited, side=Side.CREATOR, actor=cast.creator_user, now=NOW, reason="No."
        )
        assert see(cast, stage=Stage.TALKS) == []
        assert see(cast, stage=Stage.DONE) == [invited.pk]

    def test_needs_me_follows_the_turn(self, cast: Cast, invited: Collaboration) -> None:
        assert self.needed(cast) == ["creator"]
        make_offer(
            collaboration=invited, terms=terms(), side=Side.CREATOR, actor=cast.creator_user,
            now=NOW,
        )  # fmt: skip
        assert self.needed(cast) == ["brand"]

    def test_both_are_needed_until_both_signed(self, cast: Cast) -> None:
        agree(cast)
        assert self.needed(cast) == ["brand", "creator"]

    def test_needs_me_follows_the_pieces_of_running_work(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000, 30_000)
        assert self.needed(cast) == ["creator"]
        draft(cast, piece(collaboration, 1))
        assert self.needed(cast) == ["brand", "creator"]
        draft(cast, piece(collaboration, 2))
        assert self.needed(cast) == ["brand"]
        cancelling.ask_to_cancel(
            collaboration=collaboration, side=Side.BRAND, actor=cast.brand_owner, now=NOW,
            reason="Late.",
        )  # fmt: skip
        assert self.needed(cast) == ["creator"]
        cancelling.agree_to_cancel(
            collaboration=collaboration, side=Side.CREATOR, actor=cast.creator_user, now=NOW
        )
        assert self.needed(cast) == []

    def test_overdue_are_deadlines_that_passed_and_work_that_is_late(self, cast: Cast) -> None:
        collaboration = start_work(cast)
        due = piece(collaboration).deadline_at
        assert due is not None
        overdue = Filters(overdue=True)
        before, after = due - timedelta(seconds=1), due + timedelta(seconds=2)
        for moment, seen in ((before, []), (after, [collaboration.pk])):
            assert ids(list_collaborations(cast.brand_owner, overdue, now=moment)) == seen
        # The timer clears the deadline and tells the brand; the work is late all the same.
        timers.fire_due(now=after)
        [row] = list_collaborations(cast.creator_user, overdue, now=after).rows
        assert (row.is_overdue, row.needs_me) == (True, True)
        assert row.due_at is not None
        assert row.due_at <= after
        delivering.submit_draft(
            deliverable=piece(collaboration), text="At last", link="", actor=cast.creator_user,
            now=after,
        )  # fmt: skip
        assert ids(list_collaborations(cast.brand_owner, overdue, now=after)) == []

    def needed(self, cast: Cast) -> list[str]:
        needs = Filters(needs_me=True)
        return [
            name
            for name, user in (("brand", cast.brand_owner), ("creator", cast.creator_user))
            if list_collaborations(user, needs, now=NOW).rows
        ]


class TestRows:
    def test_a_row_in_talks_says_whose_turn_it_is_and_what_is_earmarked(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        make_offer(
            collaboration=invited, terms=terms(50_000), side=Side.BRAND, actor=cast.brand_owner,
            now=NOW,
        )  # fmt: skip
        [row] = list_collaborations(cast.creator_user, now=NOW).rows
        assert (row.other, row.needs_me, row.next_step.acting) == ("Alder", True, "creator")
        assert row.next_step.silence == "the offer expires"
        assert row.due_at == NOW + timedelta(hours=72)
        assert (row.money.offered_minor, row.money.agreed_minor) == (50_000, None)
        assert row.money.currency == "EUR"

    def test_a_running_row_says_what_its_next_piece_waits_for(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000, 30_000)
        draft(cast, piece(collaboration, 2))
        [row] = list_collaborations(cast.brand_owner, now=NOW).rows
        assert row.piece is not None
        assert row.piece.position == 2
        assert row.next_step.silence == "the draft is approved"
        [row] = list_collaborations(cast.creator_user, now=NOW).rows
        assert row.piece is not None
        assert row.piece.position == 1

    def test_money_is_told_as_the_ledger_has_it(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000, 30_000)
        assert self.money(cast) == (80_000, 88_000, 0)
        one = draft(cast, piece(collaboration, 1))
        delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
        publish(cast, piece(collaboration, 1))
        delivering.verify(
            deliverable=piece(collaboration, 1), side=Side.BRAND, actor=cast.brand_owner, now=NOW
        )
        assert self.money(cast) == (80_000, 33_000, 50_000)
        delivering.waive(
            deliverable=piece(collaboration, 2), reason="Ill.", actor=cast.creator_user, now=NOW
        )
        assert self.money(cast) == (80_000, 0, 50_000)

    def test_unread_messages_are_counted_for_the_other_side(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        from campaigns.messaging import send_message

        send_message(
            collaboration=invited, side=Side.BRAND, actor=cast.brand_owner, text="Hello?",
            client_key="a", now=NOW,
        )  # fmt: skip
        [row] = list_collaborations(cast.creator_user, now=NOW).rows
        assert row.unread == 1
        [row] = list_collaborations(cast.brand_owner, now=NOW).rows
        assert row.unread == 0

    def money(self, cast: Cast) -> tuple[int | None, int, int]:
        [row] = list_collaborations(cast.brand_owner, now=NOW).rows
        return row.money.agreed_minor, row.money.set_aside_minor, row.money.paid_minor


def test_a_page_costs_four_queries_however_long(cast: Cast) -> None:
    start_work(cast, 50_000, 30_000)
    campaign = open_campaign(cast)
    sides = sides_of(cast.brand_owner)
    for added in (1, 8):
        apply(campaign, cast, added)
        with CaptureQueriesContext(connection) as captured:
            rows = list_collaborations(cast.brand_owner, now=NOW, sides=sides).rows
            for row in rows:
                str(row.collaboration), row.other, row.due_at, row.collaboration.campaign.title
        assert len(captured) == 4
    with CaptureQueriesContext(connection) as captured:
        count_collaborations(cast.brand_owner, Filters(needs_me=True), now=NOW, sides=sides)
    assert len(captured) == 1


def test_counting_stops(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.collaboration_list.MOST_COUNTED", 3)
    campaign = open_campaign(cast)
    for added, label in ((3, "3"), (2, "3+")):
        apply(campaign, cast, added)
        assert counted(count_collaborations(cast.brand_owner, now=NOW)) == label
    needing = Filters(needs_me=True)
    assert counted(count_collaborations(cast.brand_owner, needing, now=NOW)) == "3+"
    assert count_collaborations(cast.moderator, now=NOW) == 0


@pytest.mark.parametrize("field", ["brand_id = NULL", "brand_id = %s"])
def test_the_database_keeps_the_brand(cast: Cast, invited: Collaboration, field: str) -> None:
    from django.db import DatabaseError, transaction

    parameters = [cast.other_brand.pk] if "%s" in field else []
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE campaigns_collaboration SET {field}", parameters)
    invited.refresh_from_db()
    assert invited.brand_id == cast.brand.pk
