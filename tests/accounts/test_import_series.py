"""Counts of posts over time: hourly, daily, of known accounts and of unknown ones."""

from pathlib import Path

import pytest

from accounts.errors import DomainError
from accounts.importing.layout import Kind
from accounts.models import Creator, Post, PostMetric, SocialAccount
from tests.accounts.csv_files import run_import, write_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "series.csv"


def hours(**named: str) -> list[dict[str, str]]:
    return [
        {**named, "observed_at": f"2026-02-01T{hour:02}:00:00Z", "views": str(10 * hour),
         "likes": str(hour), "comments": "", "shares": "0"}
        for hour in range(6)
    ]  # fmt: skip


def test_hourly_counts_of_an_own_post_are_rows_of_one_post(file: Path) -> None:
    write_rows(file, hours(handle="Baker", platform="tiktok", post_id="p1"))
    report = run_import(file, kind=Kind.METRICS)
    assert (report.created, report.refused) == (6, 0)
    post = Post.objects.get()
    assert (post.account.handle, post.external_id) == ("baker", "p1")
    counted = PostMetric.objects.order_by("observed_at").values_list("views", "comments", "shares")
    assert list(counted) == [(10 * hour, None, 0) for hour in range(6)]
    assert run_import(file, kind=Kind.METRICS).unchanged == 6


def test_a_series_without_an_account_finds_the_known_post(file: Path) -> None:
    creator = Creator.objects.create(display_name="Baker")
    account = SocialAccount.objects.create(creator=creator, platform="tiktok", handle="baker")
    post = Post.objects.create(account=account, external_id="v1")
    write_rows(file, [*hours(video_id="v1"), *hours(video_id="v2")])
    run_import(file, kind=Kind.METRICS, platform="tiktok")
    assert post.metrics.count() == 6
    stray = Post.objects.get(external_id="v2").account
    assert (stray.platform, stray.creator.status) == ("tiktok", Creator.Status.CLOSED)
    assert stray.creator.display_name == "TikTok posts of unknown accounts"


def test_days_need_no_dislikes(file: Path) -> None:
    rows = [{"video_id": "v1", "date": f"2026-02-0{day}", "views": str(day)} for day in range(1, 5)]
    write_rows(file, rows)
    assert run_import(file, kind=Kind.METRICS, platform="youtube").created == 4
    assert Post.objects.get().account.platform == "youtube"


def test_the_same_moment_twice_is_refused_with_both_rows(file: Path) -> None:
    rows = hours(video_id="v1")
    write_rows(file, [*rows, {**rows[2], "views": "99"}])
    with pytest.raises(DomainError) as caught:
        run_import(file, kind=Kind.METRICS)
    [problem] = caught.value.details["first_errors"]
    assert "row 4" in problem["found"]
    assert not PostMetric.objects.exists()
