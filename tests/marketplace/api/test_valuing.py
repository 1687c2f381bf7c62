"""Market values over the API, by command and as a job."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import jobs
from accounts.models import Job
from marketplace.tasks import HANDLERS, rank_values
from scoring import entries
from scoring.models import ValuationRun
from tests.cast import Cast
from tests.marketplace.api.conftest import As
from tests.scoring.valuing.made import NOW, make_valued, rank

pytestmark = pytest.mark.django_db
POSTS = [400, 380, 420, 410, 395, 405, 390, 415]


def test_values_and_the_ranking_are_answered_with_parts_and_ranges(cast: Cast, program: As) -> None:
    status, empty = program(cast.brand_viewer).get("rankings")
    assert (status, empty["results"], empty["as_of"]) == (200, [], None)
    accounts = [make_valued(f"p{n}", likes=[n * one for one in POSTS]) for n in (1, 4, 16)]
    make_valued("nothing", followers=100)
    entries.sync_entries()
    rank()
    viewer = program(cast.brand_viewer)
    status, first = viewer.get("rankings", page_size=2)
    assert status == 200
    assert [one["value"]["rank"] for one in first["results"]] == [1, 2]
    assert first["leagues"] == {"real:instagram": 3}
    status, rest = viewer.read(viewer.client.get(first["next"]))
    assert [one["name"] for one in rest["results"]] == ["P1"]
    assert rest["next"] is None
    status, answer = viewer.get(f"creators/{accounts[2].creator_id}/value")
    assert status == 200
    [value] = answer["values"]
    assert value["unit"] == "engagements"
    assert value["low"] < value["value"] < value["high"]
    assert answer["history"] == answer["values"]
    product = 1.0
    for name in ("engagement", "rate", "authenticity", "consistency"):
        product *= value["parts"][name]["value"]
    assert value["value"] == pytest.approx(product, rel=1e-4)


def test_what_means_nothing_is_refused_by_name(cast: Cast, program: As) -> None:
    make_valued("one", likes=POSTS)
    rank()
    creator = program(cast.creator_user)
    for name, value in (
        ("sort", "price"), ("platform", "myspace"), ("size", "huge"), ("page_size", "101"),
        ("page_size", "0"), ("cursor", "x"), ("league", "real:XXX"), ("name", "\x00"),
    ):  # fmt: skip
        status, answer = creator.get("rankings", **{name: value})
        assert status == 400, (name, answer)
        assert answer["errors"][0]["attr"] == name
    assert creator.get("creators/999999999999/value")[0] == 404
    assert creator.get(f"creators/{cast.creator.pk}/value", as_of="2026-01-01")[0] == 400
    assert program(None).get("rankings")[0] in (401, 403)


def test_the_command_ranks_and_says_so() -> None:
    make_valued("one", likes=POSTS)
    out = StringIO()
    call_command("rank_values", "--as-of", "2026-02-28", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert (report["valued"], report["as_of"][:10], report["unchanged"]) == (1, "2026-02-28", False)
    out = StringIO()
    call_command("rank_values", "--as-of", "2026-02-28", stdout=out)
    assert "Valued before as of 2026-02-28T23:59: 1 accounts" in out.getvalue()
    with pytest.raises(CommandError, match="between the year 2000 and now"):
        call_command("rank_values", "--as-of", "1990-01-01")


@pytest.mark.django_db(transaction=True)
def test_the_monthly_job_ranks_and_a_cancelled_one_shows_nothing() -> None:
    make_valued("one", likes=POSTS)
    rank_values()
    job = Job.objects.get(kind=Job.Kind.VALUES)
    jobs.run_job(job_id=job.pk, handlers=HANDLERS)
    job.refresh_from_db()
    assert (job.state, job.result["valued"]) == (Job.State.SUCCEEDED, 1)
    assert ValuationRun.objects.get().completed_at is not None
    again = jobs.start_job(kind=Job.Kind.VALUES, title="Again", params={}, owner=None, now=NOW)
    jobs.cancel_job(job=again, actor=None, now=NOW)
    jobs.run_job(job_id=again.pk, handlers=HANDLERS)
    assert ValuationRun.objects.count() == 1
