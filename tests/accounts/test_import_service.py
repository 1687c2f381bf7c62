"""Whole imports: what is in the database afterwards, and what is not."""

import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.importing import batches, upserts
from accounts.importing.errors import FileRefused, FileUnreadable, RefusalsUnwritable
from accounts.importing.layout import Kind
from accounts.importing.options import ImportOptions
from accounts.importing.service import import_file
from accounts.models import (
    AccountMetric,
    AuditEntry,
    Creator,
    Job,
    Post,
    PostMetric,
    SocialAccount,
    User,
)
from tests.accounts.csv_files import (
    CREATOR_COLUMNS,
    NOW,
    creator,
    csv_text,
    post,
    run_import,
    write_bytes,
    write_rows,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def everything() -> list[Any]:
    models = (Creator, SocialAccount, AccountMetric, Post, PostMetric, AuditEntry, Job)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_creator_is_created_with_the_facts_of_the_row(file: Path) -> None:
    write_rows(file, [creator(7)])
    report = run_import(file)
    assert (report.rows, report.created, report.refused) == (1, 1, 0)
    account = SocialAccount.objects.select_related("creator").get()
    assert account.creator.display_name == "Instagram creator c00000000000"
    assert account.creator.status == Creator.Status.ACTIVE
    assert not account.creator.is_claimed
    assert account.handle_is_hash
    assert account.bio == "Potter in Porto <link>"
    assert account.has_link is True
    assert account.is_verified is True
    assert account.is_private is None  # the file does not say
    assert account.hashtags == ["clay", "kiln"]
    assert account.declared_niches == ["art", "craft"]
    assert account.country == "Portugal"
    metric = account.metrics.get()
    assert (metric.day, metric.followers) == (NOW.date(), 30200)
    assert (metric.engagement_rate, metric.comments_to_likes) == (0.0185, 0.05)
    assert metric.avg_likes is None
    assert (metric.provenance, metric.recorded_at) == ("imported", NOW)


def test_an_import_is_audited_once_with_its_counts(file: Path) -> None:
    actor = User.objects.create_user("mod@example.com", is_staff=True)
    write_rows(file, [creator(1), creator(2)])
    report = import_file(
        path=file, kind=Kind.CREATORS, options=ImportOptions(), actor=actor, now=NOW
    )
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.subject_text) == (
        actor,
        "catalogue.imported",
        "file.csv",
    )
    assert entry.subject_id == report.sha256[:60]
    assert entry.data["created"] == 2


def test_the_same_file_again_changes_nothing_even_on_another_day(file: Path) -> None:
    write_rows(file, [creator(1), creator(2)])
    run_import(file)
    report = run_import(file, now=NOW + timedelta(days=3))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert report.counts()["accounts_changed"] == 0
    assert AccountMetric.objects.count() == 2
    assert SocialAccount.objects.filter(updated_at=NOW).count() == 2


def test_changed_facts_update_the_account_and_add_a_metric(file: Path) -> None:
    write_rows(file, [creator(1), creator(2)])
    run_import(file)
    write_rows(file, [creator(1, bio="Now in Faro", followers="30500"), creator(2)])
    later = NOW + timedelta(days=1)
    report = run_import(file, now=later)
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    account = SocialAccount.objects.get(bio="Now in Faro")
    assert account.updated_at == later
    assert list(account.metrics.order_by("day").values_list("day", "followers")) == [
        (NOW.date(), 30200),
        (later.date(), 30500),
    ]
    assert report.tally.changed_account_ids() == [account.pk]


def test_an_empty_cell_says_nothing_and_takes_nothing_away(file: Path) -> None:
    write_rows(file, [creator(1)])
    run_import(file)
    write_rows(file, [creator(1, bio="", verified="", followers="", engagement_rate="0.02")])
    run_import(file)
    account = SocialAccount.objects.get()
    assert account.bio == "Potter in Porto <link>"
    assert account.is_verified is True
    newest = account.metrics.latest("recorded_at")
    assert (newest.followers, newest.engagement_rate) == (30200, 0.02)


def test_a_correction_of_the_same_day_is_a_newer_row(file: Path) -> None:
    write_rows(file, [creator(1)])
    run_import(file)
    write_rows(file, [creator(1, followers="31000")])
    run_import(file)  # at the very same moment
    first, second = AccountMetric.objects.order_by("recorded_at")
    assert (first.followers, second.followers) == (30200, 31000)
    assert first.day == second.day
    assert first.recorded_at < second.recorded_at


def test_one_bad_row_imports_nothing_and_every_error_is_placed(file: Path) -> None:
    rows = [
        creator(1),
        creator(2, followers="-5"),
        creator(3, followers="99999999999", platform="myspace"),
        creator(4, engagement_rate="inf"),
        creator(5, creator_id=""),
        creator(6, bio="nul\0byte"),
        creator(7, hashtags="x" * 151),
    ]
    write_rows(file, rows)
    before = everything()
    with pytest.raises(FileRefused) as caught:
        run_import(file)
    assert everything() == before
    assert "6 of 7 rows are bad" in caught.value.message
    details = caught.value.details
    assert details["refused"] == 6
    assert details["errors"] == 7
    assert [
        (problem["row"], problem["column"], problem["found"]) for problem in details["first_errors"]
    ] == [
        (3, "followers", "-5"),
        (4, "platform", "myspace"),
        (4, "followers", "99999999999"),
        (5, "engagement_rate", "inf"),
        (6, "creator_id", ""),
        (7, "bio", "nul�byte"),
        (8, "hashtags", "x" * 79 + "…"),
    ]
    assert "from 0 to 10,000,000,000" in details["first_errors"][0]["expected"]


def test_ragged_rows_are_refused(file: Path) -> None:
    lines = csv_text([creator(1)]).splitlines()
    write_bytes(file, "\n".join([*lines, "short,row", lines[1] + ",more", ""]).encode())
    with pytest.raises(FileRefused) as caught:
        run_import(file)
    found = [(p["row"], p["found"], p["expected"]) for p in caught.value.details["first_errors"]]
    assert found == [(3, "2 cells", "10 cells"), (4, "11 cells", "10 cells")]


def test_an_impossible_ratio_is_unknown_with_a_warning_and_the_row_is_kept(file: Path) -> None:
    write_rows(file, [creator(1, engagement_rate="2361.55", comments_to_likes="-24.1")])
    report = run_import(file)
    metric = AccountMetric.objects.get()
    assert (metric.engagement_rate, metric.comments_to_likes) == (None, None)
    assert [(w.row, w.column, w.found) for w in report.warnings.kept] == [
        (2, "engagement_rate", "2361.55"),
        (2, "comments_to_likes", "-24.1"),
    ]


def test_a_key_twice_is_refused_and_a_row_twice_is_passed_over(file: Path) -> None:
    write_rows(file, [creator(1), creator(1)])
    report = run_import(file)
    assert (report.created, report.unchanged) == (1, 1)
    assert "repeats row 2" in report.warnings.kept[0].expected
    write_rows(file, [creator(2), creator(3), creator(2, followers="1")])
    with pytest.raises(FileRefused) as caught:
        run_import(file)
    (problem,) = caught.value.details["first_errors"]
    assert problem["row"] == 4
    assert "the same creator_id, platform as row 2" in problem["found"]


def test_skipping_bad_rows_imports_the_rest_and_keeps_them_with_reasons(
    file: Path, tmp_path: Path
) -> None:
    rows = [
        creator(1),
        creator(2, followers="-5", bio='=HYPERLINK("evil")'),
        creator(1, followers="1"),
        creator(3),
    ]
    write_rows(file, rows)
    refused = tmp_path / "refused.csv"
    report = run_import(file, skip_bad=refused)
    assert (report.rows, report.created, report.refused) == (4, 2, 2)
    assert report.refused_file == str(refused)
    text = refused.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith("refused_row,refused_line,refused_because,creator_id")
    assert "3,3,\"followers: found '-5', expected a whole number" in text
    assert "'=HYPERLINK" in text
    assert "4,4," in text
    assert "as row 2" in text
    assert list(tmp_path.glob(".*")) == []


def test_a_corrected_file_of_refusals_can_be_imported_as_it_is(file: Path, tmp_path: Path) -> None:
    write_rows(file, [creator(1, followers="-5", bio="=1+1"), creator(2, bio="'tis true")])
    refused = tmp_path / "refused.csv"
    run_import(file, skip_bad=refused)
    refused.write_text(refused.read_text(encoding="utf-8-sig").replace(",-5,", ",5,"))
    report = run_import(refused)
    assert (report.created, report.unused_columns) == (1, [])
    assert set(SocialAccount.objects.values_list("bio", flat=True)) == {"=1+1", "'tis true"}


def test_formula_cells_are_kept_as_the_text_they_are(file: Path) -> None:
    bios = ["=1+1", "+49 call me", "-", "@someone", "\tx"]
    write_rows(file, [creator(number, bio=bio) for number, bio in enumerate(bios)])
    run_import(file)
    assert set(SocialAccount.objects.values_list("bio", flat=True)) == {
        *bios[:-1],
        "x",  # white space around a cell is no part of it
    }


def test_refusals_that_cannot_be_written_cost_nothing(file: Path, tmp_path: Path) -> None:
    write_rows(file, [creator(1), creator(2, followers="-5")])
    for place in (tmp_path, tmp_path / "absent" / "refused.csv", file):
        with pytest.raises(RefusalsUnwritable):
            run_import(file, skip_bad=place)
    assert SocialAccount.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_refusals_that_cannot_be_moved_into_place_undo_the_import(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("accounts.importing.refusals.os.replace", full)
    write_rows(file, [creator(1), creator(2, followers="-5")])
    with pytest.raises(RefusalsUnwritable, match="No space left"):
        run_import(file, skip_bad=tmp_path / "refused.csv")
    assert SocialAccount.objects.count() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.csv"]


def test_a_dry_run_tells_exactly_what_the_import_then_does(file: Path, tmp_path: Path) -> None:
    write_rows(file, [creator(1), creator(2), creator(3)])
    run_import(file)
    write_rows(
        file,
        [
            creator(1),
            creator(2, followers="1"),
            creator(4),
            creator(5, followers="-1"),
        ],
    )
    before = everything()
    options = {"skip_bad": tmp_path / "refused.csv", "now": NOW + timedelta(hours=1)}
    dry = run_import(file, dry_run=True, **options)
    assert everything() == before
    wet = run_import(file, **options)
    assert dry.counts() == wet.counts()
    assert (wet.created, wet.updated, wet.unchanged, wet.refused) == (1, 1, 1, 1)


def test_a_header_without_rows_imports_nothing_and_is_no_error(file: Path) -> None:
    write_bytes(file, ",".join(CREATOR_COLUMNS).encode())
    report = run_import(file)
    assert report.rows == 0


def test_a_file_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "file.csv.gz"
    packed = gzip.compress(csv_text([creator(number) for number in range(3000)]).encode())
    file.write_bytes(packed[: len(packed) * 3 // 4])
    with pytest.raises(FileUnreadable, match="damaged or incomplete"):
        run_import(file, skip_bad=tmp_path / "refused.csv")
    assert SocialAccount.objects.count() == 0


def test_a_file_that_changes_between_the_passes_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(file, [creator(1)])
    write = batches.BatchWriter.__init__

    def edit(self: batches.BatchWriter, *args: Any, **kwargs: Any) -> None:
        write_rows(file, [creator(1), creator(2)])
        write(self, *args, **kwargs)

    monkeypatch.setattr(batches.BatchWriter, "__init__", edit)
    with pytest.raises(FileUnreadable, match="changed while it was read"):
        run_import(file)
    assert SocialAccount.objects.count() == 0


def test_progress_counts_both_passes_in_bytes_and_may_stop_the_import(file: Path) -> None:
    class Stopped(Exception):
        pass

    write_rows(file, [creator(number) for number in range(600)])
    size, calls = file.stat().st_size, []

    def note(done: int, total: int | None) -> None:
        calls.append(done)
        assert total == 2 * size
        if done > size:
            raise Stopped

    with pytest.raises(Stopped):
        import_file(
            path=file,
            kind=Kind.CREATORS,
            options=ImportOptions(),
            actor=None,
            now=NOW,
            progress=note,
        )
    assert calls == sorted(calls)
    assert SocialAccount.objects.count() == 0


def test_the_last_act_before_the_commit_can_undo_it(file: Path) -> None:
    def refuse() -> None:
        raise RuntimeError

    write_rows(file, [creator(1)])
    with pytest.raises(RuntimeError):
        import_file(
            path=file,
            kind=Kind.CREATORS,
            options=ImportOptions(refresh=True),
            actor=None,
            now=NOW,
            before_commit=refuse,
        )
    assert SocialAccount.objects.count() == Job.objects.count() == AuditEntry.objects.count() == 0


def test_a_refresh_is_queued_only_when_something_changed(file: Path) -> None:
    write_rows(file, [creator(1)])
    report = run_import(file, refresh=True)
    job = Job.objects.get()
    assert (job.kind, job.state, job.pk) == (Job.Kind.REFRESH, "queued", report.refresh_job)
    Job.objects.all().delete()
    assert run_import(file, refresh=True).refresh_job is None
    assert run_import(file, refresh=True, dry_run=True).refresh_job is None
    assert Job.objects.count() == 0


def test_queries_do_not_grow_with_the_rows_of_a_batch(file: Path) -> None:
    counts = []
    for rows in (5, 500):
        write_rows(file, [creator(number + rows) for number in range(rows)])
        with CaptureQueriesContext(
            connection,
        ) as captured:
            run_import(file)
        write_rows(file, [creator(number + rows, followers="1") for number in range(rows)])
        with CaptureQueriesContext(connection) as again:
            run_import(file)
        counts.append((len(captured), len(again)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 18


def test_a_simple_text_escape_survives_latin_1(file: Path) -> None:
    write_bytes(file, csv_text([creator(1, bio="Évora")]).encode("latin-1"))
    with pytest.raises(FileUnreadable, match="--encoding latin-1"):
        run_import(file)
    run_import(file, encoding="latin-1")
    assert SocialAccount.objects.get().bio == "Évora"


def test_an_account_made_meanwhile_keeps_its_creator(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(file, [creator(1)])
    run_import(file)
    known = Creator.objects.get()
    monkeypatch.setattr(upserts, "_accounts", lambda keys: [])  # as if looked for before
    write_rows(file, [creator(1, bio="Newer"), creator(2)])
    report = run_import(file)
    assert (report.created, report.updated) == (1, 1)
    assert SocialAccount.objects.get(bio="Newer").creator == known
    assert Creator.objects.count() == 2


def test_posts_bring_their_creator_their_counts_and_its_followers(file: Path) -> None:
    write_rows(file, [post(1), post(2, creator_followers="9100", observed_at="2025-05-29 18:00")])
    report = run_import(file, Kind.POSTS)
    assert (report.created, report.tally.accounts_created) == (2, 1)
    account = SocialAccount.objects.get()
    assert account.creator.display_name == "TikTok creator c1111111111a"
    # Both rows are of one day; what was seen last counts.
    assert list(account.metrics.values_list("day", "followers")) == [(date(2025, 5, 29), 9100)]
    first = Post.objects.get(external_id="v1")
    assert first.hashtags == ["fyp", "clay"]
    assert first.published_at == datetime(2025, 5, 21, 9, 44, 45, tzinfo=UTC)
    counts = first.metrics.get()
    assert (counts.views, counts.saves) == (541200, 1098)
    assert counts.observed_at == datetime(2025, 5, 29, 15, 38, 41, tzinfo=UTC)


def test_posts_again_are_unchanged_and_later_counts_are_added(file: Path) -> None:
    write_rows(file, [post(number) for number in range(5)])
    run_import(file, Kind.POSTS)
    again = run_import(file, Kind.POSTS, now=NOW + timedelta(days=1))
    assert again.unchanged == 5
    assert (PostMetric.objects.count(), AccountMetric.objects.count()) == (5, 1)
    write_rows(file, [post(1, observed_at="2025-06-01 10:00", views="600000")])
    report = run_import(file, Kind.POSTS)
    assert report.updated == 1
    assert PostMetric.objects.filter(post__external_id="v1").count() == 2


def test_a_post_of_the_future_is_refused(file: Path) -> None:
    write_rows(file, [post(1, published_at="2026-03-05 00:00:00")])
    with pytest.raises(FileRefused) as caught:
        run_import(file, Kind.POSTS)
    assert caught.value.details["first_errors"][0]["column"] == "published_at"


def test_instagram_posts_without_id_are_known_again_by_their_content(file: Path) -> None:
    row = {
        "platform": "instagram",
        "creator_id": "c00000000000a",
        "creator_followers": "100.0",
        "following": "5",
        "caption": "Morning #run",
        "published_at": "2024-02-11 09:01:15",
        "engagement_rate": "1.25",
    }
    write_rows(file, [row, {**row, "engagement_rate": "1.5"}, {**row, "caption": "Noon"}])
    report = run_import(file, Kind.POSTS)
    assert (report.created, report.unchanged, report.refused) == (2, 1, 0)
    found = Post.objects.get(caption="Morning #run")
    assert found.hashtags == ["run"]
    assert found.metrics.get().engagement_rate == pytest.approx(0.0125)
    assert AccountMetric.objects.get().following == 5
    assert run_import(file, Kind.POSTS, now=NOW + timedelta(days=9)).unchanged == 3


def growth(identifier: str, counts: list[int]) -> dict[str, str]:
    return {
        "influencer_id": identifier,
        "followers": str(counts[-1]),
        "avg_likes": "120",
        "avg_comments": "7.5",
        "follower_growth_last_30_days": str(counts),
    }


def test_growth_is_thirty_days_that_end_today_or_as_of_a_day(file: Path) -> None:
    write_rows(file, [growth("1", list(range(100, 130)))])
    report = run_import(file, Kind.METRICS, as_of=date(2026, 2, 1))
    assert (report.created, report.tally.metrics_added) == (1, 30)
    last = AccountMetric.objects.latest("day")
    assert (last.day, last.followers, last.avg_likes) == (date(2026, 2, 1), 129, 120)
    first = AccountMetric.objects.earliest("day")
    assert (first.day, first.followers, first.avg_likes) == (date(2026, 1, 3), 100, None)
    # Unchanged as of that day, and also when no day is named later on.
    assert run_import(file, Kind.METRICS, as_of=date(2026, 2, 1)).unchanged == 1
    assert run_import(file, Kind.METRICS).unchanged == 1
    # A day further: 29 days are known already.
    write_rows(file, [growth("1", list(range(101, 131)))])
    report = run_import(file, Kind.METRICS, as_of=date(2026, 2, 2))
    assert (report.created, report.tally.metrics_added) == (1, 1)


def test_growth_whose_ends_differ_is_imported_with_a_warning(file: Path) -> None:
    write_rows(file, [{**growth("1", [5] * 30), "followers": "6"}])
    report = run_import(file, Kind.METRICS)
    assert report.warnings.kept[0].expected == "5, the last daily count"
    assert AccountMetric.objects.latest("day").followers == 6


def test_weekly_gains_stay_gains(file: Path) -> None:
    row = {"channel_id": "ch1", "category": "food", "week": "2020-01-05"}
    rows = [
        {**row, "new_followers": "-650000.0", "new_views": "12.5"},
        {**row, "week": "2020-01-12", "new_followers": "", "new_views": "7"},
    ]
    write_rows(file, rows)
    run_import(file, Kind.METRICS)
    account = SocialAccount.objects.get(platform="youtube", handle="ch1")
    assert account.declared_niches == ["food"]
    first, second = account.metrics.order_by("day")
    assert first.followers is None
    assert first.extra == {"new_followers_7d": -650000, "new_views_7d": 12.5}
    assert second.extra == {"new_views_7d": 7}
    assert run_import(file, Kind.METRICS).unchanged == 2


def test_daily_totals_find_their_video_or_are_filed_where_nobody_is_shown(file: Path) -> None:
    own = {"handle": "UCabc", "platform": "youtube", "post_id": "v1", "caption": "Known"}
    write_rows(file, [own])
    run_import(file, Kind.POSTS)
    day = {"date": "2018-01-02", "views": "9", "likes": "3", "dislikes": "2", "comments": "1"}
    write_rows(file, [{"video_id": "v1", **day}, {"video_id": "v2", **day}])
    report = run_import(file, Kind.METRICS)
    assert (report.created, report.tally.posts_created) == (2, 1)
    assert PostMetric.objects.get(post__external_id="v1").post.account.handle == "UCabc"
    stray = PostMetric.objects.get(post__external_id="v2")
    assert stray.extra == {"dislikes": 2}
    assert stray.observed_at == datetime(2018, 1, 2, tzinfo=UTC)
    assert stray.post.account.creator.status == Creator.Status.CLOSED
    assert run_import(file, Kind.METRICS).unchanged == 2


def test_our_own_layout_knows_handles_as_platforms_do(file: Path) -> None:
    row = {"handle": "@Ana.Potter", "platform": "Instagram", "followers": "5", "day": "2026-01-01"}
    write_rows(file, [row, {**row, "handle": "UCx", "platform": "youtube"}])
    run_import(file)
    handles = SocialAccount.objects.values_list("handle", "handle_is_hash")
    assert set(handles) == {("ana.potter", False), ("UCx", False)}
    assert AccountMetric.objects.filter(day=date(2026, 1, 1)).count() == 2
    write_rows(file, [{**row, "handle": "@"}])
    with pytest.raises(FileRefused):
        run_import(file)


def test_a_claimed_creator_keeps_name_and_status(file: Path) -> None:
    write_rows(file, [creator(1)])
    run_import(file)
    Creator.objects.update(
        display_name="Ana", status="suspended", user=User.objects.create_user("ana@example.com")
    )
    write_rows(file, [creator(1, followers="1", bio="New")])
    run_import(file)
    kept = Creator.objects.get()
    assert (kept.display_name, kept.status, kept.is_claimed) == ("Ana", "suspended", True)


def test_douyin_profiles_keep_the_marketplace_figures_under_their_names(file: Path) -> None:
    row = {
        "platform": "douyin",
        "creator_id": "c00000000000b",
        "gender": "2",
        "region": "长春",
        "tags": '{"随拍":["随拍"]}',
        "content_themes": '["时尚妆容"]',
        "followers": "172996",
        "follower_change_30d": "92645.89",
        "median_views_30d": "66181.0",
        "engagement_rate_30d": "0.0165",
        "price_1_20s": "8600.0",
        "currency": "CNY",
    }
    write_rows(file, [row])
    report = run_import(file)
    assert report.unused_columns == ["gender"]
    account = SocialAccount.objects.get()
    assert (account.platform, account.country) == ("douyin", "China")
    assert (account.declared_niches, account.hashtags) == (["随拍"], ["时尚妆容"])
    metric = account.metrics.get()
    assert metric.engagement_rate is None  # theirs is per view, ours per follower
    assert metric.extra == {
        "region": "长春",
        "follower_change_30d": 92645.89,
        "median_views_30d": 66181,
        "engagement_rate_30d": 0.0165,
        "price_1_20s": 8600,
        "currency": "CNY",
    }
    assert run_import(file).unchanged == 1


def test_influencers_bring_a_caption_and_take_the_platform_they_are_given(file: Path) -> None:
    row = {"influencer_id": "1", "bio": "Chef", "recent_captions": "Soup #food"}
    write_rows(file, [row])
    run_import(file)
    run_import(file, platform="tiktok")
    assert set(SocialAccount.objects.values_list("platform", flat=True)) == {"instagram", "tiktok"}
    assert Post.objects.filter(caption="Soup #food", hashtags=["food"]).count() == 2
    assert run_import(file).unchanged == 1
