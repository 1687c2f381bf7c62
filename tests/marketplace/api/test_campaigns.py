"""Campaigns over the API: written, opened, copied, found, applied to."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import Campaign, Collaboration
from campaigns.opening import decide_submission
from campaigns.submissions import get_open_submission
from tests.campaigns.full_briefs import draft, opened
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db

SPEC = {"kind": "video", "platform": "tiktok", "description": "Show the texture", "count": 3}


def body(**changes: Any) -> dict[str, Any]:
    today = timezone.now().date()
    return {
        "title": "Spring",
        "text": "A sunscreen without fragrance",
        "objective": "launch",
        "deliverables": [SPEC],
        "places": 2,
        "budget_minor": 90_000,
        "total_budget_minor": 300_000,
        "budget_currency": "EUR",
        "dos": ["Read the label"],
        "publish_by": (today + timedelta(days=30)).isoformat(),
        **changes,
    }


def test_from_draft_to_an_application(program: As, cast: Cast) -> None:
    brand, creator = program(cast.brand_owner), program(cast.creator_user)
    status, made = brand.post("campaigns/", body())
    assert status == 201, made
    here = f"campaigns/{made['id']}/"
    assert made["deliverables"] == [{**SPEC, "length": "", "format": ""}]
    assert (made["disclosure"], made["missing"], made["standing"]["moves"]) == (
        "#ad", [], ["submit", "cancel"],
    )  # fmt: skip
    status, changed = brand.patch(here, {"places": 3, "title": "Summer"})
    assert (status, changed["version"], changed["title"], changed["dos"]) == (
        200, 2, "Summer", ["Read the label"],
    )  # fmt: skip
    status, held = brand.post(f"{here}submit/", {})
    assert (status, held["status"]) == (200, "in_moderation")
    status, answer = brand.patch(here, {"places": 4})
    assert (status, refusal(answer)) == (409, ("brief_held", None))
    campaign = Campaign.objects.get(pk=made["id"])
    submission = get_open_submission(campaign)
    assert submission
    decide_submission(
        submission=submission, name="approve", actor=cast.moderator, now=timezone.now()
    )
    status, page = creator.get("open-campaigns/", platform="tiktok")
    assert (status, [one["title"] for one in page["results"]]) == (200, ["Summer"])
    status, read = creator.get(f"open-campaigns/{made['id']}/")
    assert (status, read["can_apply"], read["budget"], read["changes"]) == (200, True, "", [])
    assert not {"budget_minor", "total_budget_minor", "max_risk", "audience"} & read.keys()
    status, applied = creator.post(
        f"open-campaigns/{made['id']}/applications/", {"message": "Hello"}
    )
    assert (status, applied["state"], applied["acting"]) == (201, "applied", "brand")
    status, answer = creator.post(f"open-campaigns/{made['id']}/applications/", {})
    assert (status, refusal(answer)) == (409, ("already_together", None))
    status, read = creator.get(f"open-campaigns/{made['id']}/")
    assert (read["collaboration_id"], read["version_talked_about"]) == (applied["id"], 2)


def test_an_invitation_sent_again_under_its_key_is_one(program: As, cast: Cast) -> None:
    campaign = opened(cast)
    client = program(cast.brand_owner).client
    sent = {"creator_id": cast.creator.pk, "message": "Hello"}
    answers = [
        client.post(
            f"/api/v1/campaigns/{campaign.pk}/invitations/",
            sent,
            "application/json",
            headers={"Idempotency-Key": "invite-1"},
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Collaboration.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code", "attr"),
    [
        ({"title": ""}, "blank", "title"),
        ({"title": "t" * 141}, "max_length", "title"),
        ({"text": "x" * 20_001}, "brief_too_long", "text"),
        ({"text": " "}, "brief_empty", "text"),
        ({"total_budget_minor": 0}, "min_value", "total_budget_minor"),
        ({"total_budget_minor": 10**30}, "max_value", "total_budget_minor"),
        ({"total_budget_minor": 80_000}, "budget_above_total", "total_budget_minor"),
        ({"budget_currency": "euro"}, "max_length", "budget_currency"),
        ({"places": -1}, "min_value", "places"),
        ({"objective": "fame"}, "invalid_choice", "objective"),
        ({"deliverables": [SPEC] * 51}, "max_length", "deliverables"),
        ({"deliverables": [SPEC] * 17}, "too_many_deliverables", "deliverables"),
        ({"deliverables": [{**SPEC, "colour": "red"}]}, "unknown_field", "deliverables.0.colour"),
        ({"dos": ["\u0000"]}, "null_characters_not_allowed", "dos.0"),
        ({"links": ["ftp://example.org"]}, "links_rejected", "links"),
        ({"disclosure": ""}, "blank", "disclosure"),
        ({"apply_by": "2999-01-01"}, "date_out_of_range", "apply_by"),
        ({"publish_by": "2026-02-31"}, "invalid", "publish_by"),
        ({"publish_from": "2099-01-01"}, "dates_reversed", "publish_by"),
        ({"colour": "red"}, "unknown_field", "colour"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    program: As, cast: Cast, changes: dict[str, Any], code: str, attr: str
) -> None:
    status, answer = program(cast.brand_owner).post("campaigns/", body(**changes))
    assert (status, refusal(answer)) == (400, (code, attr))
    assert not Campaign.objects.exists()


def test_an_incomplete_campaign_names_all_that_is_missing(program: As, cast: Cast) -> None:
    brand = program(cast.brand_owner)
    _, made = brand.post("campaigns/", {"title": "Bare", "text": "Only words"})
    named = [one["field"] for one in made["missing"]]
    assert named == ["objective", "deliverables", "total_budget", "publish_by"]
    status, answer = brand.post(f"campaigns/{made['id']}/submit/", {})
    assert (status, refusal(answer)) == (400, ("campaign_incomplete", "objective"))
    assert [one["field"] for one in answer["details"]["missing"]] == named


def test_copies_and_templates(program: As, cast: Cast) -> None:
    brand = program(cast.brand_owner)
    campaign = draft(cast)
    status, copy = brand.post(f"campaigns/{campaign.pk}/copy/", {"title": "Again"})
    assert (status, copy["title"], copy["status"]) == (201, "Again", "draft")
    kept = {"campaign_id": campaign.pk, "name": "Launches"}
    status, template = brand.post("campaign-templates/", kept)
    assert (status, template["terms"]["objective"]) == (201, "launch")
    status, answer = brand.post("campaign-templates/", kept)
    assert (status, refusal(answer)) == (409, ("template_name_taken", "name"))
    status, started = brand.post(f"campaign-templates/{template['id']}/campaigns/", {})
    assert (status, started["title"]) == (201, "Launches")
    assert [one["name"] for one in brand.get("campaign-templates/")[1]["results"]] == ["Launches"]
    assert len(brand.get("campaigns/")[1]["results"]) == 3


def test_everybody_keeps_to_their_own(program: As, cast: Cast) -> None:
    campaign, huge = opened(cast), 10**30
    other, viewer = program(cast.other_owner), program(cast.brand_viewer)
    creator = program(cast.creator_user)
    here = f"campaigns/{campaign.pk}/"
    assert other.get(here)[0] == creator.get(here)[0] == 404
    assert viewer.get(here)[0] == 200
    for act in ("pause/", "copy/", "invitations/"):
        assert other.post(here + act, {})[0] == 404, act
        assert viewer.post(here + act, {})[0] == 403, act
    assert viewer.patch(here, {"places": 1})[0] == 403
    assert viewer.get("open-campaigns/")[0] == 403
    assert program(cast.brand_owner).post(
        f"open-campaigns/{campaign.pk}/applications/", {}
    )[0] == 403  # fmt: skip
    for address in (f"campaigns/{huge}/", f"open-campaigns/{huge}/"):
        assert program(cast.moderator).get(address)[0] == 404
    assert program(cast.brand_owner).post(f"campaigns/{huge}/submit/", {})[0] == 404
    assert creator.get("open-campaigns/", colour="red")[0] == 400
    assert creator.get("open-campaigns/", cursor="nonsense")[0] == 404
    assert viewer.get(here, colour="red")[0] == 400


def test_older_endpoints_answer_as_before(program: As, cast: Cast) -> None:
    campaign = draft(cast)
    status, brief = program(cast.brand_owner).get(f"briefs/{campaign.pk}/")
    assert status == 200
    assert "deliverables" not in brief
    status, answer = program(cast.brand_owner).patch(f"briefs/{campaign.pk}/", {"max_risk": 20})
    assert (status, answer["version"], answer["total_budget_minor"]) == (200, 2, 500_000)
    campaign.refresh_from_db()
    assert campaign.briefs.first().objective == "launch"  # type: ignore[union-attr]
