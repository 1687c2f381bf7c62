"""Outcomes of campaigns in the layouts the trainers read.

A price stands in the row of its piece with the deliverable its kind means, as the price model
reads it; the first price model read the columns of the creator marketplace's price list, one per
video length, which are filled where the kind names such a length.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from accounts.errors import DomainError
from campaigns.results.lessons import (
    list_match_outcomes,
    list_post_outcomes,
    list_price_outcomes,
)
from scoring.ml.pricing_data import PRICE_COLUMNS
from scoring.ml.pricing_features import PRICED_DELIVERABLES
from scoring.pricing.deliverables import named_in

Row = dict[str, Any]


class UnknownOutcomeTask(DomainError):
    code = "unknown_outcome_task"


def list_outcome_rows(task: str, *, simulated: bool = False) -> Iterator[Row]:
    """Rows of ``task``, all with the same columns.

    :raises UnknownOutcomeTask: if no outcomes are kept for it.
    """
    if task not in READERS:
        raise UnknownOutcomeTask(
            f"No outcomes are kept for “{task[:40]}”. Use one of: {', '.join(READERS)}.",
            details={"tasks": sorted(READERS)},
        )
    return READERS[task](simulated=simulated)


def _price_rows(*, simulated: bool) -> Iterator[Row]:
    for row in list_price_outcomes(simulated=simulated):
        if row["engagement_rate_30d"] is None:
            row["engagement_rate_30d"] = row["engagement_rate"]
        prices: Row = dict.fromkeys(PRICE_COLUMNS)
        if row["kind"] in PRICED_DELIVERABLES:
            prices[PRICE_COLUMNS[PRICED_DELIVERABLES.index(row["kind"])]] = row["price"]
        yield {**row, "deliverable": named_in(row["kind"], row["platform"]), **prices}


READERS: Final[dict[str, Callable[..., Iterator[Row]]]] = {
    "price": _price_rows,
    "match": list_match_outcomes,
    "plep": list_post_outcomes,
}
