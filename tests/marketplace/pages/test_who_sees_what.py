"""Every address of the site against everybody, read row by row (`seeing.PEOPLE`)."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.growth_events import declare_event
from accounts.jobs import start_job
from accounts.models import Job, Membership, Post, SocialAccount, User
from accounts.teams import invite_member
from campaigns.models import Campaign
from marketplace.invitations import invitation_token
from scoring.moderation.opening import open_cases
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.scoring.moderation.conftest import say

pytestmark = pytest.mark.django_db

GET = {
    "home":             (200, 200, 200, 200, 200, 200, 200),
    "brief_new":        (302, 200, 403, 200, 403, 403, 403),
    "campaign":         (302, 200, 200, 404, 404, 404, 404),
    "team":             (302, 200, 200, 404, 404, 404, 404),
    "creators":         (302, 200, 200, 200, 200, 200, 200),
    "creator":          (302, 200, 200, 200, 200, 200, 200),
    "post":             (302, 200, 200, 200, 200, 200, 200),
    "growth":           (302, 403, 403, 403, 200, 403, 403),
    "case":             (302, 403, 403, 403, 200, 404, 302),
    "jobs":             (302, 200, 200, 200, 200, 200, 200),
    "job":              (302, 200, 404, 404, 404, 404, 200),
    "job_progress":     (302, 200, 404, 404, 404, 404, 200),
    "job_refused_rows": (302, 404, 404, 404, 404, 404, 404),
    "join":             (200, 200, 200, 200, 200, 200, 200),
}  # fmt: skip
POST = {
    "campaign":          (403, 422, 403, 404, 404, 404, 404),
    "brief_new":         (403, 422, 403, 422, 403, 403, 403),
    "team_invite":       (302, 422, 403, 404, 404, 404, 404),
    "team_revoke":       (302, 302, 403, 404, 404, 404, 404),
    "team_role":         (302, 302, 403, 404, 404, 404, 404),
    "team_remove":       (302, 302, 403, 404, 404, 404, 404),
    "case_evidence":     (403, 403, 403, 403, 302, 404, 403),
    "case_appeal":       (403, 403, 403, 403, 302, 404, 403),
    "job_cancel":        (302, 302, 404, 404, 404, 404, 302),
    "job_retry":         (302, 302, 404, 404, 404, 404, 302),
    "growth":            (302, 403, 403, 403, 422, 403, 403),
    "growth_withdraw":   (302, 403, 403, 403, 302, 403, 403),
    "import":            (302, 403, 403, 403, 403, 403, 422),
    "refresh_catalogue": (302, 403, 403, 403, 403, 403, 302),
}  # fmt: skip
# Forms whose text is handed back instead of being lost on the way to the log-in page.
BODIES = {
    "campaign": {"text": "  "},
    "brief_new": {"text": " "},
    "team_role": {"role": "manager"},
    "case_evidence": {"text": "It was on TV."},
    "case_appeal": {"text": "It was on TV."},
}


@pytest.fixture
def address(cast: Cast, campaign: Campaign) -> Callable[[str], str]:
    """The address of each named page, about things of the brand owner's."""
    colleague = User.objects.create_user("colleague@example.org")
    member = Membership.objects.create(brand=cast.brand, user=colleague, role="finance")
    invitation = invite_member(
        brand=cast.brand,
        email="new@example.org",
        role="viewer",
        actor=cast.brand_owner,
        now=timezone.now(),
    )
    job = start_job(
        kind=Job.Kind.EMBED, title="Embed", params={}, owner=cast.brand_owner, now=timezone.now()
    )
    account = SocialAccount.objects.create(creator=cast.creator, platform="tiktok", handle="own")
    post = Post.objects.create(account=account, external_id="post-1")
    account = SocialAccount.objects.create(creator=cast.creator, platform="tiktok", handle="grows")
    event = declare_event(
        account=account,
        kind="tv",
        starts_on=timezone.now().date(),
        ends_on=timezone.now().date(),
        evidence_url="https://example.org/",
        actor=cast.creator_user,
        now=timezone.now(),
    )
    account = SocialAccount.objects.create(
        creator=cast.creator, platform="youtube", handle="in_question"
    )
    [case] = open_cases(scores=[say(account, 90.0)], now=timezone.now())
    arguments = {
        "case": [case.pk],
        "case_evidence": [case.pk],
        "case_appeal": [case.pk],
        "campaign": [campaign.pk],
        "team": [cast.brand.pk],
        "team_invite": [cast.brand.pk],
        "team_revoke": [cast.brand.pk, invitation.pk],
        "team_role": [cast.brand.pk, member.pk],
        "team_remove": [cast.brand.pk, member.pk],
        "creator": [cast.creator.pk],
        "growth": [account.pk],
        "growth_withdraw": [event.pk],
        "post": [cast.creator.pk, post.pk],
        "job": [job.pk],
        "job_progress": [job.pk],
        "job_cancel": [job.pk],
        "job_retry": [job.pk],
        "job_refused_rows": [job.pk],
        "join": [invitation_token(invitation)],
    }
    return lambda name: reverse(name, args=arguments.get(name, []))


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    see(address(name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    send(address(name), POST[name], BODIES.get(name, {}), cast=cast, browse=browse)


@pytest.mark.parametrize("name", sorted(POST.keys() - GET.keys()))
def test_what_changes_something_refuses_get(
    name: str, cast: Cast, browse: Browse, address: Callable[[str], str]
) -> None:
    assert browse(cast.moderator).get(address(name)).status_code == 405


def test_the_tables_leave_no_page_out() -> None:
    """Modules of this folder hold tables ``GET`` and ``POST`` of the pages they try."""
    tables: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        module = import_module(f"tests.marketplace.pages.{path.stem}")
        tables |= getattr(module, "GET", {}).keys() | getattr(module, "POST", {}).keys()
    ours = {
        pattern.name
        for pattern in get_resolver().url_patterns
        if isinstance(pattern, URLPattern) and "marketplace.pages" in pattern.lookup_str
    }
    assert sorted(ours - tables) == sorted(tables - ours) == []


def test_ids_beyond_the_databases_integers_are_not_found(cast: Cast, browse: Browse) -> None:
    client = browse(cast.brand_owner)
    for name in ("campaign", "team", "creator", "job"):
        assert client.get(reverse(name, args=[10**30])).status_code == 404, name
