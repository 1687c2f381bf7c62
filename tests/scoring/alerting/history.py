"""Facts that arrive day by day, and the checks that follow them."""

from datetime import UTC, datetime, timedelta

from accounts.models import AccountMetric, Creator, Provenance, SocialAccount
from scoring import entries
from scoring.alerting.checking import CheckReport, check_alerts
from scoring.models import Score

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_account(name: str, *, creator: Creator | None = None) -> SocialAccount:
    made = creator or Creator.objects.create(display_name=name)
    account = SocialAccount.objects.create(
        creator=made, platform="instagram", handle=name, country="Italy",
        created_at=BEGIN - timedelta(days=300),
    )  # fmt: skip
    entries.sync_entries(account_ids=[account.pk])
    return account


def on(day: int) -> datetime:
    return BEGIN + timedelta(days=day)


def count(account: SocialAccount, day: int, followers: int | None, *, minutes: int = 0) -> None:
    """What a file of that day says, recorded on it."""
    AccountMetric.objects.create(
        account=account, day=on(day).date(), followers=followers,
        recorded_at=on(day) + timedelta(minutes=minutes), provenance=Provenance.MEASURED,
    )  # fmt: skip


def score(account: SocialAccount, day: int, task: str, value: float, **more: object) -> Score:
    return Score.objects.create(
        account=account, task=task, value=value, model_version=f"{task}/v1", feature_set="f",
        snapshot_hash=f"{account.pk}{day}", as_of=on(day), created_at=on(day),
        **{"inputs": {"declared": []}, **more},
    )  # fmt: skip


def check(day: int, *, minutes: int = 30) -> CheckReport:
    return check_alerts(now=on(day) + timedelta(minutes=minutes))
