"""A creator tests a draft: what it can be expected to get, and what a change of it would do."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.models import Brand, SocialAccount, User
from campaigns.delivering import discloses, list_agreed_disclosures
from campaigns.images import ImageRefused, ImageTooLarge
from campaigns.models import Collaboration
from marketplace.forms.diagnostics import DraftForm, base_of, signed, zone_names
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.ml.plep.answers import WhatIf
from scoring.planning_posts.access import own_accounts_of
from scoring.planning_posts.diagnosing import Diagnosis, diagnose
from scoring.planning_posts.drafts import DraftFieldRefused, PlannedPost, picture_as_json
from scoring.planning_posts.history import Planner, read_planner
from scoring.planning_posts.keeping import keep_test
from scoring.planning_posts.kept import picture_hashes
from scoring.planning_posts.pictures import ALIKE_BITS, MAX_BYTES, describe_picture

ZONE_REMEMBERED = "time_zone"


@dataclass(frozen=True)
class Tested:
    """A diagnosis with what the page says around it."""

    diagnosis: Diagnosis
    change: WhatIf | None
    base: PlannedPost
    zone: ZoneInfo
    agreed: list[tuple[Collaboration, str]]

    @property
    def signed_base(self) -> str:
        return base_of(self.base)

    @property
    def signed_picture(self) -> str:
        picture = picture_as_json(self.diagnosis.post.picture)
        return signed(picture) if picture else ""

    @property
    def agreed_words(self) -> list[tuple[Brand, str, bool]]:
        """For whom the creator works now, the words that were agreed, and whether they are in."""
        caption = self.diagnosis.post.caption
        return [(one.brand, words, discloses(caption, words)) for one, words in self.agreed]

    @property
    def looks_known(self) -> bool:
        picture = self.diagnosis.post.picture
        distance = picture.distance_to_past if picture else None
        return distance is not None and distance <= ALIKE_BITS


@page
@require_http_methods(["GET", "HEAD", "POST"])
def diagnostics(request: HttpRequest) -> HttpResponse:
    """Nothing is stored unless the creator keeps the test."""
    user = user_of(request)
    accounts = own_accounts_of(user)
    if request.method != "POST" or not accounts:
        zone = request.session.get(ZONE_REMEMBERED, "UTC")
        form = DraftForm(accounts=accounts, initial={"time_zone": zone})
        return _page(request, form, accounts)
    form = DraftForm(request.POST, request.FILES, accounts=accounts)
    tested = _tested(request, form) if form.is_valid() else None
    if tested is None:
        return _page(request, form, accounts, status=422)
    request.session[ZONE_REMEMBERED] = str(tested.zone)
    if "keep" in request.POST:
        return _keep(request, form, tested, accounts, user)
    return _page(request, form, accounts, tested=tested)


def _keep(
    request: HttpRequest,
    form: DraftForm,
    tested: Tested,
    accounts: list[SocialAccount],
    user: User,
) -> HttpResponse:
    try:
        plan = keep_test(
            diagnosis=tested.diagnosis,
            name=form.cleaned_data["name"],
            actor=user,
            now=timezone.now(),
        )
    except DomainError as error:
        _blame(form, error)
        return _page(request, form, accounts, tested=tested, status=422)
    messages.success(request, "Kept. Link the post when it is out, to see how right this was.")
    return redirect("kept_test", plan.pk)


def _tested(request: HttpRequest, form: DraftForm) -> Tested | None:
    """The answer to a valid form, None with the form saying what is wrong."""
    now, account = timezone.now(), form.cleaned_data["account"]
    planner = read_planner(account, as_of=now)
    try:
        post = _with_picture(form, form.post(), account)
        found = diagnose(planner=planner, post=post, now=now)
    except (DraftFieldRefused, ImageRefused) as error:
        _blame(form, error)
        return None
    said = form.cleaned_data["base"]
    base = post if said is None or "rebase" in request.POST else said
    return Tested(
        diagnosis=found,
        change=_change(planner, base, post, now),
        base=base,
        zone=form.cleaned_data["time_zone"],
        agreed=list_agreed_disclosures(account.creator),
    )


def _change(planner: Planner, base: PlannedPost, post: PlannedPost, now: datetime) -> WhatIf | None:
    """What changed since the draft that is compared with; None if nothing did."""
    changed = post.changed_from(base)
    if not changed:
        return None
    try:
        found = diagnose(planner=planner, post=base, now=now, changes=[changed], advise=False)
    except DraftFieldRefused:
        # its moment has passed while the page was open
        return None
    return next(iter(found.what_ifs), None)


def _with_picture(form: DraftForm, post: PlannedPost, account: SocialAccount) -> PlannedPost:
    """:raises ImageRefused: see `describe_picture`."""
    file = form.cleaned_data["image"]
    if not file:
        return post
    if file.size > MAX_BYTES:
        raise ImageTooLarge(f"The file is larger than {MAX_BYTES // 2**20} MB. Make it smaller.")
    return replace(post, picture=describe_picture(file.read(), picture_hashes(account.creator)))


def _blame(form: DraftForm, error: DomainError) -> None:
    named = error.details.get("field") if isinstance(error.details, dict) else None
    field = "image" if isinstance(error, ImageRefused) else named
    form.add_error(field if field in form.fields else None, error.message)


def _page(
    request: HttpRequest,
    form: DraftForm,
    accounts: list[SocialAccount],
    *,
    tested: Tested | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "accounts": accounts, "tested": tested}
    if request.headers.get("HX-Request"):
        context["is_live"] = True
        return render(request, "diagnostics/answer.html", context, status=status)
    context["zones"] = zone_names()
    return render(request, "diagnostics/test.html", context, status=status)
