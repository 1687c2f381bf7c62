from pathlib import Path
from typing import Any

import pytest

from accounts.importing.errors import FileUnreadable
from accounts.models import AuditEntry
from scoring.models import MarketPrice, PriceImport
from scoring.pricing.errors import PriceFileRefused
from scoring.pricing.importing import import_prices
from scoring.pricing.market_rows import Scope, read_market_rows
from tests.cast import Cast
from tests.scoring.catalogue import make_account
from tests.scoring.pricing.market import GENERAL, NOW, import_rows

pytestmark = pytest.mark.django_db

RATES = {
    "platform": "douyin", "creator_id": "c1", "tags": '{"美妆":["护肤"]}', "followers": "172996",
    "follower_change_15d": "329", "median_views_30d": "66181.0", "median_interactions_30d": "1086",
    "engagement_rate_30d": "0.0165", "expected_views": "63834", "price_1_20s": "8600",
    "price_21_60s": "12300", "price_over_60s": "", "currency": "CNY",
}  # fmt: skip


def test_a_rate_list_gives_a_price_for_each_length(tmp_path: Path, cast: Cast) -> None:
    report = import_rows(tmp_path / "rates.csv.gz", [RATES], actor=cast.moderator)
    assert (report.layout, report.rows, report.added) == ("rates_douyin", 1, 2)
    price = MarketPrice.objects.get(deliverable="video_21_60s")
    assert (price.price_minor, price.currency, price.kind) == (1_230_000, "CNY", "asked")
    assert price.facts["niche"] == "beauty"
    assert price.facts["median_views"] == 66181.0
    assert AuditEntry.objects.get(verb="price.file_imported").actor == cast.moderator


def test_a_general_row_is_taken_with_its_day_and_its_account_here(tmp_path: Path) -> None:
    account = make_account("someone")
    import_rows(tmp_path / "a.csv", [GENERAL])
    price = MarketPrice.objects.get()
    assert (price.account, price.deliverable) == (account, "reel")
    assert price.creator_key == f"creator:{account.creator_id}"
    assert str(price.priced_on) == "2026-02-01"


def test_importing_again_adds_nothing_and_a_correction_counts(tmp_path: Path) -> None:
    import_rows(tmp_path / "a.csv", [GENERAL, GENERAL])
    again = import_rows(tmp_path / "a.csv", [GENERAL])
    assert (MarketPrice.objects.count(), again.added, again.repeated) == (1, 0, 1)
    import_rows(tmp_path / "a.csv", [{**GENERAL, "price": "950"}])
    [row] = read_market_rows(Scope(simulated=False, as_of=NOW))
    assert (MarketPrice.objects.count(), row.price) == (2, 950.0)


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"price": "0"}, "price"),
        ({"price": "-3"}, "price"),
        ({"price": "1000000000"}, "price"),
        ({"price": "a lot"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": "12.345"}, "price"),
        ({"price": ""}, "price"),
        ({"currency": "EURO"}, "currency"),
        ({"currency": "XXQ"}, "currency"),
        ({"platform": "myspace"}, "platform"),
        ({"followers": "many"}, "followers"),
        ({"followers": "0"}, "followers"),
        ({"kind": "wished"}, "kind"),
        ({"priced_on": "2027-01-01"}, "priced_on"),
        ({"month": "13"}, "month"),
        ({"creator_id": ""}, "creator_id"),
    ],
)
def test_a_wrong_cell_refuses_the_whole_file_by_row_and_column(
    tmp_path: Path, wrong: dict[str, Any], column: str
) -> None:
    with pytest.raises(PriceFileRefused) as refused:
        import_rows(tmp_path / "a.csv", [{**GENERAL, "creator_id": "fine", "month": "2"},
                                         {**GENERAL, **wrong}])  # fmt: skip
    [problem] = refused.value.details["problems"]
    assert (problem["row"], problem["column"]) == (3, column)
    assert problem["expected"]
    assert not MarketPrice.objects.exists()
    assert not PriceImport.objects.exists()


def test_two_prices_for_the_same_day_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(PriceFileRefused, match="row 2 has another"):
        import_rows(tmp_path / "a.csv", [GENERAL, {**GENERAL, "price": "901"}])


def test_a_check_writes_nothing(tmp_path: Path) -> None:
    report = import_rows(tmp_path / "a.csv", [GENERAL], dry_run=True)
    assert (report.added, report.import_id) == (1, None)
    assert not MarketPrice.objects.exists()


def test_made_up_prices_of_a_real_creator_are_refused(tmp_path: Path) -> None:
    make_account("someone")
    with pytest.raises(PriceFileRefused, match="do not mix"):
        import_rows(tmp_path / "a.csv", [GENERAL], simulated=True)


def test_other_files_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("creator_id,price\na,5\n")
    with pytest.raises(FileUnreadable, match="it needs the columns"):
        import_prices(path=path, source="x", actor=None, now=NOW)
    with pytest.raises(PriceFileRefused) as refused:
        import_rows(path, [GENERAL], source=" ")
    assert refused.value.details["field"] == "source"


def test_the_real_rate_list_is_taken_whole(shared_data: Path) -> None:
    report = import_prices(
        path=shared_data / "rates_douyin.csv.gz", source="marketplace", actor=None, now=NOW,
        dry_run=True,
    )  # fmt: skip
    assert (report.rows, report.prices) == (1662, 954)
