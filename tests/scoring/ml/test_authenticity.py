from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.ml import artifacts, authenticity_fitting, authenticity_training, metrics
from scoring.ml.authenticity import AuthenticityModel
from scoring.ml.authenticity_data import (
    LAYOUT,
    balanced_weights,
    hide_facts,
    labelled_accounts,
    read_accounts,
    read_training_accounts,
)
from scoring.ml.authenticity_features import (
    FEATURES,
    KNOWN_FEATURES,
    RAW_COLUMNS,
    columns_from_catalogue,
    features_from_columns,
)
from scoring.ml.authenticity_signals import FACTS
from scoring.ml.tables import TableError, read_table

SHIPPED = Path(__file__).parents[3] / "scoring" / "artifacts"


@pytest.fixture(scope="module")
def shipped() -> AuthenticityModel:
    return AuthenticityModel.from_artifact(artifacts.load_artifact(SHIPPED, "authenticity", "v2"))


def synthetic_accounts(rows=400, seed=0) -> pd.DataFrame:
    """Two collections in which fakes follow many, are followed by few and say little."""
    generator = np.random.default_rng(seed)
    fake = generator.random(rows) < 0.5
    frame = pd.DataFrame(
        {
            "source": np.where(np.arange(rows) % 2, "one", "two"),
            "followers": np.exp(generator.normal(np.where(fake, 4, 7), 1.2)).round(),
            "following": np.exp(generator.normal(np.where(fake, 7, 6), 1.0)).round(),
            "posts": np.exp(generator.normal(np.where(fake, 2, 4), 1.2)).round(),
            "bio_length": generator.integers(0, np.where(fake, 30, 140)),
            "has_picture": (generator.random(rows) < np.where(fake, 0.7, 0.99)).astype(int),
            "username_digit_ratio": np.round(generator.random(rows) * np.where(fake, 0.6, 0.1), 2),
            "is_fake": fake.astype(int),
        }
    )
    frame.loc[frame["source"] == "one", "has_picture"] = np.nan
    return frame


@pytest.fixture(scope="module")
def synthetic_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("accounts") / "accounts.csv"
    synthetic_accounts().to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def trained(synthetic_file, tmp_path_factory):
    root = tmp_path_factory.mktemp("artifacts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(authenticity_fitting, "ROUNDS", 40)
        authenticity_training.train(
            [synthetic_file],
            root / "authenticity" / "v1",
            random_state=3,
            trained_at=datetime(2025, 11, 1, tzinfo=UTC),
        )
    return artifacts.load_artifact(root, "authenticity", "v1")


def some_columns(rows=60, seed=5) -> dict[str, np.ndarray]:
    frame = synthetic_accounts(rows, seed)
    columns = {name: frame[name].to_numpy(float) for name in frame if name in RAW_COLUMNS}
    return hide_facts(columns, np.random.default_rng(seed))


# --- features ---------------------------------------------------------------


def test_features_leave_the_unknown_unknown():
    features = features_from_columns({"followers": np.array([100.0, np.nan])})
    assert features.shape == (2, len(FEATURES))
    assert features[0, FEATURES.index("log_followers")] == pytest.approx(np.log(101))
    known = ~np.isnan(features)
    assert known[0].sum() == 1
    assert known[1].sum() == 0


def test_features_treat_the_impossible_as_unknown():
    features = features_from_columns(
        {
            "followers": np.array([-5.0]),
            "is_verified": np.array([7.0]),
            "username_digit_ratio": np.array([1.5]),
            "like_rate": np.array([np.inf]),
        }
    )
    assert np.isnan(features).all()


def test_features_do_not_tell_rounded_counts_from_exact_ones():
    exact = {"followers": np.array([1234.0]), "like_rate": np.array([10.118])}
    rounded = {"followers": np.array([1200.0]), "like_rate": np.array([10.0])}
    np.testing.assert_array_equal(features_from_columns(exact), features_from_columns(rounded))


def test_average_likes_become_the_like_rate():
    derived = features_from_columns({"followers": np.array([200.0]), "avg_likes": np.array([10.0])})
    given = features_from_columns({"followers": np.array([200.0]), "like_rate": np.array([5.0])})
    np.testing.assert_array_equal(derived, given)


def test_zero_followers_do_not_make_an_infinite_rate():
    features = features_from_columns({"followers": np.zeros(1), "avg_likes": np.ones(1)})
    assert np.isnan(features[0, FEATURES.index("log_like_rate")])


def test_features_refuse_nothing_and_ragged_columns():
    with pytest.raises(ValueError, match="none of the columns"):
        features_from_columns({"unheard_of": np.ones(2)})
    with pytest.raises(ValueError, match="differ in length"):
        features_from_columns({"followers": np.ones(2), "posts": np.ones(3)})


def test_catalogue_facts_are_split_into_likes_and_comments_in_percent():
    columns = columns_from_catalogue(
        followers=np.array([1000.0, 1000.0, 1000.0]),
        engagement_rate=np.array([0.11, 0.05, 2361.0]),
        comments_to_likes=np.array([0.1, -24.0, 0.1]),
        bio_length=np.array([10.0, 10.0, 10.0]),
        is_verified=np.array([0.0, 0.0, 0.0]),
    )
    np.testing.assert_allclose(columns["like_rate"], [10.0, 5.0, np.nan])
    np.testing.assert_allclose(columns["comment_rate"], [1.0, np.nan, np.nan])


def test_every_feature_belongs_to_exactly_one_fact():
    assert sorted(name for names in FACTS.values() for name in names) == sorted(KNOWN_FEATURES)


# --- data -------------------------------------------------------------------


def test_duplicates_go_and_contradicting_ones_go_altogether(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "source,followers,following,posts,bio_length,avg_likes,is_fake\n"
        "pellegrini2020open,10,20,3,4,5.5,1\n"
        "pellegrini2020default,10,20,3,4,,1\n"
        "kaggle696,10,20,3,4,,1\n"
        "kaggle696,7,7,7,7,,1\n"
        "kaggle696,7,7,7,7,,0\n"
        "kaggle696,8,8,8,8,,\n"
    )
    accounts = labelled_accounts(read_table(path, LAYOUT))
    assert sorted(accounts.collections) == ["kaggle696", "pellegrini2020"]
    kept = accounts.columns["like_rate"][accounts.collections == "pellegrini2020"]
    np.testing.assert_allclose(kept, [55.0])


def test_weights_balance_classes_and_temper_large_collections():
    labels = np.array([1] * 90 + [0] * 10 + [1, 0])
    collections = np.array(["big"] * 100 + ["small"] * 2)
    weights = balanced_weights(labels, collections)
    big, fake = collections == "big", labels == 1
    assert weights[big & fake].sum() == pytest.approx(weights[big & ~fake].sum())
    assert weights[big].sum() / weights[~big].sum() == pytest.approx(np.sqrt(50))


def test_a_label_that_is_none_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("followers,is_fake\n1,0\n1,2\n")
    with pytest.raises(TableError, match="row 3, column is_fake: 2 is not a label"):
        read_accounts([path])


# --- training ---------------------------------------------------------------


def test_training_needs_two_collections_with_both_classes(tmp_path):
    path = tmp_path / "a.csv"
    synthetic_accounts(60).assign(source="one").to_csv(path, index=False)
    with pytest.raises(TableError, match="at least two collections"):
        authenticity_training.train(
            [path], tmp_path / "v1", random_state=1, trained_at=datetime(2025, 1, 1, tzinfo=UTC)
        )


def test_training_finds_planted_fakes_in_a_collection_it_never_saw(trained):
    for name in ("one", "two"):
        assert trained.metadata["metrics_by_slice"][f"unseen/{name}"]["auc"] > 0.9
    assert trained.metadata["metrics"]["abstained"] == 0.0


def test_the_model_beats_looking_at_followers_alone(trained):
    model = AuthenticityModel.from_artifact(trained)
    fresh = synthetic_accounts(500, seed=9)
    columns = {name: fresh[name].to_numpy(float) for name in fresh if name in RAW_COLUMNS}
    labels = fresh["is_fake"].to_numpy()
    ours = metrics.auc(labels, model.probabilities(columns)[0])
    simple = metrics.auc(labels, -columns["followers"])
    assert ours is not None
    assert simple is not None
    assert ours > simple


def test_the_same_seed_gives_the_same_model(synthetic_file):
    accounts = labelled_accounts(read_accounts([synthetic_file])[0])
    features = features_from_columns(some_columns())
    first, again, other = (
        authenticity_fitting.fit_booster(accounts, seed, rounds=20).predict(features)
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_evaluate_gives_null_without_labels_or_with_one_class(shipped, tmp_path):
    path = tmp_path / "a.csv"
    for frame in (
        synthetic_accounts(20).drop(columns="is_fake"),
        synthetic_accounts(20).assign(is_fake=1),
    ):
        frame.to_csv(path, index=False)
        evaluation = authenticity_training.evaluate(shipped, path)
        assert evaluation.rows == 20
        assert evaluation.metrics["auc"] is None
        assert evaluation.metrics["abstained"] == 0.0
        assert set(evaluation.metrics) == set(authenticity_training.TASK.metric_names)


# --- assessments of the shipped model ----------------------------------------


def assess_one(model, **facts):
    return model.assess({name: np.array([value], float) for name, value in facts.items()})[0]


def test_a_batch_gets_what_its_rows_get_one_by_one(shipped):
    columns = some_columns()
    batch = shipped.assess(columns)
    for row, together in enumerate(batch):
        alone = shipped.assess({name: values[row : row + 1] for name, values in columns.items()})
        assert alone == [together]


def test_a_mass_following_shell_is_high_and_a_verified_celebrity_never_is(shipped):
    shell = assess_one(
        shipped,
        followers=20,
        following=7400,
        posts=0,
        bio_length=0,
        has_picture=0,
        username_digit_ratio=0.5,
    )
    assert shell.risk_level == "high"
    assert shell.risk_score >= 85
    celebrity = {"followers": 58_000_000, "is_verified": 1}
    usual = assess_one(shipped, **celebrity, bio_length=80, like_rate=1.5, comment_rate=0.02)
    silent = assess_one(shipped, **celebrity, bio_length=0, like_rate=0.1, comment_rate=0.0)
    assert usual.risk_level == "low"
    assert silent.risk_level != "high"


def test_a_badge_never_raises_the_risk_and_mass_following_never_lowers_it(shipped):
    columns = some_columns(200)
    plain = {**columns, "is_verified": np.zeros(200)}
    badge = {**columns, "is_verified": np.ones(200)}
    assert (shipped.probabilities(badge)[0] <= shipped.probabilities(plain)[0] + 1e-12).all()
    modest = {**columns, "following": np.full(200, 50.0)}
    crowd = {**columns, "following": np.full(200, 7000.0)}
    assert (shipped.probabilities(modest)[0] <= shipped.probabilities(crowd)[0] + 1e-12).all()


def test_it_abstains_without_followers_or_with_too_few_facts(shipped):
    for facts in (
        {"followers": 5000.0, "bio_length": 40.0},
        {"followers": np.nan, "following": 10.0, "posts": 3.0, "bio_length": 3.0},
    ):
        answer = assess_one(shipped, **facts)
        assert answer.abstained
        assert answer.risk_score is answer.probability is answer.risk_level is None
        assert answer.abstain_reason is not None
        assert answer.abstain_reason.startswith("Not enough evidence")


def test_signals_name_known_facts_with_their_figures_strongest_first(shipped):
    answer = assess_one(shipped, followers=74, following=2932, posts=3, bio_length=0)
    assert {signal.feature for signal in answer.top_signals} <= {
        "followers", "following", "posts", "bio_length",
    }  # fmt: skip
    effects = [abs(signal.effect) for signal in answer.top_signals]
    assert effects == sorted(effects, reverse=True)
    texts = {signal.feature: signal.text for signal in answer.top_signals}
    assert texts["following"] == "follows 2,932 accounts (40 per follower): raises the risk"
    assert texts["bio_length"] == "no biography: raises the risk"


def test_confidence_is_the_probability_of_the_likelier_side(shipped):
    for answer in shipped.assess(some_columns()):
        if answer.abstained:
            continue
        assert answer.confidence == max(answer.probability, 1 - answer.probability)
        assert answer.risk_score == round(100 * answer.probability)


def test_creators_of_a_catalogue_are_not_called_fake_wholesale(shipped, shared_data):
    creators = pd.read_csv(shared_data / "creators.csv.gz", nrows=3000)
    probabilities, abstained = shipped.probabilities(
        columns_from_catalogue(
            followers=creators["followers"].to_numpy(),
            engagement_rate=creators["engagement_rate"].to_numpy(),
            comments_to_likes=creators["comments_to_likes"].to_numpy(),
            bio_length=creators["bio"].fillna("").str.len().to_numpy(),
            is_verified=creators["verified"].to_numpy(),
        )
    )
    assert abstained.mean() < 0.05
    assert (probabilities >= shipped.settings.high_from).mean() < 0.05
    verified = creators["verified"].to_numpy() == 1
    assert (probabilities[verified] < shipped.settings.high_from).all()


def test_the_shipped_figures_come_from_unseen_collections_and_beat_the_baseline(shipped):
    metadata = artifacts.read_metadata(SHIPPED, "authenticity", "v2")
    slices = metadata["metrics_by_slice"]

    def mean_auc(prefix):
        return np.mean([f["auc"] for name, f in slices.items() if name.startswith(prefix + "/")])

    assert metadata["metrics"]["auc"] == pytest.approx(mean_auc("unseen"))
    assert mean_auc("unseen") > mean_auc("baseline_unseen")
    assert mean_auc("seen") > mean_auc("baseline_seen")


def test_moderators_decisions_are_for_evaluation_never_for_training(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text("source,followers,following,is_fake,evaluation_only\nmoderators,10,900,1,1\n")
    with pytest.raises(TableError, match="not for training"):
        read_training_accounts([path])
    assert read_accounts([path])[0].rows == 1
