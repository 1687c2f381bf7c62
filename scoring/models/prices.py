"""Prices asked and agreed in the market, rates of exchange, and what was learned from prices."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Platform, SocialAccount
from accounts.models.facts import Provenance, append_only
from campaigns.models import Deliverable

LARGEST_MAJOR: Final = 10**9
"""Prices from a thousand million on are mistakes or jokes, in every currency."""


def files_digest(files: Mapping[str, str]) -> str:
    """SHA-256 over the names and texts of a model's files, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            content = part.encode()
            digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()


class PriceImport(models.Model):
    """One file of prices that was taken, whole; a file with an error leaves no row."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    layout = models.CharField(max_length=20)
    source = models.CharField(max_length=200, help_text="Where the prices come from, in words.")
    rows = models.IntegerField()
    added = models.IntegerField()
    repeated = models.IntegerField(help_text="Prices that were known already, or twice in it.")
    is_simulated = models.BooleanField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.imported_at:%Y-%m-%d}"


class MarketPrice(models.Model):
    """What somebody asked, or was paid, for one deliverable on one day.

    Rows are never changed: of several for the same creator, deliverable, kind and day the one
    recorded last counts, and a creator's newest day is their present price. ``price_minor`` is
    None where a creator takes a price back. ``creator_key`` stands for whoever it is about,
    also where no account here is: it tells rows of one creator together and is never shown.
    ``facts`` is what was known of the account then, by the names of a price request. Prices
    agreed here are not in this table: they are read from the outcomes of collaborations.
    """

    class Kind(models.TextChoices):
        ASKED = "asked", "Asked"
        AGREED = "agreed", "Agreed"

    account = models.ForeignKey(
        SocialAccount, on_delete=models.CASCADE, null=True, related_name="market_prices"
    )
    creator_key = models.CharField(max_length=80)
    platform = models.CharField(max_length=12, choices=Platform)
    deliverable = models.CharField(max_length=40)
    kind = models.CharField(max_length=6, choices=Kind)
    price_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    priced_on = models.DateField()
    followers = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict, blank=True)
    provenance = models.CharField(max_length=10, choices=Provenance)
    is_simulated = models.BooleanField()
    imported = models.ForeignKey(
        PriceImport, on_delete=models.CASCADE, null=True, related_name="prices"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-priced_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price_minor=None)
                | Q(price_minor__gt=0, price_minor__lte=LARGEST_MAJOR * 1000),
                name="market_price_in_range",
            ),
            models.CheckConstraint(
                condition=Q(followers=None) | Q(followers__gt=0),
                name="market_price_followers_above_zero",
            ),
            models.CheckConstraint(
                condition=~Q(creator_key="") & ~Q(deliverable="") & ~Q(currency=""),
                name="market_price_names_what_it_is_for",
            ),
        ]
        indexes = [
            models.Index(
                fields=["creator_key", "platform", "deliverable", "-priced_on", "-id"],
                name="market_price_newest",
            ),
            models.Index(
                fields=["platform", "deliverable", "is_simulated", "followers"],
                name="market_price_comparable",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="market_price_read_only", exclude=["recorded_by"]),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable} on {self.platform}, {self.priced_on}"


class CurrencyRate(models.Model):
    """How many units of ``quote`` one unit of ``base`` was worth on a day, as somebody gave it.

    The rate recorded last for a pair and day counts; rows are never changed.
    """

    base = models.CharField("from", max_length=3)
    quote = models.CharField("to", max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    day = models.DateField()
    source = models.CharField(max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day", "base", "quote", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rate__gt=Decimal(0)), name="currency_rate_above_zero"
            ),
            models.CheckConstraint(
                condition=~Q(base=models.F("quote")), name="currency_rate_between_two"
            ),
        ]
        indexes = [
            models.Index(fields=["base", "quote", "-day", "-id"], name="currency_rate_newest"),
        ]
        triggers = [pgtrigger.ReadOnly(name="currency_rate_read_only", exclude=["given_by"])]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.quote} on {self.day}"


class PriceModelState(models.Model):
    """What was learned from this site's own prices; real and simulated ones apart.

    ``files`` holds the model as texts by name, ``markets`` what it can answer for: a list of
    {"platform", "deliverable", "currency", "creators", "rows", …}. Every score names the state
    it came from, so that states are kept. Rows are never changed.
    """

    is_simulated = models.BooleanField()
    serves = models.BooleanField(
        help_text="Whether it answers; not where it did worse than the one before."
    )
    why = models.CharField(max_length=400, help_text="The figures behind it, in words.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the prices read.")
    rows = models.IntegerField()
    creators = models.IntegerField()
    learned_through = models.DateField(help_text="The day of the newest price read.")
    markets = models.JSONField(default=list)
    figures = models.JSONField(default=dict, help_text="On creators not trained on.")
    files = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the files.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        get_latest_by = "id"
        constraints = [
            models.CheckConstraint(
                condition=Q(rows__gte=0, creators__gte=0), name="price_state_counts"
            ),
        ]
        triggers = [append_only("price_state_append_only")]

    def __str__(self) -> str:
        return f"{self.version}, {self.creators} creators"

    @property
    def version(self) -> str:
        return f"market-{self.pk}"

    @property
    def is_intact(self) -> bool:
        return files_digest(self.files) == self.sha256


class PriceCheck(models.Model):
    """What would have been suggested just before a price was agreed, and whether it held.

    Computed with the facts of that moment and the model that answered then, so it can be
    computed again. About a piece agreed here, or about an imported price that was agreed.
    """

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.CASCADE, null=True, related_name="price_checks"
    )
    market_price = models.ForeignKey(
        MarketPrice, on_delete=models.CASCADE, null=True, related_name="checks"
    )
    model_version = models.CharField(max_length=60)
    platform = models.CharField(max_length=12, choices=Platform)
    kind = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField()
    low_minor = models.BigIntegerField()
    suggested_minor = models.BigIntegerField()
    high_minor = models.BigIntegerField()
    nominal = models.FloatField(help_text="The share of prices the range was meant to hold.")
    is_simulated = models.BooleanField()
    agreed_at = models.DateTimeField()
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["agreed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deliverable=None, market_price__isnull=False)
                | Q(deliverable__isnull=False, market_price=None),
                name="price_check_is_about_one",
            ),
            models.UniqueConstraint(fields=["deliverable"], name="one_price_check_per_piece"),
            models.UniqueConstraint(fields=["market_price"], name="one_price_check_per_price"),
        ]
        triggers = [append_only("price_check_append_only")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.platform}, {self.agreed_at:%Y-%m-%d}"

    @property
    def held(self) -> bool:
        return self.low_minor <= self.price_minor <= self.high_minor
