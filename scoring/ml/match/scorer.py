"""The match score of version 2: the stated formula, blended with what outcomes taught.

    score = (1 - b) · (c₀ + c₁ · stated) + b · learned,   b = blend · trust(known weight)

`stated` is the weighted mean of `matching.MatchModel` over the factors of `match.factors`;
`learned` a LightGBM regression of the outcome on the same factors. A fact that is missing stays
missing in both: the stated score is discounted, the trees have learned what creators with that
gap came to, and the gap is named as a concern. Where less than 60 % of all weight is known the
learned part has no say, from 70 % on its full one: it was taught on pairs with many facts.

The order adds LambdaMART (Burges 2010): logit(score) + order_share · margin / margin_scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from scoring.ml.artifacts import Artifact
from scoring.ml.match.brief_reading import Brief, BriefReader, Encode
from scoring.ml.match.factors import FACTORS
from scoring.ml.match.pairs import as_table
from scoring.ml.match.text_evidence import TextMatcher, text_evidence
from scoring.ml.match.tree_features import by_factor, tree_features
from scoring.ml.matching import MatchModel

Floats = NDArray[np.float64]
SETTINGS_FILE: Final = "settings.json"
SCORE_FILE: Final = "score.txt"
ORDER_FILE: Final = "order.txt"
LETTERS_FILE: Final = "letters.npz"
TRUST_FROM, TRUST_FULL = 0.6, 0.7
"""Text, niche, engagement and risk, which most accounts have, weigh 0.56. By them alone the trees
would let engagement outweigh what an account is about."""


@dataclass(frozen=True)
class ScorerSettings:
    """Stated numbers, and what the validation part of the market chose."""

    weights: Mapping[str, float]
    evidence_discount: float
    topic_floor: float
    topic_ceiling: float
    stated_slope: float
    stated_intercept: float
    blend: float
    order_share: float
    order_scale: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class MatchScorer:
    """A trained scorer. Read-only after construction and safe to share between threads.

    Factors are given as for `MatchModel`: name → (n,), NaN unknown, absent where the campaign
    does not ask for them; `factors.factor_values` makes them.
    """

    def __init__(
        self,
        *,
        version: str,
        settings: ScorerSettings,
        score: lgb.Booster,
        order: lgb.Booster,
        texts: TextMatcher,
        reader: BriefReader,
    ) -> None:
        self.version = version
        self.settings = settings
        self.texts = texts
        self.reader = reader
        self.score_trees = score
        self.order_trees = order
        self.stated = MatchModel(
            version=version,
            weights=settings.weights,
            evidence_discount=settings.evidence_discount,
            topic_floor=settings.topic_floor,
            topic_ceiling=settings.topic_ceiling,
        )
        self.weights = settings.weights

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> MatchScorer:
        letters = artifact.arrays(LETTERS_FILE)
        return cls(
            version=artifact.version,
            settings=ScorerSettings(**artifact.document(SETTINGS_FILE)),
            score=artifact.booster(SCORE_FILE),
            order=artifact.booster(ORDER_FILE),
            texts=TextMatcher(letters["weights"].astype(float)),
            reader=BriefReader(
                letters["centres"].astype(np.float32), letters["talk"].astype(np.float32)
            ),
        )

    def read_brief(self, text: str, encode: Encode) -> Brief:
        """What of a brief is about its field; cosines are to be those of `Brief.field`."""
        return self.reader.read(text, encode)

    def topic_values(self, brief: Brief, texts: Sequence[str], cosines: Floats) -> Floats:
        """The topic factor of n creators' texts, (n,) in [0, 1]; NaN where the cosine is.

        :param cosines: of the vector of `brief.field` and the vectors of the texts, (n,).
        """
        return self.topic_factor(text_evidence(cosines, self.texts.compare(brief.field, texts)))

    def topic_factor(self, evidence: Floats) -> Floats:
        """Text evidence (`text_evidence.text_evidence`), (n,), stretched onto [0, 1]."""
        return self.stated.topic_factor(evidence)

    def weighted_scores(self, factors: Mapping[str, Floats]) -> Floats:
        """Match scores in [0, 1], (n,); 0 where nothing at all is known.

        :raises KeyError: on a factor without a stated weight.
        """
        stated = self.stated.weighted_scores(factors)
        if not len(stated):
            return stated
        share = self._learned_share(factors)
        mixed = (1 - share) * self._line(stated)
        if share.any():  # The trees take most of the time, and often have no say.
            mixed += share * expit(self._margins(self.score_trees, factors))
        return np.where(self._known_weight(factors) > 0, np.clip(mixed, 0.0, 1.0), 0.0)

    def order_values(self, factors: Mapping[str, Floats], scores: Floats | None = None) -> Floats:
        """What a list is ordered by, (n,), highest first; comparable within one campaign.

        :param scores: `weighted_scores(factors)`, where they are known already.
        """
        if scores is None:
            scores = self.weighted_scores(factors)
        if not len(scores):
            return scores
        values = np.asarray(logit(np.clip(scores, 1e-6, 1 - 1e-6)))
        share = self.settings.order_share * self._learned_share(factors) / self._full_share()
        if share.any():
            values += share * self._margins(self.order_trees, factors) / self.settings.order_scale
        return values

    def decompose(self, factors: Mapping[str, Floats]) -> tuple[Floats, dict[str, Floats]]:
        """The score before any factor speaks, (n,), and what each factor moves it by, (n,) each.

        What is not asked for is part of the base. Of the learned part, TreeSHAP contributions
        (Lundberg et al. 2020) of a factor, of its being asked for and of its part in the reach,
        brought from log-odds to the score along the chord between the typical pair and this
        one; of the stated part, its weighted value. An unknown factor counts what its being
        unknown does. Base and parts sum to the score unless that is cut at 0 or 1.
        """
        share = self._learned_share(factors)
        base = np.full(len(share), self.settings.stated_intercept)
        slope = self.settings.stated_slope
        stated = self.stated.contributions(factors)
        parts = {name: slope * np.nan_to_num(part) for name, part in stated.items()}
        if not share.any():
            return base, parts
        shap = self._shap(factors)
        learned = self._all_parts(factors, shap)
        rest = sum(
            (part for name, part in learned.items() if name not in factors), np.zeros(len(share))
        )
        base = (1 - share) * base + share * (expit(shap[:, -1]) + rest)
        return base, {
            name: (1 - share) * part + share * learned[name] for name, part in parts.items()
        }

    def _all_parts(self, factors: Mapping[str, Floats], shap: Floats) -> dict[str, Floats]:
        base, moved = shap[:, -1], shap[:, :-1].sum(axis=1)
        rise = expit(base + moved) - expit(base)
        tangent = expit(base) * (1 - expit(base))
        chord = np.divide(rise, moved, out=tangent, where=np.abs(moved) > 1e-9)
        _, asked = _table(factors)
        parts = chord[:, None] * by_factor(shap[:, :-1], asked)
        return {name: parts[:, column] for column, name in enumerate(FACTORS)}

    def _shap(self, factors: Mapping[str, Floats]) -> Floats:
        features = _features(factors)
        return np.asarray(self.score_trees.predict(features, pred_contrib=True, num_threads=1))

    def _margins(self, trees: lgb.Booster, factors: Mapping[str, Floats]) -> Floats:
        features = _features(factors)
        return np.asarray(trees.predict(features, raw_score=True, num_threads=1), dtype=float)

    def _line(self, stated: Floats) -> Floats:
        return self.settings.stated_intercept + self.settings.stated_slope * stated

    def _known_weight(self, factors: Mapping[str, Floats]) -> Floats:
        known = np.column_stack([~np.isnan(np.asarray(v, dtype=float)) for v in factors.values()])
        # Row by row, so that a batch adds up as its rows do.
        weights = np.array([self.weights[name] for name in factors])
        return np.asarray(np.ascontiguousarray(known * weights).sum(axis=1))

    def _learned_share(self, factors: Mapping[str, Floats]) -> Floats:
        ramp = (self._known_weight(factors) - TRUST_FROM) / (TRUST_FULL - TRUST_FROM)
        return self.settings.blend * np.clip(ramp, 0.0, 1.0)

    def _full_share(self) -> float:
        return self.settings.blend or 1.0


def _table(factors: Mapping[str, Floats]) -> tuple[Floats, NDArray[np.bool_]]:
    count = len(next(iter(factors.values()))) if factors else 0
    return as_table(factors, count)


def _features(factors: Mapping[str, Floats]) -> Floats:
    return tree_features(*_table(factors))
