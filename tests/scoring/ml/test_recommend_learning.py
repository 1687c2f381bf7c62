"""Learning from behaviour over a catalogue of arrays: index, state, scores, and the trial."""

import json

import numpy as np
import pytest
from scipy import sparse

from scoring.ml.recommending.brand_wishes import Wishes, rate_creators
from scoring.ml.recommending.creator_index import Coded, CreatorIndex
from scoring.ml.recommending.events import EventLog, Kind
from scoring.ml.recommending.features import Facts, FeatureEncoder, size_band
from scoring.ml.recommending.later_trial import compare_on_later
from scoring.ml.recommending.learned import Learned, score_brand, score_by_points
from scoring.ml.recommending.learning import Behaviour, Start, learn_anew, learn_on
from scoring.ml.recommending.points_rating import Profiles, rate_by_points
from scoring.ml.recommending.recommender import Catalogue, Recommender
from scoring.ml.recommending.simulation import Market, simulate_market
from scoring.ml.recommending.tag_index import TagIndex

FIRST_CREATOR, FIRST_BRAND = 1_000, 10


def unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)


def index_of(market: Market) -> CreatorIndex:
    count = len(market.followers)
    names = sorted({name for name in market.creators.categories if name})
    columns = [names.index(str(name)) for name in market.creators.categories]
    ids = np.arange(count) + FIRST_CREATOR
    return CreatorIndex(
        accounts=ids,
        entries=ids,
        creators=ids,
        vectors=unit(np.asarray(market.creator_facts.dense)),
        platforms=Coded.of([None] * count),
        locations=Coded.of(market.creators.locations),
        followers=market.followers.astype(np.float32),
        engagement=np.asarray(market.creators.engagement_rates, dtype=np.float32),
        niches=sparse.csr_array(
            (np.ones(count), (np.arange(count), columns)), shape=(count, len(names))
        ),
        niche_names=names,
        hashtags=TagIndex.of(market.creators.hashtags, count),
        main=np.ones(count, dtype=bool),
    )


def behaviour_of(market: Market) -> Behaviour:
    vectors = unit(np.asarray(market.brand_facts.dense))
    wishes = [
        Wishes(
            vector=vectors[row],
            locations=[str(market.brands.locations[row])],
            niches=[str(market.brands.categories[row])],
            hashtags=market.brands.hashtags[row],
        )
        for row in range(len(vectors))
    ]
    return Behaviour(
        log=market.log,
        brands=np.arange(len(vectors)) + FIRST_BRAND,
        creators=np.arange(len(market.followers)) + FIRST_CREATOR,
        wishes=wishes,
    )


@pytest.fixture(scope="module")
def market() -> Market:
    return simulate_market(brands=60, creators=500, sessions=8, random_state=3)


@pytest.fixture(scope="module")
def start() -> Start:
    return Start.small_random(16, dimensions=16)


@pytest.fixture(scope="module")
def learned(market: Market, start: Start) -> Learned:
    return learn_anew(start, index_of(market), behaviour_of(market), as_of_day=market.days)


def test_points_of_a_whole_catalogue_are_those_of_document_004(market: Market) -> None:
    index, behaviour = index_of(market), behaviour_of(market)
    expected = rate_by_points(market.brands, market.creators).total
    own = [rate_creators(wishes, index).total for wishes in behaviour.wishes]
    np.testing.assert_allclose(own, expected, rtol=1e-5)


def test_a_rate_above_one_earns_no_more_than_one() -> None:
    profiles = Profiles([None], [None], [()], np.array([7.0]))
    assert rate_by_points(profiles, profiles).total[0, 0] == 7.0
    index = small_index(engagement=[7.0, np.nan])
    np.testing.assert_allclose(rate_creators(Wishes(), index).total, [1.0, 0.0])


def small_index(engagement: list[float]) -> CreatorIndex:
    count = len(engagement)
    return CreatorIndex(
        accounts=np.arange(count),
        entries=np.arange(count),
        creators=np.arange(count),
        vectors=np.zeros((count, 4), dtype=np.float32),
        platforms=Coded.of(["tiktok"] * count),
        locations=Coded.of(["Spain", *[""] * (count - 1)]),
        followers=np.array([12_000.0, *[np.nan] * (count - 1)], dtype=np.float32),
        engagement=np.array(engagement, dtype=np.float32),
        niches=sparse.csr_array((count, 0)),
        niche_names=[],
        hashtags=TagIndex.of([["Yoga", "fit"], *[[]] * (count - 1)], count),
        main=np.ones(count, dtype=bool),
    )


def test_tags_are_counted_once_and_without_case() -> None:
    index = TagIndex.of([["Yoga", "yoga", "fit"], ["fit"], []], 3)
    np.testing.assert_array_equal(index.counts(["YOGA", "fit", "yoga"]), [2, 1, 0])
    np.testing.assert_array_equal(index.counts([]), [0, 0, 0])


def test_feature_rows_are_those_of_the_encoder(market: Market) -> None:
    index = index_of(market)
    encoder = index.fit_encoder()
    facts = Facts(
        rows=len(index),
        categories={
            "location": market.creators.locations,
            "size": [size_band(value) for value in market.followers],
        },
        tags=[[str(name)] for name in market.creators.categories],
        dense=index.vectors.astype(float),
    )
    plain = FeatureEncoder(fewest_rows=5).fit(facts)
    assert encoder.names_ == plain.names_
    rows = np.arange(len(index))
    own, expected = index.feature_rows(encoder, rows), plain.transform(facts)
    np.testing.assert_allclose(own.toarray(), expected.toarray(), atol=1e-6)


def test_scores_of_a_brand_are_those_of_the_recommender(market: Market, learned: Learned) -> None:
    """The quick form for one brand and the batch form for training say the same."""
    index, behaviour = index_of(market), behaviour_of(market)
    weighted = learned.with_content(1.0)
    row = 7
    own = score_brand(
        weighted, weighted.creator_matrix(index), index, FIRST_BRAND + row, behaviour.wishes[row]
    )
    place = np.flatnonzero(learned.creators[:, None] == index.creators)
    identities = sparse.csr_array(
        (
            np.ones(len(learned.creators)),
            (learned.creators - FIRST_CREATOR, np.arange(len(learned.creators))),
        ),
        shape=(len(index), len(learned.creators)),
    )
    assert len(place) == len(learned.creators)
    rows = sparse.hstack(
        [index.feature_rows(learned.creator_encoder, np.arange(len(index))), identities]
    )
    catalogue = Catalogue(
        brand_rows=learned.brand_rows(behaviour.brands, list(behaviour.wishes)),
        creator_rows=sparse.csr_array(rows),
        brands=market.brands,
        creators=market.creators,
        brand_vectors=np.array([one.vector for one in behaviour.wishes]),
        creator_vectors=index.vectors.astype(float),
        followers=market.followers,
    )
    batch = Recommender(learned.factorisation, content_weight=1.0).score(
        catalogue, np.array([row]), behaviour.interactions(as_of_day=market.days)
    )
    np.testing.assert_allclose(own.order, batch[0], atol=2e-3)


def test_what_is_stored_scores_as_what_was_learned(market: Market, learned: Learned) -> None:
    document = json.loads(json.dumps(learned.to_document()))
    again = Learned.read(learned.to_bytes(), document)
    index, wishes = index_of(market), behaviour_of(market).wishes[0]
    scores = [
        score_brand(one, one.creator_matrix(index), index, FIRST_BRAND, wishes).order
        for one in (learned, again)
    ]
    np.testing.assert_allclose(scores[0], scores[1], atol=1e-4)
    assert again.events_of(FIRST_BRAND) == learned.events_of(FIRST_BRAND) > 0
    assert again.events_of(999_999) == 0


def test_same_events_same_factors(market: Market, start: Start, learned: Learned) -> None:
    again = learn_anew(start, index_of(market), behaviour_of(market), as_of_day=market.days)
    assert again.to_bytes() == learned.to_bytes()


def test_learning_on_keeps_what_was_learned_and_adds_who_is_new(
    market: Market, start: Start
) -> None:
    index, behaviour = index_of(market), behaviour_of(market)
    cut = 0.7 * market.days
    earlier = behaviour.take(behaviour.log.until(cut))
    old = learn_anew(start, index, earlier, as_of_day=cut)
    before = {name: table.copy() for name, table in old.factorisation.tables_.items()}
    new = learn_on(old, index, behaviour, since_day=cut, as_of_day=market.days)
    for name, table in old.factorisation.tables_.items():
        np.testing.assert_array_equal(table, before[name])
    np.testing.assert_array_equal(new.brands[: len(old.brands)], old.brands)
    assert len(new.brands) > len(old.brands)
    assert set(new.brands) == set(behaviour.brands[np.unique(behaviour.log.brands)])
    assert new.events.sum() == len(behaviour.log)


def test_learning_on_moves_a_brand_towards_what_it_chose(market: Market, start: Start) -> None:
    index, behaviour = index_of(market), behaviour_of(market)
    old = learn_anew(start, index, behaviour, as_of_day=market.days)
    brand, wishes = 3, behaviour.wishes[3]

    def place(state: Learned, creator: int) -> int:
        order = score_brand(
            state, state.creator_matrix(index), index, FIRST_BRAND + brand, wishes
        ).order
        return int((order > order[creator]).sum())

    creator = int(np.argsort(old.creator_matrix(index).biases)[250])
    choices = EventLog.from_columns(
        brands=[brand] * 3,
        creators=[creator] * 3,
        kinds=[Kind.SHORTLIST, Kind.INVITE, Kind.COLLABORATION],
        days=[market.days + 0.1] * 3,
    )
    log = EventLog(
        **{
            name: np.concatenate([getattr(behaviour.log, name), getattr(choices, name)])
            for name in vars(choices)
        }
    )
    new = learn_on(
        old, index, behaviour.take(log), since_day=market.days, as_of_day=market.days + 1
    )
    assert place(new, creator) < place(old, creator)


def test_events_of_creators_who_left_are_dropped(market: Market, start: Start) -> None:
    behaviour = behaviour_of(market)
    gone = Behaviour(behaviour.log, behaviour.brands, behaviour.creators + 250, behaviour.wishes)
    learned = learn_anew(start, index_of(market), gone, as_of_day=market.days)
    assert 0 < len(learned.creators) <= 250
    assert learned.creators.max() < FIRST_CREATOR + 500


def test_a_taste_that_no_fact_tells_is_learned_and_served(market: Market, start: Start) -> None:
    """Half of the brands choose from one hidden group of creators, the others from another."""
    index, behaviour = index_of(market), behaviour_of(market)
    rng = np.random.default_rng(0)
    groups = rng.permutation(500)[:60].reshape(2, 30)
    brands = np.repeat(np.arange(60), 10)
    log = EventLog.from_columns(
        brands=brands,
        creators=np.concatenate([rng.permutation(groups[b % 2])[:10] for b in range(60)]),
        kinds=np.full(len(brands), Kind.SHORTLIST),
        days=rng.uniform(0, 100, len(brands)),
    )
    found = compare_on_later(start, index, behaviour.take(log))
    figures = {name: own["ndcg_at_10"] for name, own in found.figures.items()}
    assert found.serves_learned
    assert figures["learned"] > 5 * figures["points (004)"]
    assert figures["learned"] > figures["popularity"]
    assert {"EASE", "cosine only"} <= set(figures)
    assert {"brands without events", "creators never shown"} <= set(found.figures["learned"])


def test_what_finds_nothing_better_than_points_is_not_served(start: Start) -> None:
    """Brands that choose exactly whom points show teach nothing that points do not say."""
    market = simulate_market(brands=40, creators=300, sessions=6, random_state=2)
    index, behaviour = index_of(market), behaviour_of(market)
    rng = np.random.default_rng(0)
    rows = []
    for brand, wishes in enumerate(behaviour.wishes):
        best = np.argsort(-rate_creators(wishes, index).total)[:10]
        days = np.where(np.arange(10) < 7, 0.0, 150.0) + rng.random(10)
        rows += [(brand, int(c), day) for c, day in zip(rng.permutation(best), days, strict=True)]
    brands, creators, days_ = zip(*rows, strict=True)
    log = EventLog.from_columns(
        brands=brands, creators=creators, kinds=[Kind.SHORTLIST] * len(rows), days=days_
    )
    found = compare_on_later(start, index, behaviour.take(log))
    points = found.figures["points (004)"]["ndcg_at_10"]
    assert points > found.figures["learned"]["ndcg_at_10"]
    assert not found.serves_learned


@pytest.mark.parametrize("kept", [0, 3])
def test_too_few_events_decide_nothing(market: Market, start: Start, kept: int) -> None:
    behaviour = behaviour_of(market)
    few = behaviour.take(behaviour.log.take(np.flatnonzero(behaviour.log.brands < kept)))
    found = compare_on_later(start, index_of(market), few)
    assert not found.serves_learned
    assert found.figures == {}


def test_without_events_of_its_own_a_brand_is_placed_by_its_facts(
    market: Market, learned: Learned
) -> None:
    index, wishes = index_of(market), behaviour_of(market).wishes[0]
    stranger = score_brand(learned, learned.creator_matrix(index), index, 10**9, wishes)
    assert stranger.order.std() > 0
    silent = score_brand(learned, learned.creator_matrix(index), index, 10**9, Wishes())
    assert np.isfinite(silent.order).all()
    assert np.isfinite(score_by_points(Wishes(), index).order).all()
