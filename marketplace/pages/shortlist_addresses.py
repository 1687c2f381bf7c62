"""Addresses of shortlists, comparisons and availability."""

from django.urls import path

from marketplace.pages import availability, comparing, shortlist_acts, shortlists

_ONE = "brand/shortlists/<int:shortlist_id>/"
_ENTRY = "brand/shortlists/entries/<int:entry_id>/"

PATTERNS = [
    path("brand/shortlists/", shortlists.shortlists, name="shortlists"),
    path("brand/shortlists/add/", shortlist_acts.shortlist_add, name="shortlist_add"),
    path(_ONE, shortlists.shortlist, name="shortlist"),
    path(f"{_ONE}change/", shortlist_acts.shortlist_change, name="shortlist_change"),
    path(f"{_ONE}archive/", shortlist_acts.shortlist_archive, name="shortlist_archive"),
    path(f"{_ONE}restore/", shortlist_acts.shortlist_restore, name="shortlist_restore"),
    path(f"{_ONE}list.csv", shortlists.shortlist_file, name="shortlist_file"),
    path(f"{_ENTRY}remove/", shortlist_acts.shortlist_remove, name="shortlist_remove"),
    path(f"{_ENTRY}vote/", shortlist_acts.shortlist_vote, name="shortlist_vote"),
    path(f"{_ENTRY}note/", shortlist_acts.shortlist_note, name="shortlist_note"),
    path(
        "brand/shortlists/notes/<int:note_id>/delete/",
        shortlist_acts.shortlist_note_delete,
        name="shortlist_note_delete",
    ),
    path("creators/compare/", comparing.compare, name="compare"),
    path("creators/<int:creator_id>/availability/", availability.availability, name="availability"),
]
