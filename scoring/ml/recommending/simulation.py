"""A market of brands with tastes, for want of any public record of what brands did.

Everything measured on it is called simulated. The equations, also written out in
docs/recommendation-simulator.md (z topic mix, t taste, h style, θ quality; all hidden):

    utility(b, c) = 2.0 t_b·z_c + 1.2 u_b·h_c + 0.6 θ_c - 0.8 |size_c - size_b| + 0.5 [same country]
    look(k)       = k^-0.7                          for place k on the page
    click         ~ σ(1.5 (U - τ_b)), if looked at; τ_b is the brand's 97th percentile of U
    then, one after the other: profile view 0.6, shortlist σ(2 (U - τ_b)), collaboration 0.3
    hide          ~ 0.3, if looked at and U is below the brand's median

Features see only: a noisy topic vector, the declared category (wrong for one in six),
country, followers, engagement rate (noise here), hashtags drawn from the topics. Style,
quality, taste, τ and look are in no feature. Pages are filled by document 004's points
with a share drawn by lot, so the log is as one-sided as a young market's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.ml.recommending.events import EventLog, Kind
from scoring.ml.recommending.exploring import explore_page
from scoring.ml.recommending.features import Facts, size_band
from scoring.ml.recommending.points_rating import Profiles, rate_by_points

Floats = NDArray[np.float64]

TOPICS: Final = 12
STYLES: Final = 6
COUNTRIES: Final = ("US", "DE", "VN", "BR")
PAGE: Final = 20
BIAS_POWER: Final = 0.7


@dataclass(frozen=True)
class Market:
    """What features may see, the log, and the truth only an evaluation may read.

    `explored` marks the impressions drawn by lot; `utility` is (brands, creators).
    """

    brands: Profiles
    creators: Profiles
    brand_facts: Facts
    creator_facts: Facts
    followers: Floats
    log: EventLog
    explored: NDArray[np.bool_]
    utility: Floats
    days: float


def simulate_market(
    *,
    brands: int = 150,
    creators: int = 2_000,
    sessions: int = 12,
    days: float = 180.0,
    epsilon: float = 0.25,
    late_brands: float = 0.15,
    late_creators: float = 0.1,
    random_state: int = 0,
) -> Market:
    """Draw a market and let every brand browse `sessions` pages of 20 over `days` days.

    :param epsilon: chance of each place to be filled by lot.
    :param late_brands: share of brands that appear in the last fifth of the time, and
        :param late_creators: of creators that can be shown only then: the cold ones.
    """
    rng = np.random.default_rng(random_state)
    topics = rng.dirichlet(np.full(TOPICS, 0.25), creators)
    tastes = rng.dirichlet(np.full(TOPICS, 0.25), brands)
    followers = np.round(10 ** rng.normal(4.6, 0.7, creators))
    countries = rng.choice(len(COUNTRIES), creators, p=(0.5, 0.2, 0.2, 0.1))
    homes = rng.choice(len(COUNTRIES), brands, p=(0.5, 0.2, 0.2, 0.1))
    likings = _unit(rng.normal(size=(brands, STYLES)))
    styles = _unit(rng.normal(size=(creators, STYLES)))
    utility = (
        2.0 * _unit(tastes) @ _unit(topics).T
        + 1.2 * likings @ styles.T
        + 0.6 * rng.normal(size=creators)
        - 0.8 * np.abs(np.log10(followers) - rng.normal(4.6, 0.5, brands)[:, None])
        + 0.5 * (homes[:, None] == countries)
    )
    projection = rng.normal(size=(TOPICS, 16)) / 4

    def profiles(mix: Floats, places: NDArray[np.int64], rates: Floats | None) -> Profiles:
        category = np.where(
            rng.random(len(mix)) < 1 / 6, rng.integers(0, TOPICS, len(mix)), mix.argmax(axis=1)
        )
        return Profiles(
            locations=[COUNTRIES[place] for place in places],
            categories=[f"topic {value}" for value in category],
            hashtags=[_draw_hashtags(rng, own) for own in mix],
            engagement_rates=rates,
        )

    def facts(own: Profiles, mix: Floats, bands: list[str | None] | None) -> Facts:
        categories = {"country": own.locations, "category": own.categories}
        vectors = _unit(mix @ projection + rng.normal(0, 0.05, (len(mix), 16)))
        return Facts(
            rows=len(mix),
            categories=categories | ({"size": bands} if bands else {}),
            tags=own.hashtags,
            dense=vectors,
        )

    own_brands = profiles(tastes, homes, None)
    own_creators = profiles(topics, countries, rng.beta(2, 40, creators))
    log, explored = _browse(
        rng,
        utility,
        rate_by_points(own_brands, own_creators).total,
        sessions=sessions,
        days=days,
        epsilon=epsilon,
        late=(rng.random(brands) < late_brands, rng.random(creators) < late_creators),
    )
    return Market(
        brands=own_brands,
        creators=own_creators,
        brand_facts=facts(own_brands, tastes, None),
        creator_facts=facts(own_creators, topics, [size_band(value) for value in followers]),
        followers=followers,
        log=log,
        explored=explored,
        utility=utility,
        days=days,
    )


def _browse(
    rng: np.random.Generator,
    utility: Floats,
    ratings: Floats,
    *,
    sessions: int,
    days: float,
    epsilon: float,
    late: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> tuple[EventLog, NDArray[np.bool_]]:
    threshold = np.quantile(utility, 0.97, axis=1)
    dislike = np.median(utility, axis=1)
    # Everybody's best by points would be shown forever; a creator seen twice goes down.
    seen = np.zeros_like(utility)
    rows: list[tuple[float, ...]] = []
    for brand in range(len(utility)):
        first = 0.8 * days if late[0][brand] else 0.0
        limits = (float(threshold[brand]), float(dislike[brand]))
        for start in np.sort(rng.uniform(first, days - 1e-3, sessions)):
            left = np.flatnonzero(~late[1] | (start >= 0.8 * days))
            scores = ratings[brand, left] - 3.0 * seen[brand, left]
            page = explore_page(scores, size=PAGE, epsilon=epsilon, rng=rng)
            chosen = left[page.rows]
            seen[brand, chosen] += 1
            for place, creator in enumerate(chosen, start=1):
                chance, drawn = page.propensities[place - 1], page.explored[place - 1]
                rows.append((brand, creator, Kind.IMPRESSION, start, place, chance, drawn))
                for kind in _react(rng, float(utility[brand, creator]), *limits, place):
                    rows.append((brand, creator, kind, start + 1e-4 * kind, 0, np.nan, 0))
    table = np.array(rows, dtype=float)
    log = EventLog.from_columns(
        brands=table[:, 0],
        creators=table[:, 1],
        kinds=table[:, 2],
        days=table[:, 3],
        positions=table[:, 4],
        propensities=table[:, 5],
    )
    return log, table[:, 6] > 0


def _react(
    rng: np.random.Generator, utility: float, threshold: float, dislike: float, place: int
) -> list[Kind]:
    look, *chances = rng.random(6)
    if look > place**-BIAS_POWER:
        return []
    if utility < dislike:
        return [Kind.HIDE] if chances[0] < 0.3 else []
    steps = (
        (Kind.CLICK, _sigmoid(1.5 * (utility - threshold))),
        (Kind.PROFILE_VIEW, 0.6),
        (Kind.SHORTLIST, _sigmoid(2.0 * (utility - threshold))),
        (Kind.COLLABORATION, 0.3),
    )
    done = []
    for (kind, chance), drawn in zip(steps, chances[1:], strict=True):
        if drawn > chance:
            break
        done.append(kind)
    return done


def _draw_hashtags(rng: np.random.Generator, mix: Floats) -> list[str]:
    topics = rng.choice(TOPICS, size=int(rng.integers(0, 6)), p=mix)
    return sorted({f"t{topic}word{int(rng.integers(0, 8))}" for topic in topics})


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _sigmoid(x: float) -> float:
    return float(1.0 / (1.0 + np.exp(-x)))
