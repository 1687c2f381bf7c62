"""The budget planner beside the exact program and plain greedy: worth, gap and time.

    python -m benchmarks.bench_budget [--seconds 60] [--seed 0]

Candidates are simulated: 300, as many as a plan chooses from, and 2,000. ``plan`` is what is
served (two seconds for the program); ``exact`` the same program with ``--seconds``; ``greedy`` is
gain per money alone, without starts, swaps or program. The last line of stdout is one JSON object.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from scoring.ml.budgeting.audiences import AudienceShares, cells_of
from scoring.ml.budgeting.choosing import choose
from scoring.ml.budgeting.comparing import naive_picks
from scoring.ml.budgeting.exact import solve
from scoring.ml.budgeting.greedy import choose_greedily
from scoring.ml.budgeting.objectives import Additive, UniqueReach
from scoring.ml.budgeting.problem import Bools, Problem

SIZES = (300, 2_000)
COUNTRIES = ("DE", "ES", "FR", "IT", "GB", "US", "PL")
TOPICS = ("beauty", "food", "games", "travel", "sports", "books")


def simulated_problem(size: int, *, goal: str, seed: int) -> Problem:
    """Log-normal reach, prices that grow slower than reach, audiences in seven countries.

    The budget is what ten creators of the average price cost.
    """
    rng = np.random.default_rng(seed)
    reach = np.exp(rng.normal(9, 1.2, size)).astype(np.float64)
    prices = np.round(10 * reach**0.8 * np.exp(rng.normal(0, 0.5, size)))
    audiences = [
        AudienceShares(
            countries=dict(zip(COUNTRIES, rng.dirichlet(np.full(7, 0.4)), strict=True)),
            ages=dict(zip(("under 25", "25-34", "over 34"), rng.dirichlet([3, 5, 2]), strict=True)),
            genders=dict(zip(("female", "male"), rng.dirichlet([4, 4]), strict=True)),
            topics=dict(zip(TOPICS, rng.dirichlet(np.full(6, 0.2)), strict=True)),
        )
        for _ in range(size)
    ]
    reached = UniqueReach(cells_of(audiences, reach), rho=0.5)
    nobody = np.zeros(size, dtype=bool)
    return Problem(
        objective=reached if goal == "reach" else Additive(reach * 0.03),
        prices=prices,
        budget=float(10 * prices.mean()),
        tiers=np.array(["mid"] * size),
        must=nobody,
        banned=nobody,
        fewest=1,
    )


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    return act(), round(time.perf_counter() - start, 3)


def compare(problem: Problem, *, seconds: float) -> dict[str, Any]:
    """Worth of each way as a share of the best bound that was found."""
    exact, exact_seconds = timed(lambda: solve(problem, seconds=seconds))
    plan, plan_seconds = timed(lambda: choose(problem))
    greedy, greedy_seconds = timed(lambda: choose_greedily(problem, by_price=True))
    bound = min(exact.bound, plan.bound)

    def share(chosen: Bools | None) -> float | None:
        return None if chosen is None else round(problem.objective.value(chosen) / bound, 5)

    naive = naive_picks(problem, np.random.default_rng(1).random(problem.size))
    return {
        "bound_is_reached": share(exact.chosen) == 1.0,
        "plan": {
            "share": share(plan.chosen),
            "own_gap": round(plan.gap, 5),
            "method": plan.method,
            "creators": int(plan.chosen.sum()),
            "seconds": plan_seconds,
        },
        "exact": {"share": share(exact.chosen), "seconds": exact_seconds},
        "greedy": {"share": share(greedy), "seconds": greedy_seconds},
        "cheapest_first": {"share": share(naive["cheapest"])},
        "ratio_first": {"share": share(naive["ratio"])},
        "in_any_order": {"share": share(naive["match"])},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for the exact program")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    found = {}
    for size in SIZES:
        for goal in ("engagements", "reach"):
            problem = simulated_problem(size, goal=goal, seed=asked.seed)
            found[f"{goal}, {size:,} candidates"] = compare(problem, seconds=asked.seconds)
    print(
        json.dumps(
            {
                "benchmark": "budget",
                "machine": platform.machine(),
                "python": platform.python_version(),
                "data": f"simulated, seed {asked.seed}",
                "results": found,
            }
        )
    )


if __name__ == "__main__":
    main()
