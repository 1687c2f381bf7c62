"""A message with files."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from campaigns.attachments import LARGEST
from campaigns.message_reports import REASON_CHARACTERS
from campaigns.messaging import ATTACHMENTS_PER_MESSAGE, TEXT_CHARACTERS
from campaigns.models import MessageReport


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Cleans to a list of files; what they are is for the service."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > ATTACHMENTS_PER_MESSAGE:
            raise forms.ValidationError(
                f"A message carries at most {ATTACHMENTS_PER_MESSAGE} files."
            )
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class MessageForm(forms.Form):
    text = forms.CharField(
        label="Your message",
        required=False,
        strip=False,
        # The service has the limit; a browser counts line ends differently.
        max_length=2 * TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_CHARACTERS}),
    )
    attachments = ManyFilesField(
        label="Files",
        required=False,
        allow_empty_file=True,
        widget=ManyFilesInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf,.pdf"}
        ),
        help_text=f"Up to {ATTACHMENTS_PER_MESSAGE} pictures (JPEG, PNG, WebP) or PDFs of "
        f"{LARGEST // 1024 // 1024} MB each. Place and device are removed from pictures.",
    )
    client_key = forms.CharField(max_length=64, widget=forms.HiddenInput)


class MessageReportForm(forms.Form):
    reason = forms.CharField(label="What is wrong with it", max_length=REASON_CHARACTERS)


class MessageDecisionForm(forms.Form):
    """A moderator's answer to a report. Dressed for the desk."""

    answer = forms.ChoiceField(
        label="Answer",
        choices=[
            (MessageReport.State.UPHELD.value, "Uphold: the message should not have been sent"),
            (MessageReport.State.DISMISSED.value, "Dismiss: there is nothing wrong with it"),
        ],
        widget=UnfoldAdminRadioSelectWidget(),
    )
    decision = forms.CharField(
        label="What you found, as the reporter will read it",
        max_length=REASON_CHARACTERS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
