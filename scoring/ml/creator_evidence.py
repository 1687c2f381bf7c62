"""What each kind of fact says about a creator's followers: one component, its evidence.

A component tells what was looked at, what it said and what is unknown; its evidence enters
the sum of `scoring.ml.evidence`. Weights that are not another model's log-odds are constants
here, judged rather than fitted, and small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from scoring.ml.authenticity import AuthenticityAssessment
from scoring.ml.evidence import Evidence, p_value_ratio
from scoring.ml.follower_sample import SUSPICIOUS_SHARE, FollowerShare
from scoring.ml.growth_model import GrowthAssessment

Facts = Mapping[str, Any]
State = Literal["judged", "context", "unknown"]

FOLLOW_TRADE_RATIO: Final = 0.7
YOUNG_RATIO: Final = 0.4
STATED_GROWTH_RATIOS: Final = ((70.0, 0.9), (50.0, 0.6), (30.0, 0.3))
"""Growth in per cent a month from which on it counts, with document 001's thresholds."""
NOT_RANDOM_WEIGHT: Final = 0.5
"""Of a sample that was not drawn at random: it speaks for a part of the followers."""

TITLES: Final[Mapping[str, str]] = {
    "profile": "The account’s own profile",
    "growth": "Growth of followers",
    "engagement": "Engagement of posts over time",
    "followers": "Sample of followers",
    "comments": "Texts of comments",
    "audience": "Where the audience is",
}


@dataclass(frozen=True)
class Component:
    """One source. `value` with `low` and `high` is in `unit`, None where there is none.

    `effect` is what the source added to the log-odds, 0 for context and the unknown.
    """

    name: str
    state: State
    text: str
    evidence: tuple[Evidence, ...] = ()
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    effect: float = 0.0

    def with_effect(self, effect: float) -> Component:
        return replace(self, effect=effect) if effect else self

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": TITLES[self.name],
            "state": self.state,
            "text": self.text,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "effect": round(self.effect, 4),
        }


def profile_component(assessment: AuthenticityAssessment, facts: Facts) -> Component:
    """The account model's log-odds, and what else the profile says."""
    evidence = _profile_evidence(facts)
    if assessment.probability is None:
        text = assessment.abstain_reason or "Not enough of the profile is known."
        state: State = "context" if evidence else "unknown"
        return Component("profile", state, text, tuple(evidence))
    probability = assessment.probability
    model = Evidence(
        name="account_model",
        source="profile",
        text=f"the profile resembles fake accounts with a probability of {probability:.0%}",
        log_likelihood_ratio=float(np.log(probability / (1 - probability))),
    )
    return Component(
        "profile",
        "judged",
        f"Read on its own, the profile is that of a fake account with a probability of "
        f"{probability:.0%}. A genuine profile says little about who follows it.",
        (model, *evidence),
        value=probability,
        unit="probability",
    )


def growth_component(assessment: GrowthAssessment | None, facts: Facts) -> Component:
    """The growth model's log-odds; else a growth rate that somebody stated."""
    if assessment is not None and assessment.log_odds is not None:
        probability = assessment.probability
        model = Evidence(
            name="growth_model",
            source="growth",
            text=_growth_sentence(assessment),
            log_likelihood_ratio=assessment.log_odds,
        )
        return Component(
            "growth", "judged", f"{_capital(model.text)}.", (model,),
            value=probability, unit="probability",
        )  # fmt: skip
    why = "No daily follower counts are known."
    if assessment is not None:
        why = assessment.abstain_reason or why
    stated = facts.get("stated_growth_pct")
    if stated is None:
        return Component("growth", "unknown", why)
    ratio = next((ratio for over, ratio in STATED_GROWTH_RATIOS if stated > over), None)
    text = f"stated growth of {stated:.1f} % a month"
    evidence = Evidence("follower_growth_rate", "growth", text, ratio)
    return Component(
        "growth", "judged" if ratio else "context",
        f"{why} The {text} {'is unusual' if ratio else 'is nothing unusual'}.",
        (evidence,), value=stated, unit="per cent a month",
    )  # fmt: skip


def engagement_component(facts: Facts) -> Component:
    """How many posts had engagement that looks bought."""
    found = facts.get("engagement")
    if found is None:
        return Component("engagement", "unknown", "No post was counted often enough to check.")
    if found["abstained"]:
        return Component("engagement", "unknown", found["abstain_reason"] or found["sentence"])
    ratio = p_value_ratio(found["p_value"])
    posts = f"{found['flagged']} of {found['judged']} checked posts"
    evidence = Evidence(
        name="flagged_posts",
        source="engagement",
        text=f"{posts} have engagement that looks bought",
        log_likelihood_ratio=ratio,
    )
    return Component(
        "engagement", "judged", found["sentence"], (evidence,),
        value=found["flagged_share"], low=found["low"], high=found["high"], unit="share",
    )  # fmt: skip


def followers_component(share: FollowerShare | None, facts: Facts) -> Component:
    """The share of fakes among sampled followers, with its interval."""
    if share is None:
        return Component("followers", "unknown", "No sample of followers was imported.")
    if share.abstained or share.log_likelihood_ratio is None:
        return Component("followers", "unknown", share.abstain_reason or "")
    method = facts["follower_sample"]["method"]
    weight = 1.0 if method == "random" else NOT_RANDOM_WEIGHT
    finding = (
        f"an estimated {share.share:.0%} of the sampled followers are fake "
        f"({share.low:.0%} to {share.high:.0%})"
    )
    caution = {
        "random": "",
        "recent": " They are the latest to follow, so they say little of earlier followers, and "
        "count half.",
    }.get(method, " How they were drawn is not stated, so they count half.")
    evidence = Evidence(
        "follower_sample", "followers", finding, weight * share.log_likelihood_ratio
    )
    return Component(
        "followers", "judged",
        f"Of {share.sampled:,} sampled followers {share.judged:,} could be judged; {finding}, "
        f"against {SUSPICIOUS_SHARE:.0%} from which on it counts against the account.{caution}",
        (evidence,), value=share.share, low=share.low, high=share.high, unit="share",
    )  # fmt: skip


def comments_component(facts: Facts, repetition_ratio: float | None) -> Component:
    """How much comments repeat each other; how warm they are is shown beside it."""
    found = facts.get("comments")
    if found is None:
        return Component("comments", "unknown", "No texts of comments are known.")
    said = [f"{found['comments']:,} comments were read."]
    if found["authors"] is not None:
        said.append(f"They are by {found['authors']:,} people.")
    if found["repeated"] is None:
        said.append(
            f"Only {found['long']} are long enough to compare, too few to judge repetition."
        )
    else:
        said.append(f"{found['repeated']:.0%} of the longer ones nearly repeat another one.")
    if found["generic"] is not None:
        said.append(f"{found['generic']:.0%} are emoji or stock praise, which honest people use.")
    if found["sentiment"] is None:
        said.append("Their sentiment is not judged: too few are in English.")
    else:
        said.append(
            f"The {found['english']:,} English ones are of sentiment {found['sentiment']:+.2f} "
            "on a scale from -1 to +1, which weighs nothing."
        )
    if repetition_ratio is None:
        return Component("comments", "context", " ".join(said))
    repeated = Evidence(
        "comment_repetition",
        "comments",
        f"{found['repeated']:.0%} of the longer comments nearly repeat another one",
        repetition_ratio,
    )
    return Component(
        "comments", "judged", " ".join(said), (repeated,), value=found["repeated"], unit="share"
    )


def audience_component(facts: Facts) -> Component:
    """Shown and never weighed: bots may be of one country or of many, and so may fans."""
    found = facts.get("audience")
    if found is None:
        return Component("audience", "unknown", "Where the audience is, is not known.")
    places = "country" if found["countries"] == 1 else "countries"
    return Component(
        "audience", "context",
        f"{found['countries']} {places}, {found['largest']} the largest with "
        f"{found['largest_share']:.0%}; entropy {found['entropy']:.2f} bits. A spread audience may "
        "be bought or simply international, so this weighs nothing.",
        value=found["entropy"], unit="bits",
    )  # fmt: skip


def _profile_evidence(facts: Facts) -> list[Evidence]:
    evidence = []
    if trades := facts.get("follow_trades"):
        said = ", ".join(f"“{phrase}”" for phrase in trades)
        evidence.append(
            Evidence(
                "bio_phrases", "profile", f"the biography trades follows: {said}",
                FOLLOW_TRADE_RATIO,
            )
        )  # fmt: skip
    if sells := facts.get("promotions"):
        said = ", ".join(f"“{phrase}”" for phrase in sells)
        evidence.append(Evidence("bio_promotion", "profile", f"the biography says {said}"))
    if "is_young" in facts:
        young = facts["is_young"]
        evidence.append(
            Evidence(
                "account_age", "profile",
                "the account is younger than 90 days" if young
                else "the account is older than 90 days",
                YOUNG_RATIO if young else None,
            )
        )  # fmt: skip
    return evidence


def _growth_sentence(assessment: GrowthAssessment) -> str:
    unexplained = len(assessment.unexplained_spikes)
    explained = len(assessment.spikes) - unexplained
    sudden = f"{unexplained} sudden gain{'' if unexplained == 1 else 's'} without a declared cause"
    if explained:
        sudden += f" and {explained} with one"
    return (
        f"the growth over {assessment.days} days was bought with a probability of "
        f"{assessment.probability:.0%}: {sudden}"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
