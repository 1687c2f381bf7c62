"""Finding niche groups anew."""

from django import forms

from scoring.models.niche_clusters import FEWEST_GROUPS, MOST_GROUPS


class FindGroupsForm(forms.Form):
    """Left empty, the number of groups is chosen."""

    k = forms.IntegerField(
        label="How many groups",
        required=False,
        min_value=FEWEST_GROUPS,
        max_value=MOST_GROUPS,
        error_messages={"invalid": "Write a whole number, or leave it empty."},
    )
