"""Earned media value: known answers, versions that stay, and no figure of mixed origin."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.errors import NotFound
from accounts.models import AuditEntry
from campaigns import delivering
from campaigns.horizons import COUNTS, Provenance
from campaigns.models import ReportFormula
from campaigns.results import arithmetic
from campaigns.results.earned_value import earned_value
from campaigns.results.figures import PieceLine, Seen, bought, figures_of
from campaigns.results.formula_terms import FormulaRefused, FormulaTerms, read_rate
from campaigns.results.formulas import FormulaChanged, restore_formula, set_formula
from campaigns.results.observed import Observed
from campaigns.results.report import get_report
from campaigns.results.report_csv import report_csv
from campaigns.results.taking import take_observations
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import piece
from tests.campaigns.test_results_collecting import published
from tests.cast import Cast

RATES = {"instagram": {"views": Decimal("0.5"), "likes": Decimal(2)}}
TERMS = FormulaTerms(
    is_on=True, currency="EUR", rates=RATES, sources={"instagram": "Our adverts, first quarter"}
)
MEASURED, STATED = Provenance.MEASURED, Provenance.CREATOR
maybe = st.none() | st.integers(0, 10**9)


def a_piece(platform: str = "instagram", **by: dict[str, int | None]) -> PieceLine:
    """A published piece with counts by the name of their provenance."""
    return PieceLine(
        1, 1, "video", platform, 50_000, date(2026, 3, 30), "settled", "Settled", NOW, "",
        days_late=0,
        seen={
            Provenance[name]: Seen({**dict.fromkeys(COUNTS), **counts}, NOW)
            for name, counts in by.items()
        },
    )  # fmt: skip


def test_one_unit_of_money_buys_reach_and_engagements() -> None:
    assert arithmetic.per_money(900, 30_000, unit_minor=100) == 3
    assert arithmetic.per_money(900, 0, unit_minor=100) is None
    assert arithmetic.per_money(None, 30_000, unit_minor=100) is None
    one = a_piece(MEASURED={"reach": 900, "likes": 80, "comments": 10, "shares": 6, "saves": 4})
    found = figures_of([bought([one], paid_minor=50_000)], MEASURED, unit_minor=100)
    assert found.reach_per_money.value == 1.8
    assert found.engagements_per_money.value == 0.2


def test_a_value_is_count_times_rate_of_one_provenance() -> None:
    one = a_piece(MEASURED={"views": 1_000, "likes": 30}, CREATOR={"views": 9_999, "likes": 1})
    measured = earned_value([one], MEASURED, rates=RATES)
    assert measured.minor == measured.at_least_minor == 560
    assert earned_value([one], STATED, rates=RATES).minor == Decimal("5001.5")


@pytest.mark.parametrize(
    ("other", "at_least"),
    [
        (a_piece(MEASURED={"views": 100}), 610),
        (a_piece("tiktok", MEASURED={"views": 100, "likes": 1}), 560),
        (a_piece(CREATOR={"views": 100, "likes": 1}), 560),
    ],
)
def test_an_unknown_part_leaves_a_lower_bound(other: PieceLine, at_least: int) -> None:
    one = a_piece(MEASURED={"views": 1_000, "likes": 30})
    found = earned_value([one, other], MEASURED, rates=RATES)
    assert found.minor is None
    assert found.at_least_minor == at_least


@settings(max_examples=30)
@given(st.lists(st.tuples(maybe, maybe), max_size=5), st.integers(1, 10**6))
def test_what_one_side_states_never_changes_what_is_measured(
    counts: list[tuple[int | None, int | None]], other: int
) -> None:
    plain = [a_piece(MEASURED={"views": views, "likes": likes}) for views, likes in counts]
    mixed = [
        replace(one, seen={**one.seen, STATED: Seen(dict.fromkeys(COUNTS, other), NOW)})
        for one in plain
    ]
    before = earned_value(plain, MEASURED, rates=RATES)
    assert earned_value(mixed, MEASURED, rates=RATES) == before
    assert before.minor is None or before.minor == before.at_least_minor
    groups = [[bought(pieces, paid_minor=70)] for pieces in (plain, mixed)]
    assert figures_of(groups[0], MEASURED, unit_minor=100) == figures_of(
        groups[1], MEASURED, unit_minor=100
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rates": {"myspace": {"views": Decimal(1)}}}, "rates.myspace.views"),
        ({"rates": {"youtube": {"saves": Decimal(1)}}}, "rates.youtube.saves"),
        ({"rates": {"instagram": {"likes": Decimal(-1)}}}, "rates.instagram.likes"),
        ({"rates": {"instagram": {"likes": Decimal("NaN")}}}, "rates.instagram.likes"),
        ({"rates": {"instagram": {"likes": Decimal("1e-7")}}}, "rates.instagram.likes"),
        ({"rates": {"instagram": {"likes": Decimal("1e99")}}}, "rates.instagram.likes"),
        ({"rates": {}}, "rates"),
        ({"currency": "ZZZ"}, "currency"),
        ({"sources": {}}, "sources.instagram"),
        ({"sources": {"instagram": "a\x00b"}}, "sources.instagram"),
    ],
)
def test_rates_that_cannot_be_are_refused_by_name(changes: dict[str, object], field: str) -> None:
    with pytest.raises(FormulaRefused) as refused:
        replace(TERMS, **changes).checked()  # type: ignore[arg-type]
    assert refused.value.details == {"field": field}


@pytest.mark.parametrize("text", ["", "one", "1_000", "١", "1e" + "9" * 50])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(FormulaRefused):
        read_rate("rates.instagram.likes", text)


@pytest.mark.django_db
class TestVersions:
    def test_they_follow_each_other_and_are_told(self, cast: Cast) -> None:
        first = set_formula(brand=cast.brand, terms=TERMS, actor=cast.brand_owner, now=NOW)
        again = set_formula(brand=cast.brand, terms=TERMS, actor=cast.brand_owner, now=NOW)
        assert again == first
        off = replace(TERMS, is_on=False)
        second = set_formula(
            brand=cast.brand, terms=off, actor=cast.brand_owner, now=NOW, based_on=1
        )
        with pytest.raises(FormulaChanged):
            set_formula(brand=cast.brand, terms=TERMS, actor=cast.brand_owner, now=NOW, based_on=1)
        third = restore_formula(brand=cast.brand, version=1, actor=cast.brand_owner, now=NOW)
        assert (second.version, third.version, third.restored_from) == (2, 3, 1)
        assert FormulaTerms.of(third) == FormulaTerms.of(first) == TERMS
        verbs = AuditEntry.objects.filter(verb__startswith="report_formula").order_by("pk")
        assert [entry.data["version"] for entry in verbs] == [1, 2, 3]
        assert verbs[2].data["before"]["is_on"] is False
        with pytest.raises(NotFound):
            restore_formula(brand=cast.other_brand, version=1, actor=cast.other_owner, now=NOW)

    def test_they_are_never_changed(self, cast: Cast) -> None:
        made = set_formula(brand=cast.brand, terms=TERMS, actor=cast.brand_owner, now=NOW)
        for act in (
            lambda: ReportFormula.objects.filter(pk=made.pk).update(currency="USD"),
            lambda: ReportFormula.objects.filter(pk=made.pk).delete(),
        ):
            with pytest.raises(InternalError), transaction.atomic():
                act()


@pytest.mark.django_db
def test_a_report_states_the_version_it_used_and_keeps_value_and_money_apart(cast: Cast) -> None:
    one = published(cast)
    for provenance, counts in (
        (MEASURED, {"views": 1_000, "likes": 30}),
        (Provenance.ESTIMATED, {"views": 5_000, "likes": 90}),
    ):
        look = Observed(
            deliverable_id=one.pk,
            observed_at=NOW + timedelta(days=1),
            counts=counts,
            provenance=provenance,
        )
        take_observations([look], source="csv", actor=None, now=NOW + timedelta(days=60))
    delivering.verify(
        deliverable=piece(one.collaboration), side=Side.BRAND, actor=cast.brand_owner, now=NOW
    )
    campaign, later = one.collaboration.campaign, NOW + timedelta(days=2)
    bare = get_report(campaign, now=later)
    assert (bare.formula, bare.earned, bare.lines[0].earned) == (None, [], [])
    assert "earned_value" not in report_csv(bare)

    set_formula(brand=cast.brand, terms=TERMS, actor=cast.brand_owner, now=NOW)
    dearer = replace(TERMS, rates={"instagram": {"views": Decimal(5)}})
    set_formula(brand=cast.brand, terms=dearer, actor=cast.brand_owner, now=NOW)
    report = get_report(campaign, now=later)
    assert report.formula
    assert (report.formula.version, report.formula.is_present) == (2, True)
    values = {value.provenance: value.minor for value in report.earned}
    assert values == {MEASURED: 5_000, Provenance.ESTIMATED: 25_000}
    # The rest of the report does not know that there is a formula.
    assert report.figures == bare.figures
    assert report.paid_minor == bare.paid_minor == 50_000

    earlier = get_report(campaign, now=later, formula_version=1)
    assert earlier.formula
    assert (earlier.formula.version, earlier.formula.is_present) == (1, False)
    assert earlier.lines[0].earned[0].minor == 560
    rows = report_csv(earlier).splitlines()
    assert rows[0].endswith("earned_value_currency,formula_version")
    measured = next(row for row in rows if ",measured," in row)
    assert measured.endswith((",5.600,5.600,EUR,1", ",5.60,5.60,EUR,1"))
    with pytest.raises(NotFound):
        get_report(campaign, now=later, formula_version=3)
