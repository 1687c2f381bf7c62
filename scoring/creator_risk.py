"""The authenticity answer about creators: every model that has facts to read, one sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring import registry
from scoring.ml.authenticity import AuthenticityModel
from scoring.ml.authenticity_features import FEATURE_SET as ACCOUNT_FEATURES
from scoring.ml.authenticity_features import RAW_COLUMNS, clean_columns
from scoring.ml.comment_quality import CommentQuality
from scoring.ml.creator_answer import CreatorRisk, judge_creator
from scoring.ml.creator_evidence import (
    audience_component,
    comments_component,
    engagement_component,
    followers_component,
    growth_component,
    profile_component,
)
from scoring.ml.evidence import EVIDENCE_VERSION
from scoring.ml.follower_sample import FollowerSampleModel, FollowerShare
from scoring.ml.growth_features import FEATURE_SET as GROWTH_FEATURES
from scoring.ml.growth_model import GrowthAssessment, GrowthModel
from scoring.ml.growth_series import from_inputs, make_series
from scoring.ml.second_opinion import points_opinion

FEATURE_SET = f"{ACCOUNT_FEATURES}+{GROWTH_FEATURES}+{EVIDENCE_VERSION}"
FACT_NAMES = (
    "follow_trades", "promotions", "opened_on", "is_young", "growth", "stated_growth_pct",
    "engagement", "follower_sample", "comments", "audience",
)  # fmt: skip

NO_SERIES = make_series([], [])


class UnknownRule(registry.NoActiveVersion):
    """A score names a rule of combination that this program no longer has."""

    code = "unknown_rule"


@dataclass(frozen=True)
class RiskModels:
    """The models an answer comes from; ``version`` names all of them and the rule."""

    account: AuthenticityModel
    growth: GrowthModel
    followers: FollowerSampleModel
    version: str


def active_models() -> RiskModels:
    """:raises NoActiveVersion: if one of the three has no active version."""
    versions = {task: registry.active_version(task) for task in ("authenticity", "growth")}
    followers = registry.active_version("followers")
    return load_models(
        f"authenticity/{versions['authenticity']}+{EVIDENCE_VERSION}"
        f"+growth/{versions['growth']}+followers/{followers}"
    )


def is_combination(version: str) -> bool:
    """Whether a score's ``model_version`` is of several models; the first ones were of one."""
    return "+" in version


def load_models(version: str) -> RiskModels:
    """The models a combination names: "authenticity/v2+evidence-1+growth/v1+followers/v1".

    :raises UnknownRule: if its rule is not the one this program has.
    :raises ArtifactError: if a model is no longer on disk.
    """
    account, rule, *others = version.split("+")
    if rule != EVIDENCE_VERSION:
        raise UnknownRule(f"{version} was added up by {rule}; this program has {EVIDENCE_VERSION}.")
    named = dict(part.split("/", 1) for part in (account, *others))
    return RiskModels(
        account=registry.load("authenticity", named["authenticity"]),
        growth=registry.load("growth", named["growth"]),
        followers=registry.load("followers", named["followers"]),
        version=version,
    )


def assess_creators(
    columns: Mapping[str, np.ndarray], facts: Sequence[Mapping[str, Any]], models: RiskModels
) -> list[CreatorRisk]:
    """One answer per row; a batch gives each what it would get alone.

    :param columns: the account model's raw columns, (n,) each, NaN unknown.
    :param facts: per row what `risk_facts.read_risk_facts` gives.
    """
    accounts = models.account.assess(columns)
    growths = _assess_growth(facts, models.growth)
    known = clean_columns(columns)
    answers = []
    for place, (account, own) in enumerate(zip(accounts, facts, strict=True)):
        growth = growths.get(place)
        share = _share(own, models.followers)
        rates = {
            name: float(known[name][place]) for name in ("followers", "like_rate", "comment_rate")
        }
        series = from_inputs(own["growth"])[0] if "growth" in own else NO_SERIES
        answers.append(
            judge_creator(
                account=account,
                growth=growth,
                components=(
                    profile_component(account, own),
                    growth_component(growth, own),
                    engagement_component(own),
                    followers_component(share, own),
                    comments_component(own, _repetition(own)),
                    audience_component(own),
                ),
                opinion=points_opinion(**rates, series=series),
            )
        )
    return answers


def split_inputs(inputs: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A score's snapshot as the account model's row and the other facts."""
    row = {name: value for name, value in inputs.items() if name in RAW_COLUMNS}
    return row, {name: inputs[name] for name in FACT_NAMES if name in inputs}


def _assess_growth(
    facts: Sequence[Mapping[str, Any]], model: GrowthModel
) -> dict[int, GrowthAssessment]:
    places = [place for place, own in enumerate(facts) if "growth" in own]
    read = [from_inputs(facts[place]["growth"]) for place in places]
    answers = model.assess([series for series, _ in read], [events for _, events in read])
    return dict(zip(places, answers, strict=True))


def _share(facts: Mapping[str, Any], model: FollowerSampleModel) -> FollowerShare | None:
    sample = facts.get("follower_sample")
    if sample is None:
        return None
    return model.estimate(np.array(sample["counts"]), sampled=sample["sampled"])


def _repetition(facts: Mapping[str, Any]) -> float | None:
    comments = facts.get("comments")
    return None if comments is None else CommentQuality(**comments).repetition_ratio
