"""Addresses of collaborations: each act is a POST of its own (marketplace/api/acts.py)."""

from django.urls import path

from marketplace.api.views import (
    agreeing,
    collaborations,
    delivering,
    disputes,
    negotiating,
    reviews,
)

_ONE = "collaborations/<int:collaboration_id>/"
_PIECE = "deliverables/<int:deliverable_id>/"

urlpatterns = [
    path(_ONE, collaborations.CollaborationView.as_view(), name="api_collaboration"),
    path(
        f"{_ONE}events/",
        collaborations.EventListView.as_view(),
        name="api_collaboration_events",
    ),
    path(
        f"{_ONE}contract/",
        collaborations.ContractView.as_view(),
        name="api_collaboration_contract",
    ),
    path(f"{_ONE}offers/", negotiating.OfferView.as_view(), name="api_collaboration_offers"),
    path(f"{_ONE}accept/", negotiating.AcceptView.as_view(), name="api_collaboration_accept"),
    path(f"{_ONE}decline/", negotiating.DeclineView.as_view(), name="api_collaboration_decline"),
    path(f"{_ONE}withdraw/", negotiating.WithdrawView.as_view(), name="api_collaboration_withdraw"),
    path(f"{_ONE}limit/", negotiating.LimitView.as_view(), name="api_collaboration_limit"),
    path(f"{_ONE}sign/", agreeing.SignView.as_view(), name="api_collaboration_sign"),
    path(f"{_ONE}fund/", agreeing.FundView.as_view(), name="api_collaboration_fund"),
    path(f"{_ONE}cancel/", agreeing.CancelView.as_view(), name="api_collaboration_cancel"),
    path(
        f"{_ONE}cancel/agree/",
        agreeing.AgreeToCancelView.as_view(),
        name="api_collaboration_cancel_agree",
    ),
    path(
        f"{_ONE}cancel/refuse/",
        agreeing.RefuseToCancelView.as_view(),
        name="api_collaboration_cancel_refuse",
    ),
    path(f"{_ONE}dispute/", disputes.DisputeView.as_view(), name="api_collaboration_dispute"),
    path(
        f"{_ONE}dispute/evidence/",
        disputes.DisputeEvidenceView.as_view(),
        name="api_collaboration_dispute_evidence",
    ),
    path(
        f"{_ONE}dispute/withdraw/",
        disputes.DisputeWithdrawView.as_view(),
        name="api_collaboration_dispute_withdraw",
    ),
    path(f"{_ONE}reviews/", reviews.ReviewView.as_view(), name="api_collaboration_reviews"),
    path(f"{_PIECE}drafts/", delivering.DraftView.as_view(), name="api_deliverable_drafts"),
    path(
        f"{_PIECE}revisions/", delivering.RevisionView.as_view(), name="api_deliverable_revisions"
    ),
    path(f"{_PIECE}approve/", delivering.ApproveView.as_view(), name="api_deliverable_approve"),
    path(f"{_PIECE}publish/", delivering.PublishView.as_view(), name="api_deliverable_publish"),
    path(f"{_PIECE}verify/", delivering.VerifyView.as_view(), name="api_deliverable_verify"),
    path(f"{_PIECE}waive/", delivering.WaiveView.as_view(), name="api_deliverable_waive"),
]
