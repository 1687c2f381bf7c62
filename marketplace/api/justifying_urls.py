"""Addresses of price justifications."""

from django.urls import path

from marketplace.api.views import justifying

_ONE = "justifications/<int:justification_id>/"

urlpatterns = [
    path("justifications/", justifying.JustificationListView.as_view(), name="api_justifications"),
    # Without a slash at the end, as addresses with a question are written here.
    path(
        "justifications/verify",
        justifying.JustificationVerifyView.as_view(),
        name="api_justification_verify",
    ),
    path(_ONE, justifying.JustificationView.as_view(), name="api_justification"),
    path(
        f"{_ONE}withdraw/",
        justifying.JustificationWithdrawView.as_view(),
        name="api_justification_withdraw",
    ),
    path(f"{_ONE}pdf", justifying.JustificationPdfView.as_view(), name="api_justification_pdf"),
]
