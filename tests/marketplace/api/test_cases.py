"""Cases by API: a creator's own, and what they may send."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Appeal, CaseEvidence, ModerationCase, User
from tests.marketplace.api.conftest import As, refusal
from tests.scoring.moderation.conftest import account, case, flagged, mona

__all__ = ["account", "case", "flagged", "mona"]

pytestmark = pytest.mark.django_db


def test_a_creator_lists_and_reads_their_cases(
    program: As, creator_user: User, case: ModerationCase
) -> None:
    status, answer = program(creator_user).get("cases/")
    assert status == 200
    [listed] = answer["results"]
    assert (listed["id"], listed["state"], listed["risk"], listed["appeal"]) == (
        case.pk, "open", 90.0, None,
    )  # fmt: skip
    status, full = program(creator_user).get(f"cases/{case.pk}/")
    assert status == 200
    assert [section["key"] for section in full["statement"]][:2] == ["facts", "ground"]
    assert full["findings"][0]["reasons"][0]["effect"] == 1.5
    assert full["events"] == [{"step": "opened", "reasons": "", "at": "2026-03-01T12:00:00Z"}]


def test_the_list_costs_the_same_whatever_its_length(
    program: As, creator_user: User, flagged: ModerationCase
) -> None:
    client = program(creator_user)
    client.get("cases/")
    with CaptureQueriesContext(connection) as one:
        client.get("cases/")
    for _ in range(3):
        newer = ModerationCase.objects.create(
            creator=flagged.creator, ground="report", statement=[]
        )
        ModerationCase.objects.filter(pk=newer.pk).update(
            state="dismissed", decided_by=flagged.decided_by
        )
    with CaptureQueriesContext(connection) as four:
        assert len(client.get("cases/")[1]["results"]) == 4
    assert len(one) == len(four)


def test_evidence_is_added(program: As, creator_user: User, case: ModerationCase) -> None:
    sent = {"text": "On TV.", "links": ["https://example.org/tv"]}
    status, answer = program(creator_user).post(f"cases/{case.pk}/evidence/", sent)
    assert (status, answer["text"], answer["links"]) == (201, "On TV.", sent["links"])
    assert CaseEvidence.objects.get().submitted_by == creator_user


def test_an_appeal_is_filed_once(program: As, creator_user: User, flagged: ModerationCase) -> None:
    status, answer = program(creator_user).post(f"cases/{flagged.pk}/appeal/", {"text": "No."})
    assert (status, answer["outcome"]) == (201, "pending")
    assert Appeal.objects.get().case == flagged
    status, answer = program(creator_user).post(f"cases/{flagged.pk}/appeal/", {"text": "No."})
    assert (status, refusal(answer)[0]) == (409, "appealed_before")


def test_each_thing_has_its_time(program: As, creator_user: User, case: ModerationCase) -> None:
    status, answer = program(creator_user).post(f"cases/{case.pk}/appeal/", {"text": "No."})
    assert (status, refusal(answer)[0]) == (409, "step_not_possible")


@pytest.mark.parametrize("rest", ["", "evidence/", "appeal/"])
def test_others_are_refused(
    program: As,
    case: ModerationCase,
    other_creator_user: User,
    brand_owner: User,
    moderator: User,
    rest: str,
) -> None:
    def ask(user: User | None) -> tuple[int, Any]:
        address = f"cases/{case.pk}/{rest}"
        return program(user).post(address, {"text": "Me."}) if rest else program(user).get(address)

    status, answer = ask(other_creator_user)
    assert (status, refusal(answer)[0]) == (404, "not_found")
    for user in (brand_owner, moderator):
        status, answer = ask(user)
        assert (status, refusal(answer)[0]) == (403, "forbidden")
    assert ask(None)[0] == 401
    assert not CaseEvidence.objects.exists()


def test_only_creators_have_a_list(program: As, brand_owner: User) -> None:
    assert program(brand_owner).get("cases/")[0] == 403


@pytest.mark.parametrize(
    ("sent", "attr"),
    [
        ({}, "text"), ({"text": ""}, "text"), ({"text": "x" * 4_001}, "text"),
        ({"text": "a\x00"}, "text"), ({"text": ["a"]}, "text"),
        ({"text": "a", "links": "https://a.org"}, "links"),
        ({"text": "a", "links": ["ftp://a.org"]}, "links"),
        ({"text": "a", "links": ["https://a.org"] * 6}, "links"),
        ({"text": "a", "links": ["https://a.org/" + "x" * 500]}, "links.0"),
        ({"text": "a", "state": "dismissed"}, "state"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(
    program: As, creator_user: User, case: ModerationCase, sent: dict[str, Any], attr: str
) -> None:
    status, answer = program(creator_user).post(f"cases/{case.pk}/evidence/", sent)
    assert (status, refusal(answer)[1]) == (400, attr)


def test_an_unknown_parameter_is_named(program: As, creator_user: User) -> None:
    status, answer = program(creator_user).get("cases/", state="open")
    assert (status, refusal(answer)[1]) == (400, "state")
