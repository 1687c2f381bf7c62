"""Moments as days of the interaction log, which counts from 1 January 1970."""

from datetime import datetime
from typing import Final

DAY_SECONDS: Final = 86_400.0


def day_of(moment: datetime) -> float:
    return moment.timestamp() / DAY_SECONDS
