"""Every address of the API, under /api/v1/."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny

from marketplace.api import (
    alerts_urls,
    campaign_urls,
    collaboration_urls,
    diagnostics_urls,
    discovery_urls,
    event_urls,
    justifying_urls,
    match_urls,
    message_urls,
    money_urls,
    niche_reports_urls,
    niche_urls,
    notifying_urls,
    planning_urls,
    pricing_urls,
    recommendation_urls,
    shortlist_urls,
    valuing_urls,
)
from marketplace.api.views.briefs import BriefListView, BriefMatchesView, BriefView
from marketplace.api.views.cases import (
    CaseAppealView,
    CaseEvidenceView,
    CaseListView,
    CaseView,
)
from marketplace.api.views.collaboration_list import CollaborationListView
from marketplace.api.views.creators import CreatorListView, CreatorView
from marketplace.api.views.engagement import FakeEngagementBatchView, FakeEngagementView
from marketplace.api.views.growth import GrowthEventListView, GrowthView
from marketplace.api.views.jobs import JobView
from marketplace.api.views.ml import FakeFollowerRiskView, MatchScoreView, PriceSuggestionView
from marketplace.api.views.results import CampaignReportView, CollaborationResultsView
from marketplace.api.views.track_records import BrandTrackRecordView, CreatorTrackRecordView
from marketplace.api.views.unknown import UnknownAddressView

# Described to everybody: it holds nobody's data, and needs no store to be up.
OPEN = {"authentication_classes": [], "permission_classes": [AllowAny], "throttle_classes": []}

urlpatterns = [
    # As document 000 writes them, without a slash at the end.
    path("ml/fake-follower-risk", FakeFollowerRiskView.as_view(), name="api_fake_follower_risk"),
    path("ml/fake-engagement", FakeEngagementView.as_view(), name="api_fake_engagement"),
    path(
        "ml/fake-engagement/batch",
        FakeEngagementBatchView.as_view(),
        name="api_fake_engagement_batch",
    ),
    path("ml/match-score", MatchScoreView.as_view(), name="api_match_score"),
    path("ml/price-suggestion", PriceSuggestionView.as_view(), name="api_price_suggestion"),
    path("creators/", CreatorListView.as_view(), name="api_creators"),
    path("creators/<int:creator_id>/", CreatorView.as_view(), name="api_creator"),
    path("accounts/<int:account_id>/growth/", GrowthView.as_view(), name="api_growth"),
    path(
        "accounts/<int:account_id>/growth-events/",
        GrowthEventListView.as_view(),
        name="api_growth_events",
    ),
    path("briefs/", BriefListView.as_view(), name="api_briefs"),
    path("briefs/<int:brief_id>/", BriefView.as_view(), name="api_brief"),
    path("briefs/<int:brief_id>/matches/", BriefMatchesView.as_view(), name="api_brief_matches"),
    path("cases/", CaseListView.as_view(), name="api_cases"),
    path("cases/<int:case_id>/", CaseView.as_view(), name="api_case"),
    path("cases/<int:case_id>/evidence/", CaseEvidenceView.as_view(), name="api_case_evidence"),
    path("cases/<int:case_id>/appeal/", CaseAppealView.as_view(), name="api_case_appeal"),
    path("jobs/<int:job_id>/", JobView.as_view(), name="api_job"),
    path(
        "brands/<int:brand_id>/track-record/",
        BrandTrackRecordView.as_view(),
        name="api_brand_track_record",
    ),
    path(
        "creators/<int:creator_id>/track-record/",
        CreatorTrackRecordView.as_view(),
        name="api_creator_track_record",
    ),
    path("campaigns/<int:campaign_id>/report/", CampaignReportView.as_view(), name="api_report"),
    path("collaborations/", CollaborationListView.as_view(), name="api_collaborations"),
    path(
        "collaborations/<int:collaboration_id>/results/",
        CollaborationResultsView.as_view(),
        name="api_collaboration_results",
    ),
    *alerts_urls.urlpatterns,
    *diagnostics_urls.urlpatterns,
    *justifying_urls.urlpatterns,
    *niche_reports_urls.urlpatterns,
    *planning_urls.urlpatterns,
    *pricing_urls.urlpatterns,
    *valuing_urls.urlpatterns,
    *shortlist_urls.urlpatterns,
    *match_urls.urlpatterns,
    *message_urls.urlpatterns,
    *campaign_urls.urlpatterns,
    *collaboration_urls.urlpatterns,
    *discovery_urls.urlpatterns,
    *event_urls.urlpatterns,
    *money_urls.urlpatterns,
    *niche_urls.urlpatterns,
    *notifying_urls.urlpatterns,
    *recommendation_urls.urlpatterns,
    path("schema/", SpectacularAPIView.as_view(**OPEN), name="api_schema"),
    path(
        "docs/",
        SpectacularSwaggerView.as_view(url_name="api_schema", **OPEN),
        name="api_docs",
    ),
    # Line breaks too, which "." leaves out.
    re_path(r"^[\s\S]*$", UnknownAddressView.as_view()),
]
