"""Niche groups for programs."""

import pytest

from scoring.catalogue import Quiet
from scoring.niche_clusters import cluster_niches
from tests.cast import NOW, Cast
from tests.marketplace.api.conftest import As, refusal
from tests.scoring.niche_catalogue import make_topics

pytestmark = pytest.mark.django_db


def test_before_the_first_run_the_answer_is_empty(cast: Cast, program: As) -> None:
    assert program(cast.brand_viewer).get("niches/") == (200, {"run": None, "groups": []})


def test_groups_are_listed_with_their_run_and_read_one_by_one(cast: Cast, program: As) -> None:
    make_topics("cooking", "lifting")
    cluster_niches(params={"k": 2}, progress=Quiet(), now=NOW)
    status, answer = program(cast.creator_user).get("niches/")
    assert status == 200
    assert (answer["run"]["k"], answer["run"]["accounts"]) == (2, 16)
    assert answer["run"]["figures"]["stability"] == 1.0
    [first, second] = answer["groups"]
    assert {first["creators"], second["creators"]} == {8}
    assert first["platform_shares"] == {"instagram": 0.75, "tiktok": 0.25}
    assert program(cast.creator_user).get(f"niches/{first['id']}/") == (200, first)


def test_unknown_groups_and_parameters_are_refused(cast: Cast, program: As) -> None:
    for group in (1, 2**63, 10**30):
        assert program(cast.brand_owner).get(f"niches/{group}/")[0] == 404
    status, answer = program(cast.brand_owner).get("niches/?k=3")
    assert (status, refusal(answer)[0]) == (400, "unknown_parameter")
