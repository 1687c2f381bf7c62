"""A connector that makes figures up, the same ones each time, and fails on demand.

The published address says what is to happen: ``…#fake=falls``. Anything else goes well. Its
figures are called simulated wherever they are shown, and production has it in no case
(`marketplace/checks.py`).
"""

import hashlib
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from campaigns.horizons import Provenance
from campaigns.results.connectors.base import Asked, ConnectorUnavailable
from campaigns.results.observed import Observed

SCENARIOS = (
    "good", "error", "late", "partial", "duplicates", "falls", "likes", "out_of_order", "never",
)  # fmt: skip
TRIES_UNTIL_LATE = 3
HOURS_TO_MOST = 30.0


class FakeConnector:
    name = "fake"

    def collect(self, points: Sequence[Asked], *, now: datetime) -> Sequence[Observed]:
        found: list[Observed] = []
        for point in points:
            scenario = scenario_of(point.url)
            if scenario == "error":
                raise ConnectorUnavailable("The fake platform does not answer.")
            if scenario == "never" or (scenario == "late" and point.tries < TRIES_UNTIL_LATE):
                continue
            found.append(_look(point, scenario, now))
            if scenario == "duplicates":
                found.append(_look(point, scenario, now))
            if scenario == "out_of_order":
                # A look that was made earlier arrives after this one.
                found.append(_look(point, scenario, now - timedelta(minutes=20)))
        return found


def scenario_of(url: str) -> str:
    asked = parse_qs(urlsplit(url).fragment).get("fake", ["good"])[0]
    return asked if asked in SCENARIOS else "good"


def _look(point: Asked, scenario: str, at: datetime) -> Observed:
    hours = max(0.0, (at - point.published_at).total_seconds() / 3600)
    views = round(_draw(point, "most", 2_000, 80_000) * (1 - math.exp(-hours / HOURS_TO_MOST)))
    if scenario == "falls" and hours > 48:
        views //= 2
    likes = round(views * _draw(point, "likes", 0.02, 0.12))
    counts: dict[str, int | None] = {
        "views": views,
        "likes": views + 1 if scenario == "likes" else likes,
        "comments": round(likes * _draw(point, "comments", 0.02, 0.08)),
        "shares": round(likes * _draw(point, "shares", 0.01, 0.1)),
        "saves": round(likes * _draw(point, "saves", 0.01, 0.15)),
        "reach": round(views * 0.8),
        "impressions": round(views * 1.15),
        "clicks": round(views * _draw(point, "clicks", 0.001, 0.02)),
    }
    if scenario == "partial":
        counts = {"views": views, "likes": likes}
    return Observed(
        deliverable_id=point.deliverable_id,
        observed_at=at,
        counts=counts,
        provenance=Provenance.SIMULATED,
    )


def _draw(point: Asked, what: str, low: float, high: float) -> float:
    """A number that depends on the address and on nothing else."""
    digest = hashlib.sha256(f"{point.url} {what}".encode(errors="replace")).digest()
    return low + (high - low) * int.from_bytes(digest[:6], "big") / 2**48
