import csv
import random
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from scoring.ml.artifacts import load_artifact
from scoring.ml.recommending import simulated_trial, training
from scoring.ml.recommending.events import Interactions, Kind
from scoring.ml.recommending.post_tags import read_post_tags
from scoring.ml.recommending.ranker import FEATURES, candidate_table, raise_candidates
from scoring.ml.recommending.recommender import CandidateLists, choice_rate, gain_of_ranker
from scoring.ml.recommending.simulation import PAGE, Market, simulate_market
from scoring.ml.recommending.tag_data import read_tags
from scoring.ml.recommending.tag_model import (
    RecommendModel,
    fit_factors,
    identified,
    keep_facts,
    load_recommend,
    make_empty,
    plain_interactions,
)
from scoring.ml.recommending.training import TASK, evaluate_recommend, train_recommend
from scoring.ml.recommending.words import WordMatch
from scoring.ml.tables import TableError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FIELDS = {
    "yoga": "yoga asana breathing mat meditation stretch",
    "guitar": "guitar strings songs music chords melody",
    "baking": "sourdough bread cake flour baking oven",
    "running": "marathon running trail shoes miles jogging",
}


@pytest.fixture(scope="module")
def market() -> Market:
    return simulate_market(brands=80, creators=500, sessions=8, random_state=5)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Creators of four fields, each with tags and a bio of words of its field."""
    chance = random.Random(3)
    path = tmp_path_factory.mktemp("recommend") / "creators.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow("creator_id platform bio hashtags location followers".split())
        for n in range(240):
            words = FIELDS[sorted(FIELDS)[n % 4]].split()
            bio = " ".join(chance.sample(words, 3)) + f" {n}"
            tags = ";".join(chance.sample(words, 3))
            writer.writerow([f"c{n}", "instagram", bio, tags, "US", 1_000 + n])
        writer.writerow(["c0", "instagram", "the same creator again", "oven", "US", 5])
    return path


class TestSimulatedMarket:
    def test_the_same_seed_gives_the_same_market(self, market: Market) -> None:
        again = simulate_market(brands=80, creators=500, sessions=8, random_state=5)
        np.testing.assert_array_equal(market.log.creators, again.log.creators)
        np.testing.assert_array_equal(market.utility, again.utility)

    def test_every_impression_has_its_place_and_its_chance(self, market: Market) -> None:
        shown = market.log.take(market.log.kinds == Kind.IMPRESSION)
        assert len(shown) == 80 * 8 * PAGE
        assert set(shown.positions) == set(range(1, PAGE + 1))
        assert not np.isnan(shown.propensities).any()
        assert 0.2 < market.explored.sum() / len(shown) < 0.3

    def test_brands_prefer_what_they_chose_to_what_they_hid(self, market: Market) -> None:
        log = market.log
        liked = market.utility[log.brands, log.creators]
        assert liked[log.kinds == Kind.SHORTLIST].mean() > liked[log.kinds == Kind.CLICK].mean()
        assert liked[log.kinds == Kind.HIDE].max() < np.median(market.utility, axis=1).max()

    def test_the_hidden_truth_is_no_feature(self, market: Market) -> None:
        names = set(market.creator_facts.categories)
        assert names == {"country", "category", "size"}

    def test_factorisation_beats_popularity_and_the_points(self, market: Market) -> None:
        trial = simulated_trial.make_trial(market)
        table = simulated_trial.report(trial)["liked, known brands"]
        learned = table["factorisation, BPR"]["ndcg_at_10"]
        assert learned > table["popularity"]["ndcg_at_10"]
        assert learned > table["points (004)"]["ndcg_at_10"]
        low, high = table["factorisation, BPR"]["ndcg_at_10_interval"]
        assert low < learned < high


class TestTwoStages:
    def test_a_batch_of_brands_is_its_brands(self, market: Market) -> None:
        trial = simulated_trial.make_trial(market)
        recommender = simulated_trial.fit_recommender(trial, random_state=0)
        whole = recommender.score(trial.catalogue, np.arange(6), trial.known)
        for brand in (0, 5):
            alone = recommender.score(trial.catalogue, np.array([brand]), trial.known)
            np.testing.assert_array_equal(alone[0], whole[brand])

    def test_a_ranker_is_worth_it_where_the_factor_score_is_blind(self) -> None:
        rng = np.random.default_rng(0)
        tables, gains = [], []
        for _ in range(60):
            table = rng.normal(size=(40, len(FEATURES)))
            tables.append(table)
            gains.append((table[:, FEATURES.index("log_followers")] > 1.2).astype(np.int64))
        ones = [np.ones(40)] * 60
        assert gain_of_ranker(CandidateLists(tables, gains, ones), random_state=0) > 0.3
        noise = [rng.permutation(own) for own in gains]
        plain = [table[:, FEATURES.index("factor_score")] > 1.2 for table in tables]
        sure = [own.astype(np.int64) for own in plain]
        assert gain_of_ranker(CandidateLists(tables, sure, ones), random_state=0) <= 0.0
        assert gain_of_ranker(CandidateLists(tables[:3], noise[:3], ones), random_state=0) == 0.0

    def test_candidates_come_first_in_the_rankers_order(self) -> None:
        scores = np.array([[5.0, 4.0, 3.0, 2.0]])
        raised = raise_candidates(scores, np.array([[0, 1]]), np.array([[0.1, 0.9]]))
        assert np.argsort(-raised[0]).tolist() == [1, 0, 2, 3]

    def test_what_is_absent_is_unknown_to_the_ranker(self) -> None:
        table = candidate_table(
            {"factor_score": np.array([[1.0, 3.0]])}, np.array([0, 0]), np.array([1, 0])
        )
        assert table[:, FEATURES.index("factor_score")].tolist() == [0.0, -2.0]
        assert table[:, FEATURES.index("factor_place")].tolist() == [0.0, 1.0]
        assert np.isnan(table[:, FEATURES.index("points")]).all()

    def test_creators_never_shown_have_no_choice_rate(self) -> None:
        weights = sparse.csr_array(np.array([[2.0, 0.0, 0.0], [1.0, 0.0, 0.0]]))
        shown = sparse.csr_array(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]]))
        rate = choice_rate(Interactions(weights, sparse.csr_array((2, 3)), shown))
        assert rate[0] > 0.5 > rate[1]
        assert np.isnan(rate[2])


class TestTraining:
    def test_a_trained_model_finds_creators_of_a_field(
        self, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small = partial(simulate_market, brands=40, creators=200, sessions=6)
        monkeypatch.setattr(training, "simulate_market", small)
        metadata = train_recommend(
            [file], tmp_path / "recommend" / "v1", random_state=1, trained_at=NOW
        )
        slices = metadata["metrics_by_slice"]
        assert slices["with identities"]["ndcg_at_10"] > slices["popularity"]["ndcg_at_10"]
        assert any(name.startswith("simulated, liked") for name in slices)
        model = load_recommend(load_artifact(tmp_path, "recommend", "v1"))
        evaluation = evaluate_recommend(model, file)
        assert evaluation.rows == 241
        assert tuple(evaluation.metrics) == TASK.metric_names
        assert evaluation.metrics["ndcg_at_10"] > 0.5
        assert evaluation.metrics["rmse"] is None

    def test_the_same_creator_counts_once(self, file: Path) -> None:
        data = read_tags([file])
        assert data.choices.shape == (24, 240)
        assert data.tag_vectors.shape == (24, 384)

    def test_a_file_without_shared_tags_is_refused_in_words(self, tmp_path: Path) -> None:
        path = tmp_path / "few.csv"
        path.write_text("creator_id,hashtags\nc1,yoga\n", encoding="utf-8")
        with pytest.raises(TableError, match="at least 20 are needed"):
            train_recommend([path], tmp_path / "recommend" / "v1", random_state=1, trained_at=NOW)

    def test_a_file_without_shared_tags_has_no_figures(self, file: Path, tmp_path: Path) -> None:
        path = tmp_path / "few.csv"
        path.write_text("creator_id,hashtags\nc1,yoga\n", encoding="utf-8")
        assert read_tags([path]).choices.shape == (0, 1)
        assert plain_interactions(sparse.csr_array((2, 3))).shown.nnz == 0


def test_tags_of_posts_become_events_with_their_times(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    rows = [f"c{n},#Oven and #fyp,2026-01-0{n + 1} 12:00:00" for n in range(6)]
    path.write_text("creator_id,caption,published_at\n" + "\n".join(rows), encoding="utf-8")
    data = read_post_tags([path])
    assert data.tags == ["oven"]
    assert data.log.days.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    path.write_text("creator_id,caption,published_at\nc1,#one,2026-01-01\n", encoding="utf-8")
    with pytest.raises(TableError, match="no tag is shared"):
        read_post_tags([path])


class TestWords:
    def test_a_text_that_holds_the_name_comes_first(self) -> None:
        words = WordMatch(["ambassador of Gym Shark", "sharks and the sea", "", "baking bread"])
        scores = words.score(["gymshark", "art"])
        assert scores.shape == (2, 4)
        assert scores[0].argmax() == 0
        assert scores[0, 2] == 0.0
        np.testing.assert_array_equal(words.mentions(["gymshark", "bre"]).sum(axis=1), [1, 0])

    def test_texts_without_letters_share_nothing(self) -> None:
        assert not WordMatch(["", "!!"]).score(["yoga"]).any()

    def test_rows_do_not_depend_on_one_another(self) -> None:
        words = WordMatch(["yoga and breathing", "guitar songs"])
        both = words.score(["yoga", "guitar"])
        np.testing.assert_allclose(words.score(["guitar"])[0], both[1])


@pytest.fixture(scope="module")
def model(file: Path) -> RecommendModel:
    data = read_tags([file])
    empty = make_empty(data)
    catalogue = identified(empty.catalogue(data))
    return keep_facts(empty, fit_factors(catalogue, data.choices, random_state=0), data, "v1")


class TestUnseenFiles:
    @pytest.mark.parametrize(
        "text",
        [
            "creator_id,bio\nc1,yoga\n",
            "bio\nyoga every day\n",
            "creator_id,hashtags\nc1,\n",
            "creator_id,hashtags,followers\nc1,yoga,\n",
        ],
    )
    def test_what_a_file_cannot_support_is_null(
        self, text: str, model: RecommendModel, tmp_path: Path
    ) -> None:
        path = tmp_path / "new.csv"
        path.write_text(text, encoding="utf-8")
        evaluation = evaluate_recommend(model, path)
        assert set(evaluation.metrics.values()) == {None}
        assert evaluation.rows == 1

    def test_hashtags_may_be_written_as_people_write_them(self, tmp_path: Path) -> None:
        path = tmp_path / "new.csv"
        rows = "".join(f'c{n},"#Yoga #food, calm;yoga {n}x"\n' for n in range(6))
        path.write_text(f"creator_id,hashtags\n{rows}", encoding="utf-8")
        data = read_tags([path], with_vectors=False)
        assert data.tags == ["calm", "food", "yoga"]
        assert data.choices.sum() == 18

    def test_fewer_columns_are_enough_for_figures(
        self, model: RecommendModel, tmp_path: Path
    ) -> None:
        path = tmp_path / "new.csv"
        rows = "".join(
            f"c{n},{bio} {n},{bio.split()[0]}\n"
            for n, bio in enumerate(["yoga mat", "guitar songs"] * 6)
        )
        path.write_text(f"creator_id,bio,hashtags\n{rows}", encoding="utf-8")
        metrics = evaluate_recommend(model, path).metrics
        assert (metrics["ndcg_at_10"] or 0.0) > 0.5
        assert metrics["rmse"] is None
