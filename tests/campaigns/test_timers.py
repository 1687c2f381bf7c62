"""Deadlines: each acted on once, by whoever looks, and printed in the contract."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from campaigns import delivering, timers
from campaigns.briefs import create_campaign
from campaigns.contract_text import _span
from campaigns.dispute_states import EVIDENCE_WINDOW, OPEN_AFTER_COMPLETION
from campaigns.models import Collaboration, CollaborationEvent, Contract
from campaigns.moving import lock
from campaigns.states import (
    DELIVERABLE_SILENCE,
    DELIVERABLE_TRANSITIONS,
    WAITING,
    DeliverableState,
    Side,
    State,
)
from campaigns.terms import BriefTerms
from marketplace.tasks import fire_timers
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import agree, draft, piece, start_work
from tests.campaigns.test_disputes import dispute_of
from tests.cast import Cast

EXPIRES = NOW + timedelta(days=7)
BEFORE = (State.INVITED, State.APPLIED, State.NEGOTIATING)


def invitations(cast: Cast, count: int) -> list[int]:
    """Ids of as many invitations; made by rows, since services take too long for hundreds."""
    campaign = create_campaign(
        brand=cast.brand, title="Many", terms=BriefTerms(text="A sunscreen"),
        actor=cast.brand_owner, now=NOW,
    )  # fmt: skip
    creators = type(cast.creator).objects.bulk_create(
        type(cast.creator)(display_name=f"Person {number}") for number in range(count)
    )
    made = Collaboration.objects.bulk_create(
        Collaboration(
            campaign=campaign, brand=cast.brand, creator=creator, state=State.INVITED,
            started_by=Side.BRAND, acting_side="creator", deadline_at=EXPIRES,
        )
        for creator in creators
    )  # fmt: skip
    return [one.pk for one in made]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "CHUNK", 7)


@pytest.mark.django_db
class TestDraining:
    def test_all_that_is_due_is_acted_on(self, cast: Cast, small_chunks: None) -> None:
        made = invitations(cast, 40)
        assert timers.fire_due(now=EXPIRES - timedelta(seconds=1)).fired == 0
        assert timers.fire_due(now=EXPIRES) == timers.TimerReport(fired=40, failed=0)
        assert Collaboration.objects.filter(pk__in=made, state=State.EXPIRED).count() == 40
        assert timers.fire_due(now=EXPIRES).fired == 0

    def test_one_that_fails_hinders_no_other(
        self, cast: Cast, small_chunks: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = invitations(cast, 20)
        broken = set(made[:9])  # more than a chunk, and the first in line
        whole = timers.move

        def breaks(collaboration: Collaboration, *names: str, **given: Any) -> Collaboration:
            if collaboration.pk in broken:
                raise RuntimeError("This row is broken.")
            return whole(collaboration, *names, **given)

        with monkeypatch.context() as patched:
            patched.setattr(timers, "move", breaks)
            assert timers.fire_due(now=EXPIRES) == timers.TimerReport(fired=11, failed=9)
        assert timers.fire_due(now=EXPIRES) == timers.TimerReport(fired=9, failed=0)

    def test_a_deadline_that_follows_from_another_is_met_in_the_same_run(self, cast: Cast) -> None:
        """The draft is shown so late that its approval comes after the day of publication."""
        collaboration = start_work(cast, 50_000)
        late = NOW + timedelta(days=40)
        delivering.submit_draft(
            deliverable=piece(collaboration), text="Cut", link="", actor=cast.creator_user, now=late
        )
        assert timers.fire_due(now=late + timedelta(days=7)).fired == 2
        assert piece(collaboration).state == "approved"
        assert collaboration.events.filter(name="late").count() == 1

    def test_what_stands_still_is_not_walked_through(
        self, cast: Cast, django_assert_num_queries: Any
    ) -> None:
        collaboration = start_work(cast, 50_000)
        draft(cast, piece(collaboration))
        dispute_of(cast, collaboration)
        with django_assert_num_queries(2):  # one look at each queue
            assert timers.fire_due(now=NOW + timedelta(days=10)).fired == 0

    def test_the_task_takes_the_time_of_the_clock(self, cast: Cast) -> None:
        made = invitations(cast, 1)
        fire_timers()
        assert Collaboration.objects.get(pk=made[0]).state == State.EXPIRED


@contextmanager
def in_threads(count: int, now: datetime) -> Iterator[list[timers.TimerReport]]:
    reports: list[timers.TimerReport] = []
    ready = threading.Barrier(count)

    def work() -> None:
        try:
            ready.wait()
            reports.append(timers.fire_due(now=now))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    yield reports
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_many_workers_fire_each_once(self, cast: Cast) -> None:
        made = invitations(cast, 60)
        with in_threads(4, EXPIRES) as reports:
            pass
        left = timers.fire_due(now=EXPIRES).fired  # what two of them met over at the end
        assert sum(report.fired for report in reports) + left == 60
        assert sum(report.failed for report in reports) == 0
        expired = CollaborationEvent.objects.filter(name="expire")
        assert sorted(expired.values_list("collaboration", flat=True)) == made

    def test_a_row_somebody_holds_waits_for_the_next_time(self, cast: Cast) -> None:
        held, free = invitations(cast, 2)
        with transaction.atomic():
            lock(Collaboration(pk=held))
            with in_threads(1, EXPIRES) as reports:
                pass
        assert [report.fired for report in reports] == [1]
        assert Collaboration.objects.get(pk=free).state == State.EXPIRED
        assert timers.fire_due(now=EXPIRES).fired == 1


@pytest.mark.django_db
class TestContract:
    """The text that both sign has every time and every silence of the table."""

    def test_it_prints_all_of_them(self, cast: Cast) -> None:
        text = Contract.objects.get(collaboration=agree(cast)).text
        binding = [state for state in WAITING if state not in BEFORE and state != State.ACTIVE]
        for state in binding:
            waiting = WAITING[state]
            assert f"{state.label}: {_span(waiting.lasts)}; then {waiting.silence}." in text
        for piece_state, silence in DELIVERABLE_SILENCE.items():
            assert f"{piece_state.label}: " in text
            assert f"; then {silence}." in text
        for transition in DELIVERABLE_TRANSITIONS.values():
            if transition.lasts is not None:
                assert f"{transition.target.label}: {_span(transition.lasts)}; then" in text
        for window in (EVIDENCE_WINDOW, OPEN_AFTER_COMPLETION, WAITING[State.DISPUTED].lasts):
            assert _span(window) in text.split("5. DISPUTES AND REVIEWS")[1]
        for named in ("the day for the draft", "the day for publication", "stands still"):
            assert named in text

    def test_every_silence_of_a_piece_is_in_the_table(self) -> None:
        acts = {
            transition.target
            for transition in DELIVERABLE_TRANSITIONS.values()
            if transition.acting
        }
        assert acts | {DeliverableState.PENDING} == set(DELIVERABLE_SILENCE)
