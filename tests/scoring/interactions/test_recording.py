"""Lists and what follows from them."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import NotFound
from accounts.models import Creator
from campaigns.briefs import create_campaign
from campaigns.terms import BriefTerms
from scoring.interactions.errors import CreatorNotShown, EventsRefused
from scoring.interactions.kept import NewEvent
from scoring.interactions.recording import Shown, record_event, record_events, record_list
from scoring.models import InteractionEvent
from tests.cast import NOW, Cast
from tests.scoring.interactions.listing import show

pytestmark = pytest.mark.django_db

Kind = InteractionEvent.Kind


def events_of(cast: Cast, *events: NewEvent) -> list[InteractionEvent]:
    return record_events(brand=cast.brand, actor=cast.brand_owner, events=events, now=NOW)


def refused(cast: Cast, *events: NewEvent) -> list[tuple[int, str, str]]:
    before = InteractionEvent.objects.count()
    with pytest.raises(EventsRefused) as caught:
        events_of(cast, *events)
    assert InteractionEvent.objects.count() == before
    return [(one.row, one.field, one.code) for one in caught.value.problems]


def test_a_list_is_one_query_with_places_and_chances(cast: Cast) -> None:
    shown = [Shown(cast.creator.pk, 1, 0.75), Shown(cast.other_creator.pk, 2)]
    brand = cast.brand
    with CaptureQueriesContext(connection) as captured:
        list_id = record_list(
            brand=brand,
            actor=cast.brand_owner,
            surface="search",
            campaign=None,
            shown=shown,
            now=NOW,
        )
    [insert] = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert insert.startswith("INSERT")
    rows = InteractionEvent.objects.filter(list_id=list_id).order_by("position")
    assert list(rows.values_list("creator", "position", "propensity", "kind", "surface")) == [
        (cast.creator.pk, 1, 0.75, "impression", "search"),
        (cast.other_creator.pk, 2, None, "impression", "search"),
    ]


def test_a_creator_with_two_accounts_counts_at_the_better_place(cast: Cast) -> None:
    creators = [cast.other_creator, cast.creator, cast.creator]
    list_id = show(cast.brand, cast.brand_owner, creators)
    row = InteractionEvent.objects.get(list_id=list_id, creator=cast.creator)
    assert row.position == 2


def test_a_click_takes_place_surface_and_campaign_of_its_list(cast: Cast) -> None:
    campaign = create_campaign(
        brand=cast.brand,
        title="Spring",
        terms=BriefTerms(text="Sun cream for everybody who burns quickly in spring."),
        actor=cast.brand_owner,
        now=NOW,
    )
    creators = [cast.other_creator, cast.creator]
    list_id = show(cast.brand, cast.brand_owner, creators, surface="matches", campaign=campaign)
    click = record_event(
        brand=cast.brand,
        actor=cast.brand_owner,
        creator=cast.creator,
        kind=Kind.CLICK,
        surface="profile",
        list_id=list_id,
        now=NOW,
    )
    assert (click.position, click.surface, click.campaign) == (2, "matches", campaign)
    assert (click.propensity, click.at) == (None, NOW)


@pytest.mark.parametrize("kind", [Kind.CLICK, Kind.PROFILE_VIEW, Kind.HIDE])
def test_who_was_not_shown_there_is_refused(cast: Cast, kind: str) -> None:
    """Neither in another list, nor in a list another brand was shown, nor in none at all."""
    brand, owner = cast.brand, cast.brand_owner
    without = show(brand, owner, [cast.other_creator])
    of_others = show(cast.other_brand, cast.other_owner, [cast.creator])
    for list_id in (without, of_others, uuid4()):
        with pytest.raises(CreatorNotShown) as caught:
            record_event(
                brand=brand,
                actor=owner,
                creator=cast.creator,
                kind=kind,
                surface="profile",
                list_id=list_id,
                now=NOW,
            )
        assert caught.value.http_status == 422
        assert caught.value.details == {"field": "list_id"}


def test_without_a_list_there_is_no_position(cast: Cast) -> None:
    view = record_event(
        brand=cast.brand,
        actor=cast.brand_owner,
        creator=cast.creator,
        kind=Kind.PROFILE_VIEW,
        surface="profile",
        now=NOW,
    )
    assert (view.list_id, view.position) == (None, None)


def test_a_creator_who_is_not_shown_to_anybody_is_not_there(cast: Cast) -> None:
    Creator.objects.filter(pk=cast.creator.pk).update(status="suspended")
    with pytest.raises(NotFound):
        record_event(
            brand=cast.brand,
            actor=cast.brand_owner,
            creator=cast.creator,
            kind=Kind.PROFILE_VIEW,
            surface="profile",
            now=NOW,
        )


def test_the_same_key_is_the_same_row(cast: Cast) -> None:
    new = NewEvent(kind=Kind.CLICK, creator_id=cast.creator.pk, key=uuid4())
    [first] = events_of(cast, new)
    [again, twin] = events_of(cast, new, new)
    assert first == again == twin
    assert InteractionEvent.objects.count() == 1


def test_a_key_does_not_stand_for_two_events(cast: Cast) -> None:
    new = NewEvent(kind=Kind.CLICK, creator_id=cast.creator.pk, key=uuid4())
    other = replace(new, kind=Kind.PROFILE_VIEW)
    assert refused(cast, new, other) == [(2, "key", "idempotency_key_reused")]
    events_of(cast, new)
    assert refused(cast, other) == [(1, "key", "idempotency_key_reused")]


def test_what_was_recorded_is_answered_also_when_the_creator_has_left(cast: Cast) -> None:
    new = NewEvent(kind=Kind.CLICK, creator_id=cast.creator.pk, key=uuid4())
    first = events_of(cast, new)
    Creator.objects.filter(pk=cast.creator.pk).update(status="closed")
    assert events_of(cast, new) == first


def test_a_batch_is_all_or_nothing_and_names_its_rows(cast: Cast) -> None:
    good = NewEvent(kind=Kind.CLICK, creator_id=cast.creator.pk)
    assert refused(
        cast,
        good,
        replace(good, creator_id=2**62),
        replace(good, list_id=uuid4()),
        replace(good, campaign_id=2**62),
        replace(good, at=NOW + timedelta(minutes=2)),
        replace(good, at=NOW - timedelta(hours=25)),
    ) == [
        (2, "creator_id", "not_found"),
        (3, "list_id", "creator_not_shown"),
        (4, "campaign_id", "not_found"),
        (5, "occurred_at", "in_the_future"),
        (6, "occurred_at", "too_old"),
    ]


def test_a_clock_that_runs_ahead_a_little_says_now(cast: Cast) -> None:
    new = NewEvent(kind=Kind.CLICK, creator_id=cast.creator.pk, key=uuid4())
    ahead = replace(new, at=NOW + timedelta(seconds=30))
    [event] = events_of(cast, ahead)
    assert event.at == NOW
    assert events_of(cast, ahead) == [event]


def test_a_batch_costs_the_same_however_long(cast: Cast) -> None:
    list_id = show(cast.brand, cast.brand_owner, [cast.creator, cast.other_creator])
    brand = cast.brand

    def queries(count: int) -> int:
        events = [
            NewEvent(kind=Kind.CLICK, creator_id=cast.creator.pk, list_id=list_id, key=uuid4())
            for _ in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            record_events(brand=brand, actor=cast.brand_owner, events=events, now=NOW)
        return len(captured)

    assert queries(2) == queries(100) <= 8  # six and the savepoint's two
