"""The scorer beside its baselines on the simulated market, and on harder markets."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from scoring.ml.match.factors import FACTORS
from scoring.ml.match.fitting import order_pairs, score_pairs, stated_scores
from scoring.ml.match.measuring import intervals, order_figures, outcome_figures
from scoring.ml.match.pairs import Market, Pairs, simulate_pairs
from scoring.ml.match.scorer import MatchScorer
from scoring.ml.match.simulated_facts import CONNECTED, OPEN
from scoring.ml.match.simulation import Noise

Floats = NDArray[np.float64]
Figures = dict[str, float | None]
PREFIX: Final = "simulated market: "


def compare(
    scorer: MatchScorer, parts: dict[str, Pairs], *, market: Market, random_state: int
) -> dict[str, Figures]:
    """Slice name → figures. The harder markets are new ones, and the scorer stays as it is."""
    training, test = parts["training"], parts["test"]
    scores = score_pairs(scorer, test)
    stated = stated_scores(test)
    line = np.polyfit(stated_scores(training), training.outcomes, 1)
    topic = np.nan_to_num(test.values[:, FACTORS.index("topic")])
    chance = np.random.default_rng(random_state).random(len(test))
    known_best: Figures = {**outcome_figures(expit(test.signal), test)}
    slices: dict[str, Figures] = {
        "match score": _with_intervals(scores, test, random_state),
        "order (LambdaMART added)": _order_alone(order_pairs(scorer, test), test, random_state),
        "stated weights": _with_intervals(stated, test, random_state),
        "stated weights on a fitted line": _with_intervals(
            _on_line(line, stated), test, random_state
        ),
        "mean outcome for everybody": {
            **outcome_figures(np.full(len(test), training.outcomes.mean()), test)
        },
        "topic only": _order_alone(topic, test, random_state),
        "random order": _order_alone(chance, test, random_state),
        "all hidden qualities known (limit)": known_best,
    }
    small = Market(*({"test": part["test"]} for part in _parts(market)))
    for name, noise, measuring in (
        ("chance × 2", Noise().scaled(2.0), CONNECTED),
        ("chance × 4", Noise().scaled(4.0), CONNECTED),
        ("accounts not connected (gaps × 4, errors × 2)", Noise(), OPEN),
    ):
        harder = simulate_pairs(random_state + 1, small, noise, measuring)["test"]
        slices[name] = {**outcome_figures(score_pairs(scorer, harder), harder)}
        slices[f"{name}, stated weights on a fitted line"] = {
            **outcome_figures(_on_line(line, stated_scores(harder)), harder)
        }
    return {PREFIX + name: figures for name, figures in slices.items()}


def _with_intervals(scores: Floats, pairs: Pairs, random_state: int) -> Figures:
    return {
        **outcome_figures(scores, pairs),
        **intervals(outcome_figures, scores, pairs, random_state),
        **order_figures(scores, pairs),
    }


def _order_alone(order: Floats, pairs: Pairs, random_state: int) -> Figures:
    """Figures of an order whose values are no scores."""
    both = _with_intervals(order, pairs, random_state)
    return {name: value for name, value in both.items() if not name.startswith("rmse")}


def _parts(market: Market) -> tuple[dict[str, int], ...]:
    return dict(market.campaigns), dict(market.creators), dict(market.candidates)


def _on_line(line: Floats, values: Floats) -> Floats:
    return np.asarray(np.polyval(line, values), dtype=float)
