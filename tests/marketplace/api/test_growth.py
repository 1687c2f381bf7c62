"""Growth and declared causes for programs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Creator, SocialAccount
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal
from tests.marketplace.growing import make_growing_account

pytestmark = pytest.mark.django_db
LINK = "https://example.org/programme"


@pytest.fixture
def account(cast: Cast) -> SocialAccount:
    return make_growing_account(cast.creator)[0]


def body(**changed: Any) -> dict[str, Any]:
    day = str(timezone.now().date() - timedelta(days=20))
    return {"kind": "tv", "starts_on": day, "ends_on": day, "evidence_url": LINK, **changed}


def test_growth_is_judged_with_every_spike(cast: Cast, account: SocialAccount, program: As) -> None:
    status, answer = program(cast.brand_owner).get(f"accounts/{account.pk}/growth/")
    assert status == 200
    assert answer["model_version"].startswith("growth/v")
    assert 0 < answer["probability"] < 1
    assert (answer["counts"], answer["days"]) == (60, 59)
    [spike] = [one for one in answer["spikes"] if one["by_robust_rule"]]
    assert (spike["day"], spike["explained_by"]) == (body()["starts_on"], None)
    assert {"feature", "effect", "text"} == set(answer["reasons"][0])


def test_growth_without_counts_is_an_abstention(cast: Cast, program: As) -> None:
    bare = SocialAccount.objects.create(creator=cast.creator, platform="tiktok", handle="bare")
    status, answer = program(cast.brand_owner).get(f"accounts/{bare.pk}/growth/")
    assert (status, answer["abstained"], answer["probability"]) == (200, True, None)
    assert (answer["monthly_growth_pct"], answer["consistency"]) == (None, None)


def test_a_creator_declares_and_everybody_reads(
    cast: Cast, account: SocialAccount, program: As
) -> None:
    address = f"accounts/{account.pk}/growth-events/"
    status, made = program(cast.creator_user).post(address, body())
    assert (status, made["state"], made["kind"]) == (201, "declared", "tv")
    assert AuditEntry.objects.filter(verb="growth_event.declared").count() == 1
    assert program(cast.brand_viewer).get(address) == (200, [made])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "magic"}, "kind"),
        ({"starts_on": "2026-13-01"}, "starts_on"),
        ({"ends_on": "2999-01-01"}, "ends_on"),
        ({"evidence_url": ""}, "description"),
        ({"evidence_url": "ftp://example.org"}, "evidence_url"),
        ({"evidence_url": 5.5}, "evidence_url"),
        ({"state": "accepted"}, "state"),
    ],
)
def test_bad_input_is_named(
    cast: Cast, account: SocialAccount, program: As, changed: dict[str, Any], field: str
) -> None:
    status, answer = program(cast.creator_user).post(
        f"accounts/{account.pk}/growth-events/", body(**changed)
    )
    assert (status, refusal(answer)[1]) == (400, field)


def test_declaring_twice_is_a_conflict(cast: Cast, account: SocialAccount, program: As) -> None:
    creator, address = program(cast.creator_user), f"accounts/{account.pk}/growth-events/"
    creator.post(address, body())
    status, answer = creator.post(address, body())
    assert (status, refusal(answer)[0]) == (409, "growth_event_overlaps")


@pytest.mark.parametrize(
    ("who", "status"),
    [("brand_owner", 403), ("other_creator_user", 403), ("moderator", 403), (None, 401)],
)
def test_others_cannot_declare(
    cast: Cast, account: SocialAccount, program: As, who: str | None, status: int
) -> None:
    asker = program(cast.everybody()[who] if who else None)
    assert asker.post(f"accounts/{account.pk}/growth-events/", body())[0] == status


def test_accounts_not_shown_are_not_found(cast: Cast, account: SocialAccount, program: As) -> None:
    Creator.objects.filter(pk=cast.creator.pk).update(status="suspended")
    asker = program(cast.brand_owner)
    for end in ("growth/", "growth-events/"):
        assert asker.get(f"accounts/{account.pk}/{end}")[0] == 404
        assert asker.get(f"accounts/{10**30}/{end}")[0] == 404
