"""The creator-level answer: what enters, what it does, and that it is reproduced."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from accounts.models import (
    AccountMetric,
    AudienceSnapshot,
    Comment,
    FollowerSample,
    Provenance,
    SampledFollower,
    SocialAccount,
)
from scoring import registry
from scoring.creator_risk import (
    UnknownRule,
    active_models,
    assess_creators,
    load_models,
)
from scoring.features.account_facts import authenticity_columns, read_facts
from scoring.ml.authenticity import AuthenticityAssessment
from scoring.ml.creator_answer import CreatorRisk, level_of
from scoring.ml.growth_series import make_series, to_inputs
from scoring.models import Score
from scoring.reproducing import recompute_score
from scoring.rescoring import rescore_account
from scoring.snapshots import snapshot, snapshot_hash
from tests.scoring.catalogue import DAY, NOW, make_account

DAYS = 60
KNOWN = {"followers": 50_000.0, "following": 400.0, "posts": 300.0, "like_rate": 3.0}


def assess(columns: dict[str, float], **facts: Any) -> CreatorRisk:
    arrays = {name: np.array([value]) for name, value in columns.items()}
    [answer] = assess_creators(arrays, [facts], active_models())
    return answer


def growth_inputs(followers: np.ndarray) -> dict[str, Any]:
    days = np.datetime64(DAY, "D") - np.arange(len(followers))[::-1]
    rates = np.full(len(followers), 0.03) * followers[0] / followers
    return to_inputs(make_series(days, followers, rates), [])


def organic(days: int = DAYS) -> np.ndarray:
    steps = np.random.default_rng(5).poisson(60 + 20 * np.sin(np.arange(days) * 2 * np.pi / 7))
    return 50_000.0 + np.cumsum(steps)


def bought(days: int = DAYS) -> np.ndarray:
    series = organic(days)
    series[days // 2 :] += 30_000
    return series


def component(answer: CreatorRisk, name: str) -> Any:
    return next(one for one in answer.components if one.name == name)


def test_the_profile_alone_answers_as_the_account_model_does_within_its_bounds() -> None:
    answer = assess(KNOWN)
    assert not answer.abstained
    assert [one.state for one in answer.components] == ["judged"] + ["unknown"] * 5
    assert component(answer, "growth").effect == 0
    assert answer.risk_score is not None
    assert 18 <= answer.risk_score <= 95


def test_a_sudden_gain_nobody_reacted_to_raises_the_risk() -> None:
    calm = assess(KNOWN, growth=growth_inputs(organic()))
    sudden = assess(KNOWN, growth=growth_inputs(bought()))
    assert (sudden.risk_score or 0) > (calm.risk_score or 0) + 20
    assert any(signal.feature.startswith("growth_") for signal in sudden.top_signals)
    assert sudden.second_opinion is not None


def test_strong_growth_evidence_suffices_without_a_profile() -> None:
    assert assess({"posts": 3.0}).abstained
    answer = assess({"posts": 3.0}, growth=growth_inputs(bought()))
    assert not answer.abstained
    assert component(answer, "profile").state == "unknown"


def test_an_abstention_says_what_is_missing_in_a_line_a_score_can_keep() -> None:
    answer = assess({"posts": 3.0})
    assert answer.risk_score is answer.risk_level is answer.confidence is None
    assert answer.abstain_reason is not None
    assert 0 < len(answer.abstain_reason) <= 300


def test_signals_have_the_sign_of_what_they_do() -> None:
    answer = assess(KNOWN, follow_trades=["f4f"], is_young=True)
    effects = {signal.feature: signal.effect for signal in answer.top_signals}
    assert effects["bio_phrases"] > 0
    assert (answer.risk_score or 0) > (assess(KNOWN).risk_score or 0)


def test_context_is_shown_and_weighs_nothing() -> None:
    audience = {
        "entropy": 3.1, "countries": 11, "largest": "Italy", "largest_share": 0.2,
        "known_share": 1.0,
    }  # fmt: skip
    answer = assess(KNOWN, audience=audience, promotions=["dm for promo"], is_young=False)
    assert answer.probability == assess(KNOWN).probability
    assert component(answer, "audience").state == "context"


def test_flagged_posts_raise_and_honest_ones_do_not_clear() -> None:
    def posts(flagged: int, p_value: float) -> dict[str, Any]:
        return {
            "posts": 12, "judged": 12, "flagged": flagged, "flagged_share": flagged / 12,
            "low": 0.0, "high": 0.6, "p_value": p_value, "score": 50, "level": "medium",
            "abstained": False, "abstain_reason": None, "sentence": f"{flagged} of 12 posts.",
        }  # fmt: skip

    plain = assess(KNOWN).probability or 0
    assert (assess(KNOWN, engagement=posts(6, 1e-6)).probability or 0) > plain + 0.1
    assert assess(KNOWN, engagement=posts(0, 1.0)).probability == plain


def test_stated_growth_counts_only_without_counts() -> None:
    fast = assess(KNOWN, stated_growth_pct=80.0)
    assert (fast.probability or 0) > (assess(KNOWN, stated_growth_pct=5.0).probability or 0)
    assert component(fast, "growth").state == "judged"
    assert component(assess(KNOWN, stated_growth_pct=5.0), "growth").state == "context"


def test_a_disagreement_names_the_points_and_what_was_seen_instead() -> None:
    quiet = {**KNOWN, "like_rate": 1.0, "bio_length": 120.0, "is_verified": 1.0}
    answer = assess(quiet, growth=growth_inputs(organic() + np.arange(DAYS) % 9 // 8 * 500))
    assert answer.second_opinion is not None
    if answer.second_opinion.level == answer.risk_level:
        pytest.skip("this model version agrees with the points here")
    assert "40 points for an engagement rate of 1.00 %" in answer.disagreement
    assert f"This answer says {answer.risk_level}" in answer.disagreement


def test_a_batch_answers_what_its_rows_answer_alone() -> None:
    facts = [{}, {"growth": growth_inputs(bought())}, {"follow_trades": ["f4f"]}]
    columns = {name: np.full(3, value) for name, value in KNOWN.items()}
    columns["posts"] = np.array([10.0, 300.0, np.nan])
    together = assess_creators(columns, facts, active_models())
    for place, own in enumerate(facts):
        row = {name: values[place : place + 1] for name, values in columns.items()}
        [alone] = assess_creators(row, [own], active_models())
        assert alone.probability == pytest.approx(together[place].probability, abs=1e-9)
        assert alone.risk_level == together[place].risk_level
        for one, other in zip(alone.top_signals, together[place].top_signals, strict=True):
            assert one.text == other.text
            assert one.effect == pytest.approx(other.effect, abs=1e-6)


@pytest.mark.parametrize(
    ("probability", "profile", "growth", "level"),
    [
        (0.95, "high", 0.0, "high"),
        (0.95, "medium", 0.0, "medium"),
        (0.95, "medium", 1.0, "high"),
        (0.84, "high", 3.0, "medium"),
        (0.40, "low", 0.0, "low"),
        (0.40, "low", 0.6, "medium"),
        (0.24, "medium", 1.0, "low"),
        (0.40, None, -1.0, "medium"),
    ],
)
def test_a_high_level_asks_for_more_than_a_high_sum(
    probability: float, profile: Any, growth: float, level: str
) -> None:
    account = AuthenticityAssessment(
        risk_score=None, probability=None, risk_level=profile, confidence=None, top_signals=(),
        abstained=profile is None, abstain_reason=None,
    )  # fmt: skip
    found = level_of(probability, account=account, by_source={"profile": 1.0, "growth": growth})
    assert found == level


def test_a_version_names_its_models_and_its_rule() -> None:
    version = active_models().version
    assert load_models(version).version == version
    assert len(version) <= Score._meta.get_field("model_version").max_length
    with pytest.raises(UnknownRule):
        load_models(version.replace("evidence-1", "evidence-0"))


@pytest.fixture
def known_from_all_sides(db: None) -> SocialAccount:
    """An account with growth, a sample of followers, comments and an audience."""
    *earlier, today = bought()
    account = make_account("much_known", bio="I follow back! Recipes", followers=round(today))
    for age, followers in enumerate(reversed(earlier), start=1):
        AccountMetric.objects.create(
            account=account, day=DAY - timedelta(days=age), followers=round(followers),
            provenance=Provenance.MEASURED, recorded_at=NOW,
        )  # fmt: skip
    sample = FollowerSample.objects.create(
        account=account, taken_on=DAY, method="random", provenance=Provenance.IMPORTED,
        recorded_at=NOW,
    )  # fmt: skip
    bot = {"followers": 3, "following": 4_000, "posts": 0, "has_picture": False, "bio_length": 0,
           "username_digit_ratio": 0.6}  # fmt: skip
    SampledFollower.objects.bulk_create(
        SampledFollower(sample=sample, pseudonym=f"{n:064d}", facts=bot, recorded_at=NOW)
        for n in range(60)
    )
    Comment.objects.bulk_create(
        Comment(
            account=account, external_id=f"c{n}", author=f"a{n}", recorded_at=NOW,
            text="Amazing content, check my page for more", provenance=Provenance.IMPORTED,
        )
        for n in range(25)
    )  # fmt: skip
    AudienceSnapshot.objects.create(
        account=account, day=DAY, countries={"Italy": 0.6, "Peru": 0.4},
        provenance=Provenance.CREATOR, recorded_at=NOW,
    )  # fmt: skip
    return account


def test_every_kind_of_fact_is_read_and_the_score_is_reproduced(
    known_from_all_sides: SocialAccount,
) -> None:
    rescore_account(account=known_from_all_sides, now=NOW)
    score = Score.objects.get(account=known_from_all_sides, task="authenticity")
    states = {one["name"]: one["state"] for one in score.details["components"]}
    assert states == {
        "profile": "judged", "growth": "judged", "engagement": "unknown",
        "followers": "judged", "comments": "judged", "audience": "context",
    }  # fmt: skip
    followers = next(one for one in score.details["components"] if one["name"] == "followers")
    assert followers["low"] <= followers["value"] <= followers["high"]
    assert followers["effect"] > 0
    assert score.level == "high"
    assert "Amazing" not in str(score.inputs)
    answer = recompute_score(score.pk)
    assert answer.is_exact, answer.differences


def test_scoring_again_without_new_facts_writes_nothing(
    known_from_all_sides: SocialAccount,
) -> None:
    rescore_account(account=known_from_all_sides, now=NOW)
    report = rescore_account(account=known_from_all_sides, now=NOW + timedelta(days=2))
    assert report.written == 0


def test_facts_recorded_later_are_not_read(known_from_all_sides: SocialAccount) -> None:
    from scoring.features.risk_facts import read_risk_facts

    model = active_models().account
    earlier = NOW - timedelta(days=1)
    [facts] = read_risk_facts([known_from_all_sides], model=model, engagement={}, as_of=earlier)
    assert set(facts) == {"follow_trades"}
    [facts] = read_risk_facts([known_from_all_sides], model=model, engagement={}, as_of=NOW)
    assert set(facts) == {
        "follow_trades", "growth", "follower_sample", "comments", "audience",
    }  # fmt: skip


def test_queries_do_not_grow_with_what_is_known(
    known_from_all_sides: SocialAccount, django_assert_num_queries: Any
) -> None:
    from scoring.features.risk_facts import read_risk_facts

    others = [make_account(f"other_{n}") for n in range(5)]
    model = active_models().account
    with django_assert_num_queries(5):
        read_risk_facts([known_from_all_sides, *others], model=model, engagement={}, as_of=NOW)


def test_a_score_of_the_account_model_alone_is_still_reproduced(db: None) -> None:
    """What scores were before other evidence entered."""
    account = make_account("older", bio="Hello")
    columns = authenticity_columns(read_facts([account], as_of=NOW))
    version = registry.active_version("authenticity")
    [assessment] = registry.load("authenticity", version).assess(columns)
    inputs = snapshot(columns, 0)
    name = f"authenticity/{version}"
    score = Score.objects.create(
        account=account, task="authenticity", model_version=name, feature_set="account-facts-1",
        value=assessment.risk_score, level=assessment.risk_level, inputs=inputs,
        confidence=assessment.confidence, abstained=assessment.abstained,
        snapshot_hash=snapshot_hash(inputs, name), as_of=NOW, created_at=NOW,
    )  # fmt: skip
    assert recompute_score(score.pk).is_exact


def test_an_account_turns_old_without_a_new_fact(db: None) -> None:
    account = make_account("young")
    account.opened_on = date(2026, 2, 1)
    account.save(update_fields=["opened_on"])
    assert rescore_account(account=account, now=NOW).written == 3
    assert rescore_account(account=account, now=NOW + timedelta(days=10)).written == 0
    later = NOW + timedelta(days=90)
    assert rescore_account(account=account, now=later).written == 2
    rewritten = Score.objects.filter(account=account, as_of=later)
    # The price reads the risk, which reads the age.
    assert {score.task for score in rewritten} == {"authenticity", "price"}
