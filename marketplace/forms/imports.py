"""A CSV file to import into the catalogue."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.importing.layout import Kind
from accounts.importing.sources import ENCODINGS
from accounts.models import Platform

MAX_UPLOAD_BYTES = 512 * 1024 * 1024

KINDS = [
    (Kind.CREATORS.value, "Creators and their accounts"),
    (Kind.POSTS.value, "Posts and their counts"),
    (Kind.METRICS.value, "Followers and engagement by day"),
    (Kind.FOLLOWERS.value, "Samples of followers"),
    (Kind.COMMENTS.value, "Comments under posts"),
]


class ImportForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        help_text="CSV or gzipped CSV, up to 512 MB. The columns tell which layout it is.",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.gz,text/csv", "data-max-bytes": MAX_UPLOAD_BYTES}
        ),
    )
    kind = forms.ChoiceField(label="What it holds", choices=KINDS)
    platform = forms.ChoiceField(
        label="Platform",
        choices=Platform.choices,
        help_text="Counts only where the file does not say.",
    )
    as_of = forms.DateField(
        label="Day of the facts",
        required=False,
        help_text="Counts only where the file has no dates. Empty means today.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    encoding = forms.ChoiceField(label="Encoding", choices=[(one, one) for one in ENCODINGS])
    dry_run = forms.BooleanField(label="Only check the file, write nothing", required=False)
    skip_bad = forms.BooleanField(
        label="Leave out bad rows and offer them for download",
        required=False,
        help_text="Without this, one bad row refuses the whole file.",
    )
    refresh = forms.BooleanField(
        label="Embed and score what changed afterwards", required=False, initial=True
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            "file",
            Div(
                Div("kind", css_class="col-md-6"),
                Div("platform", css_class="col-md-6"),
                Div("as_of", css_class="col-md-6"),
                Div("encoding", css_class="col-md-6"),
                css_class="row gx-3",
            ),
            "skip_bad",
            "refresh",
            "dry_run",
        )
        return helper

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_UPLOAD_BYTES:
            raise forms.ValidationError("The file is larger than 512 MB; split it.")
        return file

    def add_storage_error(self, error: OSError) -> None:
        self.add_error("file", f"The file could not be stored: {error.strerror}.")
