"""Two alerts of the first made-up brand, with what they would have found so far.

The findings are those of the back-test, which is the definition that checks use: a check in the
past would also have looked at the rules of brands that are not made up.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from accounts.models import Brand, SocialAccount, User
from marketplace.demo import cast
from scoring import entries
from scoring.alerting.backtesting import Example, backtest
from scoring.alerting.keeping import Channels, create_rule, current_version
from scoring.alerting.terms import RuleTerms
from scoring.models import AlertFiring, AlertRule

BEGUN_DAYS_AGO = 45
KEPT = 8
SEEN_AFTER_DAYS = 3
RULES: Mapping[str, RuleTerms] = {
    "Growing fast": RuleTerms(
        kind="change", metric="followers", mode="percent", window_days=30, threshold=15,
        cooldown_days=30,
    ),
    "Past ten thousand": RuleTerms(
        kind="threshold", metric="followers", threshold=10_000, cooldown_days=30,
    ),
}  # fmt: skip


def write_alerts(
    *,
    brand: Brand,
    users: Mapping[str, User],
    accounts: Sequence[SocialAccount],
    now: dt.datetime,
) -> None:
    """Nobody is mailed. Inside the transaction that makes the market."""
    owner, begun = users[cast.OWNER], now - dt.timedelta(days=BEGUN_DAYS_AGO)
    entries.sync_entries(account_ids=[account.pk for account in accounts])
    by_name = {(account.platform, account.handle): account for account in accounts}
    for name, terms in RULES.items():
        rule = create_rule(
            brand=brand, name=name, terms=terms, channels=Channels(), actor=owner, now=begun
        )
        tried = backtest(brand=brand, terms=terms, now=now, days=BEGUN_DAYS_AGO, examples=KEPT)
        found = [
            _finding(rule, one, by_name[one.platform, one.handle], owner=owner, now=now)
            for one in reversed(tried.examples)  # the latest is shown first
            if (one.platform, one.handle) in by_name
        ]
        AlertFiring.objects.bulk_create(found)


def _finding(
    rule: AlertRule, one: Example, account: SocialAccount, *, owner: User, now: dt.datetime
) -> AlertFiring:
    fired_at = min(dt.datetime.combine(one.day, dt.time(9), tzinfo=now.tzinfo), now)
    seen_at = fired_at + dt.timedelta(days=SEEN_AFTER_DAYS)
    is_seen = seen_at < now
    return AlertFiring(
        rule=rule,
        version=current_version(rule),
        brand=rule.brand,
        creator_id=one.creator_id,
        account=account,
        day=one.day,
        value=one.value,
        level=one.level,
        previous=one.previous,
        base=one.base,
        fired_at=fired_at,
        seen_at=seen_at if is_seen else None,
        seen_by=owner if is_seen else None,
    )
