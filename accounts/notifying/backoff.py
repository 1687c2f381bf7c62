"""When a delivery that failed is tried again, and when it is given up."""

import random
from datetime import timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
JITTER = 0.5


def wait_after(attempts: int) -> timedelta:
    """1, 2, 4 … minutes, at most six hours; each up to half as much again.

    The chance part keeps a thousand deliveries that failed together from coming back together.
    Never shorter than a minute: until then the attempt at hand belongs to whoever makes it.
    """
    doubled = FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 12)
    return min(doubled, LONGEST_WAIT) * (1 + JITTER * random.random())  # noqa: S311
