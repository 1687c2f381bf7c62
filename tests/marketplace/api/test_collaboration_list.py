"""Collaborations as programs list them."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.models import Creator
from campaigns.starting import apply_to_campaign
from tests.campaigns.conftest import NOW, open_campaign
from tests.campaigns.test_contracts_and_work import start_work
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db


def test_strangers_are_refused(program: As) -> None:
    assert program(None).get("collaborations/")[0] == 401


def test_each_side_reads_its_own(cast: Cast, program: As) -> None:
    collaboration = start_work(cast, 50_000)
    status, answer = program(cast.creator_user).get("collaborations/", needs_me="true")
    assert status == 200
    [row] = answer["results"]
    assert row["id"] == collaboration.pk
    assert (row["side"], row["state"], row["stage"]) == ("creator", "active", "running")
    assert row["needs_me"] is True
    assert (row["deliverable"], row["next_step"]["acting"]) == (1, "creator")
    assert row["money"] == {
        "currency": "EUR", "offered_minor": 0, "agreed_minor": 50_000, "set_aside_minor": 55_000,
        "credited_minor": 0,
    }  # fmt: skip
    assert program(cast.brand_owner).get("collaborations/")[1]["results"][0]["needs_me"] is False
    for user in (cast.other_owner, cast.other_creator_user, cast.moderator):
        assert program(user).get("collaborations/")[1]["results"] == []


def test_pages_lead_on_and_back(cast: Cast, program: As) -> None:
    campaign = open_campaign(cast)
    for number in range(3):
        creator = Creator.objects.create(display_name=f"Applicant {number}")
        apply_to_campaign(campaign=campaign, creator=creator, actor=cast.moderator, now=NOW)
    asks = program(cast.brand_owner)
    _, first = asks.get("collaborations/", page_size=2, stage="talks", campaign=campaign.pk)
    assert [len(first["results"]), first["previous"]] == [2, None]
    _, second = asks.get("collaborations/", **query_of(first["next"]))
    assert [len(second["results"]), second["next"]] == [1, None]
    _, back = asks.get("collaborations/", **query_of(second["previous"]))
    assert back["results"] == first["results"]


def query_of(address: str) -> dict[str, Any]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.mark.parametrize(
    ("query", "code", "attr"),
    [
        ({"cursor": "x"}, "bad_cursor", "cursor"),
        ({"page_size": "101"}, "max_value", "page_size"),
        ({"page_size": "0"}, "min_value", "page_size"),
        ({"stage": "soon"}, "invalid_choice", "stage"),
        ({"needs_me": "perhaps"}, "invalid", "needs_me"),
        ({"campaign": "9" * 30}, "max_value", "campaign"),
        ({"campagn": "1"}, "unknown_field", "campagn"),
    ],
)
def test_refusals_name_the_parameter(
    cast: Cast, program: As, query: dict[str, str], code: str, attr: str
) -> None:
    status, answer = program(cast.brand_owner).get("collaborations/", **query)
    assert (status, *refusal(answer)) == (400, code, attr)
