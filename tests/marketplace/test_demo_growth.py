"""Causes that simulated creators declare: shown, and no giveaway of who cheats."""

from datetime import UTC, datetime

import pytest

from accounts.models import GrowthEvent, SocialAccount
from marketplace.demo.seeding import remove_market, seed_market
from scoring import registry
from scoring.features.growth_facts import read_events, read_growth

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def events() -> list[GrowthEvent]:
    seed_market(creators=120, seed=7, now=NOW, with_scores=False, with_stories=False)
    return list(GrowthEvent.objects.select_related("account").order_by("pk"))


def test_some_jumps_are_declared_some_accepted_and_some_stories_are_false(
    events: list[GrowthEvent],
) -> None:
    viral = [event for event in events if event.kind == "viral_post"]
    assert {event.state for event in viral} == {"declared", "accepted"}
    assert all(event.decided_by and event.reasons for event in viral if not event.is_open)
    assert all(event.declared_at <= NOW and event.ends_on <= NOW.date() for event in events)
    assert all("Simulated" in event.description for event in events)


def test_true_causes_explain_and_false_ones_do_not(events: list[GrowthEvent]) -> None:
    accounts = list(SocialAccount.objects.filter(growth_events__isnull=False).distinct())
    answers = registry.load("growth").assess(
        read_growth(accounts, as_of=NOW), read_events(accounts, as_of=NOW)
    )
    explaining = {spike.explained_by for answer in answers for spike in answer.spikes}
    viral = {event.pk for event in events if event.kind == "viral_post"}
    false = {event.pk for event in events if event.kind == "advertising"}
    assert len(viral & explaining) > 0.8 * len(viral)
    assert not false & explaining


def test_the_events_go_with_the_market(events: list[GrowthEvent]) -> None:
    assert events
    remove_market(now=NOW)
    assert not GrowthEvent.objects.exists()
