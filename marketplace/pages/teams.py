"""A brand's team: who is in it, inviting, roles, leaving, and accepting an invitation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, teams
from accounts.errors import DomainError
from accounts.models import Brand, Invitation
from marketplace.forms.teams import InviteForm, RoleForm
from marketplace.invitations import (
    SESSION_KEY,
    invitation_of,
    invitation_url,
    send_invitation,
)
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page, refuse


@page
@require_safe
def team(request: HttpRequest, brand_id: int) -> HttpResponse:
    return _team_page(request, brand_id, InviteForm())


@page
@require_POST
def invite(request: HttpRequest, brand_id: int) -> HttpResponse:
    brand = _kept_brand(request, brand_id)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _team_page(request, brand_id, form, status=422)
    try:
        invitation = teams.invite_member(
            brand=brand, actor=user_of(request), now=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        form.add_error("email", error.message)
        return _team_page(request, brand_id, form, status=422)
    if send_invitation(request, invitation):
        messages.success(request, f"An invitation went to {invitation.email}.")
    else:
        messages.warning(
            request,
            f"{invitation.email} is invited, but the mail could not be sent. "
            "Pass on the link below yourself.",
        )
    return redirect("team", brand.pk)


@page
@require_POST
def revoke_invitation(request: HttpRequest, brand_id: int, invitation_id: int) -> HttpResponse:
    brand = _kept_brand(request, brand_id)
    invitation = teams.invitation_in(brand, invitation_id)
    teams.revoke_invitation(invitation=invitation, actor=user_of(request))
    messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
    return redirect("team", brand.pk)


@page
@require_POST
def change_role(request: HttpRequest, brand_id: int, membership_id: int) -> HttpResponse:
    brand = _kept_brand(request, brand_id)
    member = teams.member_in(brand, membership_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles.")
        return redirect("team", brand.pk)
    changed = teams.change_role(
        membership=member, role=form.cleaned_data["role"], actor=user_of(request)
    )
    messages.success(request, f"{member.user}: {changed.get_role_display().lower()}.")
    return redirect("team", brand.pk)


@page
@require_POST
def remove_member(request: HttpRequest, brand_id: int, membership_id: int) -> HttpResponse:
    """Owners remove anybody; everybody may remove themselves, which is leaving."""
    user = user_of(request)
    own = access.membership_for(user, brand_id)
    member = teams.member_in(own.brand, membership_id)
    if member.pk != own.pk:
        access.membership_for(user, brand_id, roles=access.TEAM_KEEPERS)
    teams.remove_member(membership=member, actor=user)
    if member.pk == own.pk:
        messages.success(request, f"You left the team of {own.brand}.")
        return redirect("home")
    messages.success(request, f"{member.user} is no longer in the team.")
    return redirect("team", brand_id)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link, also for people without an account yet."""
    try:
        invitation = invitation_of(token)
        if not request.user.is_authenticated:
            # Remembered, so that signing up joins this team instead of asking for a brand.
            request.session[SESSION_KEY] = token
        elif request.method == "POST":
            teams.accept_invitation(invitation=invitation, user=request.user, now=timezone.now())
            request.session.pop(SESSION_KEY, None)
            messages.success(request, f"Welcome to the team of {invitation.brand}.")
            return redirect("team", invitation.brand_id)
    except DomainError as error:
        return refuse(request, error)
    context = {
        "invitation": invitation,
        "is_usable": invitation.is_usable(now=timezone.now()),
        "is_addressed": request.user.is_authenticated
        and request.user.email.lower() == invitation.email.lower(),
    }
    return render(request, "team/join.html", context)


def _kept_brand(request: HttpRequest, brand_id: int) -> Brand:
    return access.brand_for(user_of(request), brand_id, roles=access.TEAM_KEEPERS)


def _team_page(
    request: HttpRequest, brand_id: int, form: InviteForm, *, status: int = 200
) -> HttpResponse:
    own = access.membership_for(user_of(request), brand_id)
    keeps_team = own.role in access.TEAM_KEEPERS
    now = timezone.now()
    open_ones = own.brand.invitations.filter(state=Invitation.State.OPEN, expires_at__gt=now)
    context = {
        "brand": own.brand,
        "own": own,
        "keeps_team": keeps_team,
        "members": own.brand.memberships.select_related("user").order_by("created_at", "pk"),
        "invitations": [(one, invitation_url(request, one)) for one in open_ones]
        if keeps_team
        else [],
        "form": form,
        "role_form": RoleForm(),
    }
    return render(request, "team/team.html", context, status=status)
