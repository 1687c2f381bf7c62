"""Performance (document 000 section 2): engagement, completion, authenticity, price.

Values in [0, 1]; None where unknown. For content quality see `repetition.py`.
"""

from __future__ import annotations


def engagement_standing(percentile: float | None) -> float | None:
    """The rank of the engagement rate among accounts of the same platform and size, as it is.

    Rates fall with size on every platform, so a rate by itself would only say how small an
    account is.

    :raises ValueError: not in [0, 1].
    """
    if percentile is not None and not 0 <= percentile <= 1:
        raise ValueError(f"A percentile of {percentile:g} is not between 0 and 1.")
    return percentile


def past_completion(completed: int | None, accepted: int | None) -> float | None:
    """(completed + 1) / (accepted + 2): Laplace's rule, so one of one is not yet perfection.

    :param accepted: collaborations that ended, one way or the other; with none nothing is known.
    :raises ValueError: negative counts, or more completed than accepted.
    """
    if completed is None or not accepted:
        return None
    if not 0 <= completed <= accepted:
        raise ValueError(f"{completed} of {accepted} completed collaborations is impossible.")
    return (completed + 1) / (accepted + 2)


def authenticity(risk: float | None) -> float | None:
    """1 - fake-follower risk / 100.

    :raises ValueError: a risk outside 0–100.
    """
    if risk is None:
        return None
    if not 0 <= risk <= 100:
        raise ValueError(f"A risk of {risk:g} is not between 0 and 100.")
    return 1.0 - risk / 100.0


def price_fit(
    lowest_minor: float | None, suggested_minor: float | None, budget_minor: float | None
) -> float | None:
    """1 within budget, 0 from twice it on; at most one half where even the lowest is above."""
    if suggested_minor is None or budget_minor is None:
        return None
    fit = min(max(2.0 - suggested_minor / max(budget_minor, 1.0), 0.0), 1.0)
    return min(fit, 0.5) if lowest_minor is not None and lowest_minor > budget_minor else fit
