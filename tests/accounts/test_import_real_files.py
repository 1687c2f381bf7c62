"""The real files, whole, and unchanged when imported again."""

from pathlib import Path

import pytest
from django.utils import timezone

from accounts.importing.errors import LayoutUnknown
from accounts.importing.layout import Kind
from accounts.models import AccountMetric, SocialAccount
from tests.accounts.csv_files import run_import

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "kind", "rows", "created"),
    [
        ("rates_douyin.csv.gz", Kind.CREATORS, 1662, 1662),
        ("market_ranking_instagram.csv", Kind.CREATORS, 200, 200),
        ("assessment/influencers_data.csv", Kind.CREATORS, 30, 30),
        ("posts_instagram.csv.gz", Kind.POSTS, 1889, 1793),
        ("assessment/growth_data.csv", Kind.METRICS, 30, 30),
    ],
)
def test_a_file_is_imported_whole_and_then_unchanged(
    shared_data: Path, name: str, kind: Kind, rows: int, created: int
) -> None:
    first = run_import(shared_data / name, kind, now=timezone.now())
    assert (first.rows, first.created, first.refused) == (rows, created, 0)
    again = run_import(shared_data / name, kind, now=timezone.now())
    assert (again.created, again.updated, again.unchanged) == (0, 0, rows)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("videos_tiktok.csv.gz", Kind.POSTS),
        ("videos_douyin.csv.gz", Kind.POSTS),
        ("channels_weekly.csv.gz", Kind.METRICS),
    ],
)
def test_a_longer_file_is_imported_whole(shared_data: Path, name: str, kind: Kind) -> None:
    report = run_import(shared_data / name, kind, now=timezone.now())
    assert report.created == report.rows > 7000


def test_all_creators_of_the_catalogue_are_imported(shared_data: Path) -> None:
    report = run_import(shared_data / "creators.csv.gz", now=timezone.now())
    assert (report.rows, report.created, report.refused) == (26_771, 26_771, 0)
    assert SocialAccount.objects.count() == AccountMetric.objects.count() == 26_771
    doubtful = {warning.column for warning in report.warnings.kept}
    assert doubtful == {"engagement_rate", "comments_to_likes"}
    unknown = AccountMetric.objects.filter(engagement_rate=None).count()
    unknown += AccountMetric.objects.filter(comments_to_likes=None).count()
    assert report.warnings.count == unknown < 60


@pytest.mark.parametrize("name", ["accounts_labelled.csv.gz", "assessment/brands_data.csv"])
def test_files_that_belong_elsewhere_say_where(shared_data: Path, name: str) -> None:
    with pytest.raises(LayoutUnknown, match=r"manage\.py (train|analyze)"):
        run_import(shared_data / name)
