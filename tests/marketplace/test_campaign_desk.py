"""Campaigns at the desk: the queue and the decision."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns.briefs import get_latest_brief, revise_brief
from campaigns.models import CampaignSubmission
from campaigns.terms import BriefTerms
from tests.campaigns.full_briefs import draft, opened, submitted
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
QUEUE = "admin:campaigns_campaignsubmission_changelist"


@pytest.fixture
def mona(cast: Cast) -> User:
    cast.moderator.groups.add(Group.objects.get(name="Moderators"))
    return cast.moderator


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def page_of(submission: CampaignSubmission) -> str:
    return reverse("admin:campaigns_campaignsubmission_change", args=[submission.pk])


def decide(user: User, submission: CampaignSubmission, step: str, reason: str = "") -> str:
    sent = {"step": step, "reason": reason, "submission": str(submission.pk)}
    response = desk_of(user).post(page_of(submission), sent, follow=True)
    submission.refresh_from_db()
    submission.campaign.refresh_from_db()
    return response.content.decode()


def test_what_waits_is_listed_oldest_first_with_its_flags(mona: User, cast: Cast) -> None:
    submitted(cast, title="First", product="A casino")
    submitted(cast, title="Second")
    draft(cast, title="Unsent")
    page = desk_of(mona).get(reverse(QUEUE), {"waits": "yes"}).content.decode()
    assert page.index("First") < page.index("Second")
    assert "gambling" in page
    assert "Unsent" not in page
    home = desk_of(mona).get(reverse("home"))
    assert home.context["held_campaigns"] == 2


def test_a_moderator_reads_the_brief_with_its_flags_and_approves(mona: User, cast: Cast) -> None:
    submission = submitted(cast, product="A <b>casino</b>").submissions.get()
    page = desk_of(mona).get(page_of(submission)).content.decode()
    assert "It may advertise gambling" in page
    assert "A &lt;b&gt;casino" in page
    assert "Show the texture" in page
    assert "It is decided" in decide(mona, submission, "approve")
    assert (submission.outcome, submission.campaign.status) == ("approved", "open")
    assert "This version is decided" in decide(mona, submission, "send_back", "No.")
    assert submission.outcome == "approved"


def test_sending_back_asks_for_a_reason(mona: User, cast: Cast) -> None:
    submission = submitted(cast).submissions.get()
    assert "Say why" in decide(mona, submission, "send_back", " ")
    assert submission.outcome == ""
    decide(mona, submission, "send_back", "Say what it costs.")
    assert (submission.outcome, submission.campaign.status) == ("sent_back", "draft")


def test_nonsense_changes_nothing(mona: User, cast: Cast) -> None:
    submission = submitted(cast).submissions.get()
    for step, reason in (("burn", ""), ("", ""), ("approve", "x" * 2_001), ("approve", "\x00")):
        decide(mona, submission, step, reason)
        assert submission.outcome == "", step
    client = desk_of(mona)
    client.post(page_of(submission), {"step": "approve", "submission": "999999"})
    submission.refresh_from_db()
    assert submission.outcome == ""


def test_a_change_of_an_open_campaign_is_shown_beside_what_was_approved(
    mona: User, cast: Cast
) -> None:
    from dataclasses import replace

    campaign = opened(cast)
    terms = replace(BriefTerms.of(get_latest_brief(campaign)), disclosure="#advertisement")
    revise_brief(campaign=campaign, terms=terms, actor=cast.brand_owner, now=timezone.now())
    page = desk_of(mona).get(page_of(campaign.submissions.get(outcome=""))).content.decode()
    assert "What changed since it was approved" in page
    assert "#advertisement" in page


def test_the_desk_is_for_those_with_the_permission(cast: Cast) -> None:
    submission = submitted(cast).submissions.get()
    assert desk_of(cast.moderator).get(page_of(submission)).status_code == 403
    assert desk_of(cast.brand_owner).get(page_of(submission)).status_code in (302, 403)
    assert submission.submitted_at == NOW
