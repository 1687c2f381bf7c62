"""Answers for numbers someone sends, without an account behind them (document 000)."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Platform, SocialAccount
from scoring import registry
from scoring.answers import authenticity_fields
from scoring.features.account_facts import price_columns, read_facts
from scoring.ml.authenticity_features import RAW_COLUMNS, columns_from_catalogue
from scoring.ml.pricing import NoComparableMarketData
from scoring.models import Score

Task = Score.Task

# Fractions and ratios our own catalogue knows, beside the columns of the labelled collections.
CATALOGUE_STATS = ("engagement_rate", "comments_to_likes")
KNOWN_STATS = (*RAW_COLUMNS, *CATALOGUE_STATS)
LARGEST_STAT = 1e11


class StatsRejected(DomainError):
    """``attr`` names the entry of ``stats`` that cannot be used."""

    code = "invalid_stats"

    def __init__(self, message: str, *, attr: str) -> None:
        super().__init__(message, details={"field": attr})
        self.attr = attr


class NoMarketData(DomainError):
    code = "no_comparable_market_data"
    http_status = 422


def predict_fake_follower_risk(*, platform: str, stats: Mapping[str, Any]) -> dict[str, Any]:
    """The risk of an account described by ``stats``; missing entries are unknown.

    :param stats: any of `KNOWN_STATS`: counts, flags as true/false, ``like_rate`` and
        ``comment_rate`` in per cent of followers, or ``engagement_rate`` as a fraction.
    :returns: the response of document 000 section 1, with version and abstention added.
    :raises StatsRejected: on an unknown name or an impossible value.
    """
    if platform not in Platform.values:
        raise StatsRejected(
            f"“{platform}” is no platform we know. Use one of: {', '.join(Platform.values)}.",
            attr="platform",
        )
    known = {name: _checked(name, value) for name, value in stats.items()}
    columns = {name: np.array([known.get(name, np.nan)]) for name in RAW_COLUMNS}
    if "engagement_rate" in known:
        derived = columns_from_catalogue(
            **{
                name: np.array([known.get(name, np.nan)])
                for name in (
                    "followers",
                    "engagement_rate",
                    "comments_to_likes",
                    "bio_length",
                    "is_verified",
                )
            }
        )
        for name, values in derived.items():
            columns[name] = np.where(np.isnan(columns[name]), values, columns[name])
    [assessment] = registry.load(Task.AUTHENTICITY).assess(columns)
    return risk_response(
        authenticity_fields(assessment),
        model_version=f"authenticity/{registry.active_version(Task.AUTHENTICITY)}",
    )


def risk_response(fields: Mapping[str, Any], *, model_version: str) -> dict[str, Any]:
    """Score fields in the words of document 000."""
    return {
        "risk_score": fields["value"],
        "risk_level": fields["level"] or None,
        "confidence": fields["confidence"],
        "top_signals": [reason["text"] for reason in fields["reasons"]],
        "signals": fields["reasons"],
        "abstained": fields["abstained"],
        "reason": fields["abstain_reason"],
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


def _checked(name: str, value: Any) -> float:
    if name not in KNOWN_STATS:
        raise StatsRejected(
            f"stats has no entry “{name}”. Known entries: {', '.join(sorted(KNOWN_STATS))}.",
            attr=f"stats.{name}",
        )
    if value is None:
        return math.nan
    if not isinstance(value, bool | int | float):
        raise StatsRejected(f"stats.{name} is {value!r:.60}; send a number.", attr=f"stats.{name}")
    # Compared before float(): an integer of a thousand digits has no float.
    if not 0 <= value <= LARGEST_STAT:
        raise StatsRejected(
            f"stats.{name} must lie between 0 and {LARGEST_STAT:.0e}.", attr=f"stats.{name}"
        )
    return float(value)
