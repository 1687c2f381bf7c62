"""Take away what made-up brands and creators agreed and were paid, books included.

Rows that a made-up brand or creator is part of, and no others. Balances of everybody else become
what they are without those rows.
"""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from campaigns.models import (
    Campaign,
    Collaboration,
    FakeTransfer,
    LedgerAccount,
    Operation,
    Payment,
    PaymentAttempt,
    Posting,
    ProviderEvent,
)

MADE_UP = Q(campaign__brand__is_simulated=True) | Q(creator__is_simulated=True)


def remove_collaborations() -> None:
    """Called inside the transaction of the removal, with the triggers off."""
    collaborations = _ids(Collaboration.objects.filter(MADE_UP))
    made_up = Q(brand__is_simulated=True) | Q(creator__is_simulated=True)
    payments = _ids(Payment.objects.filter(made_up))
    _remove_from_the_books(collaborations)
    keys = list(PaymentAttempt.objects.filter(payment__in=payments).values_list("key", flat=True))
    ProviderEvent.objects.filter(attempt_key__in=keys).delete()
    FakeTransfer.objects.filter(key__in=keys).delete()
    remove_with_all_that_hangs_on(Payment, payments)
    remove_with_all_that_hangs_on(Collaboration, collaborations)
    campaigns = Campaign.objects.filter(brand__is_simulated=True)
    remove_with_all_that_hangs_on(Campaign, _ids(campaigns))


def _remove_from_the_books(collaborations: list[int]) -> None:
    """Whole operations, so that what is left still sums to zero."""
    made_up = Q(brand__is_simulated=True) | Q(creator__is_simulated=True)
    accounts = LedgerAccount.objects.filter(made_up | Q(collaboration__in=collaborations))
    mentioned = Q(collaboration__in=collaborations) | Q(postings__account__in=accounts)
    operations = _ids(Operation.objects.filter(mentioned).distinct())
    touched = _ids(LedgerAccount.objects.filter(postings__operation__in=operations).distinct())
    Posting.objects.filter(operation__in=operations).delete()
    Operation.objects.filter(pk__in=operations).delete()
    left = (
        Posting.objects.filter(account=OuterRef("pk"))
        .order_by()
        .values("account")
        .annotate(total=Sum("amount_minor"))
        .values("total")
    )
    LedgerAccount.objects.filter(pk__in=touched).update(balance_minor=Coalesce(Subquery(left), 0))
    accounts.delete()


def remove_with_all_that_hangs_on(model: type[models.Model], ids: list[int]) -> None:
    """Delete rows and, before them, every row that refers to them, however many steps away.

    Django's own cascade stops at ``PROTECT``, which is what most of these tables say.
    """
    if not ids:
        return
    for relation in model._meta.related_objects:
        child, field = relation.related_model, relation.field
        assert isinstance(child, type)
        rows = child._base_manager.filter(**{f"{field.name}__in": ids})
        if field.null and relation.on_delete is models.SET_NULL:
            rows.update(**{field.name: None})
        elif child is not model:
            remove_with_all_that_hangs_on(child, list(rows.values_list("pk", flat=True)))
    model._base_manager.filter(pk__in=ids)._raw_delete(using="default")


def _ids(rows: models.QuerySet[Any]) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True))
