"""Who works in a brand: invite, accept, change a role, remove. Never without an owner."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, Forbidden, NotFound
from accounts.models import Brand, Invitation, Membership, User

INVITATION_LIFETIME = timedelta(days=7)
MAX_OPEN_INVITATIONS = 50

Role = Membership.Role


class LastOwner(Conflict):
    code = "last_owner"
    message = "A brand keeps at least one owner. Make somebody else an owner first."


class AlreadyMember(Conflict):
    code = "already_member"
    message = "This person is in the team already. Change their role in the list."


class TooManyInvitations(Conflict):
    code = "too_many_invitations"
    message = f"{MAX_OPEN_INVITATIONS} invitations are open. Withdraw some first."


class InvitationOver(Conflict):
    code = "invitation_over"
    message = "This invitation was used, withdrawn or has expired. Ask for a new one."


def member_in(brand: Brand, membership_id: int) -> Membership:
    """:raises NotFound: if it is of another brand."""
    found = brand.memberships.select_related("user", "brand").filter(pk=membership_id).first()
    if found is None:
        raise NotFound("There is no such person in this team.")
    return found


def invitation_in(brand: Brand, invitation_id: int) -> Invitation:
    """:raises NotFound: if it is of another brand."""
    found = brand.invitations.filter(pk=invitation_id).first()
    if found is None:
        raise NotFound("There is no such invitation.")
    return found


def invitation_for(invitation_id: int) -> Invitation:
    """For whoever holds its signed link. :raises InvitationOver: if there is none."""
    found = Invitation.objects.select_related("brand").filter(pk=invitation_id).first()
    if found is None:
        raise InvitationOver
    return found


@transaction.atomic
def invite_member(*, brand: Brand, email: str, role: str, actor: User, now: datetime) -> Invitation:
    """Offer a role to an e-mail address; an earlier open offer to it is withdrawn.

    :raises AlreadyMember: if its owner is in the team.
    :raises TooManyInvitations: if too many are open.
    """
    _lock(brand)
    email = email.strip().lower()
    if brand.memberships.filter(user__email__iexact=email).exists():
        raise AlreadyMember
    still_open = brand.invitations.filter(state=Invitation.State.OPEN)
    still_open.filter(email__iexact=email).update(state=Invitation.State.REVOKED)
    if still_open.filter(expires_at__gt=now).count() >= MAX_OPEN_INVITATIONS:
        raise TooManyInvitations
    invitation = Invitation.objects.create(
        brand=brand,
        email=email,
        role=Role(role),
        invited_by=actor,
        created_at=now,
        expires_at=now + INVITATION_LIFETIME,
    )
    audit.record(
        actor=actor, verb="member.invited", subject=brand, data={"email": email, "role": role}
    )
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: User) -> None:
    """:raises InvitationOver: if it was accepted or revoked before."""
    _lock(invitation.brand)
    open_ones = Invitation.objects.filter(pk=invitation.pk, state=Invitation.State.OPEN)
    if not open_ones.update(state=Invitation.State.REVOKED):
        raise InvitationOver
    audit.record(
        actor=actor,
        verb="member.invitation_revoked",
        subject=invitation.brand,
        data={"email": invitation.email},
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User, now: datetime) -> Membership:
    """Join the team. An invitation is worth one seat, once.

    :raises Forbidden: if it was sent to another address.
    :raises InvitationOver: if it was used, revoked or has expired.
    :raises AlreadyMember: if the user is in the team by now.
    """
    _lock(invitation.brand)
    invitation = Invitation.objects.select_related("brand").get(pk=invitation.pk)
    if invitation.email.lower() != user.email.lower():
        raise Forbidden(
            "This invitation was sent to another address. Log in with the address it was sent "
            "to, or ask for a new invitation."
        )
    if not invitation.is_usable(now=now):
        raise InvitationOver
    if Membership.objects.filter(brand=invitation.brand, user=user).exists():
        raise AlreadyMember("You are in this team already.")
    membership = Membership.objects.create(
        brand=invitation.brand, user=user, role=invitation.role, created_at=now
    )
    invitation.state = Invitation.State.ACCEPTED
    invitation.save(update_fields=["state"])
    audit.record(
        actor=user,
        verb="member.joined",
        subject=invitation.brand,
        data={"user": user.pk, "role": invitation.role},
    )
    return membership


@transaction.atomic
def sign_up_invited(*, user: User, name: str, invitation: Invitation, now: datetime) -> User:
    """What `signup.complete_signup` does, for someone who joins a team that exists.

    Raises as `accept_invitation` does.
    """
    user.name, user.side = name.strip(), User.Side.BRAND
    user.save(update_fields=["name", "side"])
    accept_invitation(invitation=invitation, user=user, now=now)
    return user


@transaction.atomic
def change_role(*, membership: Membership, role: str, actor: User) -> Membership:
    """:raises LastOwner: if it would leave the brand without one."""
    locked = _locked_member(membership)
    before, after = locked.role, Role(role)
    if before == after:
        return locked
    if before == Role.OWNER:
        _keep_an_owner(locked)
    locked.role = after
    locked.save(update_fields=["role"])
    audit.record(
        actor=actor,
        verb="member.role_changed",
        subject=locked.brand,
        data={"user": locked.user_id, "from": before, "to": after.value},
    )
    return locked


@transaction.atomic
def remove_member(*, membership: Membership, actor: User) -> None:
    """:raises LastOwner: if it would leave the brand without an owner."""
    locked = _locked_member(membership)
    if locked.role == Role.OWNER:
        _keep_an_owner(locked)
    audit.record(
        actor=actor,
        verb="member.removed",
        subject=locked.brand,
        data={"user": locked.user_id, "role": locked.role},
    )
    locked.delete()


def _lock(brand: Brand) -> None:
    """One change to a team at a time: two owners who remove each other must not both succeed."""
    Brand.objects.select_for_update().get(pk=brand.pk)


def _locked_member(membership: Membership) -> Membership:
    """The membership as it is under the lock. :raises NotFound: if it is gone by now."""
    _lock(membership.brand)
    found = Membership.objects.select_related("brand").filter(pk=membership.pk).first()
    if found is None:
        raise NotFound("This person has left the team meanwhile.")
    return found


def _keep_an_owner(membership: Membership) -> None:
    others = Membership.objects.filter(brand_id=membership.brand_id, role=Role.OWNER)
    if not others.exclude(pk=membership.pk).exists():
        raise LastOwner
