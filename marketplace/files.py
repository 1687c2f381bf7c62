"""Answers that hold files which people sent, so that a browser does nothing but show or save."""

from django.http import FileResponse

from campaigns.attachments import open_attachment
from campaigns.models import Attachment


def attachment_response(attachment: Attachment) -> FileResponse:
    """Streams the file. PDFs are saved, pictures shown; neither may run or load anything.

    :raises NotFound: if the file is not where it was put.
    """
    response = FileResponse(
        open_attachment(attachment),
        as_attachment=not attachment.is_image,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Rights may end, so every use asks again; nobody in between keeps a copy.
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{attachment.sha256}"'
    return response
