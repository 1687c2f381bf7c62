"""Availability: said by the creator on a page of their own, read by everybody."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.availability import Availability
from accounts.models import Creator
from marketplace.readable import availability_words
from tests.cast import Cast
from tests.marketplace.api.conftest import As, no_limit, program, refusal
from tests.marketplace.pages.conftest import Browse

__all__ = ["no_limit", "program"]
pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def in_days(count: int) -> str:
    return str(timezone.now().date() + timedelta(days=count))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Availability(), ""),
        (Availability(True), "Takes on work"),
        (Availability(False), "Takes on no work"),
        (Availability(None, date(2026, 11, 20), date(2026, 12, 3)), "Away until 3 Dec 2026"),
        (Availability(True, date(2026, 11, 1)), "Takes on work, away, return not known"),
        (
            Availability(True, date(2026, 12, 1), date(2026, 12, 3)),
            "Takes on work, away from 1 Dec 2026 until 3 Dec 2026",
        ),
    ],
)
def test_availability_is_told_in_words(said: Availability, words: str) -> None:
    assert availability_words(said, TODAY) == words


def test_brands_read_what_a_creator_says_and_when(cast: Cast, browse: Browse) -> None:
    creator, address = browse(cast.creator_user), reverse("availability", args=[cast.creator.pk])
    body = {"accepts_work": "yes", "away_from": in_days(0), "away_until": in_days(9)}
    profile = reverse("creator", args=[cast.creator.pk])
    assert "Brands read when you work" in creator.get(profile).content.decode()
    assert creator.post(address, body).url == profile
    text = browse(cast.brand_viewer).get(profile).content.decode()
    assert "Takes on work, away until" in text
    assert "said by the creator on" in text
    assert address not in text
    form = creator.get(address).context["form"]
    assert (form["accepts_work"].value(), str(form["away_until"].value())) == ("yes", in_days(9))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"accepts_work": "maybe"}, "accepts_work"),
        ({"away_from": "soon"}, "away_from"),
        ({"away_from": "2026-11-21\x00"}, "away_from"),
        ({"away_until": in_days(3)}, "away_from"),
        ({"away_from": in_days(3), "away_until": in_days(2)}, "away_until"),
        ({"away_from": in_days(3), "away_until": in_days(800)}, "away_until"),
        ({"away_from": in_days(-3), "away_until": in_days(-1)}, "away_until"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    cast: Cast, browse: Browse, program: As, body: dict[str, str], field: str
) -> None:
    address = reverse("availability", args=[cast.creator.pk])
    page = browse(cast.creator_user).post(address, body)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    status, answer = program(cast.creator_user).patch(
        f"creators/{cast.creator.pk}/availability", body
    )
    assert (status, refusal(answer)[1]) == (400, field)
    assert Creator.objects.get(pk=cast.creator.pk).availability_said_at is None


def test_programs_change_a_part(cast: Cast, program: As) -> None:
    creator, address = program(cast.creator_user), f"creators/{cast.creator.pk}/availability"
    assert creator.get(address) == (
        200,
        {"accepts_work": None, "away_from": None, "away_until": None, "said_at": None},
    )
    creator.patch(address, {"accepts_work": True, "away_from": in_days(1)})
    status, answer = creator.patch(address, {"away_until": in_days(4)})
    assert status == 200
    assert (answer["accepts_work"], answer["away_from"], answer["away_until"]) == (
        True, in_days(1), in_days(4),
    )  # fmt: skip
    assert answer["said_at"]
    status, answer = creator.patch(address, {"away_from": None, "away_until": None})
    assert (answer["accepts_work"], answer["away_from"]) == (True, None)
    assert program(cast.brand_viewer).get(address)[1] == answer
    for body in ({"away": 1}, {"accepts_work": "perhaps"}, {"away_from": 5}):
        assert creator.patch(address, body)[0] == 400, body


@pytest.mark.parametrize(
    ("who", "status"),
    [("brand_owner", 403), ("other_creator_user", 403), ("moderator", 403), (None, 401)],
)
def test_programs_speak_for_nobody_else(
    cast: Cast, program: As, who: str | None, status: int
) -> None:
    asker = program(cast.everybody()[who] if who else None)
    address = f"creators/{cast.creator.pk}/availability"
    assert asker.patch(address, {"accepts_work": True})[0] == status
    assert asker.patch(f"creators/{10**30}/availability", {})[0] == (404 if who else 401)
