"""Growth on a phone in the dark: chart, sentences, and the form to explain it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import GrowthEvent
from tests.browser.conftest import log_in
from tests.browser.test_every_page import NARROW, inspect
from tests.cast import Cast
from tests.marketplace.growing import make_growing_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_creator_explains_a_spike_and_sees_it_shaded(
    page: Page, people: Cast, live_server: LiveServer
) -> None:
    account, day = make_growing_account(people.creator)
    profile = f"/creators/{people.creator.pk}/"
    log_in(page, people.creator_user.email)
    inspect(
        page, [profile, f"/creators/accounts/{account.pk}/growth/"], width=NARROW, colours="dark"
    )
    page.goto(profile)
    chart = page.locator(".chart svg")
    expect(chart).to_be_visible()
    page.get_by_role("link", name="Explain the growth of").click()
    page.get_by_label("What happened*").select_option("tv")
    expect(page.get_by_label("First day*")).to_have_value(str(day))
    page.get_by_label("Link where it can be seen").fill("https://example.org/programme")
    page.get_by_role("button", name="Declare").click()
    expect(page.get_by_text("not yet looked at")).to_be_visible()
    assert GrowthEvent.objects.get().kind == "tv"
    page.goto(profile)
    expect(page.locator(".chart svg")).to_contain_text("Television")
