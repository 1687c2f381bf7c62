"""Addresses of price justifications, and of the public page that verifies one."""

from django.urls import path

from marketplace.pages import justifying, justifying_verifying

_ONE = "creator/justifications/<int:pk>/"

urlpatterns = [
    path("creator/justifications/", justifying.justifications, name="justifications"),
    path("creator/justifications/new/", justifying.justification_new, name="justification_new"),
    path(_ONE, justifying.justification, name="justification"),
    path(f"{_ONE}withdraw/", justifying.justification_withdraw, name="justification_withdraw"),
    path(f"{_ONE}justification.pdf", justifying.justification_file, name="justification_pdf"),
    path(
        "verify/<str:token>/",
        justifying_verifying.justification_verify,
        name="justification_verify",
    ),
    path(
        "verify/<str:token>/justification.pdf",
        justifying_verifying.justification_verify_file,
        name="justification_verify_pdf",
    ),
]
