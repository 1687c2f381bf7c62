import csv
import dataclasses
import gzip
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scoring
from scoring.ml import niche_data, niche_training
from scoring.ml.encoding import get_encoder
from scoring.ml.niche_clusters import fit_clusters, name_clusters
from scoring.ml.niche_head import Calibration, fit_calibration, targets_of
from scoring.ml.niches import NO_TEXT, NO_VECTOR, UNSURE, NicheModel, niche_terms
from scoring.ml.tables import TableError

SHIPPED = Path(scoring.__file__).parent / "artifacts" / "niche" / "v2"
TRAINED_AT = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS = {
    "tattoo-artists": "tattoo ink blackwork flash needle studio walkins",
    "bakers": "sourdough bread croissant oven flour pastry dough",
    "drummers": "drums snare cymbal groove band sticks rhythm",
    "gardening": "garden seeds compost tomato soil greenhouse harvest",
}
FILLER = "official love life follow new daily story world best team".split()


class TopicEncoder:
    """A stand-in whose vectors know the topic of a text only roughly."""

    def encode(self, texts):
        rows = []
        for text in texts:
            generator = np.random.default_rng(len(text) * 7 + sum(map(ord, text)))
            row = generator.normal(size=384) * 0.08
            for place, words in enumerate(TOPICS.values()):
                row[place] += sum(word in text for word in words.split())
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, dtype=np.float32)


def write_creators(path, count=480, seed=3):
    generator = np.random.default_rng(seed)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["creator_id", "platform", "bio", "hashtags", "niches"])
        for number in range(count):
            label = list(TOPICS)[number % len(TOPICS)]
            words = [*generator.choice(TOPICS[label].split(), 3), *generator.choice(FILLER, 4)]
            bio = f"{' '.join(words)} {generator.integers(10**6)}"
            writer.writerow([f"c{number}", "tiktok", bio, f"{words[0]};fyp", label])
        writer.writerow(["empty", "tiktok", "", "", "bakers"])
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("niche")
    file = write_creators(folder / "creators.csv.gz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(niche_training, "get_encoder", TopicEncoder)
        for name in ("v1", "v2"):
            metadata = niche_training.train_niche(
                [file], folder / "niche" / name, random_state=5, trained_at=TRAINED_AT
            )
    return folder, metadata


@pytest.fixture(scope="module")
def model(trained):
    return NicheModel.load(trained[0] / "niche" / "v1")


@pytest.fixture
def _topic_encoder(monkeypatch):
    monkeypatch.setattr(niche_training, "get_encoder", TopicEncoder)


TEXTS = [
    "tattoo and blackwork studio",
    "bread from my oven, best sourdough",
    "",
    "garden seeds and compost",
    "??? !!!",
    "snare and cymbal groove",
]


def predict(model, texts=TEXTS):
    vectors = TopicEncoder().encode(texts)
    return model.predict(texts, vectors)


def test_training_records_figures_that_beat_majority(trained):
    _, metadata = trained
    assert metadata["metrics"]["hit_at_1"] > 0.9
    majority = metadata["metrics_by_slice"]["majority/all"]["hit_at_1"]
    assert metadata["metrics"]["hit_at_1"] > majority + 0.5
    assert metadata["task"] == "niche"
    assert metadata["data"][0]["name"] == "creators.csv.gz"
    assert metadata["holdout"]["metric"] == "hit_at_1"


def test_the_same_seed_trains_the_same_model(trained):
    folder, _ = trained
    first, second = (NicheModel.load(folder / "niche" / name) for name in ("v1", "v2"))
    assert predict(first) == predict(second)
    assert first.clusters.names == second.clusters.names


def test_predict_knows_topics_and_says_why(model):
    answers = predict(model)
    assert [answer.labels[0][0] for answer in answers if answer.labels][:2] == [
        "tattoo-artists",
        "bakers",
    ]
    label, word, effect = answers[0].evidence[0]
    assert label == "tattoo-artists"
    assert word in {"tattoo", "blackwork", "studio"}
    assert effect > 0
    assert answers[0].chosen[0] == "tattoo-artists"
    assert answers[0].cluster == model.clusters.names[answers[0].cluster_id]
    assert answers[0].keywords == model.clusters.keywords[answers[0].cluster_id]


def test_a_batch_answers_as_its_rows_one_by_one(model):
    vectors = TopicEncoder().encode(TEXTS)
    alone = [model.predict([t], v[None, :])[0] for t, v in zip(TEXTS, vectors, strict=True)]
    assert predict(model) == alone


def test_probabilities_are_ordered_and_within_bounds(model):
    for answer in predict(model):
        values = [probability for _, probability in answer.labels]
        assert values == sorted(values, reverse=True)
        assert all(0 <= value <= 1 for value in values)


def test_a_creator_without_text_or_vector_is_left_unnamed(model):
    vectors = TopicEncoder().encode(TEXTS[:3])
    vectors[1] = np.nan
    _, unembedded, empty = model.predict(TEXTS[:3], vectors)
    assert (empty.abstained, empty.reason, empty.labels) == (True, NO_TEXT, ())
    assert (unembedded.abstained, unembedded.reason) == (True, NO_VECTOR)
    [blank] = model.predict([" \u200b\n"], vectors[:1])
    assert blank.reason == NO_TEXT


def test_an_unlikely_answer_is_shown_but_not_chosen(model):
    strict = dataclasses.replace(model, abstain_below=0.9999999)
    answer = predict(strict, ["follow for new story"])[0]
    assert (answer.abstained, answer.reason, answer.chosen) == (True, UNSURE, ())
    assert answer.labels


def test_as_many_vectors_as_texts_are_needed(model):
    with pytest.raises(ValueError, match="2 texts need as many vectors"):
        model.predict(["a", "b"], np.zeros((1, 384), dtype=np.float32))


@pytest.mark.usefixtures("_topic_encoder")
def test_evaluate_counts_a_creator_without_text_as_a_miss(trained, model):
    result = niche_training.evaluate_niche(model, trained[0] / "creators.csv.gz")
    assert tuple(result.metrics) == (*niche_training.TASK.metric_names, "known_labels")
    assert result.rows == 481
    assert 0 < result.metrics["abstained"] < 0.1
    assert 0.9 < result.metrics["hit_at_1"] < 1


@pytest.mark.usefixtures("_topic_encoder")
def test_evaluate_invents_nothing_without_labels(model, tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("bio\nhello there\n")
    result = niche_training.evaluate_niche(model, file)
    assert set(result.metrics.values()) == {None}


@pytest.mark.usefixtures("_topic_encoder")
def test_training_refuses_too_few_creators(tmp_path):
    file = write_creators(tmp_path / "few.csv.gz", count=30)
    with pytest.raises(TableError, match="30 creators have text and niches"):
        niche_training.train_niche([file], tmp_path / "v1", random_state=1, trained_at=TRAINED_AT)
    assert not (tmp_path / "v1").exists()


def test_near_duplicates_are_removed_and_the_first_is_kept():
    creators = niche_data.Creators(
        ids=list("abcd"),
        platforms=["x"] * 4,
        bios=["I bake bread every single day", "i bake bread, every single day!", "", ""],
        texts=list("abcd"),
        labels=[()] * 4,
    )
    vectors = np.eye(4, dtype=np.float32)
    vectors[3] = vectors[2]
    assert niche_data.distinct_rows(creators, vectors).tolist() == [0, 2]


def test_a_creator_stays_in_its_fold_whatever_the_file():
    ids = [f"c{n}" for n in range(400)]
    folds = niche_data.folds_of(ids, n_folds=4, random_state=1)
    assert (niche_data.folds_of(ids[::-1], n_folds=4, random_state=1)[::-1] == folds).all()
    assert set(folds) == {0, 1, 2, 3}


def test_hits_count_any_right_label():
    targets = targets_of([("a",), ("b", "c")], ["a", "b", "c"])
    ranking = np.array([[1, 0, 2], [2, 0, 1]])
    assert niche_data.hit_at(ranking, targets, 1) == 0.5
    assert niche_data.hit_at(ranking, targets, 3) == 1
    assert niche_data.hit_at(ranking, targets, 3, misses=2) == 0.5
    assert niche_data.hit_at(ranking[:0], targets[:0], 1) is None


def test_calibration_finds_the_true_rate():
    generator = np.random.default_rng(0)
    true = generator.uniform(0.05, 0.95, 20_000)
    targets = np.stack([generator.uniform(size=20_000) < true, np.zeros(20_000, bool)], axis=1)
    overconfident = np.clip(true**0.25, 0.01, 0.99)
    scores = np.log(np.stack([overconfident, 1 - overconfident], axis=1))
    calibration = fit_calibration(scores[:, :1], targets[:, :1], top=1)
    assert abs(calibration.apply(scores[:, :1]).mean() - targets[:, 0].mean()) < 0.01
    assert list(calibration.rates) == sorted(calibration.rates)
    middle = Calibration(logits=(-2.0, 2.0), rates=(0.0, 0.8)).apply(np.log(np.array([[0.5]])))
    assert middle[0, 0] == pytest.approx(0.4)


def test_clusters_are_numbered_by_size_and_keep_their_names():
    generator = np.random.default_rng(1)
    vectors = np.repeat(np.eye(3, 8), [30, 20, 10], axis=0) + generator.normal(0, 0.01, (60, 8))
    texts = ["yoga mats"] * 30 + ["guitar amps"] * 20 + ["sourdough bread"] * 10
    first, second = (
        fit_clusters(texts, vectors.astype(np.float32), random_state=4, n_clusters=3)
        for _ in range(2)
    )
    assert first.names == second.names == ("mats & yoga", "amps & guitar", "bread & sourdough")
    assert first.assign(vectors).tolist() == [0] * 30 + [1] * 20 + [2] * 10


def test_cluster_names_are_distinct():
    names = name_clusters([["a", "b", "c"], ["a", "b", "d"], ["a", "b", "c"], [], []])
    assert names == ["a & b", "a & b & d", "a & b & c", "mixed (3)", "mixed (4)"]


@pytest.mark.parametrize(
    ("label", "words"), [("tattoo-artists", "tattoo artists"), ("jiu-jitsu", "jiu jitsu")]
)
def test_labels_are_spoken_without_hyphens(label, words):
    assert niche_terms(label) == words


@given(text=st.text(max_size=200))
def test_any_text_gets_an_answer_or_a_reason(model, text):
    [answer] = model.predict([text], np.full((1, 384), 0.05, dtype=np.float32))
    assert answer.labels or answer.reason


def test_the_shipped_model_names_plain_cases():
    texts = [
        "Tattoo artist, blackwork and fine line",
        "Vegan recipes, plant based",
        "Drummer. Drums",
    ]
    model = NicheModel.load(SHIPPED)
    answers = model.predict(texts, get_encoder().encode(texts))
    assert [answer.labels[0][0] for answer in answers[:2]] == ["tattoo-artists", "vegan"]
    assert "drummers" in [name for name, _ in answers[2].labels[:3]]
    assert len(model.names) == 112


def test_the_shipped_model_beat_its_baselines_out_of_fold():
    from scoring.ml.artifacts import read_metadata

    metadata = read_metadata(SHIPPED.parent.parent, "niche", SHIPPED.name)
    baseline = metadata["metrics_by_slice"]["baseline/all"]
    for name in ("hit_at_1", "hit_at_3", "macro_f1"):
        assert metadata["metrics"][name] > baseline[name]
    assert metadata["metrics"]["calibration_error"] < 0.03
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 8_500_000
