"""A creator says whether they take on work and when they are away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.availability import (
    Availability,
    AvailabilityRefused,
    own_profile_for,
    say_availability,
)
from marketplace.forms.availability import AvailabilityForm
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page


@page
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest, creator_id: int) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    creator = own_profile_for(user, creator_id)
    if request.method != "POST":
        form = AvailabilityForm.showing(Availability.of(creator, today=now.date()))
        return render(request, "creators/availability.html", {"creator": creator, "form": form})
    form = AvailabilityForm(request.POST)
    if form.is_valid():
        try:
            say_availability(creator=creator, availability=form.said(), actor=user, now=now)
        except AvailabilityRefused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, "Brands see this on your profile now.")
            return redirect("creator", creator.pk)
    context = {"creator": creator, "form": form}
    return render(request, "creators/availability.html", context, status=422)
