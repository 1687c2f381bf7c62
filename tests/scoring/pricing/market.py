"""Files of prices, and a small market to learn from."""

import csv
import gzip
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from scoring.ml.prices.simulation import MARKETS, simulate_market
from scoring.pricing.importing import PriceReport, import_prices

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GENERAL = {
    "creator_id": "someone", "platform": "instagram", "deliverable": "Reel", "price": "900",
    "currency": "EUR", "followers": "40000", "kind": "asked", "priced_on": "2026-02-01",
}  # fmt: skip


def write_csv(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Plain, or gzipped where the name ends in .gz."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def import_rows(path: Path, rows: list[dict[str, Any]], **options: Any) -> PriceReport:
    options = {"source": "a test", "actor": None, "now": NOW, **options}
    return import_prices(path=write_csv(path, rows), **options)


def market_rows(*, creators: int = 45, last_day: date = date(2026, 2, 20)) -> list[dict[str, Any]]:
    """Instagram prices in euros of so many creators, four each, over two years."""
    prices = simulate_market(
        random_state=5,
        creators=creators,
        offers=4.0,
        first_day=date(2024, 2, 1),
        last_day=last_day,
        asked_share=0.5,
        markets=MARKETS[:1],
    )
    seen: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in (price.row for price in prices):
        key = (row.creator_key, row.deliverable, row.kind, str(row.priced_at))
        seen[key] = {
            "creator_id": row.creator_key,
            "platform": row.platform,
            "deliverable": row.deliverable,
            "price": row.price,
            "currency": row.currency,
            "followers": row.followers,
            "kind": row.kind,
            "priced_on": row.priced_at,
            "engagement_rate": row.engagement_rate,
            "authenticity": row.authenticity,
            "niche": row.niche,
            "country": row.country,
            "campaign_type": row.campaign_type,
        }
    return list(seen.values())
