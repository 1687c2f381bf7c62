"""The factors of a match, from search rows, and their explanation in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.models import Platform
from campaigns.terms import BriefTerms
from scoring.ml import matching
from scoring.ml.matching import MatchModel
from scoring.models import SearchEntry

Floats = NDArray[np.float64]

GOOD = 0.6
POOR = 0.35
LABELS = {
    "topic": "Content close to the brief",
    "niche": "Niche",
    "authenticity": "Authentic following",
    "engagement": "Engagement against peers",
    "audience_country": "Audience in the country",
    "price": "Price within budget",
}
# What a search row must hold for the factors below; nothing else is read from the table.
COLUMNS = (
    "pk",
    "account_id",
    "creator_id",
    "platform",
    "country",
    "followers",
    "engagement_rate",
    "engagement_percentile",
    "audience_countries",
    "niche_weights",
    "risk",
    "risk_confidence",
    "price_low_minor",
    "price_minor",
    "price_currency",
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Factor:
    """One row of the "why this order" table; ``value`` and ``contribution`` None if unknown."""

    name: str
    label: str
    value: float | None
    weight: float
    contribution: float | None
    text: str


@dataclass(frozen=True)
class MatchScore:
    """How well one account fits one brief: 0–1, and the share of eligible accounts below."""

    score: float
    percentile: int
    positive_factors: list[str]
    concerns: list[str]
    factors: list[Factor]
    version: str


def row_of(entry: SearchEntry) -> Row:
    return {name: getattr(entry, name) for name in COLUMNS}


def factor_values(
    model: MatchModel,
    rows: Sequence[Row],
    *,
    cosines: Floats,
    terms: BriefTerms,
    niches: Sequence[str],
) -> dict[str, Floats]:
    """Factor name → (n,) values in [0, 1], NaN unknown; only factors the brief asks for.

    :param cosines: similarity of brief and account text, (n,), NaN without text.
    :param niches: niches the brief names or was read to mean; empty leaves the factor out.
    """
    factors = {
        "topic": model.topic_factor(cosines),
        "authenticity": matching.authenticity_factor(_column(rows, "risk")),
        "engagement": _column(rows, "engagement_percentile"),
    }
    if niches:
        factors["niche"] = np.array([_niche_value(row, niches) for row in rows])
    if terms.country:
        factors["audience_country"] = np.array(
            [_audience_share(row, terms.country) for row in rows]
        )
    if terms.budget_minor is not None:
        known = [row["price_currency"] == terms.budget_currency for row in rows]
        factors["price"] = matching.price_factor(
            np.where(known, _column(rows, "price_low_minor"), np.nan),
            np.where(known, _column(rows, "price_minor"), np.nan),
            float(terms.budget_minor),
        )
    return factors


def explain(
    model: MatchModel,
    row: Row,
    *,
    score: float,
    percentile: int,
    cosine: float,
    values: dict[str, float],
    parts: dict[str, float],
    terms: BriefTerms,
    niches: Sequence[str],
) -> MatchScore:
    """Put one account's numbers into words, the weightiest first."""
    factors = [
        Factor(
            name=name,
            label=LABELS[name],
            value=_known(value),
            weight=model.weights[name],
            contribution=_known(parts[name]),
            text=_text(name, row, value, cosine=cosine, terms=terms, niches=niches),
        )
        for name, value in sorted(values.items(), key=lambda item: -model.weights[item[0]])
    ]
    return MatchScore(
        score=score,
        percentile=percentile,
        positive_factors=[f.text for f in factors if f.value is not None and f.value >= GOOD],
        concerns=[f.text for f in factors if f.value is None or f.value < POOR]
        + _further_concerns(row),
        factors=factors,
        version=f"match/{model.version}",
    )


def _text(
    name: str,
    row: Row,
    value: float,
    *,
    cosine: float,
    terms: BriefTerms,
    niches: Sequence[str],
) -> str:
    unknown = bool(np.isnan(value))
    platform = Platform(row["platform"]).label
    if name == "topic":
        if unknown:
            return "No bio or hashtags to compare with the brief"
        words = "close to" if value >= GOOD else "far from" if value < POOR else "near"
        return f"Bio and hashtags are {words} the brief (similarity {cosine:.2f})"
    if name == "niche":
        wanted = " or ".join(niche.replace("-", " ") for niche in niches)
        if unknown:
            return f"Niche unknown (the brief is about {wanted})"
        if value < POOR:
            return f"Niche is probably not {wanted} ({value:.0%})"
        best = max(niches, key=lambda niche: (row["niche_weights"] or {}).get(niche, 0.0))
        # Only a niche somebody declared weighs a full 1 (scoring/rescoring.py).
        basis = "declared" if value == 1.0 else f"{value:.0%} sure"
        return f"Niche: {best.replace('-', ' ')} ({basis})"
    if name == "authenticity":
        if unknown:
            return "Fake-follower risk unknown: not enough evidence"
        return f"Fake-follower risk {row['risk']:.0f} of 100"
    if name == "engagement":
        if unknown:
            return "Engagement rate unknown"
        rate = f"{row['engagement_rate']:.1%}"
        return f"Engagement {rate}, above {value:.0%} of {platform} accounts of this size"
    if name == "audience_country":
        if unknown:
            return f"Audience location unknown (the brief wants {terms.country})"
        return f"{value:.0%} of the audience is in {terms.country}"
    if unknown:
        return "Price unknown: no comparable market data"
    return (
        f"Suggested price {row['price_minor'] / 100:,.0f} {row['price_currency']} "
        f"against a budget of {(terms.budget_minor or 0) / 100:,.0f}"
    )


def _further_concerns(row: Row) -> list[str]:
    concerns = []
    if row["risk"] is not None and (row["risk_confidence"] or 0) < 0.5:
        confidence = f"{row['risk_confidence'] or 0:.0%}"
        concerns.append(f"The fake-follower risk rests on few facts (confidence {confidence})")
    if row["engagement_rate"] is not None and row["engagement_rate"] > 0.5:
        concerns.append(
            f"Engagement of {row['engagement_rate']:.0%} of followers is unusual; "
            "check the latest posts"
        )
    return concerns


def _niche_value(row: Row, niches: Sequence[str]) -> float:
    if row["niche_weights"] is None:
        return float("nan")
    return max(float(row["niche_weights"].get(niche, 0.0)) for niche in niches)


def _audience_share(row: Row, country: str) -> float:
    shares = row["audience_countries"]
    if not shares:
        return float("nan")
    return float(
        next((share for name, share in shares.items() if name.lower() == country.lower()), 0.0)
    )


def _column(rows: Sequence[Row], name: str) -> Floats:
    return np.array([np.nan if row[name] is None else float(row[name]) for row in rows])


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
