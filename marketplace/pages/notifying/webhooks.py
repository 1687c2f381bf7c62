"""A brand's webhooks, for its owners, and a creator's, for the creator alone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.errors import DomainError
from accounts.models import Brand, Creator, User, WebhookEndpoint
from accounts.notifying import webhooks as services
from campaigns.payments.access import earner_for
from marketplace.forms.notifying import WebhookForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page

Owner = Brand | Creator


@page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest, brand_id: int) -> HttpResponse:
    user = user_of(request)
    return _list(request, access.brand_for(user, brand_id, roles=access.TEAM_KEEPERS), user)


@page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def creator_webhooks(request: HttpRequest, creator_id: int) -> HttpResponse:
    user = user_of(request)
    return _list(request, earner_for(user, creator_id), user)


@page
@require_POST
def webhook_act(request: HttpRequest, brand_id: int, endpoint_id: int, act: str) -> HttpResponse:
    user = user_of(request)
    brand = access.brand_for(user, brand_id, roles=access.TEAM_KEEPERS)
    _act(request, services.endpoint_of(brand, endpoint_id), act, user)
    return redirect("webhooks", brand_id)


@page
@require_POST
def creator_webhook_act(
    request: HttpRequest, creator_id: int, endpoint_id: int, act: str
) -> HttpResponse:
    user = user_of(request)
    creator = earner_for(user, creator_id)
    _act(request, services.endpoint_of(creator, endpoint_id), act, user)
    return redirect("creator_webhooks", creator_id)


def _list(request: HttpRequest, owner: Owner, actor: User) -> HttpResponse:
    """With a form that was sent and is good, also the new endpoint and its secret, this once."""
    form, added, status = WebhookForm(), None, 200
    if request.method == "POST":
        form = WebhookForm(request.POST)
        if form.is_valid():
            added = _add(form, owner, actor)
        status = 422 if form.errors else 201
        form = WebhookForm() if added else form
    context = {
        "owner": owner,
        "owner_kind": "brand" if isinstance(owner, Brand) else "creator",
        "act_page": "webhook_act" if isinstance(owner, Brand) else "creator_webhook_act",
        "form": form,
        "added": added,
        "endpoints": owner.webhooks.all(),
        "deliveries": services.list_deliveries(owner),
        "is_full": owner.webhooks.count() >= services.MOST_ENDPOINTS,
    }
    return render(request, "notifying/webhooks.html", context, status=status)


def _add(form: WebhookForm, owner: Owner, actor: User) -> WebhookEndpoint | None:
    try:
        return services.add_endpoint(
            owner=owner, actor=actor, now=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        form.add_error("url", error.message)
        return None


def _act(request: HttpRequest, endpoint: WebhookEndpoint, act: str, actor: User) -> None:
    now = timezone.now()
    if act == "test":
        services.send_test(endpoint=endpoint, actor=actor, now=now)
        messages.success(request, "A test is on its way; see the deliveries below.")
    elif act == "disable":
        services.disable_endpoint(endpoint=endpoint, actor=actor, now=now)
        messages.success(request, "It is switched off.")
    elif act == "enable":
        services.enable_endpoint(endpoint=endpoint, actor=actor, now=now)
        messages.success(request, "It is switched on; what has waited is sent first.")
    elif act == "delete":
        services.delete_endpoint(endpoint=endpoint, actor=actor)
        messages.success(request, "It is deleted.")
    else:
        raise Http404
