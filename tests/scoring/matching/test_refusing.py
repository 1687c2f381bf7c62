"""Who is kept out and why, told the same by the database and by the pure rule."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Creator, SocialAccount
from scoring import entries
from scoring.matching.refusing import (
    LimitsRefused,
    check_limits,
    count_unknown,
    emptying_limits,
    limited_of,
    why_not_shown,
)
from scoring.matching.retrieval import eligible_entries
from scoring.ml.match import limits as rules
from scoring.ml.match.limits import Limits
from scoring.models import SearchEntry

pytestmark = pytest.mark.django_db

ACCOUNTS = 12
SAID_AT = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 9))
PLATFORMS = st.sampled_from(["instagram", "tiktok"])
COUNTRIES = st.sampled_from(["Germany", "DE", "deutschland", "Peru", "Perú", "Hong Kong SAR China"])
LANGUAGES = st.sampled_from(["de", "es", "en"])
NICHES = st.sampled_from(["yoga", "food", "street-art"])
NUMBERS = st.none() | st.integers(0, 6)
CURRENCIES = st.sampled_from(["EUR", "USD"])
FACTS = st.fixed_dictionaries(
    {
        "platform": PLATFORMS,
        "country": COUNTRIES | st.just(""),
        "language": LANGUAGES | st.just(""),
        "niches": st.lists(NICHES, unique=True, max_size=2),
        "followers": NUMBERS,
        "risk": NUMBERS,
        "price_low_minor": NUMBERS,
        "price_currency": CURRENCIES | st.just(""),
        "is_visible": st.sampled_from([True, True, True, False]),
        "accepts_work": st.none() | st.booleans(),
        "away": st.tuples(DAYS, DAYS),
    }
)
LIMITS = st.builds(
    Limits,
    platforms=st.lists(PLATFORMS, max_size=2),
    countries=st.lists(COUNTRIES, max_size=2),
    languages=st.lists(LANGUAGES, max_size=2),
    niches=st.lists(NICHES | st.just("Street Art"), max_size=2),
    min_followers=NUMBERS,
    max_followers=NUMBERS,
    max_risk=NUMBERS,
    budget_minor=NUMBERS,
    currency=CURRENCIES,
    available_from=DAYS,
    available_until=DAYS,
    needs_availability=st.booleans(),
)


@pytest.fixture
def rows() -> list[SearchEntry]:
    creators = [Creator(display_name=f"Creator {n}") for n in range(ACCOUNTS)]
    SocialAccount.objects.bulk_create(
        SocialAccount(creator=creator, platform="tiktok", handle=f"h{n}", country="Germany")
        for n, creator in enumerate(Creator.objects.bulk_create(creators))
    )
    entries.sync_entries()
    return list(SearchEntry.objects.order_by("pk").select_related("creator", "account"))


def write(row: SearchEntry, facts: dict[str, Any]) -> None:
    """The facts on the row and its creator, as if they had been imported, scored and said."""
    for name, value in facts.items():
        if name not in ("accepts_work", "away"):
            setattr(row, name, value)
    row.country_key = rules.country_key(row.country) if row.country else ""
    first, last = facts["away"]
    row.creator.away_from = first
    row.creator.away_until = last if first and last and last >= first else None
    row.creator.accepts_work = facts["accepts_work"]
    row.creator.availability_said_at = SAID_AT


def save(rows: list[SearchEntry]) -> None:
    SearchEntry.objects.bulk_update(rows, [*(set(SHOWN) - {"accepts_work", "away"}), "country_key"])
    said = ["accepts_work", "away_from", "away_until", "availability_said_at"]
    Creator.objects.bulk_update([row.creator for row in rows], said)


SHOWN = (
    "platform", "country", "language", "niches", "followers", "risk", "price_low_minor",
    "price_currency", "is_visible",
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(facts=st.lists(FACTS, min_size=ACCOUNTS, max_size=ACCOUNTS), limits=LIMITS)
def test_the_database_and_the_rule_agree_on_whom_the_limits_let_pass(
    rows: list[SearchEntry], facts: list[dict[str, Any]], limits: Limits
) -> None:
    for row, known in zip(rows, facts, strict=True):
        write(row, known)
    save(rows)
    try:
        check_limits(limits=limits)
    except LimitsRefused as refused:
        strange, written = refused.code == "unknown_country", {row.country for row in rows}
        if strange and refused.details["name"] not in written:
            return  # A place nobody of this catalogue is in.
        with pytest.raises(ValueError):
            rules.check_limits(limits)
        return
    passing = set(eligible_entries(limits).values_list("pk", flat=True))
    assert passing == {
        row.pk for row in rows if not why_not_shown(limits=limits, account=row.account)
    }
    visible = [limited_of(row, limits=limits) for row in rows if row.is_visible]
    told = {one.limit: one for one in emptying_limits(limits=limits)}
    refusals = [rules.why_not_shown(limits, account) for account in visible]
    for limit, one in told.items():
        own = [refusal for found in refusals for refusal in found if refusal.limit == limit]
        alone = [found[0] for found in refusals if [r.limit for r in found] == [limit]]
        assert (one.refused, one.alone) == (len(own), len(alone))
        assert one.unknown == sum(refusal.unknown for refusal in own)
        assert count_unknown(limits=limits).get(limit, 0) == sum(r.unknown for r in alone)
    assert {refusal.limit for found in refusals for refusal in found} <= set(told)


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        (Limits(min_followers=10, max_followers=5), "min_followers"),
        (Limits(max_followers=-1), "max_followers"),
        (Limits(max_risk=-1), "max_risk"),
        (
            Limits(available_from=date(2026, 3, 2), available_until=date(2026, 3, 1)),
            "available_from",
        ),
    ],
)
def test_contradictory_limits_are_named_before_any_query(
    limits: Limits, field: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0), pytest.raises(LimitsRefused) as refused:
        emptying_limits(limits=limits)
    assert (refused.value.code, refused.value.field) == ("limits_contradict", field)


def test_a_country_nobody_knows_is_refused_with_the_nearest_name(
    rows: list[SearchEntry], django_assert_num_queries: Any
) -> None:
    with pytest.raises(LimitsRefused, match="Did you mean Germany") as refused:
        check_limits(limits=Limits(countries=["Peru", "Germny"]))
    assert refused.value.details["name"] == "Germny"
    with pytest.raises(LimitsRefused) as refused:
        check_limits(limits=Limits(countries=["<b>Qzx</b>"]))
    assert refused.value.details["nearest"] == ""
    with django_assert_num_queries(0):  # A country without any account is still a country.
        check_limits(limits=Limits(countries=["Tuvalu"]))


def test_a_place_of_the_catalogue_is_known_though_no_country(rows: list[SearchEntry]) -> None:
    SocialAccount.objects.filter(pk=rows[0].account_id).update(country="Canary Islands")
    entries.sync_entries()
    limits = Limits(countries=["canary islands"])
    check_limits(limits=limits)
    assert [row.pk for row in eligible_entries(limits)] == [rows[0].pk]
    with pytest.raises(LimitsRefused, match="Did you mean Canary Islands"):
        check_limits(limits=Limits(countries=["Canary Island"]))


def test_hidden_and_unindexed_accounts_say_so(rows: list[SearchEntry]) -> None:
    rows[0].creator.status = Creator.Status.SUSPENDED
    rows[0].creator.save(update_fields=["status"])
    entries.sync_entries()
    [refusal] = why_not_shown(limits=Limits(), account=rows[0].account)
    assert (refusal.limit, refusal.text) == ("visibility", "The profile is suspended")
    rows[1].delete()
    [refusal] = why_not_shown(limits=Limits(), account=rows[1].account)
    assert refusal.limit == "index"


@pytest.fixture
def sized(rows: list[SearchEntry]) -> Iterator[list[SearchEntry]]:
    """Followers 1…12; all in Germany, of whom two write German and the rest unknown."""
    for followers, row in enumerate(rows, start=1):
        row.followers = followers
        row.language = "de" if followers <= 2 else ""
    SearchEntry.objects.bulk_update(rows, ["followers", "language"])
    return rows


def test_the_limit_that_empties_the_page_comes_first(
    sized: list[SearchEntry], django_assert_num_queries: Any
) -> None:
    limits = Limits(platforms=["tiktok"], countries=["Peru"], min_followers=10)
    with django_assert_num_queries(1):
        first, second, third = emptying_limits(limits=limits)
    assert (first.limit, first.alone, first.refused) == ("country", 3, 12)
    assert (second.limit, second.alone, second.refused) == ("min_followers", 0, 9)
    assert (third.limit, third.refused) == ("platform", 0)


def test_those_whose_language_is_unknown_are_counted(sized: list[SearchEntry]) -> None:
    limits = Limits(languages=["de"], max_followers=10)
    assert eligible_entries(limits).count() == 2
    assert count_unknown(limits=limits) == {"language": 8}
    assert count_unknown(limits=Limits()) == {}
