"""Interaction events for programs: reported, refused row by row, and read."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Creator, Membership
from campaigns.campaign_moves import make_brand_move
from campaigns.models import Campaign
from marketplace.api.views.events import EventsThrottle
from scoring.interactions.hiding import hidden_creator_ids
from scoring.models import InteractionEvent
from tests.cast import NOW, Cast
from tests.marketplace.api.conftest import As, refusal
from tests.scoring.interactions.listing import show

pytestmark = pytest.mark.django_db


def event(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {"kind": "click", "creator_id": cast.creator.pk, "key": str(uuid4()), **changed}


def listed(cast: Cast, **changed: Any) -> dict[str, Any]:
    shown = [
        {"creator_id": cast.other_creator.pk, "position": 1},
        {"creator_id": cast.creator.pk, "position": 2},
    ]
    return {"key": str(uuid4()), "surface": "search", "shown": shown, **changed}


def test_a_list_and_what_follows_from_it(cast: Cast, program: As) -> None:
    owner = program(cast.brand_owner)
    status, answer = owner.post("events/lists", listed(cast))
    assert (status, answer["shown"]) == (201, 2)
    events = [event(cast, kind=kind, list_id=answer["list_id"]) for kind in ("click", "hide")]
    status, answer = owner.post("events", {"events": events})
    assert status == 201
    assert [
        (one["kind"], one["position"], one["surface"], one["key"]) for one in answer["events"]
    ] == [("click", 2, "search", events[0]["key"]), ("hide", 2, "search", events[1]["key"])]
    assert hidden_creator_ids(cast.brand) == {cast.creator.pk}


def test_what_is_sent_again_is_recorded_once(cast: Cast, program: As) -> None:
    owner = program(cast.brand_owner)
    for address, body in (("events/lists", listed(cast)), ("events", {"events": [event(cast)]})):
        first = owner.post(address, body)
        rows = InteractionEvent.objects.count()
        assert first[0] == 201
        assert owner.post(address, body) == first
        assert InteractionEvent.objects.count() == rows


def test_a_key_of_another_list_is_refused(cast: Cast, program: As) -> None:
    owner, body = program(cast.brand_owner), listed(cast)
    owner.post("events/lists", body)
    status, answer = owner.post("events/lists", body | {"shown": body["shown"][:1]})
    assert (status, refusal(answer)) == (422, ("idempotency_key_reused", None))
    assert program(cast.other_owner).post("events/lists", body)[0] == 201


def test_a_batch_names_the_rows_that_are_wrong(cast: Cast, program: As) -> None:
    now = timezone.now()
    events = [
        event(cast),
        event(cast, creator_id=10**18 - 1),
        event(cast, list_id=str(uuid4())),
        event(cast, occurred_at=(now + timedelta(hours=1)).isoformat()),
        event(cast, occurred_at=(now - timedelta(hours=25)).isoformat()),
    ]
    status, answer = program(cast.brand_owner).post("events", {"events": events})
    assert (status, refusal(answer)) == (422, ("events_refused", None))
    assert [(one["row"], one["field"], one["code"]) for one in answer["details"]["rows"]] == [
        (2, "creator_id", "not_found"),
        (3, "list_id", "creator_not_shown"),
        (4, "occurred_at", "in_the_future"),
        (5, "occurred_at", "too_old"),
    ]
    assert not InteractionEvent.objects.exists()


def test_a_list_names_the_rows_that_are_wrong(cast: Cast, program: As) -> None:
    shown = [
        {"creator_id": cast.creator.pk, "position": 1},
        {"creator_id": cast.creator.pk, "position": 2},
        {"creator_id": cast.other_creator.pk, "position": 2},
        {"creator_id": 10**17, "position": 3},
    ]
    body = listed(cast, shown=shown, campaign_id=10**17)
    status, answer = program(cast.brand_owner).post("events/lists", body)
    assert status == 422
    assert [(one["row"], one["code"]) for one in answer["details"]["rows"]] == [
        (0, "not_found"), (2, "shown_twice"), (3, "place_taken"), (4, "not_found"),
    ]  # fmt: skip
    assert not InteractionEvent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("impression", "/api/v1/events/lists"),
        ("ideal", "ideal-creators"),
        ("shortlist", "records itself"),
        ("invite", "records itself"),
        ("add_to_campaign", "records itself"),
        ("collaboration", "records itself"),
        ("like", "no such kind"),
    ],
)
def test_deeds_are_not_told_but_done(cast: Cast, program: As, kind: str, word: str) -> None:
    body = {"events": [event(cast), event(cast, kind=kind)]}
    status, answer = program(cast.brand_owner).post("events", body)
    assert status == 400
    assert refusal(answer) == ("kind_not_sent", "events.1.kind")
    assert word in answer["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"creator_id": "12"}, "events.0.creator_id"),
        ({"creator_id": 10**18}, "events.0.creator_id"),
        ({"creator_id": 0}, "events.0.creator_id"),
        ({"list_id": "no uuid"}, "events.0.list_id"),
        ({"key": "a\x00b"}, "events.0.key"),
        ({"occurred_at": "yesterday"}, "events.0.occurred_at"),
        ({"kind": "a\x00b"}, "events.0.kind"),
        ({"position": 3}, "events.0.position"),
        ({"propensity": 0.1}, "events.0.propensity"),
    ],
)
def test_what_cannot_be_read_is_named(
    cast: Cast, program: As, changed: dict[str, Any], field: str
) -> None:
    status, answer = program(cast.brand_owner).post("events", {"events": [event(cast, **changed)]})
    assert (status, refusal(answer)[1]) == (400, field)


@pytest.mark.parametrize("count", [0, 101])
def test_a_batch_holds_one_to_a_hundred(cast: Cast, program: As, count: int) -> None:
    events = [event(cast) for _ in range(count)]
    status, answer = program(cast.brand_owner).post("events", {"events": events})
    assert (status, refusal(answer)[1]) == (400, "events")


def test_a_full_batch_costs_as_much_as_one(cast: Cast, program: As) -> None:
    owner = program(cast.brand_owner)

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner.post("events", {"events": [event(cast) for _ in range(count)]})[0] == 201
        return len(captured)

    assert queries(1) == queries(100)


PEOPLE = ("brand_viewer", "other_owner", "creator_user", "moderator")


@pytest.mark.parametrize(
    ("person", "statuses"), list(zip(PEOPLE, [403, 404, 404, 404], strict=True))
)
def test_only_members_who_write_report_for_a_brand(
    cast: Cast, program: As, person: str, statuses: int
) -> None:
    who = program(getattr(cast, person))
    brand = {"brand_id": cast.brand.pk}
    assert who.post("events", {"events": [event(cast)], **brand})[0] == statuses
    assert who.post("events/lists", listed(cast, **brand))[0] == statuses
    assert who.get("events", brand=cast.brand.pk)[0] == statuses
    if person != "other_owner":
        assert who.post("events", {"events": [event(cast)]})[0] == 403
        assert who.post("events/lists", listed(cast))[0] == 403
    assert not InteractionEvent.objects.exists()


def test_strangers_are_asked_to_log_in(program: As) -> None:
    for address in ("events", "events/lists"):
        assert program(None).post(address, {})[0] == 401
    assert program(None).get("events")[0] == 401


def test_of_several_brands_one_is_named(cast: Cast, program: As) -> None:
    Membership.objects.create(
        brand=cast.other_brand, user=cast.brand_owner, role="manager", created_at=NOW
    )
    owner, body = program(cast.brand_owner), {"events": [event(cast)]}
    status, answer = owner.post("events", body)
    assert (status, refusal(answer)) == (400, ("several_brands", "brand_id"))
    brand = Membership.objects.get(user=cast.brand_owner, role="manager").brand
    assert owner.post("events", body | {"brand_id": brand.pk})[0] == 201
    assert InteractionEvent.objects.get().brand == brand


def test_a_brand_reads_its_own_log_in_pages(cast: Cast, program: As) -> None:
    show(cast.brand, cast.brand_owner, [cast.creator, cast.other_creator])
    show(cast.other_brand, cast.other_owner, [cast.creator])
    owner = program(cast.brand_owner)
    status, first = owner.get("events", page_size=1)
    assert (status, len(first["results"])) == (200, 1)
    assert first["results"][0]["position"] == 2
    assert first["results"][0]["brand"]["name"] == "Alder"
    following = owner.read(owner.client.get(first["next"]))[1]
    assert [one["position"] for one in following["results"]] == [1]
    assert following["next"] is None
    assert owner.get("events", kind="click")[1]["results"] == []
    found = owner.get("events", brand=cast.brand.pk, creator=cast.creator.pk)[1]["results"]
    assert [one["creator_id"] for one in found] == [cast.creator.pk]
    assert program(cast.creator_user).get("events")[1]["results"] == []
    assert program(cast.brand_viewer).get("events")[1]["results"] == []


@pytest.mark.parametrize("query", [{"kind": "x"}, {"brand": 10**18}, {"day": 1}, {"creator": "a"}])
def test_a_parameter_that_means_nothing_is_named(
    cast: Cast, program: As, query: dict[str, Any]
) -> None:
    status, answer = program(cast.brand_owner).get("events", **query)
    assert (status, refusal(answer)[1]) == (400, next(iter(query)))


def test_reading_costs_the_same_however_many(cast: Cast, program: As) -> None:
    owner = program(cast.brand_owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            owner.get("events", page_size=100)
        return len(captured)

    show(cast.brand, cast.brand_owner, [cast.creator])
    few = queries()
    for _ in range(20):
        show(cast.brand, cast.brand_owner, [cast.creator, cast.other_creator])
    assert queries() == few


def test_reports_are_limited(cast: Cast, program: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EventsThrottle.THROTTLE_RATES, "events", "2/min")
    owner = program(cast.brand_owner)
    statuses = [owner.post("events", {"events": [event(cast)]})[0] for _ in range(2)]
    assert [*statuses, owner.post("events/lists", listed(cast))[0]] == [201, 201, 429]
    assert owner.get("events")[0] == 200


# --- Ideal creators ---------------------------------------------------------------


def test_an_ideal_creator_is_named_once(cast: Cast, campaign: Campaign, program: As) -> None:
    owner, address = program(cast.brand_owner), f"campaigns/{campaign.pk}/ideal-creators/"
    body = {"creator_id": cast.creator.pk}
    status, made = owner.post(address, body)
    assert (status, made["name"]) == (201, "Carla Creator")
    assert owner.post(address, body) == (201, made)
    assert program(cast.brand_viewer).get(address) == (200, [made])
    assert owner.get(address, page=1)[0] == 400


@pytest.mark.parametrize(("person", "status"), list(zip(PEOPLE, [403, 404, 404, 404], strict=True)))
def test_only_the_campaigns_writers_name_one(
    cast: Cast, campaign: Campaign, program: As, person: str, status: int
) -> None:
    who, address = program(getattr(cast, person)), f"campaigns/{campaign.pk}/ideal-creators/"
    assert who.post(address, {"creator_id": cast.creator.pk})[0] == status
    assert not InteractionEvent.objects.exists()


def test_who_is_not_there_is_not_ideal(cast: Cast, campaign: Campaign, program: As) -> None:
    owner, address = program(cast.brand_owner), f"campaigns/{campaign.pk}/ideal-creators/"
    Creator.objects.filter(pk=cast.creator.pk).update(status="closed")
    assert owner.post(address, {"creator_id": cast.creator.pk})[0] == 404
    assert owner.post(address, {"creator_id": 10**18 - 1})[0] == 404
    assert owner.post(address, {"creator_id": "@carla"})[0] == 400
    make_brand_move(campaign=campaign, name="cancel", actor=cast.brand_owner, now=NOW, reason="No.")
    assert owner.post(address, {"creator_id": cast.other_creator.pk})[0] == 409
