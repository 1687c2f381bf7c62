"""Addresses of messages and their files."""

from django.urls import path

from marketplace.api.views import messages

_THREAD = "collaborations/<int:collaboration_id>/messages/"

urlpatterns = [
    path(_THREAD, messages.MessageListView.as_view(), name="api_messages"),
    path(f"{_THREAD}read/", messages.MessagesReadView.as_view(), name="api_messages_read"),
    path(
        f"{_THREAD}<int:message_id>/report/",
        messages.MessageReportView.as_view(),
        name="api_message_report",
    ),
    path(
        "collaborations/<int:collaboration_id>/attachments/",
        messages.AttachmentUploadView.as_view(),
        name="api_attachments",
    ),
    path(
        "attachments/<int:attachment_id>/",
        messages.AttachmentView.as_view(),
        name="api_attachment",
    ),
]
