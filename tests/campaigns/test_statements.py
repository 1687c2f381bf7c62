"""Statements whose sums are right for every period."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count, pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.money import to_minor
from campaigns import statement_pdf
from campaigns.ledger import Leg, account_of, post_operation
from campaigns.models import LedgerAccount
from campaigns.statement_csv import HEADER, statement_csv
from campaigns.statements import (
    PeriodRefused,
    Statement,
    StatementTooLong,
    brand_statement,
    creator_statement,
)
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import start_work
from tests.campaigns.test_payouts import settled, submitted
from tests.cast import Cast

Kind = LedgerAccount.Kind
FIRST = date(2026, 3, 1)
_numbers = count()


def post(cast: Cast, amount: int, at: datetime, description: str = "") -> None:
    post_operation(
        operation_id=f"post:{next(_numbers)}", kind="owe", actor=None, now=at,
        description=description,
        legs=[
            Leg(account_of(Kind.EXTERNAL, "EUR"), -amount),
            Leg(account_of(Kind.CREATOR_PAYABLE, "EUR", creator=cast.creator), amount),
        ],
    )  # fmt: skip


def of_creator(cast: Cast, first: date = FIRST, last: date = FIRST) -> Statement:
    return creator_statement(creator=cast.creator, currency="EUR", first_day=first, last_day=last)


def table(statement: Statement) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(statement_csv(statement))))


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    posted=st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9).filter(bool),
            st.integers(0, 40 * 24 * 60 * 60),
        ),
        max_size=12,
    ),
    cuts=st.sets(st.integers(0, 41), min_size=1, max_size=5),
)
def test_periods_join_and_every_sum_is_right(
    cast: Cast, posted: list[tuple[int, int]], cuts: set[int]
) -> None:
    with transaction.atomic():
        for amount, seconds in posted:
            post(cast, amount, datetime.combine(FIRST, time(), UTC) + timedelta(seconds=seconds))
        bounds = sorted({0, *cuts, 42})
        parts = [
            of_creator(cast, FIRST + timedelta(low), FIRST + timedelta(high - 1))
            for low, high in pairwise(bounds)
        ]
        assert parts[0].opening_minor == 0
        for before, after in pairwise(parts):
            assert before.closing_minor == after.opening_minor
        for part in parts:
            amounts = [line.amount_minor for line in part.lines]
            assert part.opening_minor + sum(amounts) == part.closing_minor
            assert [line.at for line in part.lines] == sorted(line.at for line in part.lines)
            in_csv = sum((Decimal(row["amount"] or 0) for row in table(part)), Decimal())
            assert to_minor(in_csv, "EUR") == sum(amounts)
        payable = account_of(Kind.CREATOR_PAYABLE, "EUR", creator=cast.creator)
        assert parts[-1].closing_minor == payable.balance_minor
        assert sum(len(part.lines) for part in parts) == len(posted)
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestStatements:
    def test_a_brand_reads_what_caused_each_line(self, cast: Cast) -> None:
        start_work(cast, 50_000)
        found = brand_statement(brand=cast.brand, currency="EUR", first_day=FIRST, last_day=FIRST)
        assert [(line.cause, line.amount_minor) for line in found.lines] == [
            ("Deposit received", 200_000), ("Set aside for a collaboration", -55_000),
        ]  # fmt: skip
        assert (found.opening_minor, found.closing_minor) == (0, 145_000)
        assert found.set_aside_minor == 55_000
        assert "Spring" in found.lines[1].details

    def test_a_creator_reads_what_was_earned_and_paid(self, cast: Cast) -> None:
        settled(cast, 50_000)
        submitted(cast, amount_minor=20_000)
        found = of_creator(cast)
        assert [(line.cause, line.balance_minor) for line in found.lines] == [
            ("Paid for a piece", 50_000), ("Payout sent", 30_000),
        ]  # fmt: skip
        assert of_creator(cast, FIRST + timedelta(1), FIRST + timedelta(1)).opening_minor == 30_000

    def test_the_last_day_is_included_to_its_end(self, cast: Cast) -> None:
        post(cast, 5, datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC))
        post(cast, 7, datetime(2026, 3, 2, tzinfo=UTC))
        assert [line.amount_minor for line in of_creator(cast).lines] == [5]

    def test_nothing_is_invented_for_who_has_no_account(self, cast: Cast) -> None:
        found = of_creator(cast)
        assert (found.opening_minor, found.closing_minor, found.lines) == (0, 0, ())
        assert not LedgerAccount.objects.exists()
        assert statement_pdf.statement_pdf(found).startswith(b"%PDF")

    def test_another_brand_reads_nothing_of_it(self, cast: Cast) -> None:
        start_work(cast, 50_000)
        found = brand_statement(
            brand=cast.other_brand, currency="EUR", first_day=FIRST, last_day=FIRST
        )
        assert (found.lines, found.closing_minor, found.set_aside_minor) == ((), 0, 0)

    @pytest.mark.parametrize(
        ("currency", "first", "last"),
        [
            ("EUR", FIRST, FIRST - timedelta(1)),
            ("XXX", FIRST, FIRST),
            ("EUR", FIRST, date.max),
        ],
    )
    def test_unusable_periods_are_refused(
        self, cast: Cast, currency: str, first: date, last: date
    ) -> None:
        with pytest.raises(PeriodRefused):
            creator_statement(
                creator=cast.creator, currency=currency, first_day=first, last_day=last
            )


@pytest.mark.django_db
class TestFiles:
    def test_the_table_has_opening_lines_and_closing(self, cast: Cast) -> None:
        post(cast, 1_250, NOW, "For a video")
        rows = table(of_creator(cast))
        assert tuple(rows[0]) == HEADER
        assert [(row["cause"], row["amount"], row["balance"]) for row in rows] == [
            ("Opening balance", "", "0.00"), ("Owe", "12.50", "12.50"),
            ("Closing balance", "", "12.50"),
        ]  # fmt: skip

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
    def test_a_title_is_no_formula(self, cast: Cast, text: str) -> None:
        post(cast, 5, NOW, text)
        assert table(of_creator(cast))[1]["details"] == f"'{text}"

    def test_the_pdf_takes_any_text_and_breaks_pages(self, cast: Cast) -> None:
        for number in range(120):
            post(cast, 5, NOW, f"<b>{number} & 日本語 <font color='red'> " + "x" * 150)
        statement = of_creator(cast)
        made = statement_pdf.statement_pdf(statement)
        assert made.startswith(b"%PDF")
        assert made.count(b"/Type /Page\n") > 2
        assert made == statement_pdf.statement_pdf(statement)

    def test_one_that_is_too_long_is_refused(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post(cast, 5, NOW)
        post(cast, 5, NOW)
        statement = of_creator(cast)
        monkeypatch.setattr(statement_pdf, "LONGEST_LINES", 1)
        with pytest.raises(StatementTooLong):
            statement_pdf.statement_pdf(statement)
        monkeypatch.setattr("campaigns.statements.LONGEST_LINES", 1)
        with pytest.raises(StatementTooLong):
            of_creator(cast)
