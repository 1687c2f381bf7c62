"""What a report's page shows of cost-effectiveness, and under which formula it is asked."""

from typing import Any

from django.http import HttpRequest

from campaigns.results.report import Report


def asked_formula(request: HttpRequest) -> int | None:
    """``?formula=`` as a version; nonsense asks for the present one."""
    text = request.GET.get("formula", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 else None


def effect_chart(report: Report) -> dict[str, Any]:
    """Reach and engagements for one unit of money, as the script reads them.

    Of one provenance and one currency: the first provenance that any collaboration has both
    figures of. What has an unknown part is counted in ``left_out``.
    """
    points: list[dict[str, Any]] = []
    known = (one.provenance for one in report.figures if _points(report, one.provenance))
    first = next(known, None)
    if first is not None and report.currency:
        points = _points(report, first)
    return {
        "name": first.label if first else "",
        "currency": report.currency,
        "points": points,
        "left_out": len(report.lines) - len(points),
    }


def _points(report: Report, provenance: str) -> list[dict[str, Any]]:
    return [
        {
            "name": line.creator,
            "reach": one.reach_per_money.value,
            "engagements": one.engagements_per_money.value,
        }
        for line in report.lines
        for one in line.figures
        if one.provenance == provenance
        and one.reach_per_money.value is not None
        and one.engagements_per_money.value is not None
    ]
