"""`manage.py cluster_niches`, the job of the same name and its monthly start."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import jobs
from accounts.models import Job
from marketplace.tasks import HANDLERS, cluster_niches
from scoring.niche_groups import list_groups
from tests.scoring.niche_catalogue import make_topics

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("cluster_niches", *arguments, stdout=out)
    return out.getvalue()


def test_groups_are_printed_and_found_again_unchanged() -> None:
    make_topics()
    text = run("--k", "3")
    assert "3 groups of 24 accounts found" in text
    assert all(group.keywords[0] in text for group in list_groups().groups)
    report = json.loads(run("--k", "3", "--json"))
    assert (report["groups"], report["unchanged"], report["assigned"]) == (3, True, 0)
    assert [group["creators"] for group in report["named"]] == [8, 8, 8]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--k", "1"], "k is '1'"),
        (["--k", "lots"], "k is 'lots'"),
        (["--k", "12"], "24 different texts make at most 4 groups"),
        (["--seed", "-1"], "--seed must be"),
    ],
)
def test_what_cannot_be_is_refused_by_name(arguments: list[str], message: str) -> None:
    make_topics()
    with pytest.raises(CommandError, match=message):
        run(*arguments)


def test_an_empty_catalogue_is_refused() -> None:
    with pytest.raises(CommandError, match="there are 0"):
        run()


@pytest.mark.django_db(transaction=True)
def test_the_job_reports_what_it_found_and_the_monthly_one_has_no_owner() -> None:
    make_topics()
    cluster_niches()
    job = Job.objects.get()
    assert (job.kind, job.owner, job.params) == ("cluster", None, {})
    jobs.run_job(job_id=job.pk, handlers=HANDLERS)
    job.refresh_from_db()
    assert (job.state, job.result["groups"], job.done) == ("succeeded", 3, 24)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_cannot_be_done_says_why() -> None:
    job = jobs.start_job(
        kind=Job.Kind.CLUSTER, title="x", params={"k": 5}, owner=None, now=timezone.now()
    )
    jobs.run_job(job_id=job.pk, handlers=HANDLERS)
    job.refresh_from_db()
    assert (job.state, "there are 0" in job.error) == ("failed", True)
