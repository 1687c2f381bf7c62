"""Market values of the demo market: as of the ends of the months its facts lie in, and now."""

import datetime as dt

from accounts.models import SocialAccount

MONTHS = 3
MOST_ACCOUNTS = 10_000
"""With a large real catalogue beside the demo, values wait for their own job."""


def month_ends(today: dt.date, count: int) -> list[dt.date]:
    """The last days of the months before, the earliest first."""
    ends = []
    day = today
    for _ in range(count):
        day = day.replace(day=1) - dt.timedelta(days=1)
        ends.append(day)
    return ends[::-1]


def write_values(*, now: dt.datetime) -> int:
    """Rank as of each month's end and as of now, from what was known then. How many runs.

    Nobody's risk was scored before now, so the earlier values hold any authenticity possible.
    """
    from scoring.catalogue import Quiet  # loads models: only scoring pays
    from scoring.valuing.running import rank_values

    if SocialAccount.objects.count() > MOST_ACCOUNTS:
        return 0
    moments = [day.isoformat() for day in month_ends(now.date(), MONTHS)]
    for moment in [*moments, now.isoformat()]:
        rank_values(params={"as_of": moment}, progress=Quiet(), now=now)
    return MONTHS + 1
