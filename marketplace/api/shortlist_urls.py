"""Addresses of shortlists, comparisons and availability.

Without a slash at the end where the contract writes them so.
"""

from django.urls import path

from marketplace.api.views import availability, comparisons, shortlist_entries, shortlists

_ONE = "shortlists/<int:shortlist_id>/"
_ENTRY = "shortlist-entries/<int:entry_id>/"

urlpatterns = [
    path("creators/compare", comparisons.ComparisonView.as_view(), name="api_compare"),
    path(
        "creators/<int:creator_id>/availability",
        availability.AvailabilityView.as_view(),
        name="api_availability",
    ),
    path("shortlists/", shortlists.ShortlistListView.as_view(), name="api_shortlists"),
    path(_ONE, shortlists.ShortlistView.as_view(), name="api_shortlist"),
    path(
        f"{_ONE}archive/", shortlists.ShortlistArchiveView.as_view(), name="api_shortlist_archive"
    ),
    path(
        f"{_ONE}restore/", shortlists.ShortlistRestoreView.as_view(), name="api_shortlist_restore"
    ),
    path(
        f"{_ONE}creators/",
        shortlist_entries.ShortlistCreatorsView.as_view(),
        name="api_shortlist_creators",
    ),
    path(_ENTRY, shortlist_entries.ShortlistEntryView.as_view(), name="api_shortlist_entry"),
    path(f"{_ENTRY}vote/", shortlist_entries.VoteView.as_view(), name="api_shortlist_vote"),
    path(f"{_ENTRY}notes/", shortlist_entries.NotesView.as_view(), name="api_shortlist_notes"),
    path(
        "shortlist-notes/<int:note_id>/",
        shortlist_entries.NoteView.as_view(),
        name="api_shortlist_note",
    ),
]
