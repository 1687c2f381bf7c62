"""GET /api/v1/brands/{id}/recommendations."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import SocialAccount
from scoring.models import InteractionEvent
from tests.cast import Cast
from tests.marketplace.api.conftest import As
from tests.scoring.catalogue import make_catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts(cast: Cast) -> dict[str, SocialAccount]:
    return make_catalogue()


def address(cast: Cast) -> str:
    return f"brands/{cast.brand.pk}/recommendations"


def test_pages_follow_one_another_without_a_gap(
    cast: Cast, program: As, accounts: dict[str, SocialAccount]
) -> None:
    client = program(cast.brand_owner)
    whole = client.get(address(cast))[1]
    ids, cursor = [], None
    while True:
        asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        part = client.get(address(cast), **asked)[1]
        ids += [one["creator_id"] for one in part["results"]]
        if (cursor := part["next"]) is None:
            break
    assert ids == [one["creator_id"] for one in whole["results"]]
    assert len(ids) == len(accounts)
    assert whole["confidence"]["is_cold_start"] is True
    assert all(one["explanation"]["positive_factors"] for one in whole["results"])


def test_the_same_page_twice_is_one_list(
    cast: Cast, program: As, accounts: dict[str, SocialAccount]
) -> None:
    client = program(cast.brand_owner)
    first, second = (client.get(address(cast))[1]["list_id"] for _ in range(2))
    assert first == second
    assert InteractionEvent.objects.filter(list_id=first).count() == len(accounts)


def test_asking_for_the_heads_alone_shows_nothing(
    cast: Cast, program: As, accounts: dict[str, SocialAccount]
) -> None:
    answered = program(cast.brand_owner).client.head(f"/api/v1/{address(cast)}")
    assert answered.status_code == 200
    assert not InteractionEvent.objects.exists()


def test_a_viewer_reads_and_is_not_counted(
    cast: Cast, program: As, accounts: dict[str, SocialAccount]
) -> None:
    status, answer = program(cast.brand_viewer).get(address(cast))
    assert status == 200
    assert answer["list_id"] is None
    assert not InteractionEvent.objects.exists()


@pytest.mark.parametrize("person", ["other_owner", "creator_user", "moderator"])
def test_others_do_not_learn_that_the_brand_exists(person: str, cast: Cast, program: As) -> None:
    assert program(getattr(cast, person)).get(address(cast))[0] == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [("cursor", "x"), ("cursor", "1\x00"), ("limit", "0"), ("limit", "1e9"), ("page", "2")],
)
def test_bad_input_is_refused_by_name(name: str, value: str, cast: Cast, program: As) -> None:
    status, answer = program(cast.brand_owner).get(address(cast), **{name: value})
    assert status == 400
    assert name in json.dumps(answer)


def test_a_huge_id_is_no_brand(cast: Cast, program: As) -> None:
    assert program(cast.brand_owner).get(f"brands/{10**30}/recommendations")[0] == 404


def test_queries_do_not_grow_with_the_page(
    cast: Cast, program: As, accounts: dict[str, SocialAccount]
) -> None:
    client = program(cast.brand_owner)
    client.get(address(cast))
    counts = []
    for limit in (1, 8):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(cast), limit=limit)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_command_prints_one_object(cast: Cast, accounts: dict[str, SocialAccount]) -> None:
    out = StringIO()
    call_command("recommend", str(cast.brand.pk), "--top", "2", "--json", stdout=out)
    document = json.loads(out.getvalue())
    assert [one["rank"] for one in document["results"]] == [1, 2]
    assert document["brand"] == cast.brand.name


@pytest.mark.parametrize("named", ["no such brand", "9" * 40, "a\x00b"])
def test_the_command_says_that_there_is_no_such_brand(named: str, cast: Cast) -> None:
    with pytest.raises(CommandError, match="There is no brand"):
        call_command("recommend", named)
