import numpy as np
import pytest
from scipy import sparse

from scoring.ml.recommending import baselines, measuring
from scoring.ml.recommending.events import (
    BadEvents,
    EventLog,
    Kind,
    build_interactions,
    grade_events,
    place_responses,
)
from scoring.ml.recommending.exploring import estimate_reward, explore_page
from scoring.ml.recommending.factorisation import HybridFactorisation, pair_gradients
from scoring.ml.recommending.features import Facts, FeatureEncoder, size_band, with_identities
from scoring.ml.recommending.losses import first_violators
from scoring.ml.recommending.points_rating import Profiles, rate_by_points
from scoring.ml.recommending.positions import estimate_examination


def log_of(*events: tuple) -> EventLog:
    """Events as (brand, creator, kind, day[, position[, propensity]])."""
    rows = [
        (*event, 0, np.nan)[:6] if len(event) == 4 else (*event, np.nan)[:6] for event in events
    ]
    columns = list(zip(*rows, strict=True))
    names = ("brands", "creators", "kinds", "days", "positions", "propensities")
    return EventLog.from_columns(**dict(zip(names, columns, strict=True)))


class TestEvents:
    def test_grades_halve_with_every_half_life(self) -> None:
        log = log_of((0, 0, Kind.CLICK, 10), (0, 0, Kind.COLLABORATION, 0), (0, 1, Kind.CLICK, 5))
        weights = grade_events(log, as_of_day=10, half_life_days=5)
        np.testing.assert_allclose(weights, [1.0, 2.5, 0.5])

    def test_weights_of_a_pair_add_up_and_impressions_weigh_nothing(self) -> None:
        log = log_of(
            (0, 1, Kind.CLICK, 0), (0, 1, Kind.PROFILE_VIEW, 0), (0, 0, Kind.IMPRESSION, 0)
        )
        made = build_interactions(log, (1, 2), as_of_day=1, half_life_days=1)
        np.testing.assert_allclose(made.weights.toarray(), [[0.0, 1.5]])
        np.testing.assert_allclose(made.shown.toarray(), [[1.0, 1.0]])

    def test_nothing_after_the_day_is_read(self) -> None:
        log = log_of((0, 0, Kind.CLICK, 1), (0, 1, Kind.COLLABORATION, 2), (0, 0, Kind.HIDE, 3))
        made = build_interactions(log, (1, 2), as_of_day=2)
        assert made.weights.toarray()[0, 1] == 0 < made.weights.toarray()[0, 0]
        assert made.hidden.nnz == 0

    def test_a_hide_removes_a_pair_until_the_brand_acts_on_it_again(self) -> None:
        hidden = log_of((0, 0, Kind.CLICK, 1), (0, 0, Kind.HIDE, 2), (0, 0, Kind.IMPRESSION, 3))
        lifted = log_of((0, 0, Kind.HIDE, 2), (0, 0, Kind.SHORTLIST, 3))
        made = build_interactions(hidden, (1, 1), as_of_day=9)
        assert made.weights.nnz == 0
        assert made.hidden.nnz == 1
        made = build_interactions(lifted, (1, 1), as_of_day=9)
        assert made.weights.nnz == 1
        assert made.hidden.nnz == 0

    def test_events_outside_the_catalogue_are_refused_in_words(self) -> None:
        with pytest.raises(BadEvents, match="event 1 names creator 7, but there are only 2"):
            build_interactions(log_of((0, 7, Kind.CLICK, 1)), (1, 2), as_of_day=2)
        with pytest.raises(BadEvents, match="event 2 has no valid kind"):
            log_of((0, 0, Kind.CLICK, 1), (0, 0, 99, 1))
        with pytest.raises(BadEvents, match="no valid time"):
            log_of((0, 0, Kind.CLICK, np.nan))

    def test_low_places_count_for_more_once_corrected(self) -> None:
        log = log_of((0, 0, Kind.CLICK, 0, 1), (0, 1, Kind.CLICK, 0, 2), (0, 2, Kind.CLICK, 0, 0))
        weights = grade_events(log, as_of_day=0, examination=np.array([1.0, 0.25]))
        np.testing.assert_allclose(weights, [1.0, 4.0, 1.0])

    def test_a_response_takes_the_place_of_the_last_impression_before_it(self) -> None:
        log = log_of(
            (0, 0, Kind.CLICK, 5), (0, 0, Kind.IMPRESSION, 1, 9), (0, 0, Kind.IMPRESSION, 4, 2),
            (0, 1, Kind.CLICK, 1), (1, 0, Kind.CLICK, 9),
        )  # fmt: skip
        np.testing.assert_array_equal(place_responses(log), [2, 9, 2, 0, 0])


def test_examination_is_recovered_from_places_drawn_by_lot() -> None:
    rng, places = np.random.default_rng(3), 4
    look = np.array([1.0, 0.6, 0.4, 0.2])
    events = []
    for brand in range(8_000):
        place = int(rng.integers(places))
        events.append((brand, 0, Kind.IMPRESSION, 0.0, place + 1))
        if rng.random() < 0.5 * look[place]:
            events.append((brand, 0, Kind.CLICK, 1.0, 0))
    log = log_of(*events)
    found = estimate_examination(log, explored=log.kinds == Kind.IMPRESSION, places=places)
    np.testing.assert_allclose(found, look, atol=0.07)
    few = log.take(np.arange(20))
    assert estimate_examination(few, explored=few.kinds == 0, places=places) is None


class TestPoints:
    def test_rating_is_document_004s_sum(self) -> None:
        brands = Profiles(["Berlin", None], ["food", "Cars"], [["Vegan", "bake"], []])
        creators = Profiles(
            ["berlin", None, "Rome"],
            ["food", "cars", None],
            [["vegan", "bake", "x"], ["bake"], []],
            np.array([0.03, np.nan, 0.5]),
        )
        rating = rate_by_points(brands, creators)
        np.testing.assert_allclose(rating.total, [[17.03, 1.0, 0.5], [0.03, 10.0, 0.5]])

    def test_what_is_unknown_on_both_sides_is_no_agreement(self) -> None:
        unknown = Profiles([None], [None], [[]])
        assert rate_by_points(unknown, unknown).total.tolist() == [[0.0]]


class TestBaselines:
    def test_ease_is_its_closed_form_from_either_side(self) -> None:
        x = (np.random.default_rng(0).random((6, 9)) < 0.4).astype(float)
        for matrix in (x, x.T):
            gram = np.linalg.inv(matrix.T @ matrix + 3.0 * np.eye(matrix.shape[1]))
            b = -gram / np.diag(gram)
            np.fill_diagonal(b, 0.0)
            found = baselines.ease_scores(sparse.csr_array(matrix), regularisation=3.0)
            np.testing.assert_allclose(found, matrix @ b, atol=1e-9)

    def test_cosine_of_nothing_is_nothing(self) -> None:
        left = np.array([[1.0, 0.0], [np.nan, np.nan]])
        right = np.array([[2.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
        np.testing.assert_allclose(baselines.content_cosine(left, right), [[1, 0, 0], [0, 0, 0]])

    def test_popularity_counts_users(self) -> None:
        weights = sparse.csr_array(np.array([[3.0, 0.0], [9.0, 1.0]]))
        assert baselines.popularity(weights).tolist() == [2.0, 1.0]


class TestFactorisation:
    @pytest.mark.parametrize("loss", ["bpr", "warp"])
    def test_gradients_are_those_of_finite_differences(self, loss: str) -> None:
        rng = np.random.default_rng(1)
        sizes = {"users": (5, 3), "items": (6, 3), "biases": (6, 1)}
        tables = {name: rng.normal(size=size) * 0.2 for name, size in sizes.items()}

        def rows(width: int) -> sparse.csr_array:
            return sparse.csr_array(rng.normal(size=(4, width)) * (rng.random((4, width)) < 0.6))

        features = (rows(5), rows(6), rows(6))
        weights, trials = np.array([1.0, 2.0, 0.5, 1.0]), np.array([1, 3, 1, 2])

        def loss_of() -> float:
            return pair_gradients(tables, features, weights, loss=loss, trials=trials, items=50)[0]

        _, found = pair_gradients(tables, features, weights, loss=loss, trials=trials, items=50)
        for name, table in tables.items():
            dense = np.zeros_like(table)
            dense[found[name][0]] = found[name][1]
            for place in np.ndindex(table.shape):
                before, step = table[place], 1e-6
                table[place] = before + step
                above = loss_of()
                table[place] = before - step
                below = loss_of()
                table[place] = before
                assert dense[place] == pytest.approx((above - below) / (2 * step), abs=1e-6)

    def test_the_first_draw_within_the_margin_is_the_violator(self) -> None:
        scores = np.array([[0.0, 5.0, 9.0], [0.0, 0.0, 0.0], [0.0, 0.5, 9.0]])
        forbidden = np.array([[False, True, False], [False] * 3, [False] * 3])
        column, trials = first_violators(scores, np.array([3.0, 3.0, 1.2]), forbidden)
        assert trials.tolist() == [3, 0, 2]
        assert column[[0, 2]].tolist() == [2, 1]

    @pytest.mark.parametrize("loss", ["bpr", "warp"])
    def test_two_camps_are_told_apart(self, loss: str) -> None:
        choices, held_out = camps()
        users, items = identities(choices)
        model = HybridFactorisation(loss=loss, dimensions=8, epochs=40, random_state=1)
        scores = model.fit(choices, users, items).score(users, items)
        learned = measuring.measure(lambda rows: scores[rows], held_out, known=choices).means()
        popular = baselines.popularity(choices)
        plain = measuring.measure(
            lambda rows: np.tile(popular, (len(rows), 1)), held_out, known=choices
        ).means()
        assert learned["ndcg_at_10"] > 0.8 > 1.4 * plain["ndcg_at_10"]

    def test_cold_users_and_items_are_placed_by_their_facts(self) -> None:
        camp = np.arange(40) % 2
        facts = FeatureEncoder().fit(Facts(40, {"camp": [str(c) for c in camp]}))
        rows = facts.transform(Facts(40, {"camp": [str(c) for c in camp]}))
        choices = sparse.csr_array((camp[:, None] == camp) & (np.arange(40) < 30)).astype(float)
        choices = sparse.csr_array(choices.multiply((np.arange(40) < 30)[:, None]))
        model = HybridFactorisation(dimensions=4, epochs=60).fit(
            choices, with_identities(rows), with_identities(rows)
        )
        scores = model.score(with_identities(rows)[30:], with_identities(rows)[30:])
        same = camp[30:, None] == camp[30:]
        assert scores[same].min() > scores[~same].max()

    def test_partial_fit_learns_new_rows_and_keeps_the_old(self) -> None:
        choices, _ = camps()
        users, items = identities(choices)
        model = HybridFactorisation(dimensions=8, epochs=15).fit(choices, users, items)
        before = model.score(users, items)
        more = sparse.csr_array(sparse.vstack([choices, choices[:1]]))
        new_user = sparse.csr_array(sparse.eye_array(users.shape[0] + 1, format="csr"))
        after = model.partial_fit(more, new_user, items).score(new_user, items)
        assert np.corrcoef(after[0], after[-1])[0, 1] > 0.8
        assert np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(before, after, strict=False)]) > 0.8

    def test_hidden_items_fall(self) -> None:
        choices, _ = camps()
        users, items = identities(choices)
        hidden = np.zeros(choices.shape)
        hidden[::2, 0] = (choices.toarray()[::2, 0] == 0).astype(float)
        ranks = []
        for matrix in (None, sparse.csr_array(hidden)):
            model = HybridFactorisation(dimensions=8, epochs=15, hidden_share=0.3)
            scores = model.fit(choices, users, items, hidden=matrix).score(users, items)
            ranks.append((scores >= scores[:, :1]).sum(axis=1)[hidden[:, 0] > 0].mean())
        assert ranks[1] > ranks[0]

    def test_same_seed_same_answer_and_a_batch_is_its_rows(self) -> None:
        choices, _ = camps()
        users, items = identities(choices)
        models = [HybridFactorisation(epochs=3).fit(choices, users, items) for _ in range(2)]
        scores = [model.score(users, items) for model in models]
        np.testing.assert_array_equal(*scores)
        for row in (0, 7):
            np.testing.assert_array_equal(models[0].score(users[[row]], items)[0], scores[0][row])
        few = models[0].score(users, items[[3, 5]])
        np.testing.assert_array_equal(few, scores[0][:, [3, 5]])

    def test_arrays_carry_the_model(self) -> None:
        choices, _ = camps()
        users, items = identities(choices)
        model = HybridFactorisation(epochs=3).fit(choices, users, items)
        again = HybridFactorisation().load_arrays(model.to_arrays())
        np.testing.assert_allclose(again.score(users, items), model.score(users, items), atol=1e-5)

    def test_nothing_to_learn_from_scores_everything_alike(self) -> None:
        users, items = identities(nothing := sparse.csr_array((3, 4)))
        assert not HybridFactorisation().fit(nothing, users, items).score(users, items).any()


class TestExploring:
    def test_propensities_are_the_frequencies_of_the_first_place(self) -> None:
        scores = np.array([0.1, 0.9, 0.5])
        rng = np.random.default_rng(0)
        pages = [explore_page(scores, size=2, epsilon=0.3, rng=rng) for _ in range(8_000)]
        first = np.bincount([page.rows[0] for page in pages], minlength=3) / len(pages)
        np.testing.assert_allclose(first, [0.1, 0.8, 0.1], atol=0.02)
        for page in pages[:50]:
            assert page.propensities[0] == pytest.approx(0.8 if page.rows[0] == 1 else 0.1)

    def test_without_exploration_the_page_is_the_order(self) -> None:
        page = explore_page(
            np.array([1.0, 3.0, 2.0]), size=9, epsilon=0.0, rng=np.random.default_rng(0)
        )
        assert page.rows.tolist() == [1, 2, 0]
        assert page.propensities.tolist() == [1.0, 1.0, 1.0]

    def test_the_reward_of_an_order_never_shown_is_found_from_the_log(self) -> None:
        rng, worth = np.random.default_rng(5), np.array([0.2, 0.5, 0.8])
        shown = [explore_page(-worth, size=1, epsilon=0.5, rng=rng) for _ in range(8_000)]
        rows = np.array([page.rows[0] for page in shown])
        logged = np.array([page.propensities[0] for page in shown])
        rewards = (rng.random(len(rows)) < worth[rows]).astype(float)
        best = estimate_reward(rewards, logged, (rows == 2).astype(float))
        assert best == pytest.approx(0.8, abs=0.04)
        assert estimate_reward(rewards, logged, np.zeros(len(rows))) is None


class TestMeasuring:
    def test_known_answers(self) -> None:
        held_out = sparse.csr_array(np.array([[0, 1, 0, 1], [0, 0, 0, 0]]))
        known = sparse.csr_array(np.array([[1, 0, 0, 0], [0, 0, 0, 0]]))
        scores = np.array([[9.0, 3.0, 2.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
        found = measuring.measure(lambda rows: scores[rows], held_out, known=known)
        expected = (1 + 1 / np.log2(4)) / (1 + 1 / np.log2(3))
        assert found.per_user["ndcg_at_10"].tolist() == [pytest.approx(expected)]
        assert found.means()["recall_at_10"] == 1.0

    def test_what_was_known_before_is_no_right_answer(self) -> None:
        pair = sparse.csr_array(np.array([[1.0, 0.0]]))
        found = measuring.measure(lambda rows: np.zeros((len(rows), 2)), pair, known=pair)
        assert set(found.means().values()) == {None}

    def test_ties_go_to_the_first_row_however_deep(self) -> None:
        assert measuring.top_items(np.zeros((1, 6)), 3).tolist() == [[0, 1, 2]]

    def test_splits_hold_out_whole_creators_or_a_share(self) -> None:
        matrix = sparse.csr_array(np.ones((20, 30)))
        left, out = measuring.split_items(matrix, np.arange(30) < 6)
        assert (left.nnz, out.nnz) == (480, 120)
        left, out = measuring.split_pairs(matrix, share=0.25, random_state=1)
        assert left.nnz + out.nnz == 600
        assert 100 < out.nnz < 200

    def test_interval_holds_the_mean(self) -> None:
        values = np.random.default_rng(0).random(50)
        low, high = measuring.bootstrap_interval(values) or (0, 0)
        assert low < values.mean() < high
        assert measuring.bootstrap_interval(np.ones(1)) is None


class TestFeatures:
    def test_rows_sum_what_is_known(self) -> None:
        facts = Facts(
            3,
            {"country": ["DE", None, "DE"]},
            tags=[["A", "a", "b"], [], ["b"]],
            dense=np.array([[1.0], [np.nan], [3.0]]),
        )
        encoder = FeatureEncoder(fewest_rows=2).fit(facts)
        assert encoder.names_ == ["#b", "country=DE"]
        rows = encoder.transform(facts).toarray()
        np.testing.assert_allclose(rows, [[1, 1, 1], [0, 0, 0], [1, 1, 3]])
        again = FeatureEncoder.from_document(encoder.to_document())
        np.testing.assert_array_equal(again.transform(facts).toarray(), rows)

    def test_size_bands_are_half_decades(self) -> None:
        assert [size_band(v) for v in (1_000, 3_200, 9_999, np.nan, None)] == [
            "3.0", "3.5", "3.5", None, None,
        ]  # fmt: skip


def camps() -> tuple[sparse.csr_array, sparse.csr_array]:
    """Sixty users of two camps who choose within their camp: choices and held-out choices."""
    rng = np.random.default_rng(2)
    same = (np.arange(60) % 2)[:, None] == np.arange(40) % 2
    chosen = same & (rng.random(same.shape) < 0.5)
    held_out = same & ~chosen
    return sparse.csr_array(chosen.astype(float)), sparse.csr_array(held_out.astype(float))


def identities(choices: sparse.csr_array) -> tuple[sparse.csr_array, sparse.csr_array]:
    users, items = choices.shape
    return (
        with_identities(sparse.csr_array((users, 0))),
        with_identities(sparse.csr_array((items, 0))),
    )
