"""A campaign from draft to its end: what each step needs, and what the moderators decide."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.errors import DomainError, Forbidden, NotFound
from accounts.models import AuditEntry, Membership, OutboxEvent
from campaigns.briefs import BriefHeld, CampaignOver, TitleMissing, get_latest_brief, revise_brief
from campaigns.campaign_moves import make_brand_move
from campaigns.campaign_standing import get_campaign_standing
from campaigns.models import Campaign, CampaignSubmission
from campaigns.moving import ReasonMissing
from campaigns.opening import (
    CampaignIncomplete,
    SubmissionDecided,
    decide_submission,
    list_missing,
)
from campaigns.running import CampaignNotOpen, CollaborationsLive, NotInThisStatus
from campaigns.starting import ApplicationsOver, apply_to_campaign, invite_creator
from campaigns.states import State
from campaigns.submissions import get_last_decision, get_open_submission, list_held_submissions
from campaigns.terms import BriefTerms
from tests.campaigns.full_briefs import FULL, decide, draft, opened, submitted
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def move(campaign: Campaign, name: str, cast: Cast, *, now: datetime = NOW, **more: Any) -> str:
    moved = make_brand_move(campaign=campaign, name=name, actor=cast.brand_owner, now=now, **more)
    return moved.status


def revise(campaign: Campaign, cast: Cast, title: str | None = None, **changes: Any) -> str:
    present = BriefTerms.of(get_latest_brief(campaign))
    revise_brief(
        campaign=campaign,
        terms=replace(present, **changes),
        title=title,
        actor=cast.brand_owner,
        now=NOW,
    )
    campaign.refresh_from_db()
    return campaign.status


def test_a_bare_brief_cannot_be_submitted_and_is_told_why(cast: Cast) -> None:
    campaign = draft(cast, objective="", deliverables=[], total_budget_minor=None, publish_by=None)
    with pytest.raises(CampaignIncomplete) as refusal:
        move(campaign, "submit", cast)
    missing = [one["field"] for one in refusal.value.details["missing"]]
    assert missing == ["objective", "deliverables", "total_budget", "publish_by"]
    campaign.refresh_from_db()
    assert campaign.status == "draft"
    assert not CampaignSubmission.objects.exists()


def test_days_that_are_over_and_odd_currencies_keep_a_campaign_from_opening() -> None:
    late = list_missing(FULL, today=date(2026, 5, 1))
    assert [one.field for one in late] == ["publish_by", "apply_by"]
    odd = list_missing(replace(FULL, budget_currency="XAU"), today=NOW.date())
    assert [one.field for one in odd] == ["budget_currency"]


def test_submitting_hands_the_moderators_one_version_with_its_flags(cast: Cast) -> None:
    campaign = submitted(cast, product="Tickets for our casino")
    submission = get_open_submission(campaign)
    assert submission
    assert campaign.status == "in_moderation"
    assert (submission.brief.version, submission.submitted_by) == (1, cast.brand_owner)
    assert [flag["code"] for flag in submission.flags] == ["gambling"]
    assert "casino" in submission.flags[0]["found"]
    assert list(list_held_submissions()) == [submission]
    with pytest.raises(NotInThisStatus):
        move(campaign, "submit", cast)


def test_approval_opens_it_and_is_told_to_the_brand(cast: Cast) -> None:
    campaign = decide(submitted(cast), "approve", cast.moderator)
    assert campaign.status == "open"
    assert AuditEntry.objects.filter(verb="campaign.approve", actor=cast.moderator).count() == 1
    told = OutboxEvent.objects.get(kind="campaign.approved")
    assert (told.brand, told.payload["brief_version"]) == (cast.brand, 1)
    assert not list_held_submissions().exists()


def test_sending_back_needs_a_reason_that_the_brand_reads(cast: Cast) -> None:
    campaign = submitted(cast)
    with pytest.raises(ReasonMissing):
        decide(campaign, "send_back", cast.moderator, reason=" ")
    campaign = decide(campaign, "send_back", cast.moderator, reason="Say what it costs.")
    assert campaign.status == "draft"
    decision = get_last_decision(campaign)
    assert decision
    assert (decision.outcome, decision.reason) == ("sent_back", "Say what it costs.")
    letter = OutboxEvent.objects.get(kind="campaign.sent_back").letter
    assert letter
    assert "Say what it costs." in letter["lines"]


def test_only_moderators_outside_the_brand_decide(cast: Cast) -> None:
    campaign = submitted(cast)
    with pytest.raises(Forbidden):
        decide(campaign, "approve", cast.brand_owner)
    Membership.objects.create(brand=cast.brand, user=cast.moderator, role="viewer")
    with pytest.raises(Forbidden):
        decide(campaign, "approve", cast.moderator)
    campaign.refresh_from_db()
    assert campaign.status == "in_moderation"


def test_a_version_taken_back_is_not_decided_any_more(cast: Cast) -> None:
    campaign = submitted(cast)
    read = get_open_submission(campaign)
    assert read
    assert move(campaign, "take_back", cast) == "draft"
    assert move(campaign, "submit", cast) == "in_moderation"
    with pytest.raises(SubmissionDecided):
        decide_submission(submission=read, name="approve", actor=cast.moderator, now=NOW)
    read.refresh_from_db()
    assert read.outcome == "taken_back"


def test_what_the_moderators_read_is_not_changed_under_their_eyes(cast: Cast) -> None:
    campaign = submitted(cast)
    with pytest.raises(BriefHeld):
        revise(campaign, cast, text="Something else altogether")
    with pytest.raises(BriefHeld):
        revise(campaign, cast, title="Another")


class TestChangingWhatIsOpen:
    @pytest.mark.parametrize(
        "changes",
        [
            {"text": "Something else altogether"},
            {"disclosure": "none needed"},
            {"donts": []},
            {"usage_rights_months": 24},
            {"deliverables": []},
        ],
    )
    def test_what_creators_work_by_is_read_again(self, cast: Cast, changes: dict[str, Any]) -> None:
        campaign = opened(cast)
        assert revise(campaign, cast, **changes) == "in_moderation"
        submission = get_open_submission(campaign)
        assert submission
        assert submission.brief.version == 2

    def test_a_title_is_read_again_too(self, cast: Cast) -> None:
        campaign = opened(cast)
        assert revise(campaign, cast, title="Summer") == "in_moderation"
        assert (campaign.title, get_latest_brief(campaign).version) == ("Summer", 1)
        with pytest.raises(TitleMissing):
            revise(opened(cast), cast, title=" ")

    def test_a_title_is_one_line(self, cast: Cast) -> None:
        campaign = draft(cast)
        revise(campaign, cast, title=" Spring\r\nBcc: all  of\tit ")
        assert campaign.title == "Spring Bcc: all of it"

    @pytest.mark.parametrize(
        "changes",
        [{"places": 2}, {"total_budget_minor": 900_000}, {"max_risk": 5}, {"apply_by": None}],
    )
    def test_limits_budgets_and_dates_are_not(self, cast: Cast, changes: dict[str, Any]) -> None:
        campaign = opened(cast)
        assert revise(campaign, cast, **changes) == "open"
        assert get_latest_brief(campaign).version == 2

    def test_collaborations_that_run_go_on_and_nobody_new_begins(self, cast: Cast) -> None:
        campaign = opened(cast)
        running = invite_creator(
            campaign=campaign, creator=cast.creator, actor=cast.brand_owner, now=NOW
        )
        revise(campaign, cast, text="Something else altogether")
        running.refresh_from_db()
        assert running.state == State.INVITED
        with pytest.raises(CampaignNotOpen):
            apply_to_campaign(
                campaign=campaign,
                creator=cast.other_creator,
                actor=cast.other_creator_user,
                now=NOW,
            )
        decide(campaign, "approve", cast.moderator)
        apply_to_campaign(
            campaign=campaign, creator=cast.other_creator, actor=cast.other_creator_user, now=NOW
        )


def test_pausing_resuming_closing_and_archiving(cast: Cast) -> None:
    campaign = opened(cast)
    assert get_campaign_standing(campaign).moves == ("pause", "close", "cancel")
    assert move(campaign, "pause", cast) == "paused"
    with pytest.raises(CampaignNotOpen):
        invite_creator(campaign=campaign, creator=cast.creator, actor=cast.brand_owner, now=NOW)
    with pytest.raises(CampaignIncomplete):
        move(campaign, "resume", cast, now=NOW + timedelta(days=90))
    assert move(campaign, "resume", cast) == "open"
    assert move(campaign, "close", cast) == "closed"
    with pytest.raises(CampaignOver):
        revise(campaign, cast, places=1)
    assert move(campaign, "archive", cast) == "archived"
    campaign.refresh_from_db()
    assert get_campaign_standing(campaign).moves == ()


def test_cancelling_needs_a_reason_and_nobody_at_work(cast: Cast) -> None:
    campaign = opened(cast)
    with pytest.raises(ReasonMissing):
        move(campaign, "cancel", cast)
    invite_creator(campaign=campaign, creator=cast.creator, actor=cast.brand_owner, now=NOW)
    assert "cancel" not in get_campaign_standing(campaign).moves
    with pytest.raises(CollaborationsLive):
        move(campaign, "cancel", cast, reason="No product")
    held = submitted(cast)
    assert move(held, "cancel", cast, reason="No product") == "cancelled"
    assert get_open_submission(held) is None


def test_the_last_day_to_apply_counts_to_its_end(cast: Cast) -> None:
    campaign = opened(cast)
    with pytest.raises(ApplicationsOver):
        apply_to_campaign(
            campaign=campaign,
            creator=cast.creator,
            actor=cast.creator_user,
            now=NOW + timedelta(days=20),
        )
    apply_to_campaign(
        campaign=campaign,
        creator=cast.creator,
        actor=cast.creator_user,
        now=NOW + timedelta(days=19),
    )


@pytest.mark.parametrize("name", ["approve", "send_back", "recheck", "nonsense", "x" * 5_000])
def test_the_brand_has_no_other_steps(cast: Cast, name: str) -> None:
    with pytest.raises(NotFound):
        move(submitted(cast), name, cast)


def test_every_refusal_is_one_that_people_can_read(cast: Cast) -> None:
    campaign = draft(cast)
    for name in ("take_back", "pause", "resume", "close", "archive"):
        with pytest.raises(DomainError) as refusal:
            move(campaign, name, cast)
        assert refusal.value.message.endswith(".")
