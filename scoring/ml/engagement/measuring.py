"""The measurements of a trained model, kind by kind, for its metadata and model card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from scoring.ml.engagement.evaluation import Figures, Judged, figures_of, judge
from scoring.ml.engagement.examples import Material, without_pattern
from scoring.ml.engagement.fitting import Example
from scoring.ml.engagement.model import EngagementModel
from scoring.ml.engagement.patterns import PATTERNS

LENGTHS: Final = ((3, 3), (4, 4), (5, 6), (7, 9), (10, 10**9))
FEWEST_OF_A_CATEGORY: Final = 30
LEFT_OUT_EXAMPLES: Final = 2_000
"""Examples each model of leave-one-attack-out is fitted on: five fits instead of one."""

Slices = dict[str, Figures]


class Fit(Protocol):
    def __call__(
        self, training: Sequence[Example], validation: Sequence[Example], *, random_state: int
    ) -> EngagementModel: ...


def all_slices(model: EngagementModel, material: Material) -> Slices:
    """Real with injected attacks, real alone, simulated; each also by part."""
    injected = judge(model, material.injected_real)
    organic = judge(model, material.real_test)
    simulated = judge(model, material.simulated_heldout)
    slices = {
        "injected_real": figures_of(injected),
        "injected_real/cut_to_3_or_4_points": figures_of(judge(model, material.injected_short)),
        "real_organic": figures_of(organic),
        "simulated_heldout": figures_of(simulated),
        "unseen_attacks/injected_real": figures_of(judge(model, material.injected_real_unseen)),
        "unseen_attacks/simulated": figures_of(judge(model, material.simulated_unseen)),
    }
    for low, high in LENGTHS:
        name = f"{low}+" if high > 10**6 else f"{low}-{high}" if high > low else f"{low}"
        for kind, judged in (("injected_real", injected), ("real_organic", organic)):
            own = [one for one in judged if low <= len(one.series) <= high]
            slices[f"{kind}/points_{name}"] = figures_of(own)
    slices |= _by_category(injected)
    for pattern in PATTERNS:
        slices[f"injected_real/{pattern}"] = _one_pattern(injected, material, pattern)
    hard = [
        one
        for one, example in zip(simulated, material.simulated_heldout, strict=True)
        if "+" in example.profile and not example.is_fake
    ]
    slices["simulated_heldout/hard_negatives"] = figures_of(hard)
    return slices


def leave_one_attack_out(material: Material, fit: Fit, *, random_state: int) -> Slices:
    """Each pattern judged by a model that never saw it: that pattern and all organic series."""
    slices = {}
    for pattern in PATTERNS:
        model = fit(
            _thinned(without_pattern(material.training, pattern)),
            without_pattern(material.validation, pattern),
            random_state=random_state,
        )
        own = [
            one
            for one in material.injected_real
            if not one.is_fake or one.attack.startswith(pattern)
        ]
        slices[f"leave_one_attack_out/{pattern}"] = figures_of(judge(model, own))
    return slices


def _by_category(judged: Sequence[Judged]) -> Slices:
    slices = {}
    for category in sorted({one.series.category for one in judged}):
        own = [one for one in judged if one.series.category == category]
        if category and len(own) >= FEWEST_OF_A_CATEGORY:
            slices[f"injected_real/category_{category}"] = figures_of(own)
    return slices


def _one_pattern(judged: Sequence[Judged], material: Material, pattern: str) -> Figures:
    """Only this pattern among the fake series; the organic ones stay."""
    return figures_of(
        [
            one
            for one, example in zip(judged, material.injected_real, strict=True)
            if not example.is_fake or example.attack.startswith(pattern)
        ]
    )


def _thinned(examples: Sequence[Example]) -> list[Example]:
    """Every k-th example, so that all domains and patterns stay in proportion."""
    return list(examples[:: max(1, -(-len(examples) // LEFT_OUT_EXAMPLES))])
