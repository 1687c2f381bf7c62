"""Learning a market and answering with it; a market is learned once for the module's tests."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from accounts.models import SocialAccount
from scoring.catalogue import Quiet
from scoring.models import PriceCheck, PriceModelState, Score, SearchEntry
from scoring.pricing.checks import watch_ranges
from scoring.pricing.currencies import give_rate
from scoring.pricing.errors import NoMarketData, RateMissing
from scoring.pricing.learning import learn_market, learn_prices
from scoring.pricing.states import get_serving
from scoring.pricing.suggesting import list_deliverables, suggest_price, suggest_prices
from scoring.reproducing import recompute_score
from scoring.rescoring import rescore_account
from tests.scoring.catalogue import make_account
from tests.scoring.pricing.market import GENERAL, NOW, import_rows, market_rows


@pytest.fixture(scope="module")
def learned(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Real prices of 45 creators, imported and learned from; taken back after the module."""
    path = tmp_path_factory.mktemp("prices") / "market.csv.gz"
    with django_db_blocker.unblock(), transaction.atomic():
        import_rows(path, market_rows(), source="forty-five creators")
        learn_market(simulated=False, now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def account(learned: None, db: None) -> SocialAccount:
    return make_account("priced", country="Germany", followers=60_000)


def test_a_learned_market_answers_with_what_stands_behind_it(account: SocialAccount) -> None:
    found = suggest_price(account=account, deliverable="reel", now=NOW)
    assert found.currency == "EUR"
    assert 0 < found.min_minor <= found.suggested_minor <= found.max_minor
    assert found.model_version.startswith("price/market-")
    assert not found.simulated
    assert found.coverage.nominal == 0.8
    assert found.coverage.held_out_prices > 100
    assert found.coverage.observed is None
    assert found.factors["follower_count_premium"]
    assert found.factors["deliverable_type"]
    assert "reel" in list_deliverables(account)


def test_all_kinds_of_work_cost_as_many_queries_as_one(
    account: SocialAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    suggest_prices(account=account, now=NOW)
    with django_assert_max_num_queries(8):
        assert len(suggest_prices(account=account, now=NOW)) == 4


def test_comparables_name_nobody_and_leave_the_asker_out(account: SocialAccount) -> None:
    found = suggest_price(account=account, deliverable="reel", now=NOW)
    assert len(found.comparables) >= 5
    assert found.comparables == tuple(sorted(found.comparables, key=lambda one: one.distance))
    text = repr(found.comparables) + repr(found.market)
    assert "instagram-EUR-" not in text
    for one in found.comparables:
        assert one.month is None or one.month.day == 1
        assert one.followers is None or one.followers == float(f"{one.followers:.2g}")
        assert one.distance * 2 == int(one.distance * 2)


def test_a_currency_is_converted_with_a_rate_or_not_at_all(account: SocialAccount) -> None:
    with pytest.raises(RateMissing):
        suggest_price(account=account, deliverable="reel", currency="USD", now=NOW)
    give_rate(base="EUR", quote="USD", rate=Decimal(2), day=NOW.date(), source="x", actor=None,
              now=NOW)  # fmt: skip
    plain = suggest_price(account=account, deliverable="reel", now=NOW)
    found = suggest_price(account=account, deliverable="reel", currency="USD", now=NOW)
    assert (found.currency, found.suggested_minor) == ("USD", 2 * plain.suggested_minor)
    assert found.conversion is not None
    assert {one.currency for one in found.comparables} == {"USD"}


def test_an_account_without_followers_gets_a_reason(account: SocialAccount) -> None:
    for place, followers in enumerate([None, 0]):
        unknown = make_account(f"unknown_{place}", followers=followers)
        with pytest.raises(NoMarketData, match="follower count"):
            suggest_price(account=unknown, deliverable="reel", now=NOW)
    with pytest.raises(NoMarketData, match="on Instagram") as refused:
        suggest_price(account=account, deliverable="statue", now=NOW)
    assert refused.value.details["nearest"]


def test_a_score_names_the_state_and_is_computed_again(account: SocialAccount) -> None:
    rescore_account(account=account, now=NOW)
    score = Score.objects.get(account=account, task="price")
    assert (
        score.model_version
        == suggest_price(account=account, deliverable="reel", now=NOW).model_version
    )
    assert set(score.details["by_deliverable"]) >= {"static_post", "reel", "story"}
    assert recompute_score(score.pk).is_exact
    entry = SearchEntry.objects.get(account=account)
    assert (entry.price_minor, entry.price_currency) == (round(score.value or 0), "EUR")
    assert rescore_account(account=account, now=NOW + timedelta(days=3)).written == 0


def test_real_prices_do_not_teach_about_simulated_ones(account: SocialAccount) -> None:
    assert get_serving(simulated=True) is None
    assert learn_market(simulated=True, now=NOW).state_id is None
    account.creator.is_simulated = True
    account.creator.save()
    found = suggest_prices(account=account, now=NOW)
    assert all(isinstance(one, NoMarketData) for one in found.values())


def test_the_same_prices_make_no_new_state_and_a_damaged_one_is_passed_over(
    account: SocialAccount,
) -> None:
    again = learn_market(simulated=False, now=NOW + timedelta(days=1))
    assert (again.state_id, PriceModelState.objects.count()) == (None, 1)
    [state] = PriceModelState.objects.all()
    broken = PriceModelState.objects.create(
        **{name: getattr(state, name) for name in ("is_simulated", "serves", "why", "rows",
           "creators", "learned_through", "files")}, fingerprint="0" * 64, sha256="0" * 64,
    )  # fmt: skip
    serving = get_serving(simulated=False)
    assert serving is not None
    assert serving.version == f"price/{state.version}" != f"price/{broken.version}"


def test_later_agreements_are_compared_with_the_range_of_then(
    account: SocialAccount, tmp_path: Path
) -> None:
    rows = [
        {**GENERAL, "creator_id": f"later_{n}", "kind": "agreed", "price": price,
         "priced_on": "2026-03-10"}
        for n, price in enumerate([700, 700, 9_000_000])
    ]  # fmt: skip
    later = NOW + timedelta(days=20)
    import_rows(tmp_path / "later.csv", rows, now=later)
    result = learn_prices(params={"simulated": True}, progress=Quiet(), now=later)
    assert result["checks"] == 3
    assert [check.held for check in PriceCheck.objects.all()] == [True, True, False]
    [watched] = watch_ranges()
    assert (watched.report.outcomes, watched.report.above) == (3, 1)
    assert watched.report.verdict == "too few"
    assert learn_prices(params={"simulated": True}, progress=Quiet(), now=later)["checks"] == 0
    found = suggest_price(account=account, deliverable="reel", now=later)
    assert found.coverage.observed == pytest.approx(2 / 3)
    assert found.coverage.observed_prices == 3
