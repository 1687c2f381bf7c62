"""Niche reports for programs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scoring.niche_reports.months import Month
from scoring.niche_reports.writing import write_month
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal
from tests.scoring.niche_reports.making import make_niche

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 2, 5, tzinfo=UTC)


def test_before_the_first_report_the_answer_is_empty(cast: Cast, program: As) -> None:
    empty = {"report": None, "months": [], "count": 0, "next": None, "niches": []}
    assert program(cast.brand_viewer).get("reports/niches") == (200, empty)
    assert program(None).get("reports/niches")[0] == 401


def test_a_month_is_read_page_by_page_and_a_niche_month_by_month(cast: Cast, program: As) -> None:
    make_niche("cooking", [0.02] * 12)
    make_niche("street-food", [0.01, -0.01] * 5)
    for month in ("2026-02", "2026-03"):
        write_month(month=Month.parse(month), now=NOW)
    ask = program(cast.creator_user)
    status, answer = ask.get("reports/niches", sort="growth", page_size=1)
    assert (status, answer["count"], answer["months"]) == (200, 2, ["2026-03", "2026-02"])
    [first] = answer["niches"]
    assert (first["niche"], first["growth"]["trend"], first["opportunity"]) == (
        "cooking", "rise", None,
    )  # fmt: skip
    assert [one["topic"] for one in first["in_words"]][:2] == ["Competition", "Growth"]
    assert answer["next"].endswith("page=2&page_size=1&sort=growth")
    [second] = ask.get("reports/niches", sort="growth", page_size=1, page=2)[1]["niches"]
    assert second["niche"] == "street-food"
    assert second["growth"]["trend"] == ""
    assert ask.get("reports/niches", platform="tiktok")[1]["niches"] == []
    [named] = ask.get("reports/niches", month="2026-02", niche="street")[1]["niches"]
    assert (named["niche"], named["growth"]) == ("street-food", None)
    status, series = ask.get("reports/niches/cooking")
    assert [one["report"]["month"] for one in series["months"]] == ["2026-02", "2026-03"]
    assert series["months"][1]["niche"] == first
    missing = ask.get("reports/niches/cooking", platform="youtube")[1]["months"]
    assert [one["niche"] for one in missing] == [None, None]
    status, answer = ask.get("reports/niches/cokking")
    assert (status, answer["details"]["near"]) == (404, ["cooking"])


def test_what_means_nothing_is_refused_by_name(cast: Cast, program: As) -> None:
    ask = program(cast.brand_owner)
    refused = (
        ("month", "2026-3"), ("month", "2031-01"), ("platform", "vhs"), ("sort", "luck"),
        ("page", "0"), ("page_size", "9" * 30), ("niche", "\x00"), ("nich", "cooking"),
    )  # fmt: skip
    for name, value in refused:
        status, answer = ask.get("reports/niches", **{name: value})
        assert (status, refusal(answer)[1]) == (400, name)
