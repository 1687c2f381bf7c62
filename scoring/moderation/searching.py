"""Search rows that show a person's decision at once."""

from datetime import datetime

from accounts.models import ModerationCase
from scoring.models import Score, SearchEntry
from scoring.moderation.standing import get_standings, shown_risk
from scoring.selectors import current_scores


def show_standings(*, case: ModerationCase, now: datetime) -> None:
    """Write the risk that stands for each account of the case into its search row."""
    entries = list(SearchEntry.objects.filter(account__findings__case=case))
    scores = current_scores([entry.account_id for entry in entries])
    risks = {
        entry.account_id: scores.get(entry.account_id, {}).get(Score.Task.AUTHENTICITY)
        for entry in entries
    }
    standings = get_standings(risks)
    for entry in entries:
        shown = shown_risk(risks[entry.account_id], standings.get(entry.account_id))
        for column, value in shown.items():
            setattr(entry, column, value)
        entry.updated_at = now
    SearchEntry.objects.bulk_update(
        entries, ["risk", "risk_level", "risk_confidence", "updated_at"]
    )
