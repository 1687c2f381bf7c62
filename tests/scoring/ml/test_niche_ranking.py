"""Own words, candidates, honest folds, stable cluster names, and the versions side by side."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scoring
from scoring.ml import niche_fitting, niche_validation
from scoring.ml.artifacts import read_metadata
from scoring.ml.encoding import get_encoder
from scoring.ml.languages import OTHER_SCRIPT, UNDECIDED, guess_language_group
from scoring.ml.niche_candidates import FEATURES, N_CANDIDATES, LabelRates, describe_candidates
from scoring.ml.niche_clusters import (
    choose_n_clusters,
    fit_clusters,
    match_clusters,
    name_clusters,
)
from scoring.ml.niche_features import FIRST_SET, TextFeatures, plain_text
from scoring.ml.niche_head import targets_of
from scoring.ml.niche_validation import HeldOut, bootstrap_intervals
from scoring.ml.niche_words import find_own_words, label_forms, remove_own_words
from scoring.ml.niches import NicheModel

ARTIFACTS = Path(scoring.__file__).parent / "artifacts"
LABELS = ["photographers", "hair-dressers", "travel"]


def test_own_words_are_found_with_place_and_order():
    own = find_own_words(["Travel, food & 𝗣𝗵𝗼𝘁𝗼𝗴𝗿𝗮𝗽𝗵𝗲𝗿 fyp", "Hairdresser", "nothing"], LABELS)
    assert own.matched.tolist() == [[True, False, True], [False, True, False], [False] * 3]
    assert own.start[0].tolist()[::2] == [15, 0]
    assert own.order[0].tolist()[::2] == [1, 0]
    assert own.tokens_left[0].tolist()[::2] == [1, 4]
    assert own.phrase[0, 0] == 15
    assert own.phrase[1, 1] == 0
    assert own.full[0].tolist() == [0, 0, 1]
    assert own.labels.tolist() == [2, 1, 0]


def test_a_word_within_another_is_no_whole_word():
    own = find_own_words(["lifestylist", "life stylist #stylist"], ["stylists"])
    assert own.whole[:, 0].tolist() == [0, 1]
    assert own.tagged[:, 0].tolist() == [0, 0]
    assert own.count[:, 0].tolist() == [1, 2]


def test_a_label_is_cut_to_its_stem():
    assert label_forms("photographers")[0] == "photo"
    assert label_forms("hair-dressers") == (
        "hair",
        "dress",
        ("hair dressers", "hair dresser", "hairdresser"),
    )
    assert label_forms("djs")[0] == "djs"


def test_own_words_are_removed_in_any_spelling():
    assert remove_own_words("Vegan FOOD, #veganfood and Ｖegan love", ["vegan"]) == "FOOD, and love"
    assert remove_own_words("a yogi", ["vegan"]) == "a yogi"


@given(text=st.text(max_size=80))
def test_reading_plainly_twice_changes_nothing(text):
    assert plain_text(plain_text(text)) == plain_text(text)
    find_own_words([text], LABELS)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("I am the one who bakes for you", "English"),
        ("mi vida con el perro y los gatos", "Spanish"),
        ("Путешествия и еда", OTHER_SCRIPT),
        ("Yoga | Berlin | 🧘", UNDECIDED),
        ("", UNDECIDED),
    ],
)
def test_languages_are_grouped_roughly(text, group):
    assert guess_language_group(text) == group


def test_features_learned_from_counts_are_those_learned_from_texts():
    texts = [
        f"yoga 🧘 class {n % 7} and flow" if n % 3 else f"tattoo ink {n % 5}" for n in range(60)
    ]
    features = TextFeatures()
    rows = np.arange(0, 60, 2)
    blocks = features.fit_counts(TextFeatures().count(texts), rows)
    apart = TextFeatures().fit([texts[row] for row in rows])
    for name, block in apart.transform(texts).items():
        assert list(features.vocabularies_[name]) == list(apart.vocabularies_[name])
        np.testing.assert_allclose(blocks[name].toarray(), block.toarray(), atol=1e-6)
    assert "🧘" in apart.vocabularies_["words"]
    assert "🧘" not in TextFeatures(FIRST_SET).fit(texts).vocabularies_["words"]


@pytest.fixture(scope="module")
def corpus():
    generator = np.random.default_rng(2)
    words = {
        "yoga": "yoga asana flow",
        "travel": "travel plane beach",
        "bakers": "baker oven bread",
    }
    labels = [list(words)[n % 3] for n in range(160)]
    texts = [
        f"{' '.join(generator.choice(words[label].split(), 2))} life {generator.integers(9)}"
        for label in labels
    ]
    names = sorted(words)
    vectors = generator.normal(size=(160, 384)).astype(np.float32)
    return niche_fitting.Corpus.of(
        texts, vectors, targets_of([[own] for own in labels], names), names
    )


def test_no_head_describes_whom_it_has_seen(corpus, monkeypatch):
    seen = {}
    real = niche_fitting.fit_stage

    def recording(corpus, inside, **options):
        stage, blocks = real(corpus, inside, **options)
        seen[id(stage.head)] = set(inside.tolist())
        kept.append(stage)
        return stage, blocks

    def checking(head, blocks, own, rates):
        described = describe_candidates(head, blocks, own, rates)
        checked.append((seen[id(head)], len(own.length)))
        return described

    kept, checked = [], []
    monkeypatch.setattr(niche_fitting, "fit_stage", recording)
    monkeypatch.setattr(niche_fitting, "describe_candidates", checking)
    folds = np.arange(len(corpus)) % 4
    described = niche_fitting.describe_pairs(corpus, folds)
    assert len(kept) == 6
    assert len(described) == 12
    for (outer, inner), part in described.items():
        assert (folds[part.rows] == inner).all()
        assert outer != inner
    for inside, _ in checked:
        assert len({int(folds[row]) for row in inside}) == 2


def test_candidates_describe_matched_labels_even_if_the_head_forgets_them(corpus):
    stage, blocks = niche_fitting.fit_stage(corpus, np.arange(len(corpus)))
    part = niche_fitting.describe_rows(corpus, stage, blocks, np.arange(4))
    assert part.candidates.places.shape == (4, min(N_CANDIDATES, 3))
    assert part.candidates.features.shape == (12, len(FEATURES))
    taken = part.take(np.array([2]))
    np.testing.assert_array_equal(
        taken.candidates.features, part.candidates.features.reshape(4, 3, -1)[2]
    )


def test_label_rates_count_who_is_listed_where_the_word_stands():
    own = find_own_words(["travel"] * 15 + ["none"] * 15, ["travel"])
    targets = np.ones((30, 1), dtype=bool)
    rates = LabelRates.of(own, targets)
    assert rates.rate[0] == pytest.approx(15 / 20)
    assert rates.log_share[0] == pytest.approx(0, abs=1e-4)


def test_intervals_hold_the_figure_and_a_gain():
    generator = np.random.default_rng(1)
    targets = generator.random((400, 5)) < 0.3
    targets[:, 0] = True
    right, wrong = (HeldOut.empty(targets.shape) for _ in range(2))
    noise = generator.random(targets.shape)
    everyone = np.arange(400)
    right.fill(everyone, noise + targets, 0.4 * targets + 0.3, 0.5, 0.0)
    wrong.fill(everyone, noise, np.full(targets.shape, 0.3), 0.5, 0.0)
    intervals = bootstrap_intervals(right, wrong, targets, random_state=3)
    figures = right.figures(targets)
    for name in ("hit_at_1", "macro_f1"):
        assert intervals["low"][name] <= figures[name] <= intervals["high"][name]
        assert intervals["gain_low"][name] > 0
    assert figures["creators"] == 400


def test_abstained_creators_are_misses():
    targets = np.array([[True, False], [True, False]])
    answers = HeldOut.empty((2, 2))
    answers.fill(
        np.arange(2), np.array([[0.0, -1], [0, -1]]), np.array([[0.9, 0], [0.04, 0]]), 0.5, 0.05
    )
    assert answers.figures(targets)["hit_at_1"] == 0.5
    assert answers.figures(targets)["abstained"] == 0.5
    assert niche_validation.HeldOut.empty((0, 2)).figures(targets[:0])["hit_at_1"] is None


TOPICS = ("yoga mats", "guitar amps", "sourdough bread")


def catalogue(sizes, topics=TOPICS, seed=1):
    generator = np.random.default_rng(seed)
    places = np.repeat(np.arange(len(topics)), sizes)
    axes = {topic: place for place, topic in enumerate((*TOPICS, "tattoo ink"))}
    vectors = np.eye(8)[[axes[topics[place]] for place in places]]
    vectors = vectors + generator.normal(0, 0.01, vectors.shape)
    return [topics[place] for place in places], vectors.astype(np.float32)


def test_cluster_names_stay_when_the_catalogue_grows_and_the_seed_changes():
    first = fit_clusters(*catalogue([30, 20, 10]), random_state=4, n_clusters=3)
    texts, vectors = catalogue([20, 30, 90], seed=5)
    fresh = fit_clusters(texts, vectors, random_state=9, n_clusters=3)
    again = fit_clusters(texts, vectors, random_state=9, n_clusters=3, previous=first)
    assert fresh.names != first.names
    assert again.names == first.names
    assert again.assign(vectors).tolist() == [0] * 20 + [1] * 30 + [2] * 90


def test_a_new_topic_gets_a_new_name_and_the_others_keep_theirs():
    first = fit_clusters(*catalogue([30, 20, 10]), random_state=4, n_clusters=3)
    topics = ("yoga mats", "tattoo ink", "sourdough bread")
    again = fit_clusters(
        *catalogue([10, 50, 20], topics), random_state=4, n_clusters=3, previous=first
    )
    assert again.names == ("mats & yoga", "ink & tattoo", "bread & sourdough")
    more = fit_clusters(
        *catalogue([10, 50, 20, 15], (*TOPICS, "tattoo ink")),
        random_state=4,
        n_clusters=4,
        previous=first,
    )
    assert more.names[:3] == first.names
    assert more.names[3] == "ink & tattoo"


def test_matching_finds_a_permutation_and_refuses_strangers():
    centres = np.eye(5, 6)
    assert match_clusters(centres[[2, 0, 1]], centres[:3]) == {0: 2, 1: 0, 2: 1}
    assert match_clusters(centres[[4, 0]], centres[:2]) == {1: 0}


def test_a_kept_name_is_not_given_twice():
    names = name_clusters([["a", "b", "c"], ["x", "y"]], {1: "a & b"})
    assert names == ["a & b & c", "a & b"]


def test_the_number_of_clusters_can_be_chosen():
    _, vectors = catalogue([40, 40, 40])
    assert choose_n_clusters(vectors, [2, 3, 5], random_state=1) == 3
    with pytest.raises(ValueError, match="None of"):
        choose_n_clusters(vectors[:5], [9], random_state=1)


def test_both_shipped_versions_answer_and_the_second_was_better_on_the_same_creators():
    first, second = (read_metadata(ARTIFACTS, "niche", name) for name in ("v1", "v2"))
    for key in ("protocol", "data_sha256", "metric"):
        assert first["holdout"][key] == second["holdout"][key]
    for name in ("hit_at_1", "hit_at_3", "macro_f1"):
        assert second["metrics"][name] > first["metrics"][name]
        assert second["metrics_by_slice"]["interval/gain_low"][name] > 0
    texts = ["Vegan recipes, plant based", "Tattoo artist"]
    vectors = get_encoder().encode(texts)
    for version in ("v1", "v2"):
        model = NicheModel.load(ARTIFACTS / "niche" / version)
        assert (model.ranker is None) == (version == "v1")
        answers = model.predict(texts, vectors)
        assert [answer.labels[0][0] for answer in answers] == ["vegan", "tattoo-artists"]
