"""Reads over rules and findings, for one asker."""

from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import Lower, RowNumber

from accounts import access
from accounts.errors import NotFound
from accounts.models import User
from scoring.interactions.hiding import LISTED
from scoring.models import AlertCheck, AlertFiring, AlertRule, AlertVersion

RECENT = timedelta(days=30)


def rules_of(user: User) -> QuerySet[AlertRule]:
    """Rules of every brand the user belongs to."""
    return AlertRule.objects.filter(brand__memberships__user=user).select_related(
        "brand", "created_by"
    )


def rule_for(user: User, rule_id: int, *, write: bool = False) -> AlertRule:
    """A rule of one of the user's brands.

    :raises NotFound: if it is no brand's of the user's.
    :raises Forbidden: if ``write`` is asked and the role only reads.
    """
    rule = rules_of(user).filter(pk=rule_id).first() if rule_id < 2**63 else None
    if rule is None:
        raise NotFound("There is no such alert, or it belongs to another brand.")
    if write:
        access.membership_for(user, rule.brand_id, roles=access.WRITERS)
    return rule


def with_counts(rules: QuerySet[AlertRule], *, now: datetime) -> QuerySet[AlertRule]:
    """Each with ``fired_at`` (the last), ``recent`` (of `RECENT`), ``fired`` and ``unseen``;
    those with something new first."""
    return rules.annotate(
        fired_at=Max("firings__fired_at"),
        fired=Count("firings"),
        recent=Count("firings", filter=Q(firings__fired_at__gt=now - RECENT)),
        unseen=Count("firings", filter=Q(firings__seen_at=None)),
    ).order_by("-unseen", Lower("name"), "pk")


def newest_versions(rule_ids: list[int]) -> dict[int, AlertVersion]:
    """Rule id → the version that holds. One query."""
    found = AlertVersion.objects.filter(rule__in=rule_ids).select_related("series", "shortlist")
    return {
        version.rule_id: version
        for version in found.order_by("rule_id", "-number").distinct("rule_id")
    }


def findings_of(rule: AlertRule) -> QuerySet[AlertFiring]:
    """The latest first; of creators whose profile is not shown by now nothing is."""
    return (
        AlertFiring.objects.filter(rule=rule, creator__status__in=LISTED)
        .select_related("creator", "account", "version__series", "seen_by", "rule")
        .order_by("-fired_at", "-pk")
    )


def findings_between(
    brand_id: int, *, after: datetime, until: datetime, most_of_a_rule: int
) -> tuple[dict[int, int], list[AlertFiring]]:
    """Rule id → findings that go by e-mail, and the first of each rule. Two queries."""
    found = AlertFiring.objects.filter(
        brand_id=brand_id,
        fired_at__gt=after,
        fired_at__lte=until,
        rule__by_email=True,
        creator__status__in=LISTED,
    )
    counts = dict(found.order_by("rule_id").values_list("rule_id").annotate(count=Count("pk")))
    placed = found.annotate(
        place=Window(RowNumber(), partition_by=F("rule_id"), order_by=F("pk").asc())
    )
    first = placed.filter(place__lte=most_of_a_rule).order_by("rule__name", "rule_id", "pk")
    return counts, list(first.select_related("rule", "version__series", "creator", "account"))


def count_unseen(user: User) -> list[tuple[int, str, int]]:
    """(brand id, its name, findings nobody has seen) where there are any. One query, over an
    index of the unseen alone."""
    found = AlertFiring.objects.filter(
        brand__memberships__user=user, seen_at=None, creator__status__in=LISTED
    )
    counted = found.values("brand_id", "brand__name").annotate(count=Count("pk"))
    return list(
        counted.order_by("brand__name", "brand_id").values_list("brand_id", "brand__name", "count")
    )


def last_check() -> AlertCheck | None:
    return AlertCheck.objects.order_by("-at").first()
