"""Which campaigns creators find, and how much of them they read."""

from datetime import date

import pytest

from accounts.errors import Forbidden, NotFound
from campaigns.briefs import get_latest_brief
from campaigns.open_calls import (
    CallFilters,
    budget_range,
    list_open_briefs,
    open_call_for,
    reader_of_calls,
    shown_budget,
)
from campaigns.running import change_campaign
from campaigns.starting import apply_to_campaign
from campaigns.states import Side
from tests.campaigns.full_briefs import draft, opened, submitted
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def titles(today: date = TODAY, **filters: str) -> list[str]:
    found = list_open_briefs(CallFilters(**filters), today=today)
    return [brief.campaign.title for brief in found]


def test_only_open_campaigns_that_take_applications_are_found(cast: Cast) -> None:
    draft(cast, title="Draft")
    submitted(cast, title="Held")
    opened(cast, title="Open")
    opened(cast, title="Newest")
    assert titles() == ["Newest", "Open"]
    assert titles(today=date(2026, 3, 21)) == []


def test_filters_pass_what_a_brief_leaves_open(cast: Cast) -> None:
    opened(cast, title="Any", niches=[])
    opened(cast, title="TikTok in Italy", platform="tiktok", country="Italy")
    assert titles(platform="instagram") == ["Any"]
    assert titles(platform="tiktok") == ["TikTok in Italy", "Any"]
    assert titles(country="italy") == ["TikTok in Italy", "Any"]
    assert titles(country="France") == ["Any"]
    assert titles(niche="gaming") == ["Any"]
    assert titles(q="tiktok IN") == ["TikTok in Italy"]
    assert titles(q="fragrance\x00") == ["TikTok in Italy", "Any"]
    assert titles(q="%") == []


def test_readers_are_creators_and_moderators(cast: Cast) -> None:
    assert reader_of_calls(cast.creator_user) == cast.creator
    assert reader_of_calls(cast.moderator) is None
    with pytest.raises(Forbidden):
        reader_of_calls(cast.brand_owner)
    cast.creator_user.creator.status = "suspended"
    cast.creator_user.creator.save()
    with pytest.raises(Forbidden):
        reader_of_calls(cast.creator_user)


def test_who_takes_part_reads_on_when_it_is_no_longer_open(cast: Cast) -> None:
    campaign = opened(cast)
    assert open_call_for(cast.creator_user, campaign.pk, today=TODAY).can_apply
    apply_to_campaign(campaign=campaign, creator=cast.creator, actor=cast.creator_user, now=NOW)
    change_campaign(
        campaign=campaign, name="pause", side=Side.BRAND, actor=cast.brand_owner, now=NOW
    )
    call = open_call_for(cast.creator_user, campaign.pk, today=TODAY)
    assert call.collaboration
    assert not call.can_apply
    with pytest.raises(NotFound):
        open_call_for(cast.other_creator_user, campaign.pk, today=TODAY)


def test_the_budget_is_hidden_or_a_range(cast: Cast) -> None:
    assert shown_budget(get_latest_brief(draft(cast))) == ""
    shown = draft(cast, shows_budget=True)
    assert shown_budget(get_latest_brief(shown)) == "€500–€1,000"
    by_places = draft(cast, shows_budget=True, budget_minor=None)
    assert shown_budget(get_latest_brief(by_places)) == "€1,000–€2,000"
    nothing = draft(cast, shows_budget=True, budget_minor=None, places=None)
    assert shown_budget(get_latest_brief(nothing)) == ""


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (1, "EUR", (0, 100)),
        (100, "EUR", (0, 100)),
        (101, "EUR", (100, 200)),
        (50_000, "EUR", (20_000, 50_000)),
        (7, "JPY", (5, 10)),
        (2**53 - 1, "EUR", (5 * 10**15, 10**16)),
    ],
)
def test_a_range_never_tells_the_limit(
    minor: int, currency: str, expected: tuple[int, int]
) -> None:
    assert budget_range(minor, currency) == expected
