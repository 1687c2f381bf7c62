"""Addresses of campaigns, templates and open campaigns; each step is a POST of its own."""

from django.urls import path

from campaigns.campaign_standing import BRAND_MOVES
from marketplace.api.views import campaign_starts, campaign_templates, campaigns

_ONE = "campaigns/<int:campaign_id>/"

urlpatterns = [
    path("campaigns/", campaigns.CampaignListView.as_view(), name="api_campaigns"),
    path(_ONE, campaigns.CampaignView.as_view(), name="api_campaign"),
    path(f"{_ONE}copy/", campaigns.CampaignCopyView.as_view(), name="api_campaign_copy"),
    path(
        f"{_ONE}invitations/",
        campaign_starts.InvitationView.as_view(),
        name="api_campaign_invitations",
    ),
    *[
        path(
            f"{_ONE}{move}/",
            campaigns.CampaignMoveView.as_view(move=move),
            name=f"api_campaign_{move}",
        )
        for move in BRAND_MOVES
    ],
    path(
        "campaign-templates/",
        campaign_templates.TemplateListView.as_view(),
        name="api_campaign_templates",
    ),
    path(
        "campaign-templates/<int:template_id>/campaigns/",
        campaign_templates.TemplateStartView.as_view(),
        name="api_campaign_template_start",
    ),
    path(
        "open-campaigns/",
        campaign_starts.OpenCampaignListView.as_view(),
        name="api_open_campaigns",
    ),
    path(
        "open-campaigns/<int:campaign_id>/",
        campaign_starts.OpenCampaignView.as_view(),
        name="api_open_campaign",
    ),
    path(
        "open-campaigns/<int:campaign_id>/applications/",
        campaign_starts.ApplicationView.as_view(),
        name="api_applications",
    ),
]
