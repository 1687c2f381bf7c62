"""The OpenAPI description: valid, complete, and true under generated requests."""

from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import Job, SocialAccount, User
from campaigns.models import Campaign
from tests.marketplace.api.conftest import As

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    ("POST", "/api/v1/ml/fake-follower-risk"),
    ("POST", "/api/v1/ml/fake-engagement"),
    ("POST", "/api/v1/ml/fake-engagement/batch"),
    ("POST", "/api/v1/ml/match-score"),
    ("POST", "/api/v1/ml/price-suggestion"),
    ("GET", "/api/v1/creators/"),
    ("GET", "/api/v1/creators/{creator_id}/"),
    ("GET", "/api/v1/briefs/"),
    ("POST", "/api/v1/briefs/"),
    ("GET", "/api/v1/briefs/{brief_id}/"),
    ("PATCH", "/api/v1/briefs/{brief_id}/"),
    ("GET", "/api/v1/briefs/{brief_id}/matches/"),
    ("GET", "/api/v1/jobs/{job_id}/"),
    ("GET", "/api/v1/collaborations/"),
    ("GET", "/api/v1/cases/"),
    ("GET", "/api/v1/cases/{case_id}/"),
    ("POST", "/api/v1/cases/{case_id}/evidence/"),
    ("POST", "/api/v1/cases/{case_id}/appeal/"),
    ("GET", "/api/v1/accounts/{account_id}/growth/"),
    ("GET", "/api/v1/accounts/{account_id}/growth-events/"),
    ("POST", "/api/v1/accounts/{account_id}/growth-events/"),
]
IDS = {"account_id", "campaign_id", "brief_id", "influencer_id", "creator_id", "user_id", "job_id"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    description: dict[str, Any] = yaml.safe_load(out.getvalue())
    return description


def test_the_description_is_valid_and_raises_no_warning(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.")


def test_every_address_is_described(described: dict[str, Any]) -> None:
    assert {
        (method.upper(), path)
        for path, operations in described["paths"].items()
        for method in operations
    } == set(OPERATIONS)


def test_every_operation_names_its_refusals(described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert {"401", "403", "404", "429", "503"} <= set(operation["responses"]), path
            assert operation["summary"], (path, method)


def test_anybody_can_read_description_and_pages_without_a_network(client: Client) -> None:
    assert client.get("/api/v1/schema/").status_code == 200
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "/static/drf_spectacular_sidecar/" in text
    assert "cdn" not in text


@pytest.fixture
def known(
    brand_owner: User, campaign: Campaign, catalogue: dict[str, SocialAccount]
) -> dict[str, int]:
    """Ids of rows the asker may see, by the names the description gives them."""
    job = Job.objects.create(kind=Job.Kind.SCORE, title="Score", owner=brand_owner)
    creator = catalogue["skin"].creator_id
    return {
        "account_id": catalogue["skin"].pk,
        "campaign_id": campaign.pk,
        "brief_id": campaign.pk,
        "influencer_id": creator,
        "creator_id": creator,
        "user_id": creator,
        "job_id": job.pk,
    }


@pytest.fixture
def session_token(program: As, brand_owner: User) -> str:
    token: str = program(brand_owner).client.session.session_key
    return token


@pytest.fixture
def api(db: None) -> Iterator[Any]:
    """The application as a server calls it, on this test's own connection.

    A real server closes connections between requests; here that would end the test's
    transaction, so it is left out, as Django's own client leaves it out.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


few_examples = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("about", ["anything", "rows there", "rows there, wrongly"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_meets_a_fault_or_an_answer_that_is_not_described(
    api: Any, session_token: str, known: dict[str, int], method: str, path: str, about: str
) -> None:
    answered: Counter[int] = Counter()

    wrong = about.endswith("wrongly")
    mode = GenerationMode.NEGATIVE if wrong else GenerationMode.POSITIVE

    @given(case=api[path][method].as_strategy(generation_mode=mode))
    @few_examples
    def ask(case: schemathesis.Case) -> None:
        if about != "anything":
            for place in (case.path_parameters, case.body):
                if isinstance(place, dict):
                    place.update({name: known[name] for name in IDS & set(place)})
        response = case.call_and_validate(headers={"X-Session-Token": session_token}, checks=CHECKS)
        answered[response.status_code] += 1

    ask()
    assert answered[401] == 0
