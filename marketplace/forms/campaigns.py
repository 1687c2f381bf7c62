"""Small forms about campaigns: filters, templates, invitations, applications."""

from typing import Any

from django import forms

from campaigns.copying import MAX_NAME
from campaigns.models import Campaign
from campaigns.moving import REASON_CHARACTERS
from campaigns.starting import MESSAGE_CHARACTERS
from campaigns.states import CampaignStatus
from marketplace.forms import choices


class CampaignFilterForm(forms.Form):
    q = forms.CharField(label="Title", required=False, max_length=100)
    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "Any status"), *CampaignStatus.choices]
    )


class OpenCallFilterForm(forms.Form):
    """Read from the address, so that a filtered list can be kept and shared."""

    q = forms.CharField(label="Words in the campaign", required=False, max_length=100)
    platform = forms.ChoiceField(label="Platform", required=False, choices=choices.PLATFORMS)
    country = forms.ChoiceField(label="Country", required=False)
    niche = forms.ChoiceField(label="Niche", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data
        self.fields["country"].choices = choices.country_choices(  # type: ignore[attr-defined]
            present=asked.get("country", "")[:80]
        )
        self.fields["niche"].choices = [  # type: ignore[attr-defined]
            ("", "Any niche"),
            *choices.niche_choices(present=[asked.get("niche", "")[:60]]),
        ]


class TemplateForm(forms.Form):
    name = forms.CharField(label="Name of the template", max_length=MAX_NAME)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _message(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=MESSAGE_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ApplicationForm(forms.Form):
    message = _message("Your message to the brand")


class InvitationForm(forms.Form):
    """Which of the brand's open campaigns, and what is said with it."""

    campaign = forms.ChoiceField(label="Campaign")
    message = _message("Your message")

    def __init__(self, *args: Any, campaigns: list[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = len({campaign.brand_id for campaign in campaigns}) > 1
        self.fields["campaign"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.brand}: {one.title}" if several else one.title)
            for one in campaigns
        ]
