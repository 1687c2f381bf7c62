"""Results by API: read by both sides, pushed once, refused by name."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from campaigns import delivering
from campaigns.models import Collaboration, Observation
from campaigns.results.collecting import collect_results
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import piece
from tests.campaigns.test_results_collecting import published
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db
LOOK = {"deliverable": 1, "observed_at": "2026-03-02T12:00:00Z", "views": 1_200, "likes": 80}


@pytest.fixture
def work(cast: Cast) -> Collaboration:
    collaboration = published(cast).collaboration
    collect_results(now=NOW + timedelta(hours=1))
    return collaboration


def push(*looks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"looks": list(looks), **fields}


def test_both_sides_read_the_figures(program: As, cast: Cast, work: Collaboration) -> None:
    for user in (cast.creator_user, cast.brand_viewer, cast.moderator):
        status, answer = program(user).get(f"collaborations/{work.pk}/results/")
        assert (status, answer["currency"]) == (200, "EUR")
        [one] = answer["pieces"]
        assert [point["state"] for point in one["points"]] == ["collected", *["due"] * 4]
        assert one["points"][0]["counts"]["views"] == one["seen"][0]["counts"]["views"]
        assert one["points"][1]["counts"] is None
        assert answer["figures"][0]["provenance"] == "simulated"
        assert answer["figures"][0]["cost_per_view"] == {"value": None, "known": 0, "of": 1}


def test_a_push_is_taken_once(program: As, cast: Cast, work: Collaboration) -> None:
    client, address = program(cast.creator_user), f"collaborations/{work.pk}/results/"
    status, answer = client.post(address, push(LOOK))
    assert (status, len(answer["stored"]), answer["known"]) == (201, 1, [])
    assert answer["stored"][0]["counts"]["saves"] is None
    status, answer = client.post(address, push(LOOK))
    assert (status, answer["stored"], len(answer["known"])) == (200, [], 1)
    status, answer = client.post(address, push({**LOOK, "views": 1_201}))
    assert (status, refusal(answer)[0]) == (409, "other_values_kept")
    assert Observation.objects.get(source="push").views == 1_200
    status, answer = client.post(address, push({**LOOK, "views": 1_201}, source="phone"))
    assert status == 201


def test_what_the_brand_states_stands_beside_what_the_creator_states(
    program: As, cast: Cast, work: Collaboration
) -> None:
    address = f"collaborations/{work.pk}/results/"
    program(cast.creator_user).post(address, push(LOOK))
    assert program(cast.brand_owner).post(address, push({**LOOK, "views": 7}))[0] == 201
    seen = program(cast.brand_owner).get(address)[1]["pieces"][0]["seen"]
    views = {one["provenance"]: one["counts"]["views"] for one in seen}
    assert (views["creator"], views["brand"]) == (1_200, 7)


@pytest.mark.parametrize(
    ("sent", "attr"),
    [
        ({}, "looks"),
        (push(), "looks"),
        (push(LOOK, source="A b"), "source"),
        (push({**LOOK, "views": -1}), "looks.0.views"),
        (push({**LOOK, "views": True}), "looks.0.views"),
        (push({**LOOK, "followers": 1}), "looks.0.followers"),
        (push({**LOOK, "deliverable": 2}), "looks.0.deliverable"),
        (push(LOOK, {**LOOK, "observed_at": "2199-01-01T00:00:00Z"}), "looks.1.observed_at"),
        (push({**LOOK, "views": None, "likes": None}), "looks.0.views"),
        (push(*[LOOK] * 201), "looks"),
    ],
)
def test_what_cannot_be_used_is_named(
    program: As, cast: Cast, work: Collaboration, sent: dict[str, Any], attr: str
) -> None:
    status, answer = program(cast.creator_user).post(f"collaborations/{work.pk}/results/", sent)
    assert (status, answer["errors"][0]["attr"]) == (400, attr)
    assert not Observation.objects.exclude(source="fake").exists()


def test_who_may_not_push(program: As, cast: Cast, work: Collaboration) -> None:
    def status_for(user: User | None) -> int:
        return program(user).post(f"collaborations/{work.pk}/results/", push(LOOK))[0]

    people = (None, cast.brand_viewer, cast.moderator, cast.other_owner, cast.other_creator_user)
    assert [status_for(user) for user in people] == [401, 403, 403, 404, 404]


def test_the_report_of_a_campaign(program: As, cast: Cast, work: Collaboration) -> None:
    delivering.verify(
        deliverable=piece(work), side=Side.BRAND, actor=cast.brand_owner, now=timezone.now()
    )
    address = f"campaigns/{work.campaign_id}/report/"
    status, answer = program(cast.brand_viewer).get(address)
    assert (status, answer["paid_minor"], answer["fee_minor"]) == (200, 50_000, 5_000)
    assert answer["completeness"] == {"collected": 1, "missed": 0, "due": 4}
    [line] = answer["collaborations"]
    views = line["figures"][0]["counts"]["views"]["value"]
    assert answer["figures"][0]["cost_per_view"]["value"] == pytest.approx(50_000 / views)
    assert [moment["horizon"] for moment in answer["moments"]] == ["1h"]
    for user, expected in ((None, 401), (cast.creator_user, 404), (cast.other_owner, 404)):
        assert program(user).get(address)[0] == expected
    assert refusal(program(cast.brand_owner).get(address, state="x")[1])[1] == "state"


def test_ids_beyond_the_databases_integers_are_not_found(program: As, cast: Cast) -> None:
    client = program(cast.brand_owner)
    assert client.get(f"campaigns/{10**30}/report/")[0] == 404
    assert client.get(f"collaborations/{10**30}/results/")[0] == 404
