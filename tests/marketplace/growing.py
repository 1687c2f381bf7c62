"""An account with a sudden gain, for tests of what shows it."""

from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from accounts.models import AccountMetric, Creator, Provenance, SocialAccount

DAYS = 60
PEAK_DAYS_AGO = 20


def add_counts(account: SocialAccount, *, now: datetime) -> date:
    """Sixty days that end today, with 9,000 followers too many on one; returns that day."""
    rng = np.random.default_rng(2)
    followers = 20_000 + np.cumsum(rng.poisson(40, DAYS))
    followers[DAYS - 1 - PEAK_DAYS_AGO :] += 9_000
    first = now.date() - timedelta(days=DAYS - 1)
    AccountMetric.objects.bulk_create(
        AccountMetric(
            account=account,
            day=first + timedelta(days=day),
            followers=int(count),
            engagement_rate=float(800 / count),
            provenance=Provenance.MEASURED,
            recorded_at=now - timedelta(days=DAYS - day),
        )
        for day, count in enumerate(followers)
    )
    return now.date() - timedelta(days=PEAK_DAYS_AGO)


def make_growing_account(creator: Creator) -> tuple[SocialAccount, date]:
    account = SocialAccount.objects.create(
        creator=creator, platform="instagram", handle="carla.cooks"
    )
    return account, add_counts(account, now=timezone.now())
