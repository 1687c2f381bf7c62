"""The whole brief as a form, the campaign's steps, and creators who find it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.forms import MultipleChoiceField
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.briefs import get_latest_brief
from campaigns.models import BriefTemplate, Campaign, Collaboration
from campaigns.opening import decide_submission
from campaigns.submissions import get_open_submission
from campaigns.terms import BriefTerms
from marketplace.forms.full_briefs import FullBriefForm
from tests.campaigns.full_briefs import FULL, VIDEO, draft, opened
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse, make_creators

pytestmark = pytest.mark.django_db

ROW = {
    "count": "2",
    "kind": "video",
    "platform": "instagram",
    "description": "Show the texture",
    "length": "30 s",
    "format": "",
}
FORM = {
    "title": "Spring",
    "text": "A sunscreen without fragrance",
    "max_risk": "100",
    "budget": "900.01",
    "budget_currency": "EUR",
    "objective": "launch",
    "places": "4",
    "total_budget": "5000",
    "shows_budget": "on",
    "product": "Sunscreen, 50 ml",
    "links": "https://example.org/a\r\n\r\n https://example.org/b ",
    "dos": "Read the label\r\nSay the price",
    "donts": "No medical advice",
    "values": "",
    "usage_rights_months": "6",
    "usage_rights": "Our own channels",
    "exclusivity_days": "",
    "disclosure": "#ad",
    "revision_rounds": "1",
    "approval": "",
    "apply_by": "2026-03-20",
    "publish_from": "2026-04-01",
    "publish_by": "2026-04-30",
    "specs-TOTAL_FORMS": "2",
    "specs-INITIAL_FORMS": "0",
    **{f"specs-0-{name}": value for name, value in ROW.items()},
    **{f"specs-1-{name}": "" for name in ROW},
}


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


def settings_of(campaign: Campaign) -> str:
    return reverse("campaign_settings", args=[campaign.pk])


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def step(client: Client, campaign: Campaign, name: str, **body: str) -> Any:
    return client.post(reverse("campaign_move", args=[campaign.pk, name]), body, follow=True)


def test_every_field_of_the_form_reaches_the_brief(owner: Client, cast: Cast) -> None:
    campaign = draft(cast, title="Old")
    assert owner.post(settings_of(campaign), FORM).status_code == 302
    terms = BriefTerms.of(get_latest_brief(campaign))
    campaign.refresh_from_db()
    assert campaign.title == "Spring"
    assert (terms.objective, terms.places, terms.shows_budget) == ("launch", 4, True)
    assert (terms.budget_minor, terms.total_budget_minor) == (90_001, 500_000)
    assert terms.links == ["https://example.org/a", "https://example.org/b"]
    assert terms.dos == ["Read the label", "Say the price"]
    assert [(one.count, one.kind, one.length) for one in terms.deliverables] == [
        (2, "video", "30 s")
    ]
    assert (terms.exclusivity_days, terms.revision_rounds) == (0, 1)
    assert terms.publish_by == FULL.publish_by


def sent_as(form: FullBriefForm, name: str) -> str | list[str]:
    """A field's value as a browser sends it."""
    value = form[name].value()
    if isinstance(form.fields[name], MultipleChoiceField):
        return list(value)
    return "\r\n".join(value) if isinstance(value, list) else str(value)


def test_the_page_shows_the_saved_brief_and_saving_it_changes_nothing(
    owner: Client, cast: Cast
) -> None:
    campaign = draft(cast)
    form = owner.get(settings_of(campaign)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert (shown["total_budget"], shown["publish_by"]) == (5000, FULL.publish_by)
    assert form.specs.forms[0].initial["kind"] == VIDEO.kind
    rows = {f"specs-0-{name}": value for name, value in VIDEO.to_json().items()}
    body = {name: sent_as(form, name) for name in shown if shown[name] not in (None, False, "")}
    sent = {**body, **rows, "specs-TOTAL_FORMS": "1", "specs-INITIAL_FORMS": "1"}
    assert owner.post(settings_of(campaign), sent).status_code == 302
    assert BriefTerms.of(get_latest_brief(campaign)) == FULL
    assert campaign.briefs.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "t" * 141}, "at most 140 characters"),
        ({"text": " "}, "The brief is empty"),
        ({"disclosure": " "}, "Say how the advertising is disclosed"),
        ({"publish_by": "2026-03-31"}, "Publication would end"),
        ({"apply_by": "2026-05-05"}, "after publication has ended"),
        ({"publish_by": "31.02.2026"}, "Enter a valid date"),
        ({"total_budget": "0"}, "greater than or equal to 0.01"),
        ({"total_budget": "-5"}, "greater than or equal to 0.01"),
        ({"total_budget": "1" + "0" * 30}, "no more than 14 digits"),
        ({"total_budget": "10"}, "exceeds that for all of them"),
        ({"places": "0"}, "greater than or equal to 1"),
        ({"objective": "fame"}, "not one of the available choices"),
        ({"links": "javascript:alert(1)"}, "begin with https://"),
        ({"product": "p\x00"}, "Null characters"),
        ({"product": "p" * 2001}, "at most 2000 characters"),
        ({"dos": "\n".join("abcdefghijklmnopqrstuvwxyz")}, "At most 20 points"),
        ({"usage_rights_months": "121"}, "less than or equal to 120"),
        ({"specs-0-platform": ""}, "Choose the platform"),
        ({"specs-0-platform": "myspace"}, "not one of the available choices"),
        ({"specs-0-count": "0"}, "greater than or equal to 1"),
        (
            {"specs-TOTAL_FORMS": "51"} | {f"specs-{n}-kind": "video" for n in range(51)},
            "at most 50",
        ),
        ({"specs-TOTAL_FORMS": "many"}, "deliverable"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_saved(
    owner: Client, cast: Cast, changes: dict[str, str], message: str
) -> None:
    campaign = draft(cast)
    response = owner.post(settings_of(campaign), {**FORM, **changes})
    assert response.status_code == 422
    assert message in text_of(response).replace("&#x27;", "'")
    assert campaign.briefs.count() == 1


def test_markup_is_shown_as_text(owner: Client, cast: Cast) -> None:
    markup = "<script>alert('x')</script> skin"
    campaign = draft(cast, title=markup, text=markup, product=markup, dos=[markup])
    assert "<script>alert" not in owner.get(settings_of(campaign)).content.decode()


def test_from_draft_to_an_application(owner: Client, cast: Cast, browse: Browse) -> None:
    today = timezone.now().date()
    days = {
        "apply_by": today + timedelta(days=9),
        "publish_from": None,
        "publish_by": today + timedelta(days=30),
    }
    campaign = draft(cast, **days, objective="", shows_budget=True)
    page = text_of(owner.get(settings_of(campaign)))
    assert "Say what the campaign is for." in page
    assert "The brand must act next." in page
    assert "The brief is not complete" in text_of(step(owner, campaign, "submit"))
    form = {**FORM, "apply_by": "", "publish_from": "", "publish_by": str(days["publish_by"])}
    owner.post(settings_of(campaign), form)
    assert "The moderators must act next." in text_of(step(owner, campaign, "submit"))
    _decide(campaign, cast, "send_back", "Say what it costs.")
    assert "Say what it costs." in text_of(owner.get(settings_of(campaign)))
    step(owner, campaign, "submit")
    _decide(campaign, cast, "approve")

    creator = browse(cast.creator_user)
    listed = text_of(creator.get(reverse("open_campaigns")))
    assert "Spring" in listed
    assert "€500–€1,000" in listed
    address = reverse("open_campaign", args=[campaign.pk])
    page = text_of(creator.get(address))
    assert "Read the label" in page
    assert "5,000" not in page
    assert "900" not in page
    assert creator.post(address, {"message": "x" * 4_001}).status_code == 422
    assert creator.post(address, {"message": "I burn easily."}).status_code == 302
    assert Collaboration.objects.get().state == "applied"
    assert creator.post(address, {"message": "Again"}).status_code == 422
    assert Collaboration.objects.count() == 1

    again = {**form, "disclosure": "#advertisement"}
    assert "a moderator reads it again" in text_of(
        owner.post(settings_of(campaign), again, follow=True)
    )
    page = text_of(creator.get(address))
    assert "Changed while you talked" in page
    assert "#advertisement" in page


def _decide(campaign: Campaign, cast: Cast, name: str, reason: str = "") -> None:
    submission = get_open_submission(campaign)
    assert submission
    decide_submission(
        submission=submission, name=name, actor=cast.moderator, now=timezone.now(), reason=reason
    )


def test_a_creator_is_invited_to_an_open_campaign(
    owner: Client, cast: Cast, browse: Browse
) -> None:
    campaign = opened(cast)
    address = reverse("creator_invite", args=[cast.creator.pk])
    asked = owner.get(address, {"campaign": campaign.pk})
    assert str(campaign.pk) in asked.content.decode()
    body = {"campaign": str(campaign.pk), "message": "We like your routines."}
    assert owner.post(address, body).url == reverse("campaign", args=[campaign.pk])
    assert Collaboration.objects.get().state == "invited"
    assert owner.post(address, body).status_code == 422
    assert owner.post(address, {**body, "campaign": "1" * 40}).status_code == 422
    nobody = make_creators(1)[0]
    page = owner.get(reverse("creator_invite", args=[nobody.pk]))
    assert "reach nobody" in text_of(page)


def test_a_suspended_creator_finds_no_campaign(cast: Cast, browse: Browse) -> None:
    campaign = opened(cast)
    creator = cast.creator_user.creator
    creator.status = "suspended"
    creator.save()
    client = browse(cast.creator_user)
    for name, arguments in (("open_campaigns", []), ("open_campaign", [campaign.pk])):
        response = client.get(reverse(name, args=arguments))
        assert response.status_code == 403
        assert "suspended" in text_of(response)


def test_copies_and_templates_start_drafts(owner: Client, cast: Cast) -> None:
    campaign = draft(cast)
    owner.post(reverse("campaign_copy", args=[campaign.pk]))
    assert Campaign.objects.filter(title="Copy of Spring", status="draft").count() == 1
    keep = reverse("campaign_template", args=[campaign.pk])
    assert owner.post(keep, {"name": "Launches"}).status_code == 302
    assert "a template of this name" in text_of(owner.post(keep, {"name": "Launches"}))
    template = BriefTemplate.objects.get()
    assert "Launches" in text_of(owner.get(reverse("brief_templates")))
    owner.post(reverse("brief_template_start", args=[template.pk]))
    assert Campaign.objects.filter(title="Launches", status="draft").count() == 1
    owner.post(reverse("brief_template_delete", args=[template.pk]))
    assert not BriefTemplate.objects.exists()


def test_lists_are_filtered_and_go_on(
    owner: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marketplace.pages import campaigns

    monkeypatch.setattr(campaigns, "PAGE_SIZE", 2)
    made = [draft(cast, title=f"Number {n}") for n in range(3)]
    opened(cast, title="Open")
    page = owner.get(reverse("campaigns"), {"status": "draft"})
    assert [one.title for one in page.context["campaigns"]] == ["Number 2", "Number 1"]
    assert page.context["next"] == made[1].pk
    page = owner.get(reverse("campaigns"), {"status": "draft", "below": made[1].pk})
    assert [one.title for one in page.context["campaigns"]] == ["Number 0"]
    for nonsense in ({"below": "١"}, {"below": "9" * 40}, {"status": "x"}, {"q": "a\x00"}):
        assert owner.get(reverse("campaigns"), nonsense).status_code == 200


def test_the_open_list_takes_any_filter(cast: Cast, browse: Browse) -> None:
    client = browse(cast.creator_user)
    for nonsense in (
        {"platform": "myspace"}, {"country": "Atlantis"}, {"niche": "x\x00"}, {"q": "\x00"},
        {"q": "x" * 5_000}, {"below": "-1"},
    ):  # fmt: skip
        assert client.get(reverse("open_campaigns"), nonsense).status_code == 200, nonsense
