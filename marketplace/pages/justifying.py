"""A creator's price justifications: preview, make, list, read, withdraw, print."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from accounts.models import Creator, SocialAccount
from accounts.money import CURRENCIES
from marketplace.forms.justifying import FIELDS, JustificationForm
from marketplace.pages.justifying_shown import show_sections
from marketplace.pages.people import user_of
from marketplace.pages.ranking import page_number
from marketplace.pages.refusals import page
from scoring.justifying.documents import Document, read_document
from scoring.justifying.links import verify_url
from scoring.justifying.making import (
    MOST_LIVE,
    make_justification,
    preview_justification,
    withdraw_justification,
)
from scoring.justifying.pdf import justification_pdf
from scoring.justifying.reading import (
    changes_since,
    justification_for,
    justifications_of,
    profile_of,
    standing_of,
)
from scoring.models import PriceJustification
from scoring.pricing.deliverables import label_of

SHOWN = 25


@page
@require_safe
def justifications(request: HttpRequest) -> HttpResponse:
    """The creator's own, the latest first."""
    user, now = user_of(request), timezone.now()
    creator = profile_of(user)
    listed = Paginator(justifications_of(user), SHOWN).get_page(page_number(request))
    context = {
        "creator": creator,
        "listed": listed,
        "rows": [
            (one, label_of(one.deliverable, one.account.platform), one.is_live(now=now))
            for one in listed
        ],
        "has_accounts": creator.accounts.exists(),
        "may_make": creator.can_be_hired,
        "most_live": MOST_LIVE,
    }
    return render(request, "justifying/list.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def justification_new(request: HttpRequest) -> HttpResponse:
    """The form; sent with ``act=preview`` it is shown again with the document above it."""
    user, now = user_of(request), timezone.now()
    creator = profile_of(user)
    accounts = list(creator.accounts.select_related("creator").order_by("platform", "pk"))
    if request.method != "POST":
        form = JustificationForm(accounts=accounts, initial=_initial(request, accounts))
        return _new_page(request, creator, form)
    form = JustificationForm(request.POST, accounts=accounts)
    if not form.is_valid():
        return _new_page(request, creator, form, status=422)
    try:
        if request.POST.get("act") == "make":
            made = make_justification(**form.asks(), actor=user, now=now)
        else:
            shown = preview_justification(**form.asks(), actor=user, now=now)
            return _new_page(request, creator, form, document=shown)
    except DomainError as refusal:
        field = refusal.details.get("field") if isinstance(refusal.details, dict) else None
        name = FIELDS.get(str(field), field)
        form.add_error(name if name in form.fields else None, refusal.message)
        return _new_page(request, creator, form, status=422)
    messages.success(request, "It is made. Send the brand the link or the PDF.")
    return redirect("justification", made.pk)


@page
@require_safe
def justification(request: HttpRequest, pk: int) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    found = justification_for(user, pk)
    document = read_document(found.document)
    context = {
        "one": found,
        "document": document,
        "sections": show_sections(document),
        "standing": standing_of(found, now=now),
        "changes": changes_since(found, now=now),
        "now": now,
        "link": verify_url(found),
        "is_own": found.account.creator.user_id == user.pk,
    }
    return render(request, "justifying/detail.html", context)


@page
@require_POST
def justification_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = justification_for(user, pk, write=True)
    withdraw_justification(justification=found, actor=user, now=timezone.now())
    messages.success(request, "It is withdrawn: whoever opens the link reads so.")
    return redirect("justification", found.pk)


@page
@require_safe
def justification_file(request: HttpRequest, pk: int) -> HttpResponse:
    return pdf_response(justification_for(user_of(request), pk))


def pdf_response(justification: PriceJustification) -> HttpResponse:
    name = f"price-justification-{justification.pk}.pdf"
    return HttpResponse(
        justification_pdf(justification),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _new_page(
    request: HttpRequest,
    creator: Creator,
    form: JustificationForm,
    *,
    document: Document | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "creator": creator,
        "form": form,
        "may_make": creator.can_be_hired,
        "document": document,
        "sections": show_sections(document) if document else [],
    }
    return render(request, "justifying/new.html", context, status=status)


def _initial(request: HttpRequest, accounts: list[SocialAccount]) -> dict[str, str]:
    """``?account=3&deliverable=reel&asked=900&currency=EUR``, as other pages link here; what is
    not a choice of this creator's is passed over by the browser."""
    asked = request.GET
    first = str(accounts[0].pk) if accounts else ""
    initial = {"piece": f"{asked.get('account', first)}:{asked.get('deliverable', '')}"}
    if (price := asked.get("asked", "")).replace(".", "", 1).isdecimal() and len(price) <= 14:
        initial["asked"] = price
    if asked.get("currency") in CURRENCIES:
        initial["currency"] = asked["currency"]
    return initial
