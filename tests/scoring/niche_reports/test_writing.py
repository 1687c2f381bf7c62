"""A month of niches: what is counted, what is kept apart, and when a new version is written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Brand, Creator, Post, SocialAccount
from campaigns.briefs import create_campaign
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from scoring.models import MarketPrice, NicheMonth, NicheReport
from scoring.niche_reports.months import Month, MonthRefused
from scoring.niche_reports.writing import NothingToReport, write_month
from tests.cast import Cast, make_cast
from tests.scoring.niche_reports.making import MARCH, count, make_niche, moment

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 2, 5, tzinfo=UTC)
MONTH = Month.parse("2026-03")
GROWING = [0.01, 0.015, 0.018, 0.02, 0.02, 0.022, 0.024, 0.026, 0.03, 0.05, 0.08]


def write(month: Month = MONTH, now: datetime = NOW) -> list[NicheReport]:
    return [one.report for one in write_month(month=month, now=now)]


def row(niche: str, platform: str = "", **report: object) -> NicheMonth:
    newest = NicheReport.objects.filter(**report).order_by("-version")
    return NicheMonth.objects.get(report=newest[0], niche=niche, platform=platform)


def test_a_month_has_the_figures_that_its_facts_give() -> None:
    make_niche("cooking", GROWING)
    [report] = write()
    assert (report.accounts, report.niches, report.too_small, report.version) == (11, 1, 0, 1)
    assert (report.is_simulated, report.until) == (False, date(2026, 3, 31))
    found = row("cooking")
    assert (found.creators, found.accounts, found.sized, found.entrants) == (11, 11, 11, 0)
    assert found.tiers == {"nano": 0, "micro": 11, "mid": 0, "macro": 0, "mega": 0}
    # Ranks 2 and 10 of 11: P(B < 2) = 0.6 %, P(B < 3) = 3.3 %.
    assert found.growth == {
        "value": 0.022, "low": 0.015, "high": 0.05, "n": 11, "p": 0.000976562, "trend": "rise",
    }  # fmt: skip
    assert found.engagement["value"] == 0.03
    assert found.engagement["q1"] == found.engagement["q3"] == 0.03
    assert found.engagement_change["value"] == pytest.approx(0.5)
    assert found.engagement_change["trend"] == "rise"
    assert found.posts_per_week["value"] == pytest.approx(7.0)
    assert found.active == 11
    shares = [(1 + growth) / sum(1 + one for one in GROWING) for growth in GROWING]
    assert found.herfindahl == pytest.approx(sum(share**2 for share in shares), abs=1e-5)
    assert found.top_share == pytest.approx(sum(sorted(shares)[-2:]), abs=1e-5)
    assert row("cooking", "instagram").growth == found.growth
    assert AuditEntry.objects.filter(verb="niche_report.written").count() == 1


def test_those_who_joined_count_as_entrants_and_not_as_growth() -> None:
    make_niche("cooking", [0.0] * 10)
    make_niche("cooking", [None] * 5, since=date(2026, 3, 20), followers=900_000)
    write()
    found = row("cooking")
    assert (found.creators, found.entrants, found.growth["n"]) == (15, 5, 10)
    assert (found.growth["value"], found.growth["trend"]) == (0.0, "")


def test_real_and_simulated_creators_are_never_in_one_figure() -> None:
    make_niche("cooking", [0.01] * 10)
    make_niche("cooking", [0.5] * 12, is_simulated=True)
    real, simulated = write()
    assert (real.is_simulated, real.accounts) == (False, 10)
    assert (simulated.is_simulated, simulated.accounts) == (True, 12)
    assert row("cooking", is_simulated=False).growth["value"] == 0.01
    assert row("cooking", is_simulated=True).growth["value"] == 0.5


def test_of_few_creators_nothing_is_kept_and_a_creator_counts_once() -> None:
    accounts = make_niche("cooking", [0.01] * 10)
    make_niche("knives", [0.01] * 9)
    make_niche("cooking", [0.01] * 2, platform="tiktok")
    Creator.objects.filter(pk=accounts[0].creator_id).update(status="suspended")
    [report] = write()
    assert (report.niches, report.too_small) == (1, 1)
    assert set(NicheMonth.objects.values_list("niche", "platform")) == {("cooking", "")}
    assert row("cooking").creators == 11


def test_unknown_stays_unknown() -> None:
    make_niche("cooking", [None] * 12, rates=None)
    write()
    found = row("cooking")
    assert (found.growth, found.growth_change, found.engagement, found.posts_per_week) == (
        None,
    ) * 4
    assert (found.campaigns, found.hires, found.opportunity, found.active) == (None,) * 4
    assert (found.prices, found.hashtags) == ([], [])


def test_the_same_facts_add_nothing_and_a_correction_adds_a_version() -> None:
    accounts = make_niche("cooking", GROWING)
    write()
    [again] = write_month(month=MONTH, now=NOW)
    assert (again.added, NicheReport.objects.count(), NicheMonth.objects.count()) == (False, 1, 2)
    count(accounts[0], MARCH, 99_999, recorded_at=NOW)
    later = datetime(2026, 4, 3, tzinfo=UTC)
    [corrected] = write_month(month=MONTH, now=later)
    assert (corrected.added, corrected.report.version) == (True, 2)
    assert row("cooking").growth["high"] == 0.08
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        NicheMonth.objects.update(creators=1000)


def test_a_running_month_is_read_as_far_as_it_goes_and_an_earlier_one_without_its_future() -> None:
    make_niche("cooking", GROWING)
    [running] = write(now=datetime(2026, 3, 10, tzinfo=UTC))
    assert (running.until, row("cooking", version=1).growth) == (date(2026, 3, 10), None)
    [february] = write(MONTH.before)
    assert row("cooking", month=february.month).engagement["value"] == 0.02


@pytest.mark.parametrize(
    ("month", "message"),
    [("2026-05", "has not begun"), ("2025-06", "first facts are of January 2026")],
)
def test_months_in_the_future_and_before_all_facts_are_refused(month: str, message: str) -> None:
    make_niche("cooking", [0.01] * 10)
    with pytest.raises(MonthRefused, match=message):
        write(Month.parse(month))
    assert not NicheReport.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-00", "0000-01", "26-3", "2026-03\x00", "٢٠٢٦-٠٣", "9" * 99],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(MonthRefused):
        Month.parse(text)


def test_an_empty_catalogue_has_nothing_to_report() -> None:
    with pytest.raises(NothingToReport):
        write()


def test_a_trend_is_called_only_among_all_niches_tested_together() -> None:
    """Nine rises of ten alone are p = 0.02; among twenty niches without news they are chance."""
    lucky = [0.01] * 9 + [-0.01]
    make_niche("lucky", lucky)
    write()
    assert row("lucky").growth["p"] == pytest.approx(0.0215, abs=1e-4)
    assert row("lucky").growth["trend"] == "rise"
    for place in range(20):
        make_niche(f"still-{place}", [0.01, -0.01] * 5)
    write()
    assert row("lucky").growth["trend"] == ""


def test_demand_is_told_of_three_brands_together_or_not_at_all() -> None:
    cast = make_cast()
    make_niche("street-food", [0.01] * 10)
    begin(cast, 0, "Street Food")
    begin(cast, 1, "Street Food")
    write()
    assert row("street-food").campaigns is None
    third = begin(cast, 0, "Street Food")
    write()
    assert row("street-food").campaigns is None
    # Three campaigns of two brands are not three brands'.
    Campaign.objects.filter(pk=third.pk).update(brand=Brand.objects.create(name="Cedar"))
    write()
    assert row("street-food").campaigns == 3
    assert row("street-food", "instagram").campaigns == 3
    assert row("street-food").hires is None


def begin(cast: Cast, brand: int, niche: str) -> Campaign:
    owner = (cast.brand_owner, cast.other_owner)[brand]
    campaign = create_campaign(
        brand=owner.brands.get(),
        title="Spring",
        terms=BriefTerms(text="Spring", niches=[niche]),
        actor=owner,
        now=moment(MARCH),
    )
    Campaign.objects.filter(pk=campaign.pk).update(status="in_moderation")
    Campaign.objects.filter(pk=campaign.pk).update(status="open")
    return campaign


def test_asked_prices_are_medians_of_creators_and_taken_back_ones_do_not_count() -> None:
    accounts = make_niche("cooking", [0.01] * 11)
    for place, account in enumerate(accounts):
        for day, price in ((date(2026, 2, 1), 10_000), (date(2026, 3, 5), 11_000 + place)):
            ask(account, day, price)
    ask(accounts[0], date(2026, 3, 6), None)
    write()
    [price] = row("cooking").prices
    assert (price["basis"], price["deliverable"], price["currency"]) == ("asked", "reel", "EUR")
    assert (price["creators"], price["median_minor"]) == (10, 11_006)
    assert (price["change"]["n"], price["change"]["value"]) == (
        10,
        pytest.approx(0.10055, abs=1e-4),
    )


def ask(account: SocialAccount, day: date, price: int | None) -> None:
    MarketPrice.objects.create(
        account=account, creator_key=f"account-{account.pk}", platform="instagram",
        deliverable="reel", kind="asked", price_minor=price, currency="EUR", priced_on=day,
        provenance="creator", is_simulated=False, recorded_at=moment(day),
    )  # fmt: skip


def test_hashtags_are_those_that_several_creators_use() -> None:
    accounts = make_niche("cooking", [0.01] * 10)
    for place, account in enumerate(accounts):
        Post.objects.create(
            account=account, external_id=f"p{place}", published_at=moment(MARCH),
            created_at=moment(MARCH), hashtags=["Pasta", f"mine{place}", "pasta"],
        )  # fmt: skip
    write()
    assert row("cooking").hashtags == [{"tag": "pasta", "creators": 10}]
    assert row("cooking", "instagram").hashtags == []


def test_a_month_costs_a_fixed_number_of_statements() -> None:
    make_niche("cooking", [0.01] * 10)
    with CaptureQueriesContext(connection) as few:
        write()
    for place in range(3):
        make_niche(f"other-{place}", [0.01] * 10)
    with CaptureQueriesContext(connection) as many:
        write()
    assert len(many) == len(few)
