"""Disputes and reviews against everybody (`seeing.PEOPLE`), and what their pages say."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.disputes import open_dispute
from campaigns.models import Collaboration, Dispute, Review
from campaigns.states import Side
from tests.campaigns.test_contracts_and_work import start_work
from tests.campaigns.test_disputes import complete, decide, settle
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send

pytestmark = pytest.mark.django_db

GET = {
    "collaboration_dispute": (302, 200, 200, 404, 200, 404, 200),
    "collaboration_review":  (302, 200, 200, 404, 200, 404, 200),
}  # fmt: skip
POST = {
    "collaboration_dispute":          (403, 302, 403, 404, 302, 404, 403),
    "collaboration_dispute_evidence": (403, 302, 403, 404, 302, 404, 403),
    "collaboration_dispute_withdraw": (403, 302, 403, 404, 403, 404, 403),
    "collaboration_review":           (403, 302, 403, 404, 302, 404, 403),
}  # fmt: skip
CLAIM: dict[str, Any] = {"category": "other", "text": "Another product.", "positions": "1"}
BODIES = {
    "collaboration_dispute": CLAIM,
    "collaboration_dispute_evidence": {"text": "See here.", "links": "https://example.org/x"},
    "collaboration_dispute_withdraw": {"reason": "We agreed."},
    "collaboration_review": {"rating": "4", "text": "Good."},
}


def dispute_now(cast: Cast, collaboration: Collaboration) -> Dispute:
    return open_dispute(
        collaboration=collaboration, category="not_as_agreed", text="Another <product>.",
        positions=[1], side=Side.BRAND, actor=cast.brand_owner, now=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def address(cast: Cast) -> Callable[[str], str]:
    def address_of(name: str) -> str:
        if name == "collaboration_review":
            collaboration = complete(cast, 50_000, now=timezone.now())
        else:
            collaboration = start_work(cast, 50_000)
        if name in ("collaboration_dispute_evidence", "collaboration_dispute_withdraw"):
            dispute_now(cast, collaboration)
        return reverse(name, args=[collaboration.pk])

    return address_of


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    see(address(name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    send(address(name), POST[name], BODIES[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", sorted(POST.keys() - GET.keys()))
def test_what_changes_something_refuses_get(
    name: str, cast: Cast, browse: Browse, address: Callable[[str], str]
) -> None:
    assert browse(cast.brand_owner).get(address(name)).status_code == 405


def html_of(browse: Browse, user: Any, name: str, collaboration: Collaboration) -> str:
    return browse(user).get(reverse(name, args=[collaboration.pk])).content.decode()


def test_the_page_follows_a_dispute_to_its_decision(cast: Cast, browse: Browse) -> None:
    collaboration = start_work(cast, 50_000)
    page = "collaboration_dispute"
    assert "Open the dispute" in html_of(browse, cast.creator_user, page, collaboration)
    dispute = dispute_now(cast, collaboration)
    html = html_of(browse, cast.creator_user, page, collaboration)
    for said in ("Another &lt;product&gt;.", "The moderators must act next.", "€550.00", "Answer"):
        assert said in html, said
    assert "Take the dispute back" not in html
    assert "Take the dispute back" in html_of(browse, cast.brand_owner, page, collaboration)
    assert "at the desk" in html_of(browse, cast.moderator, page, collaboration)
    decide(dispute, settle(20_000, 2_000, 33_000), now=dispute.evidence_until)
    html = html_of(browse, cast.creator_user, page, collaboration)
    for said in ("Half of it was made.", "€200.00", "€330.00", "Decided: the money is divided"):
        assert said in html, said
    assert "Open the dispute" not in html


@pytest.mark.parametrize(
    "change", [{"text": ""}, {"positions": "2"}, {"category": "x"}, {"links": "ftp://x"}]
)
def test_what_cannot_be_used_comes_back(cast: Cast, browse: Browse, change: dict[str, str]) -> None:
    address = reverse("collaboration_dispute", args=[start_work(cast, 50_000).pk])
    response = browse(cast.brand_owner).post(address, {**CLAIM, **change})
    assert response.status_code == 422
    assert "invalid-feedback" in response.content.decode()
    assert not Dispute.objects.exists()


def test_reviews_stay_unseen_until_both_are_written(cast: Cast, browse: Browse) -> None:
    done = complete(cast, 50_000, now=timezone.now())
    page = reverse("collaboration_review", args=[done.pk])
    browse(cast.brand_owner).post(
        page, {"rating": "2", "text": "Late <twice>.", "quality": "4", "timeliness": ""}
    )
    assert Review.objects.get().aspects == {"quality": 4}
    assert "Late &lt;twice&gt;." in html_of(browse, cast.brand_viewer, "collaboration_review", done)
    for user in (cast.creator_user, cast.moderator):
        assert "Late" not in html_of(browse, user, "collaboration_review", done)
    browse(cast.creator_user).post(page, {"rating": "5", "text": "Paid at once."})
    for user in (cast.creator_user, cast.moderator):
        assert "Late &lt;twice&gt;." in html_of(browse, user, "collaboration_review", done)
    profile = browse(cast.other_owner).get(reverse("creator", args=[cast.creator.pk]))
    assert "Late &lt;twice&gt;." in profile.content.decode()
    again = browse(cast.brand_owner).post(page, {"rating": "5", "text": "Better."})
    assert again.status_code == 302
    assert Review.objects.count() == 2
