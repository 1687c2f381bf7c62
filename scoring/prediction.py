"""Answers for numbers someone sends, without an account behind them (document 000)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.models import Platform
from scoring import creator_risk
from scoring.answers import authenticity_fields
from scoring.stats import StatsRejected, read_stats


def predict_fake_follower_risk(*, platform: str, stats: Mapping[str, Any]) -> dict[str, Any]:
    """The risk of an account described by ``stats``; missing entries are unknown.

    :param stats: any of `stats.KNOWN_STATS`: counts, flags as true/false, rates in per cent,
        daily follower counts up to today with declared events, texts of comments.
    :returns: the response of document 000 section 1, with version, abstention, components and
        second opinion added.
    :raises StatsRejected: on an unknown name or an impossible value.
    """
    if platform not in Platform.values:
        raise StatsRejected(
            f"“{platform}” is no platform we know. Use one of: {', '.join(Platform.values)}.",
            attr="platform",
        )
    read = read_stats(stats, today=timezone.now().date())
    models = creator_risk.active_models()
    [risk] = creator_risk.assess_creators(read.columns, [read.facts], models)
    return risk_response(
        authenticity_fields(risk), model_version=models.version, unused=read.unused
    )


def risk_response(
    fields: Mapping[str, Any], *, model_version: str, unused: Sequence[str] = ()
) -> dict[str, Any]:
    """Score fields in the words of document 000; ``unused`` are facts that nothing reads.

    Scores of the account model alone, as they once were, have no components.
    """
    details = fields["details"]
    return {
        "risk_score": fields["value"],
        "risk_level": fields["level"] or None,
        "confidence": fields["confidence"],
        "top_signals": [reason["text"] for reason in fields["reasons"]],
        "signals": fields["reasons"],
        "abstained": fields["abstained"],
        "reason": fields["abstain_reason"],
        "components": details.get("components", []),
        "second_opinion": details.get("second_opinion"),
        "disagreement": details.get("disagreement", ""),
        "unused": list(unused),
        "model_version": model_version,
    }
