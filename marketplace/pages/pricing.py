"""A creator's prices: what the market suggests beside their own rate card."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.errors import Forbidden, NotFound
from accounts.models import Creator, SocialAccount, User
from marketplace.forms.pricing import RateCardForm
from marketplace.pages.people import user_of
from marketplace.pages.pricing_sheets import PriceSheet, sheets_of
from marketplace.pages.refusals import page
from scoring.pricing.errors import PriceRefused
from scoring.pricing.rate_cards import get_card, list_history, write_card
from scoring.pricing.suggesting import list_deliverables


@page
@require_safe
def my_prices(request: HttpRequest) -> HttpResponse:
    return _page(request, own_creator(user_of(request)))


@page
@require_POST
def save_card(request: HttpRequest, account_id: int) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    account = own_account(user, account_id)
    names = list_deliverables(account)
    form = RateCardForm(
        request.POST, deliverables=names, platform=account.platform, card=get_card(account)
    )
    if form.is_valid():
        try:
            write_card(account=account, asks=form.asks(), actor=user, now=now)
        except PriceRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Brands see these prices on your profile now.")
            return redirect("my_prices")
    return _page(request, account.creator, wrong={account.pk: form}, status=422)


def own_creator(user: User) -> Creator:
    """:raises Forbidden: if the user is no creator."""
    creator = Creator.objects.filter(user=user).first()
    if creator is None:
        raise Forbidden("Prices belong to a creator's profile, and you have none.")
    return creator


def own_account(user: User, account_id: int) -> SocialAccount:
    """:raises NotFound: if there is none the user may see. :raises Forbidden: not theirs."""
    if account_id >= 2**63:
        raise NotFound
    account = access.account_for(user, account_id)
    if account.creator.user_id != user.pk:
        raise Forbidden("Only the creator says what they ask.")
    return account


def _page(
    request: HttpRequest,
    creator: Creator,
    *,
    wrong: dict[int, RateCardForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    sheets = sheets_of(creator, now=timezone.now())
    context = {
        "creator": creator,
        "cards": [
            {
                "sheet": sheet,
                "form": (wrong or {}).get(sheet.account.pk) or _form(sheet),
                "history": list_history(sheet.account),
            }
            for sheet in sheets
        ],
    }
    return render(request, "pricing/my_prices.html", context, status=status)


def _form(sheet: PriceSheet) -> RateCardForm:
    return RateCardForm(
        deliverables=[line.deliverable for line in sheet.lines],
        platform=sheet.account.platform,
        card={line.deliverable: line.asked for line in sheet.lines if line.asked},
    )
