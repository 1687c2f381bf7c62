"""Niche reports against everybody: all who are logged in read, moderators have them written."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.models import Job
from scoring.models import MarketPrice, NicheReport, SearchEntry
from scoring.niche_reports.months import Month
from scoring.niche_reports.writing import write_month
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.scoring.niche_reports.making import MARCH, make_niche, moment

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 2, 5, tzinfo=UTC)
GET = {
    "niche_reports":    (302, 200, 200, 200, 200, 200, 200),
    "niche_report":     (302, 200, 200, 200, 200, 200, 200),
    "niche_report_csv": (302, 200, 200, 200, 200, 200, 200),
}  # fmt: skip
POST = {
    "niche_reports_write": (302, 403, 403, 403, 403, 403, 302),
}


@pytest.fixture
def written(db: None) -> None:
    cooks = make_niche("cooking", [0.02] * 12)
    make_niche("street-food", [0.01, -0.01] * 6, platform="tiktok")
    MarketPrice.objects.bulk_create(
        MarketPrice(
            account=cook, creator_key=f"{cook.pk}", platform="instagram", deliverable="reel",
            kind="asked", price_minor=45_000 + 1_000 * place, currency="EUR",
            priced_on=MARCH, provenance="creator", is_simulated=False, recorded_at=moment(MARCH),
        )
        for place, cook in enumerate(cooks)
    )  # fmt: skip
    for month in ("2026-02", "2026-03"):
        write_month(month=Month.parse(month), now=NOW)


def test_who_reads_and_who_writes(cast: Cast, browse: Browse, written: None) -> None:
    for name, seen in GET.items():
        see(reverse(name, args=["cooking"] if name != "niche_reports" else []), seen, cast=cast,
            browse=browse)  # fmt: skip
    see(reverse("niche_report_csv"), GET["niche_report_csv"], cast=cast, browse=browse)
    for name, sent in POST.items():
        send(reverse(name), sent, {"month": "2026-02"}, cast=cast, browse=browse)


def test_the_list_puts_a_creators_own_niches_first_and_says_what_is_sure(
    cast: Cast, browse: Browse, written: None
) -> None:
    account = make_niche("street-food", [0.01])[0]
    SearchEntry.objects.filter(account=account).update(creator=cast.creator)
    client = browse(cast.creator_user)
    page = client.get(reverse("niche_reports")).content.decode()
    assert page.index("street food</a>") < page.index("cooking</a>")
    assert page.count("yours") == 1
    assert "growing 2.0 % a month (2.0–2.0)" in page
    assert "no clear change: 0.0 % a month (−1.0 to 1.0)" in page
    assert "€505 (€470–€540)" in page
    assert reverse("niche_reports_write") not in page
    only = client.get(reverse("niche_reports"), {"q": "Street", "platform": "tiktok"})
    assert "cooking</a>" not in only.content.decode()
    own = client.get(reverse("niche_report", args=["street-food"])).content.decode()
    assert "One of your niches" in own


def test_a_niche_has_words_charts_and_the_same_as_a_table(
    cast: Cast, browse: Browse, written: None
) -> None:
    page = browse(cast.brand_viewer).get(reverse("niche_report", args=["cooking"]))
    text = page.content.decode()
    assert "median of 12 accounts counted twice" in text
    assert 'data-value="growth"' in text
    # Ranks 3 and 10 of 12 prices from €450 to €560.
    assert text.count("€505 (€470–€540)") == 2
    assert "asked, EUR" in text
    assert text.count('<th scope="row">') == 2
    elsewhere = browse(cast.brand_viewer).get(
        reverse("niche_report", args=["cooking"]), {"platform": "youtube"}
    )
    assert "Fewer than 10 creators" in elsewhere.content.decode()


def test_a_table_has_a_row_for_each_niche_and_one_for_each_month(
    cast: Cast, browse: Browse, written: None
) -> None:
    make_niche("-1-1", [0.01] * 10)
    SearchEntry.objects.filter(niches=["-1-1"]).update(niches=["=1+1"])
    write_month(month=Month.parse("2026-03"), now=NOW)
    client = browse(cast.brand_owner)
    answer = client.get(reverse("niche_report_csv"), {"sort": "name"})
    assert answer["Content-Disposition"] == 'attachment; filename="niches-2026-03.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["niche"] for row in rows] == ["'=1+1", "cooking", "street-food"]
    assert (rows[1]["growth"], rows[1]["growth_trend"], rows[2]["growth_trend"]) == (
        "0.02", "rise", "none",
    )  # fmt: skip
    assert (rows[1]["campaigns"], rows[1]["simulated"], rows[1]["version"]) == ("", "0", "2")
    assert (rows[1]["price_median"], rows[1]["price_currency"], rows[2]["price_median"]) == (
        "505.00", "EUR", "",
    )  # fmt: skip
    answer = client.get(reverse("niche_report_csv", args=["cooking"]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["month"] for row in rows] == ["2026-02", "2026-03"]


def test_unknown_niches_are_not_found_and_near_ones_are_named(
    cast: Cast, browse: Browse, written: None
) -> None:
    client = browse(cast.brand_owner)
    for niche in ("x" * 5_000, "%00", "<script>", "2" * 400):
        assert client.get(f"/niches/reports/{niche}/").status_code == 404
        assert client.get(f"/niches/reports/{niche}/table.csv").status_code == 404
    answer = client.get("/niches/reports/cookin/")
    assert answer.status_code == 404
    assert "Is it one of these: cooking?" in answer.content.decode()


def test_choices_that_mean_nothing_are_left_out(cast: Cast, browse: Browse, written: None) -> None:
    client = browse(cast.brand_owner)
    for query in (
        "month=2030-01", "month=x", "month=%00", "platform=vhs", "sort=luck", "creators=all",
        "page=999999999999", "page=-1", "q=%00", f"q={'y' * 500}",
    ):  # fmt: skip
        for name in ("niche_reports", "niche_report_csv"):
            assert client.get(f"{reverse(name)}?{query}").status_code == 200, (name, query)
    for name in ("niche_report", "niche_report_csv"):
        address = f"{reverse(name, args=['cooking'])}?platform=vhs"
        assert client.get(address).status_code == 400


def test_before_the_first_report_the_pages_say_so(cast: Cast, browse: Browse) -> None:
    client = browse(cast.brand_owner)
    assert "No reports yet" in client.get(reverse("niche_reports")).content.decode()
    assert client.get(reverse("niche_report_csv")).status_code == 200
    assert client.get(reverse("niche_report", args=["cooking"])).status_code == 404


def test_a_month_that_cannot_be_written_is_refused_by_name(cast: Cast, browse: Browse) -> None:
    client = browse(cast.moderator)
    for month in ("", "2026", "2999-01", "2026-03\x00", "9" * 400):
        answer = client.post(reverse("niche_reports_write"), {"month": month})
        assert answer.status_code == 422, month
        assert "invalid-feedback" in answer.content.decode()
    assert not Job.objects.exists()


def test_simulated_creators_are_called_so(cast: Cast, browse: Browse, written: None) -> None:
    make_niche("cooking", [0.3] * 12, is_simulated=True)
    write_month(month=Month.parse("2026-03"), now=NOW)
    client = browse(cast.brand_owner)
    assert "Simulated demo data" not in client.get(reverse("niche_reports")).content.decode()
    page = client.get(reverse("niche_reports"), {"creators": "simulated"}).content.decode()
    assert "Simulated demo data" in page
    assert "growing 30.0 % a month" in page
    NicheReport.objects.filter(is_simulated=False).delete()
    page = client.get(reverse("niche_report", args=["cooking"])).content.decode()
    assert "Simulated demo data" in page


def test_the_pages_cost_a_fixed_number_of_queries(
    cast: Cast, browse: Browse, written: None, django_assert_max_num_queries
) -> None:
    client = browse(cast.brand_owner)
    client.get(reverse("niche_reports"))
    with django_assert_max_num_queries(14):
        client.get(reverse("niche_reports"))
    with django_assert_max_num_queries(14):
        client.get(reverse("niche_report", args=["cooking"]))
