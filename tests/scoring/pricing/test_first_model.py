"""The first version still answers: for going back to it, and for scores it once gave."""

import pytest

from scoring import registry
from scoring.models import Score
from scoring.pricing import serving
from scoring.pricing.first_model import FirstQuoter
from scoring.pricing.quoting import MarketQuoter
from scoring.pricing.suggesting import list_deliverables, suggest_price
from scoring.reproducing import recompute_score
from scoring.rescoring import rescore_account
from tests.scoring.catalogue import NOW, make_account

pytestmark = pytest.mark.django_db
FACTS: dict[str, object] = {
    "expected_views": 30_000,
    "median_views_30d": 25_000,
    "engagement_rate_30d": 0.03,
}


def test_both_shipped_versions_price_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account("shop", platform="douyin", followers=200_000, extra=FACTS)
    middles = []
    for version, kind in (("v1", FirstQuoter), ("v2", MarketQuoter)):
        monkeypatch.setattr(registry, "active_version", lambda task, v=version: v)
        assert isinstance(serving.shipped_quoter(), kind)
        found = suggest_price(account=account, deliverable="video_21_60s", now=NOW)
        assert found.model_version == f"price/{version}"
        assert 0 < found.min_minor <= found.suggested_minor <= found.max_minor
        assert 0.7 < found.coverage.held_out_low < found.coverage.held_out_high < 0.9
        assert found.factors["follower_count_premium"]
        assert set(list_deliverables(account)) >= {"video_1_20s", "video_over_60s"}
        middles.append(found.suggested_minor)
    assert 0.5 < middles[0] / middles[1] < 2


def test_a_score_of_the_first_version_is_computed_again_after_the_second_answers() -> None:
    account = make_account("shop", platform="douyin", followers=200_000, extra=FACTS)
    active = registry.active_version
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            registry, "active_version", lambda task: "v1" if task == "price" else active(task)
        )
        rescore_account(account=account, now=NOW)
    old = Score.objects.get(account=account, task="price")
    assert (old.model_version, old.currency) == ("price/v1", "CNY")
    assert recompute_score(old.pk).is_exact
    rescore_account(account=account, now=NOW)
    new = Score.objects.filter(account=account, task="price").latest("pk")
    assert new.model_version == "price/v2"
    assert recompute_score(new.pk).is_exact
    assert recompute_score(old.pk).is_exact
