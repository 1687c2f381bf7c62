"""What a whole brief may say, the offer drafted from it, and differences between versions."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from campaigns.brief_changes import get_brief_seen, list_changes
from campaigns.briefs import get_latest_brief, revise_brief
from campaigns.content_flags import find_flags
from campaigns.models import Brief
from campaigns.offer_drafts import draft_terms_of
from campaigns.offer_terms import OfferTerms
from campaigns.offers import make_offer
from campaigns.starting import apply_to_campaign, invite_creator
from campaigns.states import Side
from campaigns.terms import BriefRejected, BriefTerms
from tests.campaigns.full_briefs import FULL, VIDEO, draft, opened
from tests.cast import NOW, Cast

TODAY = NOW.date()


def spec(**changes: Any) -> dict[str, Any]:
    return {"deliverables": [replace(VIDEO, **changes)]}


@pytest.mark.parametrize(
    ("fields", "code", "attr"),
    [
        ({"objective": "fame"}, "unknown_objective", "objective"),
        ({"places": 0}, "places_out_of_range", "places"),
        ({"places": -3}, "places_out_of_range", "places"),
        ({"places": 10**30}, "places_out_of_range", "places"),
        ({"total_budget_minor": 0}, "total_budget_not_positive", "total_budget_minor"),
        ({"total_budget_minor": -1}, "total_budget_not_positive", "total_budget_minor"),
        ({"total_budget_minor": 10**30}, "total_budget_not_positive", "total_budget_minor"),
        ({"total_budget_minor": 90_000}, "budget_above_total", "total_budget_minor"),
        ({"deliverables": [VIDEO] * 51}, "too_many_deliverables", "deliverables"),
        ({"deliverables": [VIDEO] * 26}, "too_many_deliverables", "deliverables"),
        (spec(kind=" "), "deliverable_rejected", "deliverables.0.kind"),
        (spec(kind="x" * 41), "deliverable_rejected", "deliverables.0.kind"),
        (spec(platform="myspace"), "unknown_platform", "deliverables.0.platform"),
        (spec(count=0), "deliverable_rejected", "deliverables.0.count"),
        (spec(count=51), "deliverable_rejected", "deliverables.0.count"),
        (spec(description="x" * 1_801), "deliverable_rejected", "deliverables.0.description"),
        (spec(description="a\x00b"), "brief_not_text", "deliverables.0.description"),
        ({"product": "x" * 2_001}, "too_long", "product"),
        ({"approval": "x\x00"}, "brief_not_text", "approval"),
        ({"usage_rights": "\ud800"}, "brief_not_text", "usage_rights"),
        ({"country": "It\x00aly"}, "brief_not_text", "country"),
        ({"dos": [" "]}, "points_rejected", "dos"),
        ({"donts": ["x"] * 21}, "points_rejected", "donts"),
        ({"donts": ["x" * 301]}, "points_rejected", "donts"),
        ({"links": ["javascript:alert(1)"]}, "links_rejected", "links"),
        ({"links": ["https://example.org/"] * 11}, "links_rejected", "links"),
        ({"links": ["https://example.org/" + "x" * 500]}, "links_rejected", "links"),
        ({"disclosure": "  "}, "disclosure_missing", "disclosure"),
        ({"disclosure": "x" * 201}, "disclosure_missing", "disclosure"),
        ({"usage_rights_months": -1}, "out_of_range", "usage_rights_months"),
        ({"usage_rights_months": 121}, "out_of_range", "usage_rights_months"),
        ({"exclusivity_days": 731}, "out_of_range", "exclusivity_days"),
        ({"revision_rounds": 11}, "out_of_range", "revision_rounds"),
        ({"publish_by": date(2026, 3, 31)}, "dates_reversed", "publish_by"),
        ({"apply_by": date(2026, 5, 1)}, "dates_reversed", "apply_by"),
        ({"publish_from": date(1, 1, 1)}, "date_out_of_range", "publish_from"),
        ({"publish_by": date(9999, 12, 31)}, "date_out_of_range", "publish_by"),
    ],
)
def test_a_brief_is_refused_naming_the_field(fields: dict[str, Any], code: str, attr: str) -> None:
    with pytest.raises(BriefRejected) as refusal:
        replace(FULL, **fields).checked()
    assert (refusal.value.code, refusal.value.attr) == (code, attr)
    assert refusal.value.details == {"field": attr}


def test_markup_is_text_like_any_other() -> None:
    text = "<script>alert('skin')</script> care & <b>calm</b>"
    assert replace(FULL, text=text, product=text).checked().text == text


def test_terms_survive_being_kept_as_json() -> None:
    assert BriefTerms.from_json(FULL.to_json()) == FULL
    assert BriefTerms.from_json({"text": "old", "unknown": 1}) == BriefTerms(text="old")


def test_days_that_are_over_are_left_out_of_a_copy() -> None:
    later = FULL.without_past_dates(today=date(2026, 4, 10))
    assert (later.apply_by, later.publish_from, later.publish_by) == (None, None, date(2026, 4, 30))
    assert FULL.without_past_dates(today=TODAY) is FULL


@pytest.mark.django_db
class TestStored:
    def test_the_whole_brief_is_read_as_it_was_written(self, cast: Cast) -> None:
        assert BriefTerms.of(get_latest_brief(draft(cast))) == FULL

    def test_an_older_brief_has_the_usual_terms(self, cast: Cast) -> None:
        campaign = draft(cast)
        brief = Brief.objects.create(campaign=campaign, version=2, text="Only words")
        assert BriefTerms.of(brief) == BriefTerms(text="Only words")

    def test_the_offer_drafted_from_it_could_be_made(self, cast: Cast) -> None:
        terms = draft_terms_of(get_latest_brief(draft(cast)), today=TODAY)
        assert terms.checked(today=TODAY) is terms
        assert [one.price_minor for one in terms.deliverables] == [45_001, 45_000]
        first = terms.deliverables[0]
        assert first.description == "Show the texture and say what it costs (30 s, vertical)"
        assert (first.draft_due_on, first.publish_by) == (date(2026, 4, 23), date(2026, 4, 30))
        assert (terms.currency, terms.usage_rights_months, terms.exclusivity_days) == ("EUR", 6, 30)

    def test_a_draft_of_a_bare_brief_leaves_open_what_it_does_not_say(self, cast: Cast) -> None:
        campaign = draft(cast, deliverables=[], budget_minor=None, publish_by=None, apply_by=None)
        assert draft_terms_of(get_latest_brief(campaign), today=TODAY).deliverables == []
        campaign = draft(cast, budget_minor=None)
        terms = draft_terms_of(get_latest_brief(campaign), today=date(2026, 6, 1))
        assert {one.price_minor for one in terms.deliverables} == {0}
        assert terms.deliverables[0].publish_by == date(2026, 6, 29)


@pytest.mark.django_db
class TestVersions:
    def revise(self, campaign: Any, cast: Cast, **changes: Any) -> Brief:
        present = BriefTerms.of(get_latest_brief(campaign))
        return revise_brief(
            campaign=campaign, terms=replace(present, **changes), actor=cast.brand_owner, now=NOW
        )

    def test_a_collaboration_keeps_the_version_it_began_with(self, cast: Cast) -> None:
        campaign = opened(cast)
        invited = invite_creator(
            campaign=campaign, creator=cast.creator, actor=cast.brand_owner, now=NOW
        )
        assert get_brief_seen(invited).changes == []
        self.revise(campaign, cast, disclosure="#advertisement", max_risk=10, places=2)
        seen = get_brief_seen(invited)
        assert (seen.brief.version, seen.latest.version) == (1, 2)
        # The brand's own limits are nobody else's business.
        assert [(one.field, one.before, one.after) for one in seen.changes] == [
            ("disclosure", "#ad", "#advertisement"),
            ("places", "4", "2"),
        ]

    def test_an_offer_is_made_under_the_version_of_its_time(self, cast: Cast) -> None:
        campaign = opened(cast)
        applied = apply_to_campaign(
            campaign=campaign, creator=cast.creator, actor=cast.creator_user, now=NOW
        )
        brief = self.revise(campaign, cast, apply_by=date(2026, 3, 25))
        terms: OfferTerms = draft_terms_of(brief, today=TODAY)
        make_offer(
            collaboration=applied, terms=terms, side=Side.BRAND, actor=cast.brand_owner, now=NOW
        )
        assert get_brief_seen(applied).brief.version == 2

    def test_private_limits_are_told_to_the_brand(self) -> None:
        changed = replace(FULL, budget_minor=80_000, text="New")
        assert [one.field for one in list_changes(FULL, changed)] == ["text"]
        private = list_changes(FULL, changed, private=True)
        assert [(one.label, one.after) for one in private][1] == ("Budget per creator", "€800")


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"text": "Review our new hunting rifles on video"}, "weapons", "text"),
        ({"product": "An online casino with a welcome bonus"}, "gambling", "product"),
        ({"dos": ["Mention the vape flavours"]}, "drugs_and_tobacco", "dos"),
        ({"text": "It cures acne in a week"}, "health_claims", "text"),
        ({"text": "Guaranteed returns with our crypto wallet"}, "money_promises", "text"),
        ({"dos": ["Please don't say that this is an ad"]}, "hidden_advertising", "dos"),
        ({"donts": ["#ad in the first line"]}, "hidden_advertising", "donts"),
        ({"approval": "We pay by PayPal after approval"}, "off_platform", "approval"),
        ({"text": "Creators are paid directly, outside the platform"}, "off_platform", "text"),
        (spec(description="Write to us on WhatsApp first"), "off_platform", "deliverables.0"),
    ],
)
def test_what_a_moderator_should_see_is_flagged_with_its_words(
    fields: dict[str, Any], code: str, field: str
) -> None:
    flags = find_flags(title="Spring", terms=replace(FULL, **fields))
    assert (code, field) in {(flag.code, flag.field) for flag in flags}
    assert all(flag.found and flag.message.endswith(".") for flag in flags)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"donts": ["No weapons, no alcohol, no gambling"]},
        {"text": "Begin your day with a better breakfast; engine oil and ginger tea"},
        {"dos": ["Mark every post with #ad", "Disclose that it is paid"]},
        {"text": "Bread knives for people who bake. Honest opinions, scripts are not."},
    ],
)
def test_harmless_briefs_raise_no_flag(fields: dict[str, Any]) -> None:
    assert find_flags(title="Spring", terms=replace(FULL, **fields)) == []
