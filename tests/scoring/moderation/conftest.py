"""Moderators, a risky account, and what a catalogue run does with it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.models import (
    AccountMetric,
    Creator,
    ModerationCase,
    OutboxEvent,
    Provenance,
    SocialAccount,
    User,
)
from scoring import entries
from scoring.models import Score
from scoring.moderation.deciding import decide_case, review_suspension
from scoring.moderation.opening import open_cases
from scoring.rescoring import rescore_account
from tests.cast import NOW

HOUR = timedelta(hours=1)


def make_moderator(name: str) -> User:
    user = User.objects.create_user(
        f"{name.lower()}@example.org", name=name, is_staff=True, side=User.Side.STAFF
    )
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


@pytest.fixture
def mona(moderator: User) -> User:
    moderator.groups.add(Group.objects.get(name="Moderators"))
    return moderator


@pytest.fixture
def milo(db: None) -> User:
    return make_moderator("Milo")


@pytest.fixture
def maya(db: None) -> User:
    return make_moderator("Maya")


def give_account(creator: Creator, handle: str = "risky") -> SocialAccount:
    account = SocialAccount.objects.create(creator=creator, platform="instagram", handle=handle)
    entries.sync_entries(account_ids=[account.pk])
    return account


@pytest.fixture
def account(creator_user: User) -> SocialAccount:
    return give_account(creator_user.creator)


def say(
    account: SocialAccount,
    risk: float | None,
    *,
    at: datetime = NOW,
    version: str = "authenticity/v1",
    level: str = "",
    **inputs: object,
) -> Score:
    """What the model would write: for tests about decisions, not about the model."""
    if not level and risk is not None:
        level = "high" if risk >= 80 else "medium" if risk >= 40 else "low"
    snapshot = {"followers": 1000.0, "risk_was": risk, **inputs}
    return Score.objects.create(
        account=account,
        task=Score.Task.AUTHENTICITY,
        model_version=version,
        feature_set="test",
        value=risk,
        level=level,
        confidence=None if risk is None else 0.9,
        abstained=risk is None,
        reasons=[{"feature": "following", "text": "follows 7,000 accounts", "effect": 1.5}],
        inputs=snapshot,
        snapshot_hash=f"{account.pk}-{risk}-{version}-{at.isoformat()}",
        as_of=at,
        created_at=at,
    )


def record_fact(account: SocialAccount, *, at: datetime) -> AccountMetric:
    return AccountMetric.objects.create(
        account=account,
        day=at.date(),
        followers=5_000,
        provenance=Provenance.MEASURED,
        recorded_at=at,
    )


@pytest.fixture
def case(account: SocialAccount) -> ModerationCase:
    [case] = open_cases(scores=[say(account, 90.0)], now=NOW)
    return case


@pytest.fixture
def flagged(case: ModerationCase, mona: User) -> ModerationCase:
    return decide_case(case=case, step="flag", reasons="Bought.", actor=mona, now=NOW + HOUR)


@pytest.fixture
def suspended(case: ModerationCase, mona: User, milo: User) -> ModerationCase:
    decide_case(case=case, step="propose_suspension", reasons="All bought.", actor=mona, now=NOW)
    return review_suspension(
        case=case, step="confirm_suspension", reasons="I agree.", actor=milo, now=NOW + HOUR
    )


def make_shell(creator: Creator, handle: str = "shell") -> SocialAccount:
    """An account that the shipped model itself calls high risk."""
    account = SocialAccount.objects.create(
        creator=creator,
        platform="instagram",
        handle=f"{handle}8473920",
        has_picture=False,
        has_link=False,
        is_private=False,
        is_business=False,
        is_verified=False,
    )
    AccountMetric.objects.create(
        account=account,
        day=date(2026, 2, 28),
        followers=12,
        following=7_400,
        posts=0,
        provenance=Provenance.IMPORTED,
        recorded_at=datetime(2026, 2, 28, tzinfo=UTC),
    )
    rescore_account(account=account, now=NOW)
    return account


def told() -> list[tuple[str, object]]:
    """What the outbox holds for creators: the step and the id of its event, in order."""
    events = OutboxEvent.objects.filter(kind__startswith="case.").order_by("pk")
    return [(event.payload["step"], event.payload["event"]) for event in events]
