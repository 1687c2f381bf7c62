"""Runs: everybody valued and ranked from what was known, once, and kept."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction

from accounts.models import AuditEntry, SocialAccount
from scoring import registry
from scoring.catalogue import Quiet
from scoring.ml.value.valuing import ValueModel
from scoring.models import MarketValue, ValuationDraft, ValuationRun
from scoring.valuing import drafting, running
from scoring.valuing.errors import BadMoment
from scoring.valuing.reading import current_value, run_before, value_history
from scoring.valuing.thinning import thin_runs
from tests.scoring.valuing.made import NOW, make_valued, rank

pytestmark = pytest.mark.django_db
POSTS = [400, 380, 420, 410, 395, 405, 390, 415]


def test_a_run_values_ranks_and_says_what_it_could_not():
    small = make_valued("small", likes=POSTS)
    large = make_valued("large", likes=[20 * one for one in POSTS], followers=900_000)
    rated = make_valued("rated", engagement_rate=0.05)
    silent = make_valued("silent", followers=5_000)
    other = make_valued("other", likes=POSTS, platform="tiktok")
    made_up = make_valued("made_up", likes=POSTS, simulated=True)
    report = rank()
    assert (report["accounts"], report["valued"], report["abstained"]) == (6, 5, 1)
    assert report["leagues"] == {"real:instagram": 3, "real:tiktok": 1, "simulated:instagram": 1}
    best, second, third = (current_value(one) for one in (large, rated, small))
    assert [one.rank for one in (best, second, third)] == [1, 2, 3]
    assert best.unit == "engagements"
    assert best.currency == ""
    assert best.rate is None
    for one in (best, second, third):
        parts = one.parts
        product = 1.0
        for name in ("engagement", "rate", "authenticity", "consistency"):
            assert parts[name]["low"] <= parts[name]["value"] <= parts[name]["high"]
            product *= parts[name]["value"]
        assert one.value == pytest.approx(product, rel=1e-4)
        assert one.low < one.value < one.high
        assert one.rank_low <= one.rank <= one.rank_high <= one.ranked == 3
    assert best.band < third.band
    # The widest range is of who is known by a rate alone.
    assert second.high / second.low > third.high / third.low
    assert second.parts["engagement"]["basis"] == "rate"
    nothing = current_value(silent)
    assert nothing.abstained
    assert nothing.value is nothing.rank is None
    assert "engagement" in nothing.reason
    assert current_value(other).ranked == 1
    assert current_value(made_up).league == "simulated:instagram"
    assert AuditEntry.objects.filter(verb="values.ranked").count() == 1
    assert not ValuationDraft.objects.exists()


def test_the_same_moment_again_changes_nothing_and_rows_are_final():
    make_valued("one", likes=POSTS)
    first = rank(as_of="2026-02-28")
    again = rank(as_of="2026-02-28", now=NOW + timedelta(days=1))
    assert again == {**first, "unchanged": True}
    with pytest.raises(InternalError), transaction.atomic():
        MarketValue.objects.update(value=1)
    with pytest.raises(InternalError), transaction.atomic():
        ValuationRun.objects.update(valued=9)


def test_an_earlier_moment_reads_nothing_dated_or_recorded_later():
    account = make_valued("riser", likes=[100, 100, 100, 100, 10_000, 10_000, 10_000, 10_000])
    # Of the fourth last post nothing was counted by then.
    rank(as_of=(NOW - timedelta(days=15)).isoformat())
    rank()
    then, now = value_history(account)
    assert then.parts["engagement"]["posts"] == 4
    assert now.parts["engagement"]["posts"] == 8
    assert then.high < now.value
    assert current_value(account).run_id == now.run_id


def test_a_run_that_was_killed_goes_on_where_it_stopped(monkeypatch):
    accounts = [make_valued(f"a{place}", likes=POSTS[place:]) for place in range(5)]
    monkeypatch.setattr(drafting, "CHUNK", 2)
    valued: list[int] = []
    original = drafting.draft_rows

    def count(chunk, **kwargs):
        if len(valued) == 4:
            raise RuntimeError("killed")
        valued.extend(one.account_id for one in chunk)
        return original(chunk, **kwargs)

    monkeypatch.setattr(drafting, "draft_rows", count)
    with pytest.raises(RuntimeError):
        rank()
    assert current_value(accounts[0]) is None
    assert ValuationDraft.objects.count() == 4
    monkeypatch.setattr(drafting, "draft_rows", original)
    report = rank(now=NOW + timedelta(minutes=5))
    assert report["valued"] == 5
    assert ValuationRun.objects.get().as_of == NOW
    resumed = [current_value(account) for account in accounts]
    with transaction.atomic():
        ValuationRun.objects.all().delete()
    rank()
    afresh = [current_value(account) for account in accounts]
    assert [one.value for one in resumed] == [one.value for one in afresh]
    assert [one.rank_low for one in resumed] == [one.rank_low for one in afresh]


@pytest.mark.parametrize("moment", ["soon", "2026-13-01", "2027-01-01", "1999-01-01", "\x00"])
def test_no_moment_no_run(moment):
    with pytest.raises(BadMoment):
        running.rank_values(params={"as_of": moment}, progress=Quiet(), now=NOW)
    assert not ValuationRun.objects.exists()


def test_changes_are_told_against_runs_of_the_same_model(monkeypatch: pytest.MonkeyPatch):
    make_valued("one", likes=POSTS)
    model = registry.load("value")
    first = ValueModel(model.coefficients, version="value/v0")
    for days, answering in ((20, model), (10, first), (0, model)):
        monkeypatch.setattr(registry, "load", lambda task, one=answering: one)
        rank(as_of=(NOW - timedelta(days=days)).isoformat())
    oldest, other, newest = ValuationRun.objects.order_by("as_of")
    assert other.model_version == "value/v0"
    assert run_before(newest) == oldest
    assert run_before(other) is None


def test_of_a_day_before_anybody_was_known_there_is_no_ranking():
    make_valued("one", likes=POSTS)
    with pytest.raises(BadMoment, match="no account was known here by then"):
        running.rank_values(params={"as_of": "2001-01-01"}, progress=Quiet(), now=NOW)
    assert not ValuationRun.objects.exists()


def test_of_old_runs_the_last_of_each_month_is_kept():
    account = make_valued("one", likes=POSTS)
    SocialAccount.objects.filter(pk=account.pk).update(created_at=NOW - timedelta(days=100))
    for days in (0, 10, 20, 40, 45, 50, 75, 80):
        moment = NOW - timedelta(days=days)
        rank(as_of=moment.isoformat())
    thin_runs(now=NOW)
    kept = [(NOW - run.as_of).days for run in ValuationRun.objects.order_by("as_of")]
    assert kept == [75, 40, 20, 10, 0]
