"""A draft of a post, and the test it is compared with."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from accounts.models import SocialAccount
from scoring.planning_posts.drafts import (
    LONGEST_CAPTION,
    LONGEST_DURATION_S,
    MOST_TAGS,
    PlannedPost,
    picture_of,
    split_tags,
)
from scoring.planning_posts.keeping import LONGEST_NAME

SALT: Final = "diagnostics"
KINDS: Final = ("photo", "carousel", "video", "reel", "short", "story", "live", "text")
MINUTES: Final = "%Y-%m-%dT%H:%M"


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        # The only form such an input of a browser takes.
        super().__init__(format=MINUTES)


def zone_names() -> list[str]:
    """UTC and the names by region and city, as time zones are called everywhere."""
    return ["UTC", *sorted(name for name in available_timezones() if "/" in name[1:-1])]


def signed(document: Any) -> str:
    """What a form carries from one test to the next, so that nobody else can write it."""
    return signing.dumps(document, salt=SALT, compress=True)


class DraftForm(forms.Form):
    """The limits of a draft are the service's own; here is what only a page can get wrong.

    ``base`` is the draft a change is compared with, ``picture`` the figures of an image sent
    before, both signed.
    """

    account = forms.ChoiceField(label="Account")
    caption = forms.CharField(
        label="Caption",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=f"At most {LONGEST_CAPTION:,} characters. It is looked at and not stored.",
    )
    hashtags = forms.CharField(
        label="Hashtags beside the caption",
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=f"If they are not in the caption: #soup #food. At most {MOST_TAGS}.",
    )
    kind = forms.ChoiceField(
        label="Format",
        required=False,
        choices=[("", "Not said"), *((kind, kind.capitalize()) for kind in KINDS)],
    )
    planned_at = forms.DateTimeField(
        label="Published at", required=False, input_formats=[MINUTES], widget=MomentInput
    )
    time_zone = forms.CharField(
        label="Your time zone",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
        help_text="Such as Europe/Madrid. The model counts hours in UTC, which is shown beside.",
    )
    duration_s = forms.FloatField(
        label="Length in seconds",
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": LONGEST_DURATION_S, "step": "any"}),
    )
    image = forms.FileField(
        label="Picture",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text="PNG, JPEG or WebP, at most 12 MB. It is described and forgotten, and changes "
        "nothing in the prediction.",
    )
    name = forms.CharField(label="Name", required=False, max_length=LONGEST_NAME)
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    picture = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, accounts: Sequence[SocialAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {str(account.pk): account for account in accounts}
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, str(account)) for pk, account in self.accounts.items()]
        if len(accounts) == 1:
            field.required = False
            field.widget = forms.HiddenInput()

    def clean_account(self) -> SocialAccount:
        chosen = self.cleaned_data["account"] or next(iter(self.accounts))
        return self.accounts[chosen]

    def clean_caption(self) -> str:
        # browsers send line ends as two characters
        return str(self.cleaned_data["caption"]).replace("\r\n", "\n").strip()

    def clean_time_zone(self) -> ZoneInfo:
        name = self.cleaned_data["time_zone"].strip() or "UTC"
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValidationError(
                "There is no such time zone. Write it as Europe/Madrid, or UTC.",
                code="time_zone_unknown",
            ) from error

    def clean_picture(self) -> Any:
        sent = self.cleaned_data["picture"]
        try:
            return picture_of(signing.loads(sent, salt=SALT)) if sent else None
        except (signing.BadSignature, KeyError, ValueError, TypeError):
            return None

    def clean_base(self) -> PlannedPost | None:
        sent = self.cleaned_data["base"]
        try:
            return PlannedPost.from_json(signing.loads(sent, salt=SALT)) if sent else None
        except (signing.BadSignature, KeyError, ValueError, TypeError):
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        naive, zone = cleaned.get("planned_at"), cleaned.get("time_zone")
        if naive is None or zone is None:
            return cleaned
        try:
            cleaned["planned_at"] = _moment(naive.replace(tzinfo=None), zone)
        except OverflowError:
            self.add_error("planned_at", ValidationError("No calendar has this day."))
        except ValueError:
            self.add_error(
                "planned_at",
                ValidationError(
                    f"There is no such time in {zone}: the clocks are put forward over it.",
                    code="no_such_time",
                ),
            )
        return cleaned

    def post(self) -> PlannedPost:
        """The draft of a valid form."""
        said = self.cleaned_data
        return PlannedPost(
            caption=said["caption"],
            hashtags=split_tags(said["hashtags"]),
            kind=said["kind"],
            planned_at=said["planned_at"],
            duration_s=said["duration_s"],
            picture=said["picture"],
        )


def _moment(naive: datetime, zone: ZoneInfo) -> datetime:
    """:raises ValueError: a time that clocks leave out.
    :raises OverflowError: a day at the ends of the calendar.
    """
    moment = naive.replace(tzinfo=zone)
    there_and_back = moment.astimezone(ZoneInfo("UTC")).astimezone(zone)
    if there_and_back.replace(tzinfo=None) != naive:
        raise ValueError
    return moment


def base_of(post: PlannedPost) -> str:
    """A draft as the next form carries it."""
    return signed(json.loads(json.dumps(post.to_json())))


class ExpectedForm(forms.Form):
    """A planned post of somebody else's account: what a brand knows before there is a draft."""

    account = forms.ChoiceField(label="Account", required=False)
    planned_at = forms.DateTimeField(
        label="Published at, UTC", required=False, input_formats=[MINUTES], widget=MomentInput
    )
    duration_s = forms.FloatField(
        label="Length in seconds",
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": LONGEST_DURATION_S, "step": "any"}),
    )

    def __init__(self, *args: Any, accounts: Sequence[SocialAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(account.pk), str(account)) for account in accounts]

    def post(self) -> PlannedPost:
        said = self.cleaned_data
        return PlannedPost(planned_at=said["planned_at"], duration_s=said["duration_s"])
