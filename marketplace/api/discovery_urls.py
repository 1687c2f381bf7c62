"""Addresses of searches; without a slash at the end where the contract writes them so."""

from django.urls import path

from marketplace.api.views import discovery, saved_searches

urlpatterns = [
    path("creators/search", discovery.CreatorSearchView.as_view(), name="api_creator_search"),
    path(
        "creators/<int:creator_id>/similar",
        discovery.SimilarCreatorsView.as_view(),
        name="api_similar_creators",
    ),
    path(
        "saved-searches/",
        saved_searches.SavedSearchListView.as_view(),
        name="api_saved_searches",
    ),
    path(
        "saved-searches/<int:search_id>/",
        saved_searches.SavedSearchView.as_view(),
        name="api_saved_search",
    ),
    path(
        "saved-searches/<int:search_id>/creators/",
        saved_searches.SavedSearchCreatorsView.as_view(),
        name="api_saved_search_creators",
    ),
    path(
        "saved-searches/<int:search_id>/seen/",
        saved_searches.SavedSearchSeenView.as_view(),
        name="api_saved_search_seen",
    ),
]
