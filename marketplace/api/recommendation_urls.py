"""The address of recommendations, as document 000 writes addresses: without a slash at the end."""

from django.urls import path

from marketplace.api.views.recommendations import RecommendationsView

urlpatterns = [
    path(
        "brands/<int:brand_id>/recommendations",
        RecommendationsView.as_view(),
        name="api_recommendations",
    ),
]
