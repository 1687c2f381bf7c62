"""How each side keeps its word: every figure by a known story, and that it can be retraced."""

import json
import statistics
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Creator
from campaigns import cancelling, contracts, delivering, timers
from campaigns.leaving import decline
from campaigns.models import Collaboration, CollaborationEvent, TrackRecord
from campaigns.offers import accept_offer, make_offer
from campaigns.starting import apply_to_campaign
from campaigns.states import Side
from campaigns.transparency import (
    ENOUGH,
    WINDOW,
    Figure,
    Record,
    compute_records,
    get_track_record,
    get_track_records,
    list_facts,
    refresh_track_records,
    wilson,
)
from tests.campaigns.conftest import NOW, open_campaign, terms
from tests.campaigns.test_contracts_and_work import deposit
from tests.cast import Cast

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=60)


class Story:
    """Collaborations of one creator with one brand, each step at a time of its own."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def apply(self, at: datetime = NOW) -> Collaboration:
        campaign = open_campaign(self.cast, budget_minor=None)
        return apply_to_campaign(
            campaign=campaign, creator=self.cast.creator, actor=self.cast.creator_user, now=at
        )

    def reject(self, after: timedelta) -> Collaboration:
        one = self.apply()
        return decline(
            collaboration=one, side=Side.BRAND, actor=self.cast.brand_owner, now=NOW + after,
            reason="Not this time.",
        )  # fmt: skip

    def fund(
        self, *, funding: timedelta = HOUR, prices: tuple[int, ...] = (1_000,)
    ) -> Collaboration:
        cast = self.cast
        one = self.apply()
        made = make_offer(
            collaboration=one, terms=terms(1_000), side=Side.BRAND, actor=cast.brand_owner,
            now=NOW + HOUR,
        )  # fmt: skip
        one = accept_offer(
            collaboration=one, terms_hash=made.terms_hash, side=Side.CREATOR,
            actor=cast.creator_user, now=NOW + 3 * HOUR,
        )  # fmt: skip
        for side, actor in ((Side.BRAND, cast.brand_owner), (Side.CREATOR, cast.creator_user)):
            contracts.sign(
                collaboration=one, typed_name="Ada Example", text_hash=one.contract.text_hash,
                side=side, actor=actor, now=NOW + 4 * HOUR,
            )  # fmt: skip
        at = NOW + 4 * HOUR + funding
        return contracts.fund(collaboration=one, actor=cast.brand_owner, now=at)

    def draft(self, one: Collaboration, *, at: datetime) -> None:
        delivering.submit_draft(
            deliverable=one.deliverables.get(position=1), text="A cut", link="",
            actor=self.cast.creator_user, now=at,
        )  # fmt: skip

    def ask_for_changes(self, one: Collaboration, *, at: datetime) -> None:
        delivering.request_revision(
            deliverable=one.deliverables.get(position=1), reason="Brighter.",
            brief_items=["The light"], actor=self.cast.brand_owner, now=at,
        )  # fmt: skip

    def finish(self, one: Collaboration, *, at: datetime, paid: timedelta = HOUR) -> None:
        piece = one.deliverables.get(position=1)
        delivering.approve(deliverable=piece, side=Side.BRAND, actor=self.cast.brand_owner, now=at)
        delivering.publish(
            deliverable=piece, url="https://example.org/v", caption="Mine #ad",
            actor=self.cast.creator_user, now=at,
        )  # fmt: skip
        delivering.verify(
            deliverable=piece, side=Side.BRAND, actor=self.cast.brand_owner, now=at + paid
        )

    def deliver(self, *, changes: int = 0, paid: timedelta = HOUR) -> Collaboration:
        one, at = self.fund(), NOW + timedelta(days=1)
        for _ in range(changes):
            self.draft(one, at=at)
            self.ask_for_changes(one, at=at + HOUR)
        self.draft(one, at=at + 2 * HOUR)
        self.finish(one, at=at + 4 * HOUR, paid=paid)
        return one


@pytest.fixture
def story(cast: Cast) -> Story:
    deposit(cast, 1_000_000)
    return Story(cast)


def record(cast: Cast, side: Side, as_of: datetime = LATER) -> Record:
    pk = cast.brand.pk if side is Side.BRAND else cast.creator.pk
    return compute_records(side, [pk], as_of=as_of)[pk]


def figure(cast: Cast, side: Side, name: str, as_of: datetime = LATER) -> Figure:
    return next(one for one in record(cast, side, as_of).figures if one.name == name)


@pytest.mark.django_db
class TestBrands:
    def test_time_to_answer_is_the_median_of_answers_and_of_silence(
        self, cast: Cast, story: Story
    ) -> None:
        for hours in (1, 2, 30, 50):
            story.reject(hours * HOUR)
        one = story.apply()
        assert one.deadline_at is not None
        timers.fire_due(now=one.deadline_at)
        answer = figure(cast, Side.BRAND, "answer_hours")
        assert (answer.value, answer.n) == (30, 5)
        silence = figure(cast, Side.BRAND, "silence_share")
        assert (silence.value, silence.n) == (0.2, 5)
        assert silence.low is not None
        assert silence.high is not None
        assert silence.low < 0.2 < silence.high

    def test_drafts_approved_by_silence_count_as_silence(self, cast: Cast, story: Story) -> None:
        for _ in range(5):
            story.reject(HOUR)
        one, at = story.fund(), NOW + timedelta(days=1)
        story.draft(one, at=at)
        timers.fire_due(now=at + timedelta(days=7))
        silence = figure(cast, Side.BRAND, "silence_share")
        # Five applications, the one that led to work, its draft.
        assert (silence.value, silence.n) == (round(1 / 7, 4), 7)

    def test_time_to_fund_and_to_pay(self, cast: Cast, story: Story) -> None:
        for hours in (1, 2, 3, 4, 70):
            one = story.fund(funding=hours * HOUR)
            at = NOW + timedelta(days=4)
            story.draft(one, at=at)
            story.finish(one, at=at, paid=2 * hours * HOUR)
        assert figure(cast, Side.BRAND, "fund_hours").value == 3
        assert figure(cast, Side.BRAND, "pay_hours").value == 6

    def test_rounds_of_changes_are_counted_per_piece(self, cast: Cast, story: Story) -> None:
        for changes in (0, 0, 1, 2, 0):
            story.deliver(changes=changes)
        for side in (Side.BRAND, Side.CREATOR):
            rounds = figure(cast, side, "revisions_per_piece")
            assert (rounds.value, rounds.n) == (0.6, 5)

    def test_calling_off_counts_against_who_asked(self, cast: Cast, story: Story) -> None:
        for _ in range(4):
            story.deliver()
        for side, actor in ((Side.BRAND, cast.brand_owner), (Side.CREATOR, cast.creator_user)):
            one, at = story.fund(), NOW + timedelta(days=1)
            cancelling.ask_to_cancel(
                collaboration=one, side=side, actor=actor, now=at, reason="It changed."
            )
            timers.fire_due(now=at + timedelta(days=3))
        cancelled = figure(cast, Side.BRAND, "cancelled_share")
        assert (cancelled.value, cancelled.n) == (round(1 / 6, 4), 6)
        completed = figure(cast, Side.CREATOR, "completed_share")
        assert (completed.value, completed.n) == (0.8, 5)


@pytest.mark.django_db
class TestCreators:
    def test_on_time_follows_what_fairground_noted_as_late(self, cast: Cast, story: Story) -> None:
        for _ in range(4):
            story.deliver()
        one = story.fund()
        due = one.deliverables.get().deadline_at
        assert due is not None
        timers.fire_due(now=due)
        assert figure(cast, Side.CREATOR, "drafts_on_time").value == 0.8
        story.draft(one, at=due + HOUR)
        story.finish(one, at=due + 2 * HOUR)
        drafts = figure(cast, Side.CREATOR, "drafts_on_time")
        assert (drafts.value, drafts.n) == (0.8, 5)
        assert figure(cast, Side.CREATOR, "publications_on_time").value == 1
        assert figure(cast, Side.CREATOR, "late_share").value == 0.2

    def test_offers_are_answered_by_the_creator(self, cast: Cast, story: Story) -> None:
        for _ in range(5):
            story.fund()
        answer = figure(cast, Side.CREATOR, "answer_hours")
        assert (answer.value, answer.n) == (2, 5)


@pytest.mark.django_db
class TestHonesty:
    def test_below_five_there_is_no_figure(self, cast: Cast, story: Story) -> None:
        for _ in range(ENOUGH - 1):
            story.reject(HOUR)
        assert not record(cast, Side.BRAND).has_figures
        assert figure(cast, Side.BRAND, "answer_hours").n == 4
        assert record(cast, Side.BRAND).collaborations == 4
        story.reject(HOUR)
        assert record(cast, Side.BRAND).has_figures

    def test_what_lies_outside_the_window_changes_nothing(self, cast: Cast, story: Story) -> None:
        for _ in range(5):
            story.deliver()
        before = [record(cast, side) for side in (Side.BRAND, Side.CREATOR)]
        one = Collaboration.objects.first()
        names = ["apply", "offer", "submit_draft", "approve", "dispute", "complete", "late", "fund"]
        for at in (LATER - WINDOW, LATER - WINDOW - HOUR, LATER + timedelta(seconds=1)):
            for name in names:
                CollaborationEvent.objects.create(
                    collaboration=one, name=name, side="brand", to_state="active", at=at,
                    data={"deliverable": 1, "state": "pending"},
                )  # fmt: skip
        assert [record(cast, side) for side in (Side.BRAND, Side.CREATOR)] == before

    def test_figures_age_out(self, cast: Cast, story: Story) -> None:
        for _ in range(5):
            story.reject(HOUR)
        assert record(cast, Side.BRAND, NOW + WINDOW - HOUR).has_figures
        assert not record(cast, Side.BRAND, NOW + WINDOW + 2 * HOUR).has_figures

    def test_each_figure_is_what_its_facts_come_to(self, cast: Cast, story: Story) -> None:
        for changes in (0, 1, 0, 2, 0):
            story.deliver(changes=changes, paid=(1 + changes) * HOUR)
        story.reject(5 * HOUR)
        for side, subject in ((Side.BRAND, cast.brand), (Side.CREATOR, cast.creator)):
            facts = list_facts(side, subject.pk, as_of=LATER)
            known = set(CollaborationEvent.objects.values_list("pk", flat=True))
            for one in record(cast, side).figures:
                amounts = [fact.amount for fact in facts if fact.figure == one.name]
                assert len(amounts) == one.n, one.name
                if one.value is not None:
                    mean = statistics.median if one.unit == "hours" else statistics.fmean
                    assert mean(amounts) == pytest.approx(one.value, abs=0.005), one.name
            for fact in facts:
                assert fact.events
                assert set(fact.events) <= known

    def test_data_that_names_no_piece_breaks_nothing(self, cast: Cast, story: Story) -> None:
        one = story.fund()
        for data in ({"deliverable": "x"}, {"deliverable": None}, {}, {"deliverable": [1]}):
            CollaborationEvent.objects.create(
                collaboration=one, name="submit_draft", side="creator", to_state="active",
                at=NOW, data=data,
            )  # fmt: skip
        assert record(cast, Side.BRAND).collaborations == 1

    def test_nobody_elses_events_count(self, cast: Cast, story: Story) -> None:
        for _ in range(5):
            story.reject(HOUR)
        both = compute_records(Side.BRAND, [cast.brand.pk, cast.other_brand.pk], as_of=LATER)
        assert both[cast.other_brand.pk].collaborations == 0
        assert both[cast.brand.pk].collaborations == 5


@pytest.mark.django_db
class TestStored:
    def test_who_had_events_is_stored_and_read_in_one_query(self, cast: Cast, story: Story) -> None:
        for _ in range(5):
            story.reject(HOUR)
        assert refresh_track_records(now=LATER) == 2
        assert refresh_track_records(now=LATER) == 0
        brand = cast.brand
        with CaptureQueriesContext(connection) as captured:
            stored = get_track_record(brand, now=LATER + HOUR)
        assert len(captured) == 1
        assert stored == record(cast, Side.BRAND)

    def test_a_day_old_record_is_computed_again(self, cast: Cast, story: Story) -> None:
        for _ in range(5):
            story.reject(HOUR)
        refresh_track_records(now=LATER)
        next_year = LATER + WINDOW
        assert not get_track_record(cast.brand, now=next_year).has_figures
        assert refresh_track_records(now=next_year) == 2
        assert set(TrackRecord.objects.values_list("as_of", flat=True)) == {next_year}

    def test_new_events_renew_it(self, cast: Cast, story: Story) -> None:
        story.reject(HOUR)
        refresh_track_records(now=LATER)
        story.apply(at=LATER)
        assert refresh_track_records(now=LATER + HOUR) == 2
        assert get_track_record(cast.brand, now=LATER + HOUR).collaborations == 2

    def test_many_cost_two_queries(self, cast: Cast) -> None:
        made = [Creator.objects.create(display_name=f"Creator {n}").pk for n in range(20)]
        with CaptureQueriesContext(connection) as captured:
            assert len(get_track_records(Side.CREATOR, made, now=LATER)) == 20
        assert len(captured) == 2


@given(st.integers(1, 2_000), st.data())
@settings(max_examples=200)
def test_wilsons_interval_holds_the_share_and_narrows(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    low, high = wilson(hits / n, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1
    wider = wilson(hits / n, max(n // 2, 1))
    assert high - low <= wider[1] - wider[0] + 1e-12


def test_wilsons_interval_of_a_textbook() -> None:
    """Newcombe 1998, table I: 15 of 148 gives 0.0624 to 0.1605."""
    low, high = wilson(15 / 148, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)


@pytest.mark.django_db
def test_the_command_explains_every_figure(cast: Cast, story: Story) -> None:
    for _ in range(5):
        story.reject(HOUR)
    out = StringIO()
    call_command(
        "explain_track_record", "brand", str(cast.brand.pk), "--json", "--as-of",
        LATER.isoformat(), stdout=out,
    )  # fmt: skip
    answer = json.loads(out.getvalue())
    assert answer["collaborations"] == 5
    [answered] = [one for one in answer["figures"] if one["name"] == "answer_hours"]
    facts = [fact for fact in answer["facts"] if fact["figure"] == "answer_hours"]
    assert answered["value"] == statistics.median(fact["amount"] for fact in facts)
    text = StringIO()
    call_command("explain_track_record", "creator", str(cast.creator.pk), stdout=text)
    assert "not enough yet" in text.getvalue()
    with pytest.raises(CommandError):
        call_command("explain_track_record", "brand", "999999")
