"""The public page that says how market values come about, with every coefficient."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.errors import DomainError
from marketplace.pages.refusals import refuse
from marketplace.value_words import Part, amount, amount_range, parts_of
from scoring import registry
from scoring.ml.value.evidence import Evidence
from scoring.ml.value.formula import Formula, RateLine
from scoring.ml.value.ranking import SAME_BAND
from scoring.ml.value.valuing import ValueModel
from scoring.ml.value.wording import describe_all
from scoring.valuing.reading import Valuation, newest_run

DECIDED: Final = {
    "half_life_days": "days after which a post weighs half",
    "most_posts": "newest posts of an account that are read",
    "settle_days": "days a post must be old when its counts are taken",
    "average_posts": "posts that the averages of a profile count as",
    "average_sd": "more uncertainty (log) of averages",
    "rate_sd": "more uncertainty (log) of followers × engagement rate",
    "spread_posts": "posts of usual spread that an account’s own spread is mixed with",
    "exception_weight": "how much of an account’s own distance from its size, beyond the chance of "
    "its posts, counts as the difference between creators; 0 draws everybody in alike",
    "risk_floor": "least standard deviation of authenticity",
    "risk_scale": "more of it, × √(risk (1 − risk))",
    "unknown_authenticity": "authenticity where no risk is known: anything between",
    "least_authenticity": "authenticity never falls below",
    "spread_weight": "most that uneven engagement lowers, or even engagement raises, consistency",
    "silence_weight": "most that silence lowers consistency",
    "silence_patience": "usual gaps of silence before it lowers anything",
    "shortest_gap_days": "a usual gap is at least so many days",
    "consistency_range": "consistency stays between",
    "least_engagement": "predicted engagement is at least",
    "largest_count": "a count above this is a mistake and unknown",
    "largest_rate": "an engagement rate above this is a mistake and unknown",
    "fewest_priced": "creators with a price that a going rate needs",
    "draws": "draws of the bootstrap",
    "nominal_coverage": "share of the draws that a range holds",
}


@dataclass(frozen=True)
class Example:
    """A made-up account, worked through."""

    title: str
    value: str
    span: str
    parts: list[Part]


@require_safe
def value_methodology(request: HttpRequest) -> HttpResponse:
    """Public: whoever is valued may read how, with or without a log-in."""
    try:
        model: ValueModel = registry.load("value")
        metadata = registry.get_metadata("value")
    except DomainError as error:
        return refuse(request, error)
    coefficients = model.coefficients
    run = newest_run()
    rates = run.rates if run else {}
    shipped = [rate.to_json() for rate in coefficients.rates.values()]
    context: dict[str, Any] = {
        "formula_version": model.formula_version,
        "model_version": model.version,
        "metadata": metadata,
        "decided": [
            (field.name, DECIDED[field.name], _written(getattr(coefficients.formula, field.name)))
            for field in fields(Formula)
        ],
        "priors": coefficients.priors.items(),
        "run": run,
        "rates": list(rates.values()) or shipped,
        "examples": _examples(model),
        "judged": {
            name: values
            for name, values in metadata["metrics_by_slice"].items()
            if values.get("mae_log") is not None
        },
        "same_band": SAME_BAND,
    }
    return render(request, "valuing/methodology.html", context)


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return " and ".join(f"{one:g}" for one in value)
    return f"{value:,g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _examples(model: ValueModel) -> list[Example]:
    """Two accounts nobody has: one with posts and a market, one with a rate alone."""
    posts = [420.0, 380.0, 510.0, 450.0, 300.0, 620.0, 480.0, 410.0]
    evidence = Evidence(
        keys=np.array([1, 2], dtype=np.uint64),
        platforms=np.array(["douyin", "instagram"], dtype=object),
        markets=np.array(["douyin", ""], dtype=object),
        followers=np.array([120_000.0, 40_000.0]),
        engagement_rate=np.array([np.nan, 0.03]),
        average_engagement=np.array([np.nan, np.nan]),
        risk=np.array([0.10, np.nan]),
        starts=np.array([0, len(posts), len(posts)]),
        engagement=np.array(posts),
        ages=np.array([5.0 * place + 3.0 for place in reversed(range(len(posts)))]),
    )
    valued = model.value(evidence)
    described = describe_all(valued, evidence)
    titles = (
        "Douyin, 120,000 followers, eight posts with 300 to 620 engagements, risk 10 %",
        "Instagram, 40,000 followers, an engagement rate of 3 %, no post and no risk known",
    )
    examples = []
    for row, title in enumerate(titles):
        currency = str(valued.currencies[row])
        shown = _as_valuation(model, row, described[row], currency, valued)
        examples.append(
            Example(
                title=title,
                value=amount(shown.value, currency),
                span=amount_range(shown),
                parts=parts_of(shown, model.formula),
            )
        )
    return examples


def _as_valuation(
    model: ValueModel, row: int, parts: dict[str, Any], currency: str, valued: Any
) -> Valuation:
    rate: RateLine | None = model.coefficients.rates.get("douyin") if currency else None
    return Valuation(
        account_id=0,
        run_id=0,
        as_of=datetime(2026, 1, 1, tzinfo=UTC),
        formula_version=model.formula_version,
        model_version=model.version,
        simulated=False,
        platform="",
        league="",
        currency=currency,
        value=float(valued.value[row]),
        low=float(valued.low[row]),
        high=float(valued.high[row]),
        rank=None,
        rank_low=None,
        rank_high=None,
        band=None,
        ranked=0,
        abstained=False,
        reason="",
        parts=parts,
        rate=rate.to_json() if rate else None,
    )
