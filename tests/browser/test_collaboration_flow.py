"""From an invitation to money owed, clicked by a brand and a creator, each in their own browser."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from campaigns.models import Collaboration, LedgerAccount
from campaigns.offers import enter_limit
from campaigns.states import Side
from tests.browser.conftest import TIMEOUT_MS
from tests.browser.test_every_page import NARROW, WIDE, inspect
from tests.cast import Cast
from tests.marketplace.pages.collaborating import ask_to_cancel, deposit, offer, reach

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Enter = Callable[[User], Page]


@pytest.fixture
def enter(chromium_browser: Browser, live_server: LiveServer) -> Iterator[Enter]:
    """A browser in which somebody is logged in."""
    contexts: list[BrowserContext] = []

    def entered(user: User) -> Page:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        context = chromium_browser.new_context(base_url=live_server.url, viewport=WIDE)  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT_MS)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        contexts.append(context)
        return context.new_page()

    yield entered
    for context in contexts:
        context.close()


def test_from_an_invitation_to_money_owed(people: Cast, enter: Enter) -> None:
    today = timezone.now().date()
    one = reach(people, "invited", now=timezone.now())
    deposit(people, 200_000, now=timezone.now())
    brand, creator = enter(people.brand_owner), enter(people.creator_user)
    address = f"/collaborations/{one.pk}/"

    brand.goto(address)
    brand.get_by_label("Kind").fill("reel")
    brand.get_by_label("Platform").select_option("instagram")
    brand.get_by_label("Price").fill("500.50")
    brand.get_by_label("Draft due").fill(str(today + timedelta(days=10)))
    brand.get_by_label("Published by").fill(str(today + timedelta(days=5)))
    brand.get_by_label("What is made").fill("A routine with the sunscreen")
    brand.get_by_role("button", name="Send the offer").click()
    expect(brand.get_by_text("before its draft is due")).to_be_visible()
    brand.get_by_label("Published by").fill(str(today + timedelta(days=20)))
    brand.get_by_role("button", name="Send the offer").click()
    expect(brand.get_by_text("Your offer is sent")).to_be_visible()

    creator.goto(address)
    expect(creator.get_by_text("It is your turn")).to_be_visible()
    creator.get_by_text("Make a counter-offer").click()
    expect(creator.get_by_label("Price")).to_have_value("500.50")
    creator.get_by_label("Price").fill("600")
    creator.get_by_role("button", name="Send the counter-offer").click()

    brand.reload()
    expect(brand.locator("#offers ins", has_text="€600.00").first).to_be_visible()
    brand.get_by_role("button", name="Accept offer 2").click()
    for person, name in ((brand, "Olga Owner"), (creator, "Carla Creator")):
        person.goto(address)
        person.get_by_label("Your full name").fill(name)
        person.get_by_role("button", name="Sign the contract").click()
        expect(person.get_by_text(f"Signed as {name}").first).to_be_visible()

    brand.goto(address)
    brand.get_by_role("button", name="Set €660.00 aside").click()
    expect(brand.get_by_text("The money is set aside. Work can start.")).to_be_visible()

    for text in ("First cut", "Second cut, without music"):
        creator.goto(address)
        creator.get_by_label("The draft, or words about it").fill(text)
        creator.get_by_role("button", name="Show the draft").click()
        expect(creator.get_by_text("The draft is with the brand")).to_be_visible()
        brand.goto(address)
        expect(brand.get_by_text(text)).to_be_visible()
        if text == "First cut":
            brand.get_by_text("Ask for changes").first.click()
            brand.get_by_label("A routine with the sunscreen").check()
            brand.get_by_label("What should change").fill("Please no music.")
            brand.get_by_role("button", name="Ask for these changes").click()
            expect(brand.get_by_text("The creator reads what should change")).to_be_visible()
        else:
            brand.get_by_role("button", name="Approve the draft").click()
            expect(brand.get_by_text("Approved. The creator can publish it.")).to_be_visible()

    creator.goto(address)
    creator.get_by_label("Address of the publication").fill("https://example.org/v/1")
    creator.get_by_label("Its caption").fill("My routine")
    creator.get_by_role("button", name="Say that it is published").click()
    expect(creator.get_by_text("does not contain the agreed disclosure")).to_be_visible()
    creator.get_by_label("Its caption").fill("My routine #ad")
    creator.get_by_role("button", name="Say that it is published").click()

    brand.goto(address)
    brand.get_by_role("button", name="Verify the publication").click()
    expect(brand.locator(".page-head").get_by_text("Completed")).to_be_visible()
    creator.goto(address)
    money = creator.locator("#money")
    expect(money.locator("div", has_text="Owed to the creator").last).to_contain_text("€600.00")
    payable = LedgerAccount.objects.get(kind=LedgerAccount.Kind.CREATOR_PAYABLE)
    assert payable.balance_minor == 60_000
    assert Collaboration.objects.get(pk=one.pk).state == "completed"


def test_a_row_is_added_without_javascript(
    people: Cast, enter: Enter, live_server: LiveServer
) -> None:
    one = reach(people, "invited", now=timezone.now())
    signed_in = enter(people.creator_user)
    browser = signed_in.context.browser
    assert browser
    with browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        storage_state=signed_in.context.storage_state(),
    ) as context:
        plain = context.new_page()
        plain.goto(f"/collaborations/{one.pk}/")
        plain.get_by_label("Kind").fill("reel")
        plain.get_by_role("button", name="Add another piece").click()
        expect(plain.get_by_label("Kind")).to_have_count(2)
        expect(plain.get_by_label("Kind").first).to_have_value("reel")


@pytest.mark.parametrize(
    ("width", "colours"), [(NARROW, "dark"), (WIDE, "light")], ids=["narrow dark", "wide light"]
)
@pytest.mark.parametrize("stage", ["offered", "agreed", "drafted"])
def test_everybody_can_read_the_page(
    people: Cast, enter: Enter, stage: str, width: dict[str, int], colours: str
) -> None:
    now = timezone.now()
    one = reach(people, stage, 50_000, 123_456, now=now)
    if stage == "offered":
        offer(people, one, 45_000, now=now, side=Side.CREATOR, notes="Long " * 200)
        enter_limit(
            collaboration=one, limit_minor=60_000, currency="EUR", side=Side.CREATOR,
            actor=people.creator_user, now=now,
        )  # fmt: skip
    person = people.brand_owner
    if stage == "drafted":
        ask_to_cancel(people, one, now=now)
        person = people.creator_user
    page = enter(person)
    inspect(page, [f"/collaborations/{one.pk}/"], width=width, colours=colours)
