"""The OpenAPI description: valid, complete, and true under generated requests."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import Job, SocialAccount
from campaigns.models import Payment
from campaigns.shortlist_entries import add_creator
from campaigns.shortlist_notes import write_note
from campaigns.shortlists import create_shortlist
from marketplace.api import urls
from marketplace.api.views.unknown import UnknownAddressView
from scoring.alerting.keeping import Channels, create_rule
from scoring.alerting.terms import RuleTerms
from scoring.discovery.saving import save_search
from scoring.discovery.terms import SearchTerms
from tests.cast import Cast, make_cast
from tests.marketplace.api.collaborating import drafted
from tests.marketplace.api.conftest import As
from tests.scoring.catalogue import make_catalogue

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
METHODS = ("get", "post", "put", "patch", "delete")
# What describes the rest, and what only providers can read.
UNDESCRIBED = ("schema/", "docs/", "payments/providers/<str:name>/events/")


def operations() -> list[tuple[str, str]]:
    """(method, path) of every address of the API, as the description should have them."""
    found = []
    for pattern in urls.urlpatterns:
        route = str(pattern.pattern)
        view = getattr(pattern.callback, "cls", None)
        if route in UNDESCRIBED or view in (None, UnknownAddressView):
            continue
        path = re.sub(r"<\w+:(\w+)>", r"{\1}", route)
        methods = [method for method in METHODS if hasattr(view, method)]
        found += [(method.upper(), f"/api/v1/{path}") for method in methods]
    return sorted(found)


OPERATIONS = operations()
# Of each of the three kinds of requests. Acts on a collaboration share one view and differ in
# their bodies, so a few of each are enough.
EXAMPLES, FEW_EXAMPLES = 10, 3
MANY_ALIKE = re.compile(
    r"/(collaborations|deliverables|campaigns|payments|brands|open-campaigns|saved-searches"
    r"|alerts|budget-plans|justifications|shortlists|shortlist-entries|shortlist-notes)/"
)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    out = StringIO()
    call_command("spectacular", format="openapi-json", stdout=out)
    description: dict[str, Any] = json.loads(out.getvalue())
    return description


def test_the_description_is_valid_and_raises_no_warning() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    assert out.getvalue().startswith("openapi: 3.")


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


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Made once, with the rows below; each test runs in a savepoint of its own inside."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_cast()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def known(cast: Cast, django_db_blocker: Any) -> dict[str, Any]:
    """Ids of rows the askers may see, by the names the description gives them."""
    with django_db_blocker.unblock():
        return rows_of(cast, make_catalogue())


def rows_of(cast: Cast, catalogue: dict[str, SocialAccount]) -> dict[str, Any]:
    job = Job.objects.create(kind=Job.Kind.SCORE, title="Score", owner=cast.brand_owner)
    creator = catalogue["skin"].creator_id
    work = drafted(cast)
    payment = Payment.objects.create(
        kind="deposit", brand=cast.brand, amount_minor=100, currency="EUR", provider="fake",
        idempotency_key="known", state="requested",
    )  # fmt: skip
    owner, now = cast.brand_owner, timezone.now()
    shortlist = create_shortlist(brand=cast.brand, name="Summer", actor=owner, now=now)
    entry, _ = add_creator(shortlist=shortlist, creator=cast.creator, actor=owner, now=now)
    note = write_note(entry=entry, text="Asked.", actor=owner, now=now)
    search = save_search(
        brand=cast.brand, name="Spain", terms=SearchTerms(text="skin"), actor=owner, now=now
    )
    rule = create_rule(
        brand=cast.brand, name="Rise", actor=owner, now=now, channels=Channels(),
        terms=RuleTerms(kind="threshold", metric="followers", threshold=1_000),
    )  # fmt: skip
    return {
        "rule_id": rule.pk,
        "shortlist_id": shortlist.pk,
        "entry_id": entry.pk,
        "note_id": note.pk,
        "search_id": search.pk,
        "account_id": catalogue["skin"].pk,
        "brand_id": cast.brand.pk,
        "campaign_id": work.campaign_id,
        "brief_id": work.campaign_id,
        "collaboration_id": work.pk,
        "deliverable_id": work.deliverables.get().pk,
        "payment_id": payment.pk,
        "influencer_id": creator,
        "creator_id": st.sampled_from([creator, cast.creator.pk]),
        "user_id": creator,
        "job_id": job.pk,
    }


@pytest.fixture
def tokens(program: As, cast: Cast, known: dict[str, Any], db: None) -> list[str]:
    """Of an owner and a creator who work together."""
    users = (cast.brand_owner, cast.creator_user)
    return [str(program(user).client.session.session_key) for user in users]


@pytest.fixture(scope="module")
def api(described: dict[str, Any]) -> Any:
    """The application as a server calls it, described once for all tests."""
    schema = schemathesis.openapi.from_dict(described)
    schema.app, schema.location = get_wsgi_application(), "/api/v1/schema/"
    return schema


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A real server closes connections between requests; here that would end the test's
    transaction, so it is left out, as Django's own client leaves it out."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_meets_a_fault_or_an_answer_that_is_not_described(
    api: Any, tokens: list[str], known: dict[str, Any], method: str, path: str
) -> None:
    """Three kinds of requests: about anything, about rows that are there, and malformed ones."""
    answered: Counter[int] = Counter()
    few = settings(
        max_examples=FEW_EXAMPLES if MANY_ALIKE.search(path) else EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    def ask(case: schemathesis.Case, data: st.DataObject, about_rows: bool) -> None:
        if about_rows:
            places: list[Any] = [case.path_parameters, case.body]
            for place in places:
                for name in known.keys() & (set(place) if isinstance(place, dict) else ()):
                    found = known[name]
                    is_drawn = isinstance(found, st.SearchStrategy)
                    place[name] = data.draw(found) if is_drawn else found
        token = data.draw(st.sampled_from(tokens))
        response = case.call_and_validate(headers={"X-Session-Token": token}, checks=CHECKS)
        answered[response.status_code] += 1

    for mode, about_rows in (
        (GenerationMode.POSITIVE, False), (GenerationMode.POSITIVE, True),
        (GenerationMode.NEGATIVE, True),
    ):  # fmt: skip
        cases = api[path][method].as_strategy(generation_mode=mode)
        # Nothing is malformed about a GET that takes nothing.
        with suppress(*([Unsatisfiable] if mode is GenerationMode.NEGATIVE else [])):
            few(given(cases, st.data(), st.just(about_rows))(ask))()
    assert answered[401] == 0
