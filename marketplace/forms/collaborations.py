"""Which collaborations a list shows, as its address says."""

from django import forms

from campaigns.collaboration_list import Filters
from campaigns.states import Stage

LARGEST_ID = 10**18 - 1


class CollaborationFilterForm(forms.Form):
    """Read from the address, so that a filtered list can be kept and shared."""

    needs_me = forms.BooleanField(required=False)
    overdue = forms.BooleanField(required=False)
    stage = forms.ChoiceField(required=False, choices=Stage.choices)
    campaign = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)
    brand = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)

    @property
    def filters(self) -> Filters:
        """The usable filters that are set; an unusable one is left out."""
        self.is_valid()
        given = self.cleaned_data
        return Filters(
            needs_me=bool(given.get("needs_me")),
            overdue=bool(given.get("overdue")),
            stage=Stage(given["stage"]) if given.get("stage") else None,
            campaign_id=given.get("campaign"),
            brand_id=given.get("brand"),
        )
