"""One log from what was recorded and from what campaigns tell."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Creator
from campaigns.briefs import create_campaign
from campaigns.delivering import verify
from campaigns.models import Shortlist, ShortlistEntry
from campaigns.states import Side, State
from campaigns.terms import BriefTerms
from scoring.interactions.hiding import hide_creator, unhide_creator
from scoring.interactions.ideal import name_ideal_creator
from scoring.interactions.log import build_log, read_log
from scoring.interactions.recording import Shown, record_event, record_list
from scoring.ml.recommending.events import Kind
from scoring.models import InteractionEvent
from tests.cast import NOW, Cast
from tests.marketplace.api.collaborating import published

LATER = NOW + timedelta(days=30)
ROWS = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.integers(1, 9),
        st.sampled_from([int(kind) for kind in Kind]),
        st.integers(0, 10**6),
        st.sampled_from([float("nan"), 1.0, 7.0]),
        st.sampled_from([float("nan"), 0.25, 1.0]),
    ),
    max_size=30,
)


def told(cast: Cast, *, until: object = LATER, since: object = None) -> list[tuple[object, ...]]:
    """(brand, creator, kind, hours after NOW, position) of each event, by time."""
    log, brand_ids, creator_ids = read_log(until=until, since=since)  # type: ignore[arg-type]
    began = NOW.timestamp() / 3600
    return [
        (int(brand_ids[brand]), int(creator_ids[creator]), Kind(kind).name,
         round(day * 24 - began, 3), int(position))
        for brand, creator, kind, day, position in zip(
            log.brands, log.creators, log.kinds, log.days, log.positions, strict=True
        )
    ]  # fmt: skip


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_does_not_matter(rows: list[tuple[float, ...]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (
        build_log(np.array(part, dtype=float).reshape(-1, 6)) for part in (rows, shuffled)
    )
    for name in ("brands", "creators", "kinds", "days", "positions", "propensities"):
        np.testing.assert_array_equal(getattr(one[0], name), getattr(other[0], name))
    np.testing.assert_array_equal(one[1], other[1])
    np.testing.assert_array_equal(one[2], other[2])
    assert sorted(one[1][one[0].brands]) == sorted(int(row[0]) for row in rows)
    assert sorted(one[2][one[0].creators]) == sorted(int(row[1]) for row in rows)


@pytest.mark.django_db
def test_an_empty_log_is_a_log() -> None:
    log, brand_ids, creator_ids = read_log(until=LATER)
    assert (len(log), len(brand_ids), len(creator_ids)) == (0, 0, 0)


@pytest.mark.django_db
def test_recorded_events_keep_place_and_chance(cast: Cast) -> None:
    shown = [Shown(cast.creator.pk, 1, 0.5), Shown(cast.other_creator.pk, 2)]
    list_id = record_list(
        brand=cast.brand, actor=cast.brand_owner, surface="search", campaign=None, shown=shown,
        now=NOW,
    )  # fmt: skip
    for hours, kind in ((1, "click"), (2, "profile_view")):
        record_event(
            brand=cast.brand, actor=cast.brand_owner, creator=cast.other_creator, kind=kind,
            surface="search", list_id=list_id, now=NOW + timedelta(hours=hours),
        )  # fmt: skip
    brand, first, second = cast.brand.pk, cast.creator.pk, cast.other_creator.pk
    assert told(cast) == [
        (brand, first, "IMPRESSION", 0.0, 1),
        (brand, second, "IMPRESSION", 0.0, 2),
        (brand, second, "CLICK", 1.0, 2),
        (brand, second, "PROFILE_VIEW", 2.0, 2),
    ]
    log, *_ = read_log(until=LATER)
    np.testing.assert_array_equal(log.propensities, [0.5, np.nan, np.nan, np.nan])
    hour = timedelta(hours=1)
    assert [row[2] for row in told(cast, until=NOW + 2 * hour, since=NOW + hour)] == ["CLICK"]


@pytest.mark.django_db
def test_a_hide_that_was_taken_back_is_not_told(cast: Cast) -> None:
    def at(hours: int) -> dict[str, object]:
        now = NOW + timedelta(hours=hours)
        return {"brand": cast.brand, "actor": cast.brand_owner, "now": now}

    hide_creator(creator=cast.creator, **at(0))  # type: ignore[arg-type]
    hide_creator(creator=cast.other_creator, **at(1))  # type: ignore[arg-type]
    unhide_creator(creator=cast.creator, **at(2))  # type: ignore[arg-type]
    assert [row[1:3] for row in told(cast)] == [(cast.other_creator.pk, "HIDE")]
    known_then = told(cast, until=NOW + timedelta(hours=2))
    assert [row[1] for row in known_then] == [cast.creator.pk, cast.other_creator.pk]
    hide_creator(creator=cast.creator, **at(3))  # type: ignore[arg-type]
    assert [row[3] for row in told(cast)] == [1.0, 3.0]


@pytest.mark.django_db
def test_shortlists_and_ideals_are_told(cast: Cast) -> None:
    terms = BriefTerms(text="Sun cream for everybody who burns quickly in spring.")
    campaign = create_campaign(
        brand=cast.brand, title="Spring", terms=terms, actor=cast.brand_owner, now=NOW
    )
    name_ideal_creator(campaign=campaign, creator=cast.creator, actor=cast.brand_owner, now=NOW)
    shortlist = Shortlist.objects.create(brand=cast.brand, name="Maybe", created_at=NOW)
    for hours, removed in ((1, NOW + timedelta(hours=2)), (3, None)):
        ShortlistEntry.objects.create(
            shortlist=shortlist, creator=cast.other_creator, removed_at=removed,
            added_at=NOW + timedelta(hours=hours),
        )  # fmt: skip
    assert [row[1:4] for row in told(cast)] == [
        (cast.creator.pk, "IDEAL", 0.0),
        (cast.other_creator.pk, "SHORTLIST", 1.0),
    ]


@pytest.mark.django_db
def test_reading_costs_four_queries(cast: Cast) -> None:
    creators = [Creator.objects.create(display_name=f"Person {n}") for n in range(30)]
    shown = [Shown(creator.pk, place) for place, creator in enumerate(creators, start=1)]
    record_list(
        brand=cast.brand, actor=cast.brand_owner, surface="search", campaign=None, shown=shown,
        now=NOW,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as captured:
        log, _, creator_ids = read_log(until=LATER)
    assert len(captured) <= 4
    assert len(log) == 30
    assert creator_ids.tolist() == sorted(creator.pk for creator in creators)


@pytest.mark.django_db
def test_deeds_are_told_from_where_they_stand(cast: Cast) -> None:
    """Each once, when it first came to be; and nothing is recorded twice."""
    collaboration = published(cast)
    work, later = collaboration.deliverables.get(), NOW + timedelta(hours=5)
    verify(deliverable=work, side=Side.BRAND, actor=cast.brand_owner, now=later)
    kinds = [row[2] for row in told(cast)]
    assert kinds == ["INVITE", "ADD_TO_CAMPAIGN", "COLLABORATION"]
    assert {row[:2] for row in told(cast)} == {(cast.brand.pk, cast.creator.pk)}
    assert not InteractionEvent.objects.exists()
    # Back from a dispute, it is complete for the second time.
    collaboration.events.create(
        name="withdraw_dispute", side=Side.CREATOR, from_state=State.DISPUTED,
        to_state=State.COMPLETED, at=NOW + timedelta(days=3),
    )  # fmt: skip
    assert [row[2:4] for row in told(cast)][-1] == ("COLLABORATION", 5.0)
    assert told(cast, since=NOW + timedelta(days=1)) == []
