"""Sending a CSV file: stored first, imported by a worker."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from accounts.importing.job import start_import
from accounts.importing.layout import Kind
from accounts.importing.options import ImportOptions
from marketplace.forms.imports import MAX_UPLOAD_BYTES, ImportForm
from marketplace.pages.errors import error_page
from marketplace.pages.jobs import jobs_page, require_moderator
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from marketplace.pages.uploads import refused_rows_path, store_upload

# The form's other fields and the boundaries between the parts.
ENVELOPE_BYTES = 64 * 1024


@csrf_exempt
@page
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Judged by who asks and how much they send before a byte of the file is read.

    The check for forged forms reads the form, so it comes after these, in `_upload`.
    """
    require_moderator(user_of(request))
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_UPLOAD_BYTES + ENVELOPE_BYTES:
        return error_page(413, message="The file is larger than 512 MB; split it.")
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return jobs_page(request, user, form, status=422)
    asked = form.cleaned_data
    try:
        path = store_upload(asked["file"])
    except OSError as error:
        form.add_storage_error(error)
        return jobs_page(request, user, form, status=507)
    job = start_import(
        path=path,
        kind=Kind(asked["kind"]),
        options=ImportOptions(
            dry_run=asked["dry_run"],
            skip_bad=refused_rows_path(path) if asked["skip_bad"] else None,
            encoding=asked["encoding"],
            platform=asked["platform"],
            as_of=asked["as_of"],
            refresh=asked["refresh"] and not asked["dry_run"],
        ),
        owner=user,
        now=timezone.now(),
    )
    return redirect("job", job.pk)
