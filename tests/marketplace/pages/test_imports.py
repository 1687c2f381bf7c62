"""Sending a file: stored, queued with what was chosen, refused in words."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.jobs import run_job
from accounts.models import Creator, Job
from marketplace.pages import imports, uploads
from marketplace.tasks import HANDLERS
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse

pytestmark = pytest.mark.django_db

CSV = (
    b"creator_id,platform,bio,hashtags,location,followers,engagement_rate,"
    b"comments_to_likes,verified,niches\n"
    b"c1,tiktok,Trail runner,run;trail,Italy,30200.0,0.18,0.05,1,runners\n"
)
BAD_ROW = b"c2,tiktok,Second,,Italy,-5,0.1,0.1,0,\n"
FORM = {"kind": "creators", "platform": "instagram", "encoding": "utf-8"}


@pytest.fixture
def desk(cast: Cast, browse: Browse) -> Client:
    return browse(cast.moderator)


def send(
    client: Client, content: bytes = CSV, name: str = "people.csv", **form: str
) -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("import"), {**FORM, "file": file, **form})


def run_only_job() -> Job:
    job = Job.objects.get(kind="import")
    run_job(job_id=job.pk, handlers=HANDLERS)
    job.refresh_from_db()
    return job


def test_a_file_is_stored_and_queued_with_the_choices(desk: Client, cast: Cast) -> None:
    response = send(desk, skip_bad="on", as_of="2026-02-03", refresh="on", platform="youtube")
    job = Job.objects.get()
    assert response.url == reverse("job", args=[job.pk])
    stored = Path(job.params["path"])
    assert stored.read_bytes() == CSV
    assert stored.name == "people.csv"
    assert job.owner == cast.moderator
    assert job.params | {"path": "", "skip_bad": ""} == {
        "path": "",
        "kind": "creators",
        "skip_bad": "",
        "dry_run": False,
        "encoding": "utf-8",
        "platform": "youtube",
        "as_of": "2026-02-03",
        "refresh": True,
    }


@pytest.mark.django_db(transaction=True)
def test_the_worker_imports_what_was_sent(cast: Cast, browse: Browse) -> None:
    send(browse(cast.moderator))
    job = run_only_job()
    assert (job.state, job.error) == ("succeeded", "")
    assert Creator.objects.filter(accounts__bio="Trail runner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_bad_rows_refuse_the_file_or_are_offered_for_download(cast: Cast, browse: Browse) -> None:
    desk = browse(cast.moderator)
    send(desk, CSV + BAD_ROW)
    job = run_only_job()
    page = desk.get(reverse("job", args=[job.pk])).content.decode()
    assert job.state == "failed"
    assert "Rows with errors" in page
    assert "followers" in page
    assert not Creator.objects.filter(accounts__bio="Trail runner").exists()
    job.delete()
    send(desk, CSV + BAD_ROW, skip_bad="on")
    job = run_only_job()
    assert job.state == "succeeded"
    response = desk.get(reverse("job_refused_rows", args=[job.pk]))
    assert b"c2" in b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("a b;c$(x).csv", "a_b_c_x_.csv"),
        ("...", "upload.csv"),
        ("文件.csv", "csv"),
        ("x" * 300 + ".csv.gz", "x" * 77 + ".gz"),
    ],
)
def test_a_file_name_cannot_lead_anywhere(desk: Client, name: str, stored: str) -> None:
    send(desk, name=name)
    job = Job.objects.first()
    if job is not None:
        assert Path(job.params["path"]).name == stored


@pytest.mark.parametrize(
    ("form", "field"),
    [({"kind": "secrets"}, "kind"), ({"as_of": "soon"}, "as_of"), ({"encoding": "x"}, "encoding")],
)
def test_a_bad_choice_is_named(desk: Client, form: dict[str, str], field: str) -> None:
    response = send(desk, **form)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Job.objects.exists()


def test_an_empty_file_is_refused(desk: Client) -> None:
    response = send(desk, b"")
    assert "empty" in str(response.context["form"].errors["file"])


def test_a_file_too_large_is_refused_before_it_is_read(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MAX_UPLOAD_BYTES", 10)
    monkeypatch.setattr(imports, "ENVELOPE_BYTES", 10)
    response = send(desk)
    assert response.status_code == 413
    assert not Job.objects.exists()


def test_a_full_disk_is_told_and_leaves_nothing(
    desk: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object
) -> None:
    settings.UPLOAD_DIR = tmp_path

    class FullDisk(SimpleUploadedFile):
        def chunks(self, chunk_size: int | None = None) -> object:  # type: ignore[override]
            yield b"some"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        uploads.store_upload(FullDisk("people.csv", CSV))
    assert list(tmp_path.iterdir()) == []

    def refuse(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(imports, "store_upload", refuse)
    response = send(desk)
    assert response.status_code == 507
    assert "No space left" in response.content.decode()


def test_a_forged_upload_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(
        cast.moderator, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    response = send(client)
    assert response.status_code == 403
    assert not Job.objects.exists()
