"""What the two sides write into a dispute and a review."""

from collections.abc import Iterable
from typing import Any

from django import forms

from campaigns.dispute_states import DisputeCategory
from campaigns.disputes import TEXT_CHARACTERS
from campaigns.models import Deliverable
from campaigns.moving import REASON_CHARACTERS
from campaigns.review_terms import ASPECTS, REVIEW_CHARACTERS
from campaigns.states import Side
from campaigns.wording import MAX_LINKS
from marketplace.forms.acts import ActForm
from marketplace.forms.moderation import LinksField

# Nothing is chosen for anybody: what stands there first would be sent most.
CHOOSE = ("", "Choose one")
STARS = [(5, "5, very good"), (4, "4, good"), (3, "3, fair"), (2, "2, poor"), (1, "1, very poor")]


class StatementForm(ActForm):
    text = forms.CharField(
        label="What you say",
        max_length=TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The other side and the moderators read it. It cannot be changed later.",
    )
    links = LinksField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "links"
        ].help_text = (
            f"At most {MAX_LINKS}, each beginning with https://: screenshots, files, publications."
        )


class DisputeForm(StatementForm):
    category = forms.ChoiceField(
        label="What it is about", choices=[CHOOSE, *DisputeCategory.choices]
    )
    positions = forms.TypedMultipleChoiceField(
        label="Which pieces", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("category", "positions", "text", "links")

    def __init__(self, *args: Any, pieces: Iterable[Deliverable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (one.position, f"{one.position}. {one.kind} on {one.get_platform_display()}")
            for one in pieces
        ]
        self.fields["positions"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["positions"].initial = [choices[0][0]]


class WithdrawDisputeForm(ActForm):
    reason = forms.CharField(
        label="Why you take it back, as the other side will read it",
        max_length=REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReviewForm(ActForm):
    """The rating as a whole, some aspects of it, and words."""

    rating = forms.TypedChoiceField(label="All in all", coerce=int, choices=[CHOOSE, *STARS])
    text = forms.CharField(
        label="What others should know",
        max_length=REVIEW_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Everybody here can read it once it appears. It cannot be changed later.",
    )

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aspects = list(ASPECTS[side])
        for key, label in ASPECTS[side].items():
            self.fields[key] = forms.TypedChoiceField(
                label=label,
                coerce=int,
                empty_value=None,
                required=False,
                choices=[("", "No answer"), *STARS],
            )
        self.order_fields(["rating", *self.aspects, "text"])

    def review(self) -> dict[str, Any]:
        """Arguments of `campaigns.reviews.write_review`."""
        given = self.cleaned_data
        rated = {key: given[key] for key in self.aspects if given[key] is not None}
        return {"rating": given["rating"], "text": given["text"], "aspects": rated}
