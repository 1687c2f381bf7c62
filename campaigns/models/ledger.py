"""Money in double entry: accounts, operations and their postings, none ever changed.

The database itself keeps the books: an operation whose postings do not sum to zero in every
currency cannot be committed, postings cannot be changed or removed, a balance is moved by
postings alone, and what brands deposited or set aside cannot fall below zero.

A positive balance is money held for the account's owner; `EXTERNAL` (banks and payment
providers) is the mirror of all others, so the balances of one currency sum to zero.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Brand, Creator
from campaigns.models.collaborations import Collaboration


class LedgerAccount(models.Model):
    """One owner's money of one kind in one currency; ``balance_minor`` follows the postings."""

    class Kind(models.TextChoices):
        BRAND_WALLET = "brand_wallet", "Brand's wallet"
        HOLD = "hold", "Set aside for a collaboration"
        CREATOR_PAYABLE = "creator_payable", "Owed to a creator"
        PLATFORM_FEE = "platform_fee", "Platform fees"
        TAX = "tax", "Taxes to pass on"
        EXTERNAL = "external", "Outside: banks and payment providers"

    NEVER_NEGATIVE = (Kind.BRAND_WALLET, Kind.HOLD)

    kind = models.CharField(max_length=16, choices=Kind)
    currency = models.CharField(max_length=3)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, blank=True)
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, null=True, blank=True)
    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger"
    )
    balance_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "currency", "brand", "creator", "collaboration"],
                name="one_ledger_account_per_owner",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind="brand_wallet", brand__isnull=False, creator=None)
                | Q(kind="hold", collaboration__isnull=False, brand=None, creator=None)
                | Q(kind="creator_payable", creator__isnull=False, brand=None)
                | Q(kind__in=["platform_fee", "tax", "external"], brand=None, creator=None),
                name="ledger_account_has_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(kind="hold") | Q(collaboration=None),
                name="only_holds_name_a_collaboration",
            ),
            models.CheckConstraint(
                condition=Q(balance_minor__gte=0) | ~Q(kind__in=["brand_wallet", "hold"]),
                name="wallets_and_holds_not_negative",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="ledger_account_read_only", exclude=["balance_minor"]),
            # At depth 0 a client changes the balance; deeper, a posting's own trigger does.
            pgtrigger.Protect(
                name="balance_follows_postings",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.balance_minor IS DISTINCT FROM NEW.balance_minor"
                    " AND pg_trigger_depth() = 0"
                ),
            ),
            pgtrigger.Protect(
                name="new_ledger_account_is_empty",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.balance_minor <> 0"),
            ),
            pgtrigger.Protect(name="ledger_account_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        owner = self.brand or self.creator or self.collaboration or "platform"
        return f"{self.get_kind_display()}, {owner}, {self.currency}"


class Operation(models.Model):
    """One movement of money, known by an id that its cause chose: the same id, the same effect.

    ``fingerprint`` is a hash of what was asked for, so that an id used again for something
    else is refused; ``postings_count`` closes the operation when it is committed.
    """

    operation_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    description = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)
    postings_count = models.PositiveSmallIntegerField()
    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, null=True, blank=True, related_name="operations"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        triggers = [
            pgtrigger.ReadOnly(name="operation_read_only", exclude=["actor"]),
            pgtrigger.Protect(name="operation_no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="operation_has_postings",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("found", "integer")],
                func="""
                    SELECT count(*) INTO found FROM campaigns_posting WHERE operation_id = NEW.id;
                    IF found <> NEW.postings_count THEN
                        RAISE EXCEPTION 'ledger: operation % has % postings, not %',
                            NEW.operation_id, found, NEW.postings_count;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.operation_id}"


class Posting(models.Model):
    """One leg of an operation: what it added to an account, or took from it if negative."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings")
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["account", "-id"], name="posting_statement")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="posting_moves_something"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="posting_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="posting_moves_balance",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                    UPDATE campaigns_ledgeraccount
                    SET balance_minor = balance_minor + NEW.amount_minor
                    WHERE id = NEW.account_id;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="postings_sum_to_zero",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("off", "record"), ("found", "integer"), ("promised", "integer")],
                func="""
                    SELECT account.currency, sum(posting.amount_minor) AS amount INTO off
                    FROM campaigns_posting posting
                    JOIN campaigns_ledgeraccount account ON account.id = posting.account_id
                    WHERE posting.operation_id = NEW.operation_id
                    GROUP BY account.currency HAVING sum(posting.amount_minor) <> 0 LIMIT 1;
                    IF off IS NOT NULL THEN
                        RAISE EXCEPTION 'ledger: operation % is off by % %',
                            NEW.operation_id, off.amount, off.currency;
                    END IF;
                    SELECT count(*) INTO found FROM campaigns_posting
                    WHERE operation_id = NEW.operation_id;
                    SELECT postings_count INTO promised FROM campaigns_operation
                    WHERE id = NEW.operation_id;
                    IF found <> promised THEN
                        RAISE EXCEPTION 'ledger: operation % is closed', NEW.operation_id;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor:+} on {self.account}"
