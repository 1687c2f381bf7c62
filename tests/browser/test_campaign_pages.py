"""The pages about campaigns, for brands and creators: readable by all, nothing sticks out."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.copying import save_template
from tests.browser.conftest import log_in
from tests.browser.test_every_page import NARROW, WIDE, inspect
from tests.campaigns.full_briefs import FULL, draft, opened, submitted
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("width", "colours"), [(NARROW, "dark"), (WIDE, "light")], ids=["narrow dark", "wide light"]
)
def test_pages_of_both_sides(
    page: Page, live_server: LiveServer, people: Cast, width: dict[str, int], colours: str
) -> None:
    bare, held = draft(people, title="Bare" * 30, publish_by=None), submitted(people)
    taking = opened(people, apply_by=None, shows_budget=True, product="x" * 900)
    save_template(brand=people.brand, name="L" * 140, terms=FULL, actor=people.brand_owner, now=NOW)
    log_in(page, people.brand_owner.email)
    settings = [f"/brand/campaigns/{one.pk}/settings/" for one in (bare, held, taking)]
    lists = ["/brand/campaigns/", "/brand/templates/", f"/creators/{people.creator.pk}/invite/"]
    inspect(page, [*settings, *lists], width=width, colours=colours)
    page.goto(settings[0])
    expect(page.get_by_text("Say by when it is to be published.")).to_be_visible()
    page.context.clear_cookies()
    log_in(page, people.creator_user.email)
    inspect(
        page, ["/open-campaigns/", f"/open-campaigns/{taking.pk}/"], width=width, colours=colours
    )
