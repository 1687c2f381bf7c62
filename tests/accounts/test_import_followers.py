"""Samples of followers and comments: pseudonyms only, added once, corrected by newer rows."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from accounts.importing.errors import FileRefused
from accounts.importing.layout import Kind
from accounts.models import Comment, FollowerSample, Post, SampledFollower, SocialAccount
from tests.accounts.csv_files import NOW, run_import, write_rows

pytestmark = pytest.mark.django_db

FOLLOWER = {
    "handle": "@Potter",
    "platform": "instagram",
    "follower_id": "@Some.One",
    "taken_on": "2026-02-01",
    "method": "random",
    "followers": "120",
    "following": "",
    "has_picture": "0",
    "username_digit_ratio": "0.5",
}
COMMENT = {
    "handle": "potter",
    "platform": "instagram",
    "post_id": "p1",
    "author": "@fan",
    "text": "Lovely glaze",
    "written_at": "2026-02-01 10:00:00",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def followers(count: int, **cells: str) -> list[dict[str, str]]:
    return [{**FOLLOWER, "follower_id": f"follower{n}", **cells} for n in range(count)]


def test_a_sample_holds_facts_and_no_names(file: Path) -> None:
    write_rows(file, [FOLLOWER])
    report = run_import(file, Kind.FOLLOWERS)
    assert (report.created, report.tally.followers_added) == (1, 1)
    sample = FollowerSample.objects.get()
    assert (sample.account.handle, sample.taken_on, sample.method) == (
        "potter", date(2026, 2, 1), "random",
    )  # fmt: skip
    follower = SampledFollower.objects.get()
    assert follower.facts == {"followers": 120, "has_picture": False, "username_digit_ratio": 0.5}
    assert len(follower.pseudonym) == 64
    assert "some" not in follower.pseudonym


def test_the_same_follower_in_other_letters_is_the_same(file: Path) -> None:
    write_rows(file, [FOLLOWER])
    run_import(file, Kind.FOLLOWERS)
    write_rows(file, [{**FOLLOWER, "follower_id": "some.one"}])
    report = run_import(file, Kind.FOLLOWERS, now=NOW + timedelta(days=1))
    assert (report.unchanged, SampledFollower.objects.count()) == (1, 1)


def test_a_correction_is_a_newer_row_that_keeps_what_it_does_not_say(file: Path) -> None:
    write_rows(file, [FOLLOWER])
    run_import(file, Kind.FOLLOWERS)
    write_rows(file, [{**FOLLOWER, "following": "900", "has_picture": ""}])
    report = run_import(file, Kind.FOLLOWERS)
    assert report.updated == 1
    newest = SampledFollower.objects.order_by("-recorded_at").first()
    assert newest is not None
    assert (newest.facts["following"], newest.facts["has_picture"]) == (900, False)
    assert FollowerSample.objects.count() == 1


def test_an_undated_sample_is_of_the_day_of_the_import(file: Path) -> None:
    write_rows(file, followers(3, taken_on="", method=""))
    run_import(file, Kind.FOLLOWERS)
    sample = FollowerSample.objects.get()
    assert (sample.taken_on, sample.method, sample.followers.count()) == (
        NOW.date(), "unknown", 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    "cells",
    [
        {"followers": "-1"},
        {"has_picture": "maybe"},
        {"method": "guessed"},
        {"follower_id": "@"},
        {"taken_on": "2031-01-01"},
        {"avg_likes": "nan"},
    ],
)
def test_impossible_facts_refuse_the_file(file: Path, cells: dict[str, str]) -> None:
    write_rows(file, [{**FOLLOWER, **cells}])
    with pytest.raises(FileRefused):
        run_import(file, Kind.FOLLOWERS)
    assert not SocialAccount.objects.exists()


def test_one_follower_with_two_sets_of_facts_refuses_the_file(file: Path) -> None:
    write_rows(file, [FOLLOWER, {**FOLLOWER, "followers": "7"}])
    with pytest.raises(FileRefused):
        run_import(file, Kind.FOLLOWERS)


def test_queries_do_not_grow_with_the_sample(file: Path) -> None:
    counts = []
    for size in (2, 900):
        write_rows(file, followers(size, handle=f"of{size}"))
        with CaptureQueriesContext(connection) as queries:
            run_import(file, Kind.FOLLOWERS)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_comments_are_kept_once_with_their_post_where_it_is_known(file: Path) -> None:
    rows = [COMMENT, {**COMMENT, "text": "Where can I buy it?", "post_id": "elsewhere"}]
    write_rows(file, rows)
    report = run_import(file, Kind.COMMENTS)
    assert (report.created, report.tally.comments_added) == (2, 2)
    assert run_import(file, Kind.COMMENTS, now=NOW + timedelta(days=3)).unchanged == 2
    comment = Comment.objects.get(text="Lovely glaze")
    assert comment.author
    assert "fan" not in comment.author
    assert comment.post is None


def test_a_comment_is_filed_under_its_post(file: Path) -> None:
    write_rows(file, [{**COMMENT, "post_id": "other"}])
    run_import(file, Kind.COMMENTS)
    account = SocialAccount.objects.get()
    post = Post.objects.create(account=account, external_id="p1")
    write_rows(file, [COMMENT])
    run_import(file, Kind.COMMENTS)
    assert Comment.objects.filter(post=post).count() == 1


def test_samples_and_comments_cannot_be_rewritten(file: Path) -> None:
    write_rows(file, [FOLLOWER])
    run_import(file, Kind.FOLLOWERS)
    write_rows(file, [COMMENT])
    run_import(file, Kind.COMMENTS)
    for table, column in (
        ("accounts_sampledfollower", "pseudonym"), ("accounts_comment", "text"),
    ):  # fmt: skip
        with (
            pytest.raises(DatabaseError, match="Cannot update"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {column} = 'x'")
