"""Post-level engagement potential: what a planned post can be expected to get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import numpy as np

from scoring.ml.artifacts import Artifact
from scoring.ml.plep.answers import ConfidenceLevel, NoPrediction, PlepPrediction
from scoring.ml.plep.drafts import Draft, check_draft, draft_facts, draft_notes
from scoring.ml.plep.explaining import contributors
from scoring.ml.plep.features import COLUMN, MEANING_FEATURES, Facts, Vocabulary
from scoring.ml.plep.line import is_warm
from scoring.ml.plep.platform_model import CAPTION_FREE, LogRange, PlatformModel
from scoring.ml.plep.posts import PLATFORMS
from scoring.ml.plep.settings import LEVELS, NOMINAL_COVERAGE, PlatformSettings
from scoring.ml.plep.vectors import Encode, caption_vectors, encode_texts

MEANINGS: Final = {
    "douyin": "likes + comments + shares",
    "tiktok": "likes + comments + shares",
    "instagram": "likes + comments, as followers × engagement rate, the rate cut at 30 %",
}
"""What the predicted count is on each platform, as its data had it."""

SPELLINGS: Final = {"douyin": "Douyin", "tiktok": "TikTok", "instagram": "Instagram"}
_HIGH_CONFIDENCE: Final = 0.6
_LOW_CONFIDENCE: Final = 0.4


class PlepModel:
    """A trained model. Read-only after construction and safe to share between threads."""

    def __init__(
        self, *, platforms: Mapping[str, PlatformModel], version: str, feature_set: str
    ) -> None:
        self.platforms = platforms
        self.version = version
        self.feature_set = feature_set

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> PlepModel:
        platforms = {}
        for name in PLATFORMS:
            if f"{name}.json" not in artifact.contents:
                continue
            settings = PlatformSettings.from_json(artifact.document(f"{name}.json"))
            words = artifact.arrays(f"{name}.npz")
            platforms[name] = PlatformModel(
                boosters={
                    one: artifact.booster(f"{name}_{one}.txt")
                    for one in (*LEVELS, CAPTION_FREE)
                    if one in LEVELS or settings.caption_free_line is not None
                },
                vocabulary=Vocabulary(settings.tags, words["mean"], words["directions"]),
                settings=settings,
            )
        return cls(
            platforms=platforms,
            version=artifact.version,
            feature_set=str(artifact.metadata["feature_set"]),
        )

    def predict(
        self, drafts: Sequence[Draft], *, now: datetime, encode: Encode = encode_texts
    ) -> list[PlepPrediction | NoPrediction]:
        """One answer per draft; a batch gives each what it would get alone.

        :param now: drafts planned earlier are refused.
        :param encode: texts to vectors of shape (n, 384); the process's encoder by default.
        :raises PlannedInThePast: see `check_draft`.
        :raises DraftRefused: see `check_draft`.
        """
        if not drafts:
            return []
        return self.answer(drafts, self.facts_of(drafts, now=now, encode=encode))

    def facts_of(
        self, drafts: Sequence[Draft], *, now: datetime, encode: Encode = encode_texts
    ) -> Facts:
        """Facts of at least one draft, for `answer`; errors as of `predict`."""
        for draft in drafts:
            check_draft(draft, now=now)
        captions = [draft.caption for draft in drafts]
        platforms = [draft.platform.strip().lower() for draft in drafts]
        vectors = self.vectors_of(platforms, captions, encode)
        return draft_facts(drafts, now=now, vectors=vectors)

    def vectors_of(
        self, platforms: Sequence[str], captions: Sequence[str | None], encode: Encode
    ) -> np.ndarray:
        """Caption vectors, shape (n, 384); NaN where the platform's model does not read them."""
        reading = {
            name
            for name, model in self.platforms.items()
            if not set(MEANING_FEATURES) <= set(model.settings.off)
        }
        read = [
            caption if platform in reading else None
            for platform, caption in zip(platforms, captions, strict=True)
        ]
        return caption_vectors(read, encode)

    def answer(self, drafts: Sequence[Draft], facts: Facts) -> list[PlepPrediction | NoPrediction]:
        """`predict` for drafts whose facts were found before."""
        names = np.array([draft.platform.strip().lower() for draft in drafts])
        answers: list[PlepPrediction | NoPrediction] = [
            NoPrediction(draft.platform, f"No posts on {draft.platform} were learned from.")
            for draft in drafts
        ]
        for name, model in self.platforms.items():
            rows = [int(row) for row in np.flatnonzero(names == name)]
            if rows:
                own = [drafts[row] for row in rows]
                for row, answer in zip(
                    rows, self._answers(model, own, facts.take(np.array(rows))), strict=True
                ):
                    answers[row] = answer
        return answers

    def _answers(
        self, model: PlatformModel, drafts: Sequence[Draft], facts: Facts
    ) -> list[PlepPrediction | NoPrediction]:
        features = model.features(facts)
        found = model.log_range(features)
        effects = model.contributions(features)
        answers: list[PlepPrediction | NoPrediction] = []
        for row, draft in enumerate(drafts):
            notes = draft_notes(draft)
            if reason := abstention(features[row]):
                answers.append(NoPrediction(draft.platform, reason, notes))
                continue
            positive, negative = contributors(
                features[row], effects[row], facts.captions[row], model.settings
            )
            low, middle, high = (count_of(part[row]) for part in vars(found).values())
            confidence = model.confidence(float(found.high[row] - found.low[row]))
            name = draft.platform.strip().lower()
            answers.append(
                PlepPrediction(
                    platform=name,
                    low=low,
                    middle=middle,
                    high=high,
                    nominal_coverage=NOMINAL_COVERAGE,
                    confidence=confidence,
                    level=_level(confidence),
                    positive=positive,
                    negative=negative,
                    meaning=MEANINGS[name],
                    basis=_basis(name, model.settings),
                    notes=notes,
                    model_version=self.version,
                )
            )
        return answers

    def log_ranges(self, platforms: np.ndarray, facts: Facts) -> tuple[LogRange, np.ndarray]:
        """Ranges for posts of a file and whether each has one, shape (n,).

        Rows of an unknown platform, or without followers and earlier posts, are NaN.
        """
        parts = np.full((len(platforms), 3), np.nan)
        for name, model in self.platforms.items():
            rows = np.flatnonzero(platforms == name)
            if not len(rows):
                continue
            features = model.features(facts.take(rows))
            known = np.array([abstention(row) is None for row in features])
            parts[rows] = np.where(known[:, None], model.log_range(features).stacked(), np.nan)
        return LogRange(*parts.T), np.isfinite(parts[:, 1])

    def caption_free_middles(self, platforms: np.ndarray, facts: Facts) -> np.ndarray:
        """The log middle by the models without captions, shape (n,), NaN without one."""
        middles = np.full(len(platforms), np.nan)
        for name, model in self.platforms.items():
            rows = np.flatnonzero(platforms == name)
            if len(rows):
                middles[rows] = model.caption_free_middles(model.features(facts.take(rows)))
        return middles


def abstention(features: np.ndarray) -> str | None:
    """Why nothing can be said of a row of features, None when something can."""
    followers = features[COLUMN["log_followers"]]
    if is_warm(features[None])[0]:
        return None
    if np.isnan(followers):
        return "Neither the creator's followers nor any earlier post are known."
    if followers == 0:
        return "The creator has no followers and no earlier post."
    return None


def count_of(log_count: float) -> int:
    """A count to three significant digits, as a range so wide deserves no more."""
    return round(float(f"{np.expm1(log_count):.3g}"))


def _level(confidence: float) -> ConfidenceLevel:
    if confidence >= _HIGH_CONFIDENCE:
        return "high"
    return "low" if confidence < _LOW_CONFIDENCE else "medium"


def _basis(name: str, settings: PlatformSettings) -> str:
    return (
        f"{settings.posts:,} posts of {settings.creators:,} creators on {SPELLINGS[name]}, "
        f"{settings.first_day} to {settings.last_day}; {NOMINAL_COVERAGE:.0%} of posts are "
        "expected inside the range."
    )
