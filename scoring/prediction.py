"""Answers for numbers someone sends, without an account behind them (document 000)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Platform, SocialAccount
from scoring import creator_risk, registry
from scoring.answers import authenticity_fields
from scoring.features.account_facts import price_columns, read_facts
from scoring.ml.pricing import NoComparableMarketData
from scoring.models import Score
from scoring.stats import StatsRejected, read_stats

Task = Score.Task


class NoMarketData(DomainError):
    code = "no_comparable_market_data"
    http_status = 422


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


def predict_price(
    *, account: SocialAccount, deliverable_type: str, platform: str
) -> dict[str, Any]:
    """A price range for one deliverable by one account, in major units as document 000 has it.

    :raises NoMarketData: if no prices of comparable creators are known.
    """
    [facts] = read_facts([account], as_of=timezone.now())
    [answer] = registry.load(Task.PRICE).suggest(
        columns=price_columns([facts]),
        platforms=[platform or account.platform],
        deliverable_types=[deliverable_type],
    )
    if isinstance(answer, NoComparableMarketData):
        raise NoMarketData(answer.reason)
    return {
        "currency": answer.currency,
        "min_price": answer.min_minor / 100,
        "suggested_price": answer.suggested_minor / 100,
        "max_price": answer.max_minor / 100,
        "confidence": answer.confidence,
        "factors": {
            "follower_count_premium": answer.factors.follower_count_premium,
            "engagement_premium": answer.factors.engagement_premium,
            "authenticity_premium": answer.factors.authenticity_premium,
            "market_trend": answer.factors.market_trend,
        },
        "basis": answer.basis,
        "model_version": f"price/{registry.active_version(Task.PRICE)}",
    }
