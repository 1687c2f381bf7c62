"""A real Chromium against a real server of this process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.cast import PASSWORD, Cast, make_cast

# playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

TIMEOUT_MS = 15_000


@pytest.fixture(scope="session")
def chromium_browser(chromium_path: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # The sandbox needs privileges that containers do not give.
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium_browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a fresh profile; an error in its console fails the test."""
    context = chromium_browser.new_context(base_url=live_server.url)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert not [problem for problem in problems if "status of 4" not in problem]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast where another thread, the server's, sees it."""
    return make_cast()


def log_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Log in").click()
    page.wait_for_url("**/")
