"""Series and events of accounts, as they were known at one moment."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.growth_events import decide_event, declare_event, withdraw_event
from accounts.models import AccountMetric, Creator, Provenance, SocialAccount
from scoring.features.growth_facts import read_events, read_growth
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def make_account(creator: Creator | None = None, handle: str = "one") -> SocialAccount:
    creator = creator or Creator.objects.create(display_name=handle)
    return SocialAccount.objects.create(creator=creator, platform="tiktok", handle=handle)


def add_count(
    account: SocialAccount, day: date, followers: int | None, *, recorded_at: datetime = NOW,
    **fields: Any,
) -> None:  # fmt: skip
    AccountMetric.objects.create(
        account=account, day=day, followers=followers, provenance=Provenance.MEASURED,
        recorded_at=recorded_at, **fields,
    )  # fmt: skip


def test_the_latest_recording_that_knows_a_figure_counts() -> None:
    account = make_account()
    earlier = NOW - timedelta(hours=2)
    add_count(account, TODAY, 100, recorded_at=earlier, engagement_rate=0.05)
    add_count(account, TODAY, 110)
    add_count(account, TODAY - timedelta(days=1), 90, avg_likes=8, avg_comments=1)
    add_count(account, TODAY - timedelta(days=2), None)
    [series] = read_growth([account], as_of=NOW)
    assert series.followers.tolist() == [90, 110]
    assert series.engagement.tolist() == [0.1, 0.05]
    [before] = read_growth([account], as_of=earlier)
    assert before.followers.tolist() == [100]


def test_nothing_later_and_nothing_older_than_a_year_is_read() -> None:
    account = make_account()
    add_count(account, TODAY + timedelta(days=1), 500)
    add_count(account, TODAY, 120, recorded_at=NOW + timedelta(seconds=1))
    add_count(account, TODAY - timedelta(days=366), 5)
    add_count(account, TODAY - timedelta(days=365), 7)
    [series] = read_growth([account], as_of=NOW)
    assert series.followers.tolist() == [7]


def test_rates_that_cannot_be_are_unknown() -> None:
    account = make_account()
    add_count(account, TODAY, 10, engagement_rate=float("nan"))
    add_count(account, TODAY - timedelta(days=1), 0, avg_likes=5)
    [series] = read_growth([account], as_of=NOW)
    assert np.isnan(series.engagement).all()


def test_many_accounts_cost_one_query_each_and_keep_their_order() -> None:
    accounts = [make_account(handle=str(number)) for number in range(5)]
    for account in accounts[1:]:
        add_count(account, TODAY, account.pk)
    with CaptureQueriesContext(connection) as queries:
        series = read_growth(accounts, as_of=NOW)
        events = read_events(accounts, as_of=NOW)
    assert len(queries) == 2
    assert [one.followers.tolist() for one in series] == [[], *([a.pk] for a in accounts[1:])]
    assert events == [()] * 5
    assert read_growth([], as_of=NOW) == []


def test_events_are_read_in_the_state_of_the_moment(cast: Cast) -> None:
    account, later = make_account(cast.creator), NOW + timedelta(days=1)
    event, withdrawn = (
        declare_event(
            account=account, kind=kind, starts_on=TODAY, ends_on=TODAY, actor=cast.creator_user,
            evidence_url="https://example.org", now=NOW,
        )
        for kind in ("tv", "press")
    )  # fmt: skip
    decide_event(event=event, accept=True, reasons="Seen.", actor=cast.moderator, now=later)
    withdraw_event(event=withdrawn, actor=cast.creator_user, now=later)

    def states(as_of: datetime) -> list[tuple[str, str]]:
        [events] = read_events([account], as_of=as_of)
        return [(one.kind, one.state) for one in events]

    assert states(NOW - timedelta(seconds=1)) == []
    assert states(NOW) == [("tv", "declared"), ("press", "declared")]
    assert states(later) == [("tv", "accepted")]
