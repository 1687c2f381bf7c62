"""Jobs as pages show them: progress, ending, cancelling, retrying, refused rows."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.jobs import start_job
from accounts.models import Job
from marketplace.pages import jobs as job_pages
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast, browse: Browse) -> Client:
    return browse(cast.moderator)


@pytest.fixture
def job(cast: Cast) -> Callable[..., Job]:
    def make(number: int = 0, **state: object) -> Job:
        started = start_job(
            kind=Job.Kind.EMBED,
            title=f"Embed {number}",
            params={"n": number},
            owner=cast.moderator,
            now=timezone.now(),
        )
        Job.objects.filter(pk=started.pk).update(**state)
        started.refresh_from_db()
        return started

    return make


def show(client: Client, job: Job) -> str:
    return client.get(reverse("job", args=[job.pk])).content.decode()


def test_a_running_job_shows_how_far_it_is_and_asks_again(
    desk: Client, job: Callable[..., Job]
) -> None:
    running = job(
        state="running",
        stage="Embedding texts",
        done=250,
        total=1000,
        started_at=timezone.now() - timedelta(seconds=50),
    )
    html = show(desk, running)
    assert 'aria-valuenow="25"' in html
    assert "Embedding texts" in html
    assert "250 of 1,000" in html
    assert "about 2 minutes left" in html or "about 3 minutes left" in html
    assert f'hx-get="{reverse("job_progress", args=[running.pk])}"' in html


@pytest.mark.parametrize("state", ["succeeded", "failed", "cancelled"])
def test_a_job_that_ended_is_not_asked_about_any_more(
    desk: Client, job: Callable[..., Job], state: str
) -> None:
    ended = job(state=state, done=5, total=5)
    assert "hx-get" not in show(desk, ended)
    response = desk.get(reverse("job_progress", args=[ended.pk]))
    assert response["HX-Refresh"] == "true"
    assert "hx-get" not in response.content.decode()


def test_progress_of_a_live_job_is_a_fragment(desk: Client, job: Callable[..., Job]) -> None:
    response = desk.get(reverse("job_progress", args=[job().pk]))
    assert "<html" not in response.content.decode()
    assert not response.has_header("HX-Refresh")


def test_a_job_nobody_takes_says_that_no_worker_runs(desk: Client, job: Callable[..., Job]) -> None:
    assert "no worker runs" not in show(desk, job())
    waiting = job(1, queued_at=timezone.now() - timedelta(minutes=5))
    assert "Perhaps no worker runs" in show(desk, waiting)
    assert "Nothing is lost" in show(desk, waiting)


def test_cancel_and_retry(desk: Client, job: Callable[..., Job]) -> None:
    waiting = job()
    desk.post(reverse("job_cancel", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert "Try again" in show(desk, waiting)
    desk.post(reverse("job_retry", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.state == "queued"


def test_what_the_state_does_not_allow_is_told_on_the_page_it_was_asked_on(
    desk: Client, job: Callable[..., Job]
) -> None:
    done = job(state="succeeded")
    here = reverse("job", args=[done.pk])
    for name in ("job_cancel", "job_retry"):
        response = desk.post(
            reverse(name, args=[done.pk]),
            follow=True,
            headers={"referer": f"http://testserver{here}"},
        )
        assert response.redirect_chain[0][0].endswith(here)
        assert 'role="alert"' in response.content.decode()


def test_a_refusal_never_sends_the_reader_to_another_site(
    desk: Client, job: Callable[..., Job]
) -> None:
    response = desk.post(
        reverse("job_retry", args=[job().pk]), headers={"referer": "https://evil.example/x"}
    )
    assert response.url == "/"


def test_a_refused_file_lists_rows_and_columns(desk: Client, job: Callable[..., Job]) -> None:
    problem = {
        "row": 8,
        "line": 9,
        "column": "followers",
        "found": "<b>-5</b>",
        "expected": "a whole number",
    }
    details = {"rows": 199, "refused": 1, "errors": 1, "first_errors": [problem]}
    failed = job(
        state="failed",
        error="1 of 199 rows is bad, so nothing was imported.",
        result={"code": "file_refused", "details": details},
    )
    html = show(desk, failed)
    assert "nothing was imported" in html
    assert "followers" in html
    assert "&lt;b&gt;-5&lt;/b&gt;" in html
    assert "Leave out bad rows" in html
    assert [name for name, _ in job_pages._counts(details)] == ["rows", "refused", "errors"]


def test_refused_rows_are_downloaded_from_the_uploads_only(
    desk: Client, job: Callable[..., Job], tmp_path: Path
) -> None:
    inside = Path(settings.UPLOAD_DIR) / "abc" / "refused-rows.csv"
    inside.parent.mkdir(parents=True, exist_ok=True)
    inside.write_text("row,why\n")
    outside = tmp_path / "secret.csv"
    outside.write_text("secret")
    address = {
        path: reverse(
            "job_refused_rows",
            args=[job(n, state="succeeded", result={"refused_file": str(path)}).pk],
        )
        for n, path in enumerate(
            [inside, outside, inside.parent / ".." / ".." / "secret_key", inside.parent / "gone"]
        )
    }
    response = desk.get(address.pop(inside))
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == b"row,why\n"  # type: ignore[attr-defined]
    assert {desk.get(other).status_code for other in address.values()} == {404}


def test_the_list_is_in_pages_with_constant_queries(
    desk: Client, job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_pages, "PAGE_SIZE", 4)
    for number in range(3):
        job(number)
    desk.get(reverse("jobs"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(reverse("jobs"))
        return len(captured)

    few = queries()
    for number in range(3, 9):
        job(number)
    assert queries() == few
    titles, before = [], ""
    while before is not None:
        page = desk.get(reverse("jobs"), {"before": before})
        titles += [one.title for one in page.context["jobs"]]
        before = page.context["next_before"]
    assert titles == [f"Embed {number}" for number in reversed(range(9))]


def test_a_brand_sees_its_own_jobs_and_no_import_form(
    cast: Cast, browse: Browse, job: Callable[..., Job]
) -> None:
    job()
    html = browse(cast.brand_owner).get(reverse("jobs")).content.decode()
    assert "You have started no long work" in html
    assert "Import a file" not in html


def test_refreshing_the_catalogue_twice_is_one_job(desk: Client) -> None:
    first = desk.post(reverse("refresh_catalogue"))
    assert desk.post(reverse("refresh_catalogue")).url == first.url
    assert Job.objects.filter(kind="refresh").count() == 1
