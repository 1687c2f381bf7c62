"""Pages of the part: drafts of posts tested before they are published."""

from django.urls import URLPattern, path

from marketplace.pages import diagnostics, diagnostics_expected, diagnostics_kept

urlpatterns: list[URLPattern] = [
    path("creator/diagnostics/", diagnostics.diagnostics, name="diagnostics"),
    path("creator/diagnostics/kept/", diagnostics_kept.kept_tests, name="kept_tests"),
    path("creator/diagnostics/kept/<int:plan_id>/", diagnostics_kept.kept_test, name="kept_test"),
    path(
        "creator/diagnostics/kept/<int:plan_id>/link/",
        diagnostics_kept.kept_test_link,
        name="kept_test_link",
    ),
    path(
        "creator/diagnostics/kept/<int:plan_id>/unlink/",
        diagnostics_kept.kept_test_unlink,
        name="kept_test_unlink",
    ),
    path(
        "creator/diagnostics/kept/<int:plan_id>/delete/",
        diagnostics_kept.kept_test_delete,
        name="kept_test_delete",
    ),
    path(
        "creators/<int:creator_id>/expected-engagement/",
        diagnostics_expected.expected_engagement,
        name="expected_engagement",
    ),
]
