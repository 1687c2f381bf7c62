import csv
import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from scoring.ml.artifacts import load_artifact
from scoring.ml.match import outcome_tables, training
from scoring.ml.match.pairs import Market, Pairs
from scoring.ml.match.scorer import MatchScorer
from scoring.ml.match.text_evidence import (
    PLACES,
    TextMatcher,
    count_letters,
    essence_of,
    fit_weights,
)
from scoring.ml.match_training import train_match
from scoring.ml.tables import TableError

MATCHER = TextMatcher(np.ones(PLACES))
NOW = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = ["Wedding photography in Porto", "Sourdough bread every day", "", "婚礼摄影师"]
TINY = Market(
    campaigns={"training": 150, "validation": 8, "test": 12},
    creators={"training": 200, "validation": 60, "test": 60},
    candidates={"training": 12, "validation": 15, "test": 20},
)
WORDS = {
    "yoga": "yoga asana breathing mat meditation",
    "guitar": "guitar strings songs music chords",
    "bakers": "sourdough bread cake flour bakery",
    "runners": "marathon running trail shoes miles",
}


def test_words_of_one_stem_meet() -> None:
    found = MATCHER.compare("We are looking for a photographer", TEXTS)
    assert np.argmax(found.cosine) == np.argmax(found.coverage) == 0
    assert found.coverage[0] > 0.5 > found.coverage[1]
    assert np.argmax(MATCHER.compare("摄影师", TEXTS).cosine) == 3


def test_usual_wording_and_empty_texts_say_nothing() -> None:
    nothing = MATCHER.compare("We are looking for creators for our campaign", TEXTS)
    assert not nothing.cosine.any()
    assert not nothing.coverage.any()
    assert MATCHER.compare("photographer", TEXTS).cosine[2] == 0
    assert MATCHER.compare("photographer", []).cosine.shape == (0,)
    assert essence_of("We are looking for creators in the field of yoga.") == "yoga"


def test_equal_texts_are_one() -> None:
    same = MATCHER.compare("yoga", ["yoga"])
    assert same.cosine[0] == pytest.approx(1.0)
    assert same.coverage[0] == pytest.approx(1.0)


def test_a_batch_is_compared_as_its_texts_are() -> None:
    together = MATCHER.compare("wedding photographer and baker", TEXTS)
    for row, text in enumerate(TEXTS):
        alone = MATCHER.compare("wedding photographer and baker", [text])
        assert alone.cosine[0] == together.cosine[row]
        assert alone.coverage[0] == together.coverage[row]


def test_letters_are_counted_as_scikit_learn_counts_them() -> None:
    usual = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=PLACES, alternate_sign=False, norm=None
    )
    texts = [*TEXTS, "a", "ab  ÀÉ c", "bread bread bread", "\U0001f600 x", "\ud800"[:0]]
    assert abs(count_letters(texts) - usual.transform(texts)).max() == 0


def test_letters_of_a_description_count_little() -> None:
    assert MATCHER.compare("wedding photographer", TEXTS).share == 1
    long = MATCHER.compare("brides dresses vows bouquets flowers rings", TEXTS)
    assert long.share == 0.5**4


def test_letters_that_gather_alike_texts_weigh_more() -> None:
    """Half of the texts are of yoga and point one way; "hello" is in every second of all."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(200, 8)).astype(np.float32)
    vectors[:100, 0] += 6
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [
        ("yoga " if row < 100 else "") + ("hello " if row % 2 else "") + str(row)
        for row in range(200)
    ]
    matcher = TextMatcher(fit_weights(texts, vectors))
    found = matcher.compare("hello yoga", ["yoga", "hello"])
    assert found.coverage[0] > 2 * found.coverage[1]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty creators whose bios use the words of the niche they declare."""
    chance = random.Random(3)
    path = tmp_path_factory.mktemp("match") / "creators.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow("creator_id platform bio hashtags followers engagement_rate niches".split())
        for n in range(60):
            niche = sorted(WORDS)[n % len(WORDS)]
            bio = " ".join(chance.sample(WORDS[niche].split(), 3)) + f" number {n}"
            row = [f"c{n}", "instagram", bio, "", 1_000 + n, chance.random() / 10, niche]
            writer.writerow(row)
    return path


@pytest.fixture(scope="module")
def artifacts(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("artifacts")
    training.train([file], root / "match" / "v2", random_state=1, trained_at=NOW, market=TINY)
    train_match([file], root / "match" / "v1", random_state=1, trained_at=NOW)
    return root


def test_a_trained_artefact_is_read_back_and_measured(file: Path, artifacts: Path) -> None:
    artifact = load_artifact(artifacts, "match", "v2")
    assert artifact.metadata["metrics"]["ndcg_at_10"] > 0.8
    assert artifact.metadata["metrics"]["rmse"] is None
    simulated = artifact.metadata["metrics_by_slice"]
    learned, stated = (
        simulated[f"simulated market: {name}"]["rmse"]
        for name in ("match score", "stated weights on a fitted line")
    )
    assert learned < stated
    model = training.load(artifact)
    assert isinstance(model, MatchScorer)
    evaluation = training.evaluate(model, file)
    assert evaluation.rows == 60
    assert set(evaluation.metrics) == set(training.TASK.metric_names)


def test_both_versions_are_measured_on_outcomes(
    artifacts: Path, market: dict[str, Pairs], tmp_path: Path
) -> None:
    path = tmp_path / "outcomes.csv"
    outcome_tables.write_outcomes(market["test"], path)
    figures = {}
    for version in ("v1", "v2"):
        model = training.load(load_artifact(artifacts, "match", version))
        figures[version] = training.evaluate(model, path).metrics
        assert set(figures[version]) == set(training.TASK.metric_names)
    assert figures["v2"]["rmse"] < figures["v1"]["rmse"]  # type: ignore[operator]
    assert figures["v2"]["recall_at_50"] is None


def test_a_file_without_niches_has_no_figures(artifacts: Path, tmp_path: Path) -> None:
    """Fewer columns, and nobody declares a niche that others do."""
    path = tmp_path / "other.csv"
    path.write_text("creator_id,bio\nc1,chess every day\nc2,opera\nc3,\n", encoding="utf-8")
    model = training.load(load_artifact(artifacts, "match", "v2"))
    evaluation = training.evaluate(model, path)
    assert evaluation.rows == 3
    assert set(evaluation.metrics.values()) == {None}


def test_other_niches_than_the_ones_learned_are_measured(artifacts: Path, tmp_path: Path) -> None:
    path = tmp_path / "others.csv"
    rows = [f"c{n},{word} number {n},{word}" for word in ("chess", "opera") for n in range(6)]
    path.write_text("\n".join(["creator_id,bio,niches", *rows]), encoding="utf-8")
    model = training.load(load_artifact(artifacts, "match", "v2"))
    assert training.evaluate(model, path).metrics["ndcg_at_10"] == pytest.approx(1.0)


def test_too_few_niches_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("creator_id,bio,niches\nc1,yoga every day,yoga\n", encoding="utf-8")
    with pytest.raises(TableError, match="at least 4 are needed"):
        training.train([path], tmp_path / "match" / "v1", random_state=1, trained_at=NOW)
