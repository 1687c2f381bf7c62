"""The growth model: what it finds, what it spares, when it says nothing, how it is trained."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from scoring import registry
from scoring.ml import growth_training, metrics
from scoring.ml.artifacts import load_artifact
from scoring.ml.growth_attacks import KINDS, inject
from scoring.ml.growth_data import read_series, starting_level
from scoring.ml.growth_features import FEATURES, features_of
from scoring.ml.growth_model import GrowthAssessment, GrowthModel
from scoring.ml.growth_reasons import GROUPS
from scoring.ml.growth_samples import draw_samples
from scoring.ml.growth_series import GrowthSeries, make_series
from scoring.ml.growth_simulation import observe, simulate_organic
from scoring.ml.growth_spikes import judge_spikes
from scoring.ml.tables import TableError

DAYS = np.datetime64("2026-01-01", "D") + np.arange(120)


@pytest.fixture(scope="module")
def model() -> GrowthModel:
    found = registry.load("growth")
    assert isinstance(found, GrowthModel)
    return found


def fresh_series(count: int) -> tuple[list[GrowthSeries], np.ndarray]:
    """Simulated accounts of a seed no training used; every second one attacked."""
    rng = np.random.default_rng(90_210)
    found, labels = [], []
    for number in range(count):
        history = simulate_organic(rng)
        followers, interactions = history.followers, history.interactions
        if number % 2:
            days = np.arange(len(followers), dtype=float)
            attack = inject(rng, days, followers, interactions)
            followers, interactions = attack.followers, attack.interactions
        found.append(observe(rng, followers, interactions))
        labels.append(number % 2)
    return found, np.array(labels)


def judged(series: GrowthSeries, model: GrowthModel) -> GrowthAssessment:
    [answer] = model.assess([series])
    return answer


def test_it_tells_attacks_from_organic_growth_it_never_saw(model: GrowthModel) -> None:
    series, labels = fresh_series(300)
    answers = model.assess(series)
    known = np.array([not answer.abstained for answer in answers])
    scores = np.array([answer.probability or 0.0 for answer in answers])
    found = metrics.auc(labels[known], scores[known])
    spikes = features_of([judge_spikes(one, ()) for one in series])[
        :, FEATURES.index("spike_share")
    ]
    baseline = metrics.auc(labels[known], spikes[known])
    assert found is not None
    assert baseline is not None
    assert 0.88 < found < 0.999
    assert found > baseline + 0.05


def test_a_batch_answers_as_one_by_one(model: GrowthModel) -> None:
    series, _ = fresh_series(12)
    assert model.assess(series) == [judged(one, model) for one in series]


def test_log_odds_are_those_of_the_probability(model: GrowthModel) -> None:
    for answer in model.assess(fresh_series(10)[0]):
        if answer.probability is not None:
            odds = answer.probability / (1 - answer.probability)
            assert answer.log_odds == pytest.approx(np.log(odds))
            assert answer.reasons


def test_a_large_purchase_is_high_and_says_why(model: GrowthModel) -> None:
    rng = np.random.default_rng(5)
    followers = 20_000 + np.cumsum(rng.poisson(40, 120)).astype(float)
    followers[80:] += 15_000
    reactions = 800 * np.exp(rng.normal(0, 0.1, 120))
    answer = judged(make_series(DAYS, followers, reactions / followers), model)
    assert answer.level == "high"
    assert max(answer.reasons, key=lambda reason: reason.effect).feature in {
        "sudden_gains", "reactions", "pace",
    }  # fmt: skip
    assert answer.unexplained_spikes


@pytest.mark.parametrize(
    ("days", "followers", "reason"),
    [
        ([], [], "0 follower counts"),
        ([0], [500], "1 follower counts"),
        (range(7), range(1_000, 1_007), "7 follower counts"),
        (range(13), range(1_000, 1_013), "span 12 days"),
        (range(30), range(10, 40), "Below 100 followers"),
        (range(30), [5_000] * 30, "never changed"),
        (range(30), [0] * 30, "Below 100 followers"),
    ],
)
def test_it_abstains_where_it_cannot_know(
    model: GrowthModel, days: range, followers: range, reason: str
) -> None:
    answer = judged(make_series(DAYS[list(days)] if len(days) else [], list(followers)), model)
    assert answer.abstained
    assert (answer.probability, answer.log_odds, answer.level) == (None, None, None)
    assert reason in (answer.abstain_reason or "")


def test_a_ten_year_series_is_judged_by_its_last_year(model: GrowthModel) -> None:
    days = np.datetime64("2016-01-01", "D") + np.arange(3_650)
    followers = 10_000 + np.cumsum(np.random.default_rng(0).poisson(20, 3_650)).astype(float)
    whole = judged(make_series(days, followers), model)
    assert whole == judged(make_series(days[-366:], followers[-366:]), model)
    assert whole.counts == 366


@pytest.mark.parametrize(
    "followers",
    [
        np.where(np.arange(120) % 2, 0.0, 1e6),
        np.concatenate([np.full(119, 500.0), [1e12]]),
        np.concatenate([np.full(60, 1e9), np.zeros(60)]),
    ],
    ids=["alternating", "exploding", "vanished"],
)
def test_absurd_series_are_answered_without_a_fault(
    model: GrowthModel, followers: np.ndarray
) -> None:
    for rates in (np.zeros(120), np.full(120, np.nan), np.full(120, 1e9)):
        answer = judged(make_series(DAYS, followers, rates), model)
        assert answer.abstained or 0 < (answer.probability or 0) < 1


def test_every_feature_is_in_one_group_of_reasons() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(FEATURES)


@pytest.mark.parametrize("kind", KINDS)
def test_attacks_add_bots_and_take_nobody_away(kind: str) -> None:
    rng = np.random.default_rng(4)
    days, followers = np.arange(200.0), np.full(200, 10_000.0)
    attack = inject(rng, days, followers, followers * 0.03, kind)
    assert attack.size > 0
    assert np.all(attack.followers >= followers)
    assert np.all(attack.interactions >= followers * 0.03)
    if kind == "step_purged":
        assert attack.followers[-1] < attack.followers.max()


def test_samples_of_one_history_are_never_split() -> None:
    samples = draw_samples([], simulated=15, rng=np.random.default_rng(0))
    again = draw_samples([], simulated=15, rng=np.random.default_rng(0))
    assert np.array_equal(samples.features, again.features, equal_nan=True)
    pairs = [samples.labels[samples.group == group] for group in np.unique(samples.group)]
    assert sum(len(labels) == 2 and labels.sum() == 1 for labels in pairs) >= 10


def test_a_level_is_read_off_the_rounding() -> None:
    gains = np.array([10_000.0, 0, 20_000, 10_000, 30_000])
    level = starting_level(gains)
    assert 1e6 <= level + gains.sum() < 1e7
    assert starting_level(np.array([-5_000.0, 7.0])) >= 5_000


def write_weekly(path: Path, channels: int, *, labels: bool = False) -> Path:
    rng = np.random.default_rng(11)
    rows = ["channel_id,week,new_followers,new_views" + (",is_fake" if labels else "")]
    for channel in range(channels):
        for week in range(40):
            day = np.datetime64("2024-01-07") + 7 * week
            gain = int(rng.poisson(300)) + (90_000 * (channel % 2) if labels and week == 20 else 0)
            row = f"c{channel},{day},{gain},{int(rng.poisson(90_000))}"
            rows.append(row + (f",{channel % 2}" if labels else ""))
    path.write_text("\n".join(rows))
    return path


def test_training_writes_a_model_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth_training, "SIMULATED_ACCOUNTS", 60)
    monkeypatch.setattr(growth_training, "ROUNDS", 20)
    monkeypatch.setattr("scoring.ml.growth_validation.DECLARED_ACCOUNTS", 40)
    monkeypatch.setattr("scoring.ml.growth_samples.WINDOWS_PER_CHANNEL", 2)
    file = write_weekly(tmp_path / "weekly.csv", 20)
    out = tmp_path / "artifacts" / "growth" / "v1"
    metadata = growth_training.TASK.train(
        [file], out, random_state=3, trained_at=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert set(metadata["metrics"]) == set(growth_training.TASK.metric_names)
    trained = growth_training.TASK.load(load_artifact(tmp_path / "artifacts", "growth", "v1"))
    assert trained.version == "v1"
    again = tmp_path / "artifacts" / "growth" / "v2"
    repeated = growth_training.TASK.train(
        [file], again, random_state=3, trained_at=datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert repeated["metrics"] == metadata["metrics"]


def test_training_needs_enough_channels(tmp_path: Path) -> None:
    file = write_weekly(tmp_path / "weekly.csv", 3)
    with pytest.raises(TableError, match="at least 20 organic series"):
        growth_training.TASK.train(
            [file], tmp_path / "v1", random_state=3, trained_at=datetime(2026, 3, 1, tzinfo=UTC)
        )


def test_evaluate_measures_what_the_file_supports(model: GrowthModel, tmp_path: Path) -> None:
    labelled = growth_training.evaluate(
        model, write_weekly(tmp_path / "labelled.csv", 20, labels=True)
    )
    assert labelled.rows == 20
    assert (labelled.metrics["auc"] or 0) > 0.9
    plain = growth_training.evaluate(model, write_weekly(tmp_path / "plain.csv", 20))
    assert plain.metrics["auc"] is None
    assert plain.metrics["false_alarm_rate"] is not None
    answers = list(growth_training.answers(model, tmp_path / "labelled.csv"))
    assert [answer.id for answer in answers][:2] == ["c0", "c1"]
    assert answers[1].windows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("channel_id,week,new_followers\nc1,yesterday,5\n", "is no day"),
        ("channel_id,new_followers\nc1,5\n", "none of the columns week"),
        ("week,new_followers\n2024-01-01,5\n", "none of the columns channel_id"),
        ("id,day,followers\na,2024-01-01,5\na,2024-01-01,6\n", "is there twice"),
        ("id,day,followers\na,2024-01-01,-5\n", "followers on 2024-01-01 is -5"),
    ],
)
def test_bad_files_are_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text)
    with pytest.raises(TableError, match=message):
        read_series(file)


def test_few_real_channels_are_called_bought(model: GrowthModel, shared_data: Path) -> None:
    found = growth_training.evaluate(model, shared_data / "channels_weekly.csv.gz")
    assert found.rows == 87
    assert (found.metrics["false_alarm_rate"] or 0) < 0.05
