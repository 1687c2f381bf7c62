import pytest

from scoring.ml.match.exposure import exposure_by_size, tier_of
from scoring.ml.match.limits import Limited, Limits, emptying_limits, why_not_shown

GOOD = Limited(
    platform="instagram",
    country="Germany",
    language="de",
    niches=["Skin care"],
    followers=20_000,
    risk=15,
    price_low_minor=50_000,
    price_currency="EUR",
    available=True,
)
STRICT = Limits(
    platforms=["instagram"],
    countries=["DE"],
    languages=["de", "en"],
    niches=["skin-care"],
    min_followers=10_000,
    max_followers=50_000,
    max_risk=40,
    budget_minor=80_000,
    currency="EUR",
    needs_availability=True,
)


def test_an_eligible_account_has_no_refusals() -> None:
    assert why_not_shown(STRICT, GOOD) == []
    assert why_not_shown(Limits(), Limited()) == []


def test_each_refusal_names_its_limit_and_by_how_much() -> None:
    [refusal] = why_not_shown(Limits(min_followers=10_000), Limited(followers=8_000))
    assert refusal.limit == "min_followers"
    assert refusal.by == pytest.approx(0.2)
    assert refusal.text == (
        "8,000 followers; the campaign wants at least 10,000 (2,000 or 20% too few)"
    )
    [risk] = why_not_shown(Limits(max_risk=40), Limited(risk=64))
    assert (risk.limit, risk.by) == ("max_risk", pytest.approx(0.6))
    assert "64" in risk.text
    assert "24 too high" in risk.text
    [price] = why_not_shown(
        Limits(budget_minor=50_000, currency="EUR"),
        Limited(price_low_minor=75_000, price_currency="EUR"),
    )
    assert (price.limit, price.by) == ("budget", 0.5)
    [country] = why_not_shown(Limits(countries=["DE"]), Limited(country="France"))
    assert country.text == "Country is France; the campaign wants Germany"


def test_an_unknown_fact_passes_no_limit_but_the_budget() -> None:
    refusals = why_not_shown(STRICT, Limited())
    assert [refusal.limit for refusal in refusals] == [
        "platform", "country", "language", "niche", "min_followers", "max_followers", "max_risk",
        "availability",
    ]  # fmt: skip
    assert all(refusal.unknown for refusal in refusals)


def test_limits_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="contradict"):
        why_not_shown(Limits(min_followers=10, max_followers=5), GOOD)


def test_the_limit_that_empties_a_page_is_named() -> None:
    accounts = [Limited(platform="tiktok", followers=50_000)] * 3 + [
        Limited(platform="instagram", followers=50)
    ]
    limits = Limits(platforms=["instagram"], min_followers=1_000)
    assert emptying_limits(limits, accounts) == [("platform", 3), ("min_followers", 1)]


def test_exposure_is_one_where_lists_mirror_who_is_eligible() -> None:
    rows = exposure_by_size([[500, 2_000_000], [2_000_000, 500]], [500, 2_000_000])
    assert [(row.tier, row.ratio) for row in rows] == [
        ("nano", pytest.approx(1.0)),
        ("mega", pytest.approx(1.0)),
    ]


def test_exposure_tells_who_is_pushed_down() -> None:
    rows = {row.tier: row for row in exposure_by_size([[2e6, 500.0]], [500.0, 500.0, 500.0, 2e6])}
    assert rows["mega"].ratio is not None
    assert rows["nano"].ratio is not None
    assert rows["mega"].ratio > 1 > rows["nano"].ratio
    assert sum(row.exposure for row in rows.values()) == pytest.approx(1.0)
    assert exposure_by_size([], []) == []


def test_tiers_and_unknown_sizes() -> None:
    assert [tier_of(n) for n in (9_999, 10_000, 49_999, 250_000, 1e6, None, float("nan"))] == [
        "nano", "micro", "micro", "macro", "mega", "unknown", "unknown",
    ]  # fmt: skip
