"""A brand's rules: made, changed by a new version, paused, deleted; findings marked as seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import audit
from accounts.errors import Conflict, NotFound
from accounts.models import Brand, Creator, User
from campaigns.models import Shortlist
from scoring.alerting.terms import LARGEST_ID, RuleRejected, RuleTerms, Scope
from scoring.interactions.hiding import LISTED
from scoring.models import AlertFiring, AlertRule, AlertSeries, AlertVersion

MOST_RULES: Final = 50
LONGEST_NAME: Final = 80


class RuleNameTaken(Conflict):
    code = "alert_name_taken"

    def __init__(self) -> None:
        super().__init__(
            "The brand has an alert of this name. Choose another.", details={"field": "name"}
        )


class TooManyRules(Conflict):
    code = "too_many_alerts"
    message = f"A brand keeps at most {MOST_RULES} alerts. Delete one first."


@dataclass(frozen=True, kw_only=True)
class Channels:
    """How findings are told beside the page: the daily e-mail, and the brand's webhooks."""

    by_email: bool = True
    by_webhook: bool = False


@transaction.atomic
def create_rule(
    *, brand: Brand, name: str, terms: RuleTerms, channels: Channels, actor: User, now: datetime
) -> AlertRule:
    """Watch from the next check on.

    :raises RuleRejected, RuleNameTaken, TooManyRules: as named.
    """
    check_terms(brand, terms)
    name = checked_name(name)
    Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
    if AlertRule.objects.filter(brand=brand).count() >= MOST_RULES:
        raise TooManyRules
    rule = AlertRule(
        brand=brand,
        name=name,
        by_email=channels.by_email,
        by_webhook=channels.by_webhook,
        created_by=actor,
        created_at=now,
    )
    _save(rule)
    _add_version(rule, terms, number=1, actor=actor, now=now)
    audit.record(
        actor=actor, verb="alert.created", subject=rule, data={"name": name, **terms.to_json()}
    )
    return rule


@transaction.atomic
def change_rule(
    *, rule: AlertRule, name: str, terms: RuleTerms, channels: Channels, actor: User, now: datetime
) -> AlertRule:
    """Follow the rule with a new version, unless it asks the same as before.

    What fired keeps the version it fired by, and the pause after a finding goes on.

    :raises RuleRejected, RuleNameTaken: as named.
    """
    check_terms(rule.brand, terms)
    locked = lock_rule(rule)
    locked.name = checked_name(name)
    locked.by_email, locked.by_webhook = channels.by_email, channels.by_webhook
    _save(locked)
    current = current_version(locked)
    if _same(current, terms):
        audit.record(actor=actor, verb="alert.changed", subject=locked, data={"name": locked.name})
        return locked
    AlertVersion.objects.filter(pk=current.pk).update(is_live=False)
    _add_version(locked, terms, number=current.number + 1, actor=actor, now=now)
    audit.record(
        actor=actor,
        verb="alert.changed",
        subject=locked,
        data={"name": locked.name, "version": current.number + 1, **terms.to_json()},
    )
    return locked


@transaction.atomic
def pause_rule(*, rule: AlertRule, actor: User) -> AlertRule:
    """Nothing is watched until it is resumed. A paused rule stays paused."""
    locked = lock_rule(rule)
    if not locked.is_paused:
        locked.is_paused = True
        locked.save(update_fields=["is_paused"])
        AlertVersion.objects.filter(rule=locked, is_live=True).update(is_live=False)
        audit.record(actor=actor, verb="alert.paused", subject=locked)
    return locked


@transaction.atomic
def resume_rule(*, rule: AlertRule, actor: User, now: datetime) -> AlertRule:
    """Watch again, from now on."""
    locked = lock_rule(rule)
    if locked.is_paused:
        locked.is_paused = False
        locked.save(update_fields=["is_paused"])
        AlertVersion.objects.filter(pk=current_version(locked).pk).update(
            is_live=True, active_since=now
        )
        audit.record(actor=actor, verb="alert.resumed", subject=locked)
    return locked


@transaction.atomic
def delete_rule(*, rule: AlertRule, actor: User) -> None:
    """With its versions and findings."""
    locked = lock_rule(rule)
    data = {"name": locked.name, "findings": locked.firings.count()}
    audit.record(actor=actor, verb="alert.deleted", subject=locked, data=data)
    locked.delete()


def mark_seen(
    *, rule: AlertRule, actor: User, now: datetime, firing_ids: Sequence[int] | None = None
) -> int:
    """Findings of the rule somebody has looked at, all of them if none is named; how many were
    new. Whoever saw one first stays named."""
    unseen = AlertFiring.objects.filter(rule=rule, seen_at=None, fired_at__lte=now)
    if firing_ids is not None:
        unseen = unseen.filter(pk__in=[pk for pk in firing_ids if 0 < pk < 2**63])
    return unseen.update(seen_at=now, seen_by=actor)


def current_version(rule: AlertRule) -> AlertVersion:
    return rule.versions.select_related("series").order_by("-number")[0]


def checked_name(name: str) -> str:
    """:raises RuleRejected: if it is empty or too long."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise RuleRejected("name", f"Give it a name of 1 to {LONGEST_NAME} characters.")
    return name


def check_terms(brand: Brand, terms: RuleTerms) -> None:
    """`RuleTerms.checked`, and that the list is the brand's and the creators are shown.

    :raises RuleRejected: naming the entry.
    """
    terms.checked()
    if terms.scope == Scope.SHORTLIST:
        list_id = min(terms.shortlist_id or 0, LARGEST_ID)
        if not Shortlist.objects.filter(brand=brand, pk=list_id).exists():
            raise RuleRejected("shortlist_id", "The brand has no such shortlist.")
    if terms.scope == Scope.NAMED:
        wanted = set(terms.creator_ids)
        known = Creator.objects.filter(pk__in=wanted, status__in=LISTED)
        missing = wanted - set(known.values_list("pk", flat=True))
        if missing:
            named = ", ".join(map(str, sorted(missing)[:5]))
            raise RuleRejected("creator_ids", f"There is no creator {named}.")


def _same(version: AlertVersion, terms: RuleTerms) -> bool:
    series = version.series
    watched = (series.metric, series.key, series.mode, series.window_days)
    fields = terms.fields()
    # Asked of one version, once: to keep a rule as it is does not ask again.
    if not fields["include_matching"]:
        del fields["include_matching"]
    return watched == _series_of(terms) and all(
        getattr(version, name) == value for name, value in fields.items()
    )


def _series_of(terms: RuleTerms) -> tuple[str, str, str, int]:
    mode = terms.series_mode
    window = terms.window_days or 0 if mode != AlertSeries.Mode.LEVEL else 0
    return terms.of.name, terms.key, mode, window


def _add_version(
    rule: AlertRule, terms: RuleTerms, *, number: int, actor: User, now: datetime
) -> AlertVersion:
    metric, key, mode, window = _series_of(terms)
    series, _ = AlertSeries.objects.get_or_create(
        metric=metric, key=key, mode=mode, window_days=window
    )
    return AlertVersion.objects.create(
        rule=rule,
        number=number,
        series=series,
        **terms.fields(),
        created_by=actor,
        created_at=now,
        is_live=not rule.is_paused,
        active_since=now,
    )


def _save(rule: AlertRule) -> None:
    # Looked up first, so that the refusal does not cost the transaction.
    same = AlertRule.objects.filter(Q(brand=rule.brand_id, name__iexact=rule.name))
    if same.exclude(pk=rule.pk).exists():
        raise RuleNameTaken
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise RuleNameTaken from error


def lock_rule(rule: AlertRule) -> AlertRule:
    """The rule as it is now, held until the transaction ends.

    :raises NotFound: if somebody deleted it since it was read.
    """
    rules = AlertRule.objects.select_for_update(of=("self",)).select_related("brand")
    locked = rules.filter(pk=rule.pk).first()
    if locked is None:
        raise NotFound("This alert was deleted meanwhile.")
    return locked
