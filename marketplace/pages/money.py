"""A brand's wallet and what a creator is owed: balances, asking for money to move, statements."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError, NotFound
from accounts.models import Brand, Creator
from accounts.money import exact
from campaigns.balances import list_earnings, list_holds, list_wallets
from campaigns.models import Payment
from campaigns.payments.access import earner_for, payment_for, treasury_of
from campaigns.payments.depositing import request_deposit, request_withdrawal
from campaigns.payments.payouts import cancel_payout, request_payout
from campaigns.payments.providers import default_provider
from campaigns.statement_csv import statement_csv
from campaigns.statement_pdf import statement_pdf
from campaigns.statements import Statement, brand_statement, creator_statement
from marketplace.forms.money import AskForm, DepositForm, PeriodForm, SendForm
from marketplace.pages.people import user_of
from marketplace.pages.ranking import page_number
from marketplace.pages.refusals import page

SHOWN = 25
HOLDS_SHOWN = 100
FORMS: dict[str, tuple[Callable[[Statement], str | bytes], str]] = {
    "csv": (statement_csv, "text/csv; charset=utf-8"),
    "pdf": (statement_pdf, "application/pdf"),
}


@page
@require_safe
def brand_money(request: HttpRequest, brand_id: int) -> HttpResponse:
    return _brand_page(request, treasury_of(user_of(request), brand_id))


@page
@require_POST
def deposit(request: HttpRequest, brand_id: int) -> HttpResponse:
    brand = treasury_of(user_of(request), brand_id)
    form = DepositForm(request.POST)
    if not form.is_valid():
        return _brand_page(request, brand, deposit_form=form, status=422)
    try:
        payment = request_deposit(
            brand=brand, actor=user_of(request), now=timezone.now(), **form.asked()
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _brand_page(request, brand, deposit_form=form, status=422)
    messages.success(
        request, f"{_amount(payment)} is asked for. It is yours to use once it has come in."
    )
    return redirect("brand_money", brand.pk)


@page
@require_POST
def withdraw(request: HttpRequest, brand_id: int) -> HttpResponse:
    brand = treasury_of(user_of(request), brand_id)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _brand_page(request, brand, withdrawal_form=form, status=422)
    try:
        payment = request_withdrawal(
            brand=brand, actor=user_of(request), now=timezone.now(), **form.asked()
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _brand_page(request, brand, withdrawal_form=form, status=422)
    messages.success(request, f"{_amount(payment)} is on its way back to you.")
    return redirect("brand_money", brand.pk)


@page
@require_safe
def brand_statement_file(request: HttpRequest, brand_id: int, form: str) -> HttpResponse:
    brand = treasury_of(user_of(request), brand_id)
    asked = PeriodForm(request.GET)
    if not asked.is_valid():
        return _brand_page(request, brand, period_form=asked, status=422)
    return _file(
        brand_statement(brand=brand, **asked.period(today=timezone.now().date())), form=form
    )


@page
@require_safe
def creator_money(request: HttpRequest, creator_id: int) -> HttpResponse:
    return _creator_page(request, earner_for(user_of(request), creator_id))


@page
@require_POST
def ask_payout(request: HttpRequest, creator_id: int) -> HttpResponse:
    creator = earner_for(user_of(request), creator_id)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _creator_page(request, creator, payout_form=form, status=422)
    try:
        payment = request_payout(
            creator=creator, actor=user_of(request), now=timezone.now(), **form.asked()
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _creator_page(request, creator, payout_form=form, status=422)
    if payment.review_reasons:
        messages.warning(
            request,
            f"{_amount(payment)} is held for review: {' '.join(payment.review_reasons)} "
            "Somebody looks at it; it stays yours.",
        )
    else:
        messages.success(request, f"{_amount(payment)} is on its way to you.")
    return redirect("creator_money", creator.pk)


@page
@require_POST
def take_payout_back(request: HttpRequest, creator_id: int, payment_id: int) -> HttpResponse:
    creator = earner_for(user_of(request), creator_id)
    payment = payment_for(user_of(request), payment_id)
    if payment.creator_id != creator.pk:  # moderators see everybody's
        raise NotFound("There is no such payout of yours.")
    cancel_payout(payment=payment, actor=user_of(request), now=timezone.now())
    messages.success(request, "The payout is taken back; the money stays owed to you.")
    return redirect("creator_money", creator.pk)


@page
@require_safe
def creator_statement_file(request: HttpRequest, creator_id: int, form: str) -> HttpResponse:
    creator = earner_for(user_of(request), creator_id)
    asked = PeriodForm(request.GET)
    if not asked.is_valid():
        return _creator_page(request, creator, period_form=asked, status=422)
    return _file(
        creator_statement(creator=creator, **asked.period(today=timezone.now().date())), form=form
    )


def _brand_page(
    request: HttpRequest,
    brand: Brand,
    *,
    deposit_form: AskForm | None = None,
    withdrawal_form: AskForm | None = None,
    period_form: PeriodForm | None = None,
    status: int = 200,
) -> HttpResponse:
    wallets = list_wallets(brand)
    currency = wallets[0].currency if wallets else brand.currency
    holds = list(list_holds(brand)[: HOLDS_SHOWN + 1])
    context: dict[str, Any] = {
        "brand": brand,
        "wallets": wallets,
        "holds": holds[:HOLDS_SHOWN],
        "has_more_holds": len(holds) > HOLDS_SHOWN,
        "payments": _payments(request, brand.payments.all()),
        "deposit_form": deposit_form or DepositForm(initial={"currency": currency}),
        "withdrawal_form": withdrawal_form
        or SendForm(initial={"currency": currency}, prefix=None, auto_id="id_out_%s"),
        "period_form": period_form or PeriodForm(initial={"currency": currency}),
        "is_fake": default_provider() == "fake",
    }
    return render(request, "money/brand.html", context, status=status)


def _creator_page(
    request: HttpRequest,
    creator: Creator,
    *,
    payout_form: AskForm | None = None,
    period_form: PeriodForm | None = None,
    status: int = 200,
) -> HttpResponse:
    earnings = list_earnings(creator)
    currency = earnings[0].currency if earnings else "EUR"
    context: dict[str, Any] = {
        "creator": creator,
        "earnings": earnings,
        "payments": _payments(request, creator.payments.all()),
        "payout_form": payout_form or SendForm(initial={"currency": currency}),
        "period_form": period_form or PeriodForm(initial={"currency": currency}),
        "is_fake": default_provider() == "fake",
    }
    return render(request, "money/creator.html", context, status=status)


def _payments(request: HttpRequest, payments: QuerySet[Payment]) -> Any:
    return Paginator(payments.order_by("-pk"), SHOWN).get_page(page_number(request))


def _file(statement: Statement, *, form: str) -> HttpResponse:
    """:raises NotFound: if there is no such form of a statement."""
    if form not in FORMS:
        raise NotFound("A statement can be had as csv or as pdf.")
    write, content_type = FORMS[form]
    name = f"statement-{statement.currency}-{statement.first_day}-{statement.last_day}.{form}"
    return HttpResponse(
        write(statement),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _amount(payment: Payment) -> str:
    return exact(payment.amount_minor, payment.currency)
