"""Every main page in both widths and both colours: readable by all, nothing sticks out."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.jobs import start_job
from accounts.models import AccountMetric, Creator, Job, Provenance
from campaigns.briefs import create_campaign
from campaigns.terms import BriefTerms
from scoring.post_scoring import rescore_post
from tests.browser.conftest import log_in
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import BRIEF
from tests.scoring.catalogue import DAY, make_catalogue
from tests.scoring.justifying.frozen import own_account
from tests.scoring.post_series import make_post, organic_counts, with_bought_likes
from tests.scoring.valuing.made import make_valued, rank

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PUBLIC = ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing"]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
# What is clicked on a phone; links inside running text are exempt (WCAG 2.5.8).
TOO_SMALL = """
[...document.querySelectorAll("button, summary, .btn, .site-links a, select, input")]
  .filter((node) => node.checkVisibility() && node.type !== "hidden")
  .filter((node) => !node.matches("input[type=checkbox], input[type=radio]"))
  .filter((node) => node.getBoundingClientRect().height < 35)
  .map((node) => node.outerHTML.slice(0, 90))
"""


@dataclass(frozen=True)
class Story:
    """The pages of a brand owner and of a moderator, with something on each."""

    people: Cast
    brand_pages: list[str]
    moderator_pages: list[str]


@pytest.fixture
def story(people: Cast, live_server: LiveServer) -> Story:
    accounts = make_catalogue()
    AccountMetric.objects.create(
        account=accounts["skin"],
        day=DAY.replace(day=1),
        followers=1,
        provenance=Provenance.SIMULATED,
    )
    bought = make_post(accounts["skin"], with_bought_likes(organic_counts()))
    rescore_post(post=bought, now=NOW)
    Creator.objects.filter(accounts=accounts["skin"]).update(
        is_simulated=True, display_name="Unbroken" * 15
    )
    campaign = create_campaign(
        brand=people.brand,
        title="Spring" * 20,
        terms=BriefTerms(text=BRIEF),
        actor=people.brand_owner,
        now=NOW,
    )
    job = start_job(
        kind=Job.Kind.IMPORT, title="i" * 190, params={}, owner=people.moderator, now=NOW
    )
    problem = {"row": 8, "column": "followers", "found": "x" * 300, "expected": "a number"}
    Job.objects.filter(pk=job.pk).update(
        state="failed",
        error="e" * 300,
        result={"code": "file_refused", "details": {"rows": 9, "first_errors": [problem]}},
    )
    return Story(
        people,
        [
            "/",
            "/brand/find/",
            f"/brand/campaigns/{campaign.pk}/",
            f"/creators/{accounts['skin'].creator_id}/",
            f"/creators/{accounts['skin'].creator_id}/posts/{bought.pk}/",
            f"/brand/{people.brand.pk}/team/",
        ],
        ["/", "/jobs/", f"/jobs/{job.pk}/", "/creators/", "/accounts/email/", "/accounts/2fa/"],
    )


def inspect(page: Page, addresses: list[str], *, width: dict[str, int], colours: str) -> None:
    page.set_viewport_size(width)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
    found: list[str] = []
    for address in addresses:
        page.goto(address)
        # What is folded away is read too.
        page.evaluate("document.querySelectorAll('details.fold').forEach((d) => d.open = true)")
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            found.append(f"{address}: {beyond} px stick out")
        found += [f"{address}: too small: {html}" for html in page.evaluate(TOO_SMALL)]
        for violation in Axe().run(page, options=WCAG).response["violations"]:
            if violation["impact"] in {"serious", "critical"}:
                where = [node["target"] for node in violation["nodes"]][:5]
                found.append(f"{address}: {violation['id']} at {where}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE], ids=["narrow", "wide"])
def test_public_pages(
    page: Page, live_server: LiveServer, width: dict[str, int], colours: str
) -> None:
    inspect(page, PUBLIC, width=width, colours=colours)


@pytest.mark.parametrize(
    ("width", "colours"), [(NARROW, "dark"), (WIDE, "light")], ids=["narrow dark", "wide light"]
)
def test_pages_of_a_brand(page: Page, story: Story, width: dict[str, int], colours: str) -> None:
    log_in(page, story.people.brand_owner.email)
    inspect(page, story.brand_pages, width=width, colours=colours)


@pytest.mark.parametrize(
    ("width", "colours"), [(NARROW, "light"), (WIDE, "dark")], ids=["narrow light", "wide dark"]
)
def test_pages_of_a_moderator(
    page: Page, story: Story, width: dict[str, int], colours: str
) -> None:
    log_in(page, story.people.moderator.email)
    inspect(page, story.moderator_pages, width=width, colours=colours)


def test_pages_of_what_it_is_worth(page: Page, people: Cast, live_server: LiveServer) -> None:
    for place in range(3):
        make_valued(f"valued_{place}", likes=[300 * 2**place] * 8, followers=9_000 * 3**place)
    valued = own_account(people)
    rank()
    campaign = create_campaign(
        brand=people.brand,
        title="Spring",
        terms=BriefTerms(text=BRIEF),
        actor=people.brand_owner,
        now=NOW,
    )
    log_in(page, people.brand_owner.email)
    brand = f"/brand/{people.brand.pk}"
    pages = [
        "/rankings/",
        "/rankings/methodology/",
        f"/creators/{valued.creator_id}/value/",
        f"{brand}/alerts/new/",
        f"{brand}/formulas/",
        f"/brand/campaigns/{campaign.pk}/budget/",
    ]
    inspect(page, pages, width=NARROW, colours="dark")
    page.context.clear_cookies()
    log_in(page, people.creator_user.email)
    own = ["/creator/diagnostics/", "/creator/prices/", "/creator/justifications/new/"]
    inspect(page, own, width=NARROW, colours="light")
