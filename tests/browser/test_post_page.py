"""A post's chart: drawn, described, shaded where hours stand out, redrawn in the other colours."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from scoring.post_scoring import rescore_post
from tests.browser.conftest import log_in
from tests.cast import Cast
from tests.scoring.catalogue import NOW, make_account
from tests.scoring.post_series import make_post, organic_counts, with_bought_likes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_chart_shades_the_hours_that_are_told_in_words(
    page: Page, live_server: LiveServer, people: Cast
) -> None:
    post = make_post(make_account("baker"), with_bought_likes(organic_counts()))
    rescore_post(post=post, now=NOW)
    log_in(page, people.brand_owner.email)
    page.goto(f"/creators/{post.account.creator_id}/")
    expect(page.get_by_text("Engagement flagged")).to_be_visible()
    page.get_by_role("link", name="How I bake bread").click()

    chart = page.get_by_role("img", name="Growth of views, likes, comments, shares per hour")
    expect(chart).to_be_visible()
    expect(chart.locator("svg")).to_contain_text("Likes per hour")
    shaded = page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--fg-high')"
    )
    assert chart.locator(f"svg path[fill='{shaded.strip()}']").count() >= 4
    expect(page.locator("ol.windows li").first).to_contain_text("likes")

    page.get_by_role("button", name="Switch to dark colours").click()
    dark = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--fg-high')")
    assert dark != shaded
    expect(chart.locator(f"svg path[fill='{dark.strip()}']").first).to_be_attached()

    page.get_by_text("The same as a table").click()
    expect(page.locator("tr.flagged").first).to_contain_text("window 1")
