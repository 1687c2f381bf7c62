"""Reading either layout, training and evaluating from files, artefacts of both versions."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scoring.ml import artifacts, pricing
from scoring.ml.prices import training
from scoring.ml.prices.model import PriceModel
from scoring.ml.prices.reading import read_prices, tag_niches
from scoring.ml.prices.simulation import MARKETS, simulate_market
from scoring.ml.tables import TableError
from scoring.training import get_task

SHIPPED = Path(__file__).parents[4] / "scoring" / "artifacts"
AT = datetime(2026, 1, 15, tzinfo=UTC)
RATE_LIST = """\
creator_id,followers,follower_change_15d,tags,engagement_rate_30d,price_1_20s,price_21_60s
a,20000,200,"{""美食"":[""x""]}",0.02,1000,0
b,,1,,,500,
c,30000,,not json,,,
"""
EXPORT = """\
outcome_id,creator_id,platform,as_of,followers,kind,currency,price,price_1_20s
1,7,douyin,2025-03-02T10:00:00+00:00,20000,video_1_20s,CNY,900,900
2,7,tiktok,2025-03-02T10:00:00+00:00,20000,tiktok_video,USD,120.50,
3,8,tiktok,soon,20000,tiktok_video,USD,100,
"""


def written(tmp_path, text, name="prices.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def general_file(tmp_path, name="market.csv", **options):
    """Simulated prices in the general layout."""
    prices = simulate_market(random_state=5, creators=45, offers=3.0, markets=MARKETS[1:2])
    names = [
        "platform", "creator_id", "deliverable", "price", "currency", "priced_at", "followers",
        "engagement_rate", "niche", "country", "kind", "simulated",
    ]  # fmt: skip
    path = tmp_path / name
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        for price in prices:
            row = price.row
            writer.writerow([
                row.platform, row.creator_key, row.deliverable, row.price, row.currency,
                row.priced_at, row.followers, row.engagement_rate, row.niche, row.country,
                row.kind, int(options.get("simulated", row.simulated)),
            ])  # fmt: skip
    return path


def test_the_rate_list_gives_a_row_per_price_and_names_what_it_passes_over(tmp_path):
    file = read_prices(written(tmp_path, RATE_LIST))
    [row] = file.rows
    assert (row.platform, row.currency, row.deliverable) == ("douyin", "CNY", "video_1_20s")
    assert (row.price, row.kind, row.niche, row.priced_at) == (1000, "asked", "food", None)
    assert row.follower_growth == pytest.approx(0.01)
    assert file.lines == 3
    assert file.passed_over == (
        "row 2: the price 0 is not above zero",
        "row 3: no followers above zero",
    )


def test_an_export_of_outcomes_gives_agreed_prices_once_each(tmp_path):
    file = read_prices(written(tmp_path, EXPORT))
    assert [(row.deliverable, row.price, row.kind) for row in file.rows] == [
        ("video_1_20s", 900, "agreed"),
        ("tiktok_video", 120.5, "agreed"),
    ]
    assert file.rows[0].priced_at == date(2025, 3, 2)
    assert file.passed_over == ("row 4: 'soon' is no date",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("platform,price\nx,1\n", "lacks the column followers"),
        ("creator,niche\n1,a\n", "has none of the columns followers, price"),
        ("followers,price\n1,dear\n", "is not a number"),
    ],
)
def test_files_that_are_no_price_lists_are_refused(tmp_path, text, reason):
    with pytest.raises(TableError, match=reason):
        read_prices(written(tmp_path, text))


def test_tags_are_read_as_niches():
    assert tag_niches('{"时尚":["穿搭"],"美妆":[]}') == "fashion;beauty"
    assert tag_niches("{") == tag_niches(None) == tag_niches("3") == ""


def test_training_from_files_measures_and_keeps_what_it_passed_over(tmp_path):
    bad = written(
        tmp_path, "platform,deliverable,price,currency,followers\ntiktok,x,-5,USD,10\n", "bad.csv"
    )
    files = [general_file(tmp_path), bad]
    metadata = training.train(files, tmp_path / "price" / "v9", random_state=1, trained_at=AT)
    assert metadata["metrics"]["median_ape"] < 0.4
    assert metadata["extra"]["passed_over"] == 1
    assert metadata["extra"]["simulated"] is True
    slices = metadata["metrics_by_slice"]
    assert slices["tiktok/USD/all"]["mape"] < slices["tiktok/USD/tier_medians"]["mape"]
    assert slices["tiktok/USD/all"]["coverage_low"] <= slices["tiktok/USD/all"]["coverage"]
    assert "tiktok/USD/later/model" in slices
    model = training.load(artifacts.load_artifact(tmp_path, "price", "v9"))
    evaluation = training.evaluate(model, files[0])
    assert tuple(evaluation.metrics) == training.TASK.metric_names
    assert evaluation.metrics["abstained"] == 0
    lines = files[0].read_text().splitlines(keepends=True)
    twice = written(tmp_path, "".join([*lines, *lines[1:]]), "twice.csv")
    assert training.evaluate(model, twice).metrics == evaluation.metrics
    assert training.evaluate(model, bad).metrics["passed_over"] == 1
    nothing = training.evaluate(model, written(tmp_path, RATE_LIST))
    assert (nothing.metrics["median_ape"], nothing.metrics["abstained"]) == (None, 1)


def test_training_refuses_what_it_cannot_learn_from(tmp_path):
    with pytest.raises(TableError, match=r"at least 30 creators.*2 rows were passed over"):
        training.train(
            [written(tmp_path, RATE_LIST)], tmp_path / "price" / "v9", random_state=1, trained_at=AT
        )
    both = [general_file(tmp_path), general_file(tmp_path, "real.csv", simulated=0)]
    with pytest.raises(TableError, match="never learned together"):
        training.train(both, tmp_path / "price" / "v9", random_state=1, trained_at=AT)


def test_both_shipped_versions_load_and_are_evaluated_by_one_task(tmp_path):
    task = get_task("price")
    first, second = (
        task.load(artifacts.load_artifact(SHIPPED, "price", version)) for version in ("v1", "v2")
    )
    assert isinstance(first, pricing.PriceModel)
    assert isinstance(second, PriceModel)
    path = written(tmp_path, RATE_LIST)
    for model in (first, second):
        evaluation = task.evaluate(model, path)
        assert tuple(sorted(evaluation.metrics)) == tuple(sorted(task.metric_names))
        assert evaluation.metrics["nominal_coverage"] == 0.8
    metadata = artifacts.read_metadata(SHIPPED, "price", "v2")
    slices = metadata["metrics_by_slice"]
    for baseline in ("follower_line", "tier_medians"):
        assert metadata["metrics"]["median_ape"] < slices[f"douyin/CNY/{baseline}"]["median_ape"]
    assert abs(metadata["metrics"]["coverage"] - 0.8) < 0.05
