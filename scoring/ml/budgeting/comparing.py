"""Naive picks beside the plan: the same constraints, no thought about the whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from scoring.ml.budgeting.needs import can_be_completed, cheapest_completion
from scoring.ml.budgeting.problem import Bools, Floats, Problem

LABELS: Final[Mapping[str, str]] = {
    "match": "Best match first",
    "cheapest": "Cheapest first",
    "ratio": "Most for the money first",
}


def pick_in_order(problem: Problem, worth: Floats) -> Bools | None:
    """Down a list, by falling ``worth`` (n,), whoever still fits; None if none can be kept."""
    chosen = problem.must.copy()
    if not can_be_completed(problem, chosen):
        return None
    for one in np.argsort(-worth, kind="stable"):
        if chosen.sum() >= problem.limit:
            break
        if chosen[one] or problem.banned[one]:
            continue
        trial = chosen.copy()
        trial[one] = True
        if can_be_completed(problem, trial):
            chosen = trial
    return cheapest_completion(problem, chosen)


def naive_picks(problem: Problem, matches: Floats) -> dict[str, Bools | None]:
    """By the names of `LABELS`.

    :param matches: (n,) scores of the match with the brief.
    """
    return {
        "match": pick_in_order(problem, matches),
        "cheapest": pick_in_order(problem, -problem.prices),
        "ratio": pick_in_order(problem, problem.objective.singles() / problem.prices),
    }
