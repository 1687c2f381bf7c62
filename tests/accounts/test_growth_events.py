"""Declared causes of growth: who may say what, and that it is said once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import growth_events
from accounts.errors import DomainError, Forbidden, NotFound
from accounts.models import AuditEntry, Creator, GrowthEvent, SocialAccount
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
State = GrowthEvent.State
TODAY = NOW.date()
LINK = "https://example.org/programme/12"


@pytest.fixture
def account(cast: Cast) -> SocialAccount:
    return SocialAccount.objects.create(
        creator=cast.creator, platform="instagram", handle="carla.cooks"
    )


def declare(cast: Cast, account: SocialAccount, **changed: Any) -> GrowthEvent:
    return growth_events.declare_event(
        **{
            "account": account,
            "kind": "tv",
            "starts_on": date(2026, 2, 10),
            "ends_on": date(2026, 2, 11),
            "evidence_url": LINK,
            "actor": cast.creator_user,
            "now": NOW,
            **changed,
        }
    )


def decide(cast: Cast, event: GrowthEvent, **changed: Any) -> GrowthEvent:
    return growth_events.decide_event(
        **{
            "event": event,
            "accept": True,
            "reasons": "The broadcast is on the link.",
            "actor": cast.moderator,
            "now": NOW + timedelta(days=1),
            **changed,
        }
    )


def test_declare_keeps_the_cause_and_is_audited(cast: Cast, account: SocialAccount) -> None:
    event = declare(cast, account, description="  On the evening programme.  ")
    event.refresh_from_db()
    assert (event.state, event.declared_by, event.declared_at) == (
        State.DECLARED,
        cast.creator_user,
        NOW,
    )
    assert event.description == "On the evening programme."
    entry = AuditEntry.objects.get(verb="growth_event.declared")
    assert (entry.actor, entry.data["starts_on"]) == (cast.creator_user, "2026-02-10")


@pytest.mark.parametrize("who", ["other_creator_user", "brand_owner", "moderator"])
def test_declare_is_for_the_creators_own_user(cast: Cast, account: SocialAccount, who: str) -> None:
    with pytest.raises(Forbidden):
        declare(cast, account, actor=getattr(cast, who))
    assert not GrowthEvent.objects.exists()


def test_an_unclaimed_account_is_nobodys_to_explain(cast: Cast, account: SocialAccount) -> None:
    Creator.objects.filter(pk=account.creator_id).update(user=None)
    account = SocialAccount.objects.get(pk=account.pk)
    with pytest.raises(Forbidden):
        declare(cast, account)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_on": date(2026, 2, 9)}, "ends_on"),
        ({"starts_on": TODAY, "ends_on": TODAY + timedelta(days=1)}, "ends_on"),
        ({"starts_on": date(2025, 12, 10), "ends_on": date(2026, 2, 9)}, "ends_on"),
        ({"kind": "magic"}, "kind"),
        ({"evidence_url": "", "description": "Trust me."}, "description"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url"),
        ({"evidence_url": "https://example.org/" + "a" * 500}, "evidence_url"),
        ({"description": "a" * 2001}, "description"),
    ],
)
def test_declare_refuses_what_cannot_be_used(
    cast: Cast, account: SocialAccount, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(growth_events.EventRefused) as refused:
        declare(cast, account, **changed)
    assert refused.value.details == {"field": field}


def test_sixty_days_and_a_description_alone_are_enough(cast: Cast, account: SocialAccount) -> None:
    event = declare(
        cast,
        account,
        starts_on=date(2025, 12, 12),
        ends_on=date(2026, 2, 10),
        evidence_url="",
        description="A giveaway of ten books, the rules are in the pinned post of that day.",
    )
    assert event.is_open


def test_declare_refuses_the_same_kind_for_the_same_days(
    cast: Cast, account: SocialAccount
) -> None:
    event = declare(cast, account)
    with pytest.raises(growth_events.EventOverlaps):
        declare(cast, account, starts_on=date(2026, 2, 11), ends_on=date(2026, 2, 12))
    declare(cast, account, kind="press")
    decide(cast, event, accept=False)
    with pytest.raises(growth_events.EventOverlaps):  # a rejection is not undone by repeating
        declare(cast, account)


def test_declare_stops_at_a_limit_that_withdrawing_does_not_lift(
    cast: Cast, account: SocialAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth_events, "MAX_EVENTS_A_YEAR", 1)
    event = declare(cast, account)
    growth_events.withdraw_event(event=event, actor=cast.creator_user, now=NOW)
    with pytest.raises(growth_events.TooManyEvents):
        declare(cast, account)
    assert declare(cast, account, now=NOW + timedelta(days=366)).is_open


def test_withdraw_closes_it_and_makes_room(cast: Cast, account: SocialAccount) -> None:
    event = declare(cast, account)
    with pytest.raises(Forbidden):
        growth_events.withdraw_event(event=event, actor=cast.other_creator_user, now=NOW)
    withdrawn = growth_events.withdraw_event(event=event, actor=cast.creator_user, now=NOW)
    assert (withdrawn.state, withdrawn.closed_at) == (State.WITHDRAWN, NOW)
    assert AuditEntry.objects.filter(verb="growth_event.withdrawn").count() == 1
    assert not growth_events.events_of(account).exists()
    with pytest.raises(growth_events.EventClosed):
        growth_events.withdraw_event(event=event, actor=cast.creator_user, now=NOW)
    assert declare(cast, account).is_open


@pytest.mark.parametrize(("accept", "state"), [(True, "accepted"), (False, "rejected")])
def test_a_moderator_decides_once_with_reasons(
    cast: Cast, account: SocialAccount, accept: bool, state: str
) -> None:
    decided = decide(cast, declare(cast, account), accept=accept)
    assert (decided.state, decided.decided_by) == (state, cast.moderator)
    entry = AuditEntry.objects.get(verb=f"growth_event.{state}")
    assert (entry.actor, entry.data["reasons"]) == (cast.moderator, decided.reasons)
    for again in (
        lambda: decide(cast, decided, accept=not accept),
        lambda: growth_events.withdraw_event(event=decided, actor=cast.creator_user, now=NOW),
    ):
        with pytest.raises(growth_events.EventClosed):
            again()


def test_decide_refuses_others_and_silence(cast: Cast, account: SocialAccount) -> None:
    event = declare(cast, account)
    refusals: list[tuple[type[DomainError], dict[str, Any]]] = [
        (Forbidden, {"actor": cast.brand_owner}),
        (Forbidden, {"actor": cast.creator_user}),
        (growth_events.ReasonsMissing, {"reasons": "  "}),
    ]
    for error, changed in refusals:
        with pytest.raises(error):
            decide(cast, event, **changed)
    cast.creator_user.is_staff = True
    with pytest.raises(Forbidden):
        decide(cast, event, actor=cast.creator_user)


def test_the_state_of_an_earlier_moment_is_known(cast: Cast, account: SocialAccount) -> None:
    event = decide(cast, declare(cast, account))
    assert event.state_at(NOW - timedelta(seconds=1)) is None
    assert event.state_at(NOW) == State.DECLARED
    assert event.state_at(NOW + timedelta(days=1)) == State.ACCEPTED


def test_events_and_accounts_of_others(cast: Cast, account: SocialAccount) -> None:
    event = declare(cast, account)
    assert growth_events.event_for(cast.brand_owner, event.pk) == event
    assert growth_events.own_account_for(cast.creator_user, account.pk) == account
    with pytest.raises(Forbidden):
        growth_events.own_account_for(cast.other_creator_user, account.pk)
    Creator.objects.filter(pk=cast.creator.pk).update(status="suspended")
    with pytest.raises(NotFound):
        growth_events.event_for(cast.brand_owner, event.pk)


def test_the_database_refuses_an_event_without_evidence(account: SocialAccount) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GrowthEvent.objects.create(
            account=account, kind="tv", starts_on=TODAY, ends_on=TODAY, declared_at=NOW
        )
