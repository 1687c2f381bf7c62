"""The evaluation set: human labels in the layout of the labelled account collections."""

from collections.abc import Iterator
from datetime import datetime

from accounts.case_states import Verdict
from scoring.ml.authenticity_features import RAW_COLUMNS
from scoring.models import EvaluationLabel, Score

MARKER = "evaluation_only"
"""`train` refuses a file in which this column is 1 anywhere: labels judge, never teach."""
SOURCE = "moderation"
COLUMNS = (
    "account_id", "platform", "source", *RAW_COLUMNS, "is_fake", "model_version", "risk",
    "decided_at", "case", MARKER,
)  # fmt: skip

Row = dict[str, str | float | int | None]


def list_evaluation_rows(*, until: datetime | None = None) -> Iterator[Row]:
    """One row per account and snapshot, with the newest label given to it.

    Simulated creators are left out: what people decide about made-up accounts measures
    nothing. Rows are read in chunks, so memory does not grow with them.

    :param until: only labels decided up to then, so that a set can be frozen and made again.
    """
    labels = EvaluationLabel.objects.filter(
        task=Score.Task.AUTHENTICITY, account__creator__is_simulated=False
    )
    if until is not None:
        labels = labels.filter(decided_at__lte=until)
    newest = (
        labels.order_by("account_id", "snapshot_hash", "-decided_at", "-pk")
        .distinct("account_id", "snapshot_hash")
        .select_related("account")
    )
    for label in newest.iterator(chunk_size=1_000):
        yield {
            "account_id": label.account_id,
            "platform": label.account.platform,
            "source": SOURCE,
            **{name: label.inputs.get(name) for name in RAW_COLUMNS},
            "is_fake": int(label.label == Verdict.FAKE),
            "model_version": label.model_version,
            "risk": label.risk,
            "decided_at": label.decided_at.isoformat(),
            "case": label.case_id,
            MARKER: 1,
        }
