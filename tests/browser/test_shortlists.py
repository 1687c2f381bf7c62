"""From a creator's page onto a list, talked over and compared on a phone."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.briefs import create_campaign
from campaigns.models import Shortlist, ShortlistNote, ShortlistVote
from campaigns.shortlist_entries import add_creator
from campaigns.terms import BriefTerms
from tests.browser.conftest import log_in
from tests.browser.test_every_page import NARROW, WIDE, inspect
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import BRIEF
from tests.scoring.catalogue import make_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_team_lists_talks_and_compares(page: Page, people: Cast, live_server: LiveServer) -> None:
    accounts = make_catalogue()
    skin, runner = accounts["skin"].creator, accounts["runner"].creator
    log_in(page, people.brand_owner.email)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(f"/creators/{skin.pk}/")
    page.locator("summary", has_text="Add to a list").click()
    page.get_by_label("Name of a new list").fill("Spring faces")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("is on “Spring faces” now.")).to_be_visible()
    found = Shortlist.objects.get()
    found.campaign = create_campaign(
        brand=people.brand, title="Spring", terms=BriefTerms(text=BRIEF),
        actor=people.brand_owner, now=NOW,
    )  # fmt: skip
    found.save(update_fields=["campaign"])
    add_creator(shortlist=found, creator=runner, actor=people.brand_owner, now=NOW)

    page.goto(f"/brand/shortlists/{found.pk}/")
    page.get_by_role("button", name="Vote for Skin").click()
    expect(page.get_by_role("button", name="Vote for Skin")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert ShortlistVote.objects.get().value == 1
    notes = page.locator("article", has_text="Skin").locator("details.notes").first
    notes.locator("summary").click()
    notes.get_by_label("Note about Skin").fill("Calm voice")
    notes.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Calm voice")).to_be_visible()
    assert ShortlistNote.objects.get().text == "Calm voice"

    page.get_by_text("Compare Skin").click()
    page.get_by_text("Compare Runner").click()
    page.get_by_role("button", name="Compare those ticked").click()
    table = page.get_by_role("region", name="Creators side by side")
    expect(table.get_by_role("row", name="Match with the campaign")).to_contain_text("best")
    # The table scrolls in its own box, and the names of the facts stay where they are.
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert table.evaluate("node => node.scrollWidth > node.clientWidth")
    first = table.get_by_role("rowheader").first
    before = first.bounding_box()
    table.evaluate("node => { node.scrollLeft = 200 }")
    after = first.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["x"] - after["x"]) < 2

    addresses = [
        "/brand/shortlists/",
        f"/brand/shortlists/{found.pk}/",
        f"/creators/compare/?id={skin.pk}&id={runner.pk}&campaign={found.campaign_id}",
        f"/creators/{skin.pk}/",
    ]
    inspect(page, addresses, width=NARROW, colours="dark")
    inspect(page, addresses, width=WIDE, colours="light")


def test_a_creator_says_when_they_are_away(
    page: Page, people: Cast, live_server: LiveServer
) -> None:
    log_in(page, people.creator_user.email)
    page.goto(f"/creators/{people.creator.pk}/")
    page.get_by_role("link", name="Say it").click()
    page.get_by_label("Do you take on work?").select_option("yes")
    page.get_by_role("button", name="Say so").click()
    expect(page.get_by_text("Takes on work")).to_be_visible()
    inspect(page, [f"/creators/{people.creator.pk}/availability/"], width=NARROW, colours="light")
