"""What somebody gets by e-mail, and the link in each mail that ends mail of its kind."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.models import Creator, Membership, NotificationPreference
from accounts.notifying.preferences import MANDATORY, get_paces, set_paces
from marketplace.forms.notifying import PacesForm
from marketplace.mails.stopping import read_stop_token
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page, refuse


@page
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    sent = request.POST if request.method == "POST" else None
    form = PacesForm(sent, initial=get_paces(user))
    if request.method == "POST" and form.is_valid():
        set_paces(user=user, paces=form.cleaned_data)
        messages.success(request, "It is saved.")
        return redirect("notifications")
    owned = user.memberships.filter(role=Membership.Role.OWNER).select_related("brand")
    context = {
        "form": form,
        "mandatory": MANDATORY,
        "owned": [membership.brand for membership in owned.order_by("brand__name", "pk")],
        "creator": Creator.objects.filter(user=user).first(),
    }
    return render(
        request, "notifying/notifications.html", context, status=422 if form.errors else 200
    )


# Mail programs send the one click themselves (RFC 8058), without a log-in or a cookie; the
# address is signed. Opening it does nothing yet, since some programs open every link.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def notifications_stop(request: HttpRequest, token: str) -> HttpResponse:
    try:
        user, category = read_stop_token(token)
        if request.method == "POST":
            set_paces(user=user, paces={category: NotificationPreference.Pace.NEVER})
    except DomainError as error:
        return refuse(request, error)
    context = {"category": category, "is_done": request.method == "POST"}
    return render(request, "notifying/stop.html", context)
