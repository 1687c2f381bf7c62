"""A rule of alerts as people write it: money in whole units, creators by name."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts import money
from accounts.models import Brand, Creator, Platform
from campaigns.models import Shortlist
from marketplace.forms.choices import country_choices, niche_choices
from marketplace.forms.creators_named import HELP, CreatorsField, shown_creators
from marketplace.forms.followers import FollowersField
from scoring.alerting.keeping import LONGEST_NAME, Channels
from scoring.alerting.metrics import ENGAGEMENTS, METRICS, WINDOWS
from scoring.alerting.terms import MOST_COOLDOWN, MOST_NAMED, RuleRejected, RuleTerms
from scoring.models import AlertRule, AlertSeries, AlertVersion

Kind, Mode = AlertVersion.Kind, AlertSeries.Mode
# Entry of the terms that a refusal names → field of the form.
FIELD_OF = {"shortlist_id": "shortlist", "creator_ids": "creators"}
SHORTLISTS_OFFERED = 200
_LONGEST_LIST = MOST_NAMED * 60


class AlertForm(forms.Form):
    """Cleans to `terms` and `channels`. What a rule of the chosen kind does not read is ignored."""

    name = forms.CharField(
        label="Name", max_length=LONGEST_NAME, help_text="How the mail and the list call it."
    )
    kind = forms.ChoiceField(label="Tell us when", choices=Kind.choices)
    metric = forms.ChoiceField(
        label="Of what",
        choices=[(one.name, f"{one.label} ({one.typed_unit})") for one in METRICS.values()],
        help_text="Not read for somebody new in a niche.",
    )
    currency = forms.ChoiceField(
        label="Currency",
        required=False,
        choices=[
            ("", "–"),
            *((code, code) for code in money.CURRENCIES),
            (ENGAGEMENTS, "none: engagements"),
        ],
        help_text="For prices and market values.",
    )
    niche = forms.ChoiceField(
        label="Niche", required=False, help_text="For the weight of a niche, and who is new in it."
    )
    direction = forms.ChoiceField(label="Direction", choices=AlertVersion.Direction.choices)
    threshold = forms.FloatField(
        label="From",
        required=False,
        help_text="In the unit of the metric, money in whole units; of a change how large it is. "
        "For a niche how sure, 50 if left empty.",
    )
    mode = forms.ChoiceField(
        label="A change counts",
        choices=[(Mode.PERCENT, "in per cent"), (Mode.ABSOLUTE, "in the metric’s unit")],
    )
    window_days = forms.TypedChoiceField(
        label="over",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *((days, f"{days} day{'s'[: days > 1]}") for days in WINDOWS)],
        help_text="For changes only.",
    )
    include_matching = forms.BooleanField(
        label="Also tell us of those who match already",
        required=False,
        help_text="Once, with the next check: the 200 farthest beyond the threshold.",
    )
    cooldown_days = forms.IntegerField(
        label="Days of pause after a finding",
        initial=7,
        min_value=1,
        max_value=MOST_COOLDOWN,
        help_text="The same alert does not tell of the same creator within them.",
    )
    scope = forms.ChoiceField(label="About whom", choices=AlertVersion.Scope.choices)
    shortlist = forms.ChoiceField(label="Shortlist", required=False)
    creators = CreatorsField(
        label="Named creators",
        max_length=_LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"{HELP} At most {MOST_NAMED}.",
    )
    platforms = forms.MultipleChoiceField(
        label="Platforms",
        required=False,
        choices=Platform.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    niches = forms.MultipleChoiceField(
        label="Niches", required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    countries = forms.MultipleChoiceField(
        label="Countries", required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    min_followers = FollowersField(label="At least so many followers")
    max_followers = FollowersField(label="At most so many followers")
    by_email = forms.BooleanField(
        label="By e-mail", required=False, initial=True,
        help_text="To owners and managers, once a day unless they chose otherwise.",
    )  # fmt: skip
    by_webhook = forms.BooleanField(
        label="By the brand’s webhooks", required=False, help_text="As the event alert.fired."
    )

    def __init__(self, *args: Any, brand: Brand, seen: QuerySet[Creator], **kwargs: Any) -> None:
        """:param seen: whom the reader may see, to find creators by name."""
        super().__init__(*args, **kwargs)
        self.fields["creators"].seen = seen  # type: ignore[attr-defined]
        lists = Shortlist.objects.filter(brand=brand, archived_at=None)[:SHORTLISTS_OFFERED]
        niches = niche_choices()
        for name, choices in (
            ("niche", [("", "–"), *niches]),
            ("niches", niches),
            ("countries", country_choices()[1:]),
            ("shortlist", [("", "–"), *((str(one.pk), one.name) for one in lists)]),
        ):
            field = self.fields[name]
            # What a rule asks already stays choosable when nobody is there any more.
            present = self.initial.get(name) or []
            present = present if isinstance(present, list) else [present]
            known = {value for value, _ in choices}
            field.choices = [  # type: ignore[attr-defined]
                *choices, *((one, one) for one in present if one not in known)
            ]  # fmt: skip

    def clean_threshold(self) -> float | None:
        value: float | None = self.cleaned_data["threshold"]
        if value is not None and not math.isfinite(value):
            raise forms.ValidationError("Write a number.")
        return value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        cleaned["terms"] = _terms(cleaned)
        cleaned["channels"] = Channels(
            by_email=cleaned["by_email"], by_webhook=cleaned["by_webhook"]
        )
        try:
            cleaned["terms"].checked()
        except RuleRejected as refusal:
            self.refuse(refusal)
        return cleaned

    def refuse(self, refusal: RuleRejected) -> None:
        """Show a refusal beside its field."""
        field = FIELD_OF.get(refusal.attr, refusal.attr)
        self.add_error(field if field in self.fields else None, refusal.message)

    @property
    def terms(self) -> RuleTerms:
        terms: RuleTerms = self.cleaned_data["terms"]
        return terms


def initial_of(rule: AlertRule, terms: RuleTerms, seen: QuerySet[Creator]) -> dict[str, Any]:
    """A rule as the form shows it; creators who are not ``seen`` by number alone."""
    shown = terms.to_json()
    threshold = terms.threshold
    if threshold is not None and _is_money(terms):
        threshold = float(money.to_major(threshold, terms.currency))
    return {
        **shown,
        "name": rule.name,
        "by_email": rule.by_email,
        "by_webhook": rule.by_webhook,
        "threshold": None if threshold is None else f"{threshold:.10g}",
        "shortlist": str(terms.shortlist_id or ""),
        "creators": _named(terms.creator_ids, seen),
        # A choice that is once more made by hand.
        "include_matching": False,
    }


def _named(creator_ids: Sequence[int], seen: QuerySet[Creator]) -> str:
    known = seen.in_bulk(creator_ids)
    return shown_creators(known.get(pk) or Creator(pk=pk) for pk in creator_ids)


def _terms(cleaned: dict[str, Any]) -> RuleTerms:
    kind, scope = cleaned["kind"], cleaned["scope"]
    metric = METRICS["niche_weight" if kind == Kind.ENTRANT else cleaned["metric"]]
    is_change = kind == Kind.CHANGE
    asked = RuleTerms(
        kind=kind,
        metric=metric.name,
        threshold=cleaned["threshold"],
        direction=cleaned["direction"],
        mode=cleaned["mode"],
        window_days=cleaned["window_days"] if is_change else None,
        currency=cleaned["currency"] if metric.is_money else "",
        niche=cleaned["niche"] if metric.key == "niche" else "",
        include_matching=cleaned["include_matching"],
        cooldown_days=cleaned["cooldown_days"],
        scope=scope,
        platforms=tuple(cleaned["platforms"]),
        niches=tuple(cleaned["niches"]),
        countries=tuple(cleaned["countries"]),
        min_followers=cleaned["min_followers"],
        max_followers=cleaned["max_followers"],
        shortlist_id=int(cleaned["shortlist"]) if cleaned["shortlist"] else None,
        creator_ids=cleaned["creators"],
    )
    if asked.threshold is None or not _is_money(asked) or abs(asked.threshold) > 1e15:
        return asked
    minor = money.to_minor(Decimal(str(asked.threshold)), asked.currency)
    return RuleTerms(**{**asked.__dict__, "threshold": float(minor)})


def _is_money(terms: RuleTerms) -> bool:
    """Whether the threshold is an amount: not of changes in per cent."""
    is_share = terms.kind == Kind.CHANGE and terms.mode == Mode.PERCENT
    return terms.of.is_money and terms.currency not in ("", ENGAGEMENTS) and not is_share
