"""What creators say of their availability, and how it is read."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.access import creator_for
from accounts.availability import (
    Availability,
    AvailabilityRefused,
    available,
    is_available,
    own_profile_for,
    say_availability,
    unavailable,
)
from accounts.errors import Forbidden
from accounts.models import AuditEntry, Creator
from tests.cast import NOW, Cast

TODAY = NOW.date()


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


OFFSETS = st.integers(-20, 20)


@st.composite
def availabilities(draw: st.DrawFn) -> Availability:
    start = draw(st.none() | OFFSETS)
    length = draw(st.none() | st.integers(0, 15))
    return Availability(
        draw(st.sampled_from([None, True, False])),
        None if start is None else day(start),
        None if start is None or length is None else day(start + length),
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Availability(), None),
        (Availability(True), True),
        (Availability(False), False),
        (Availability(None, day(3), day(5)), False),
        (Availability(True, day(5)), False),
        (Availability(True, day(6)), True),
        (Availability(True, day(-9), day(0)), False),
        (Availability(True, day(-9), day(-1)), True),
        (Availability(None, day(-9), day(-1)), None),
    ],
)
def test_a_period_is_free_if_none_of_its_days_is_away(
    said: Availability, expected: bool | None
) -> None:
    creator = Creator(
        accepts_work=said.accepts_work, away_from=said.away_from, away_until=said.away_until
    )
    assert is_available(creator, day(0), day(5)) is expected


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=availabilities(), starts=OFFSETS, length=st.integers(0, 15))
def test_the_database_finds_whom_the_rule_finds(
    db: None, said: Availability, starts: int, length: int
) -> None:
    creator = Creator.objects.create(
        display_name="Ada", accepts_work=said.accepts_work, away_from=said.away_from,
        away_until=said.away_until, availability_said_at=NOW,
    )  # fmt: skip
    asked = (day(starts), day(starts + length))
    expected = is_available(creator, *asked)
    one = Creator.objects.filter(pk=creator.pk)
    assert one.filter(available(*asked)).exists() is (expected is True)
    assert one.filter(unavailable(*asked)).exists() is (expected is False)
    assert one.exclude(unavailable(*asked)).exists() is (expected is not False)
    assert Creator.objects.filter(pk=creator.pk).filter(available(*asked, path="")).count() < 2


@pytest.mark.django_db
def test_a_creator_says_when_they_are_away(cast: Cast) -> None:
    said = Availability(True, day(2), day(20))
    creator = say_availability(
        creator=cast.creator, availability=said, actor=cast.creator_user, now=NOW
    )
    assert Availability.of(creator, today=TODAY) == said
    assert (creator.availability_said_at, said.is_known) == (NOW, True)
    assert said.is_away(on=day(2))
    assert not said.is_away(on=day(21))
    assert AuditEntry.objects.get(verb="creator.availability_said").data == {
        "accepts_work": True, "away_from": str(day(2)), "away_until": str(day(20)),
    }  # fmt: skip


@pytest.mark.django_db
def test_an_absence_that_is_over_is_no_longer_told(cast: Cast) -> None:
    said = Availability(None, day(0), day(3))
    creator = say_availability(
        creator=cast.creator, availability=said, actor=cast.creator_user, now=NOW
    )
    assert Availability.of(creator, today=day(3)) == said
    assert Availability.of(creator, today=day(4)) == Availability()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Availability(away_until=day(3)), "away_from"),
        (Availability(away_from=day(3), away_until=day(2)), "away_until"),
        (Availability(away_from=day(-3), away_until=day(-1)), "away_until"),
        (Availability(away_from=day(3), away_until=day(731)), "away_until"),
        (Availability(away_from=day(731)), "away_from"),
        (Availability(away_from=date(1, 1, 1)), "away_from"),
    ],
)
def test_days_that_cannot_be_are_refused_by_name(
    cast: Cast, said: Availability, field: str
) -> None:
    with pytest.raises(AvailabilityRefused) as refused:
        say_availability(creator=cast.creator, availability=said, actor=cast.creator_user, now=NOW)
    assert refused.value.details == {"field": field}
    assert creator_for(cast.creator_user, cast.creator.pk).availability_said_at is None


@pytest.mark.django_db
def test_nobody_speaks_for_a_creator(cast: Cast) -> None:
    unclaimed = Creator.objects.create(display_name="Nobody's")
    for actor in (cast.moderator, cast.brand_owner, cast.other_creator_user):
        with pytest.raises(Forbidden):
            own_profile_for(actor, cast.creator.pk)
        for creator in (cast.creator, unclaimed):
            with pytest.raises(Forbidden):
                say_availability(
                    creator=creator, availability=Availability(True), actor=actor, now=NOW
                )
    assert not AuditEntry.objects.filter(verb="creator.availability_said").exists()
