"""What a visitor gets when something is wrong, and that no words of theirs are lost."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from accounts.teams import invite_member
from campaigns.models import Campaign
from marketplace.invitations import invitation_token
from marketplace.pages import briefs, errors, home
from marketplace.pages.refusals import refuse
from scoring.matching.retrieval import SearchTooSlow
from tests.cast import Cast
from tests.marketplace.pages.conftest import BACKEND, BRIEF, Browse

pytestmark = pytest.mark.django_db

LOST = [
    OperationalError("the connection is closed"),
    InterfaceError("cursor already closed"),
    RedisConnectionError("refused"),
    RedisTimeoutError("slow"),
]


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every query fails as it does when the server is gone; nothing below is replaced."""

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("could not connect to server")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
def test_a_lost_store_is_a_503_that_says_so(
    owner: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(_: object) -> None:
        raise error

    monkeypatch.setattr(home, "_dashboard", refuse)
    response = owner.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "back in a minute" in response.content.decode()


@pytest.mark.parametrize(
    "name", ["home", "brief_new", "creators", "jobs", "account_email", "mfa_index"]
)
def test_every_page_survives_a_lost_database(owner: Client, no_database: None, name: str) -> None:
    """The session is what fails first, outside of any view."""
    response = owner.get(reverse(name))
    assert response.status_code == 503
    assert "back in a minute" in response.content.decode()


@pytest.mark.parametrize("address", ["/nothing/here", "/creators/1/"])
def test_other_addresses_survive_a_lost_database(
    owner: Client, no_database: None, address: str
) -> None:
    assert owner.get(address).status_code == 503


def test_pages_without_data_need_no_database(client: Client, no_database: None) -> None:
    for name in ("home", "account_login", "account_signup"):
        assert client.get(reverse(name)).status_code == 200


def test_the_api_answers_in_its_own_form(owner: Client, no_database: None) -> None:
    response = owner.get("/api/v1/creators/")
    assert response.status_code == 503
    assert response.json()["errors"][0]["code"] == "unavailable"


def test_a_brief_sent_into_a_lost_database_can_be_sent_again(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(cast.brand_owner, backend=BACKEND)
    token = client.get(reverse("brief_new")).context["csrf_token"]
    form = {
        "text": 'Precious <words> & "quotes"',
        "platform": "tiktok",
        "niches": ["a", "b"],
        "csrfmiddlewaretoken": str(token),
    }

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        response = client.post(reverse("brief_new"), form)
    html = response.content.decode()
    assert response.status_code == 503
    assert "Precious &lt;words&gt; &amp; &quot;quotes&quot;" in html
    assert "Send again" in html
    assert re.findall(r'type="hidden" name="(platform|niches)" value="(\w+)"', html) == [
        ("platform", "tiktok"),
        ("niches", "a"),
        ("niches", "b"),
    ]
    token_again = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert token_again
    again = {"text": "Precious words", "csrfmiddlewaretoken": token_again[1]}
    assert client.post(reverse("brief_new"), again).status_code == 302
    assert Campaign.objects.get().title == "Precious words"


def test_a_forged_form_is_never_offered_again(cast: Cast) -> None:
    """Else a lost database would lend our own token to somebody else's page."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(cast.brand_owner, backend=BACKEND)

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        response = client.post(reverse("brief_new"), {"text": "Forged words"})
    assert response.status_code == 503
    assert "Send again" not in response.content.decode()
    refused = client.post(reverse("brief_new"), {"text": "Forged words"})
    assert refused.status_code == 403
    assert "Forged words" in refused.content.decode()
    assert "csrfmiddlewaretoken" not in refused.content.decode()


def test_a_password_is_never_handed_back(client: Client, no_database: None) -> None:
    form = {"login": "a@example.org", "password": "hunter-two-secret"}
    response = client.post(reverse("account_login"), form)
    assert response.status_code == 503
    assert "hunter-two-secret" not in response.content.decode()


def test_a_session_that_cannot_be_saved_is_a_503_too(
    cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saving happens in a middleware, after the view has answered."""
    invitation = invite_member(
        brand=cast.brand,
        email="new@example.org",
        role="viewer",
        actor=cast.brand_owner,
        now=timezone.now(),
    )

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(SessionStore, "save", refuse)
    response = browse(None).get(reverse("join", args=[invitation_token(invitation)]))
    assert response.status_code == 503


def test_a_fault_of_ours_says_so_and_hands_the_text_back(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(briefs, "create_campaign", fail)
    response = owner.post(reverse("brief_new"), {"text": BRIEF})
    html = response.content.decode()
    assert response.status_code == 500
    assert "Something broke on our side" in html
    assert BRIEF in html
    assert "a fault" not in html


def test_unknown_addresses_are_404(client: Client) -> None:
    response = client.get("/nothing/here")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_refused_requests_have_their_pages(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/")
    assert errors.bad_request(request, SuspiciousOperation()).status_code == 400
    assert errors.permission_denied(request, PermissionDenied()).status_code == 403


def test_what_can_be_tried_again_later_says_so(rf: RequestFactory) -> None:
    answer = refuse(rf.get("/"), SearchTooSlow())
    assert answer.status_code == 503
    assert "took too long" in answer.content.decode()
