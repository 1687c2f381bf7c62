"""Teams: every way in, up, down and out, and never without an owner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection

from accounts import teams
from accounts.errors import Forbidden, NotFound
from accounts.models import AuditEntry, Invitation, Membership, User
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
Role = Membership.Role


def invite(cast: Cast, email: str, role: str = Role.MANAGER) -> Invitation:
    return teams.invite_member(
        brand=cast.brand, email=email, role=role, actor=cast.brand_owner, now=NOW
    )


def owner_membership(cast: Cast) -> Membership:
    return cast.brand.memberships.get(user=cast.brand_owner)


def viewer_membership(cast: Cast) -> Membership:
    return cast.brand.memberships.get(user=cast.brand_viewer)


def test_invite_opens_a_seat_and_is_audited(cast: Cast) -> None:
    invitation = invite(cast, " New@Example.org ")
    assert (invitation.email, invitation.role) == ("new@example.org", Role.MANAGER)
    assert invitation.expires_at == NOW + teams.INVITATION_LIFETIME
    entry = AuditEntry.objects.filter(verb="member.invited").latest("pk")
    assert entry.actor == cast.brand_owner
    assert entry.data == {"email": "new@example.org", "role": "manager"}


def test_invite_says_nothing_about_who_is_registered(cast: Cast) -> None:
    known, unknown = invite(cast, cast.other_owner.email), invite(cast, "nobody@example.org")
    assert known.state == unknown.state == Invitation.State.OPEN
    assert not cast.brand.memberships.filter(user=cast.other_owner).exists()


def test_invite_refuses_a_member(cast: Cast) -> None:
    with pytest.raises(teams.AlreadyMember):
        invite(cast, cast.brand_viewer.email.upper())


def test_invite_again_replaces_the_open_invitation(cast: Cast) -> None:
    first, second = invite(cast, "new@example.org"), invite(cast, "NEW@example.org", Role.VIEWER)
    first.refresh_from_db()
    assert first.state == Invitation.State.REVOKED
    assert second.is_usable(now=NOW)


def test_invite_stops_at_a_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "MAX_OPEN_INVITATIONS", 1)
    invite(cast, "one@example.org")
    with pytest.raises(teams.TooManyInvitations):
        invite(cast, "two@example.org")


def test_accept_gives_the_role_once(cast: Cast) -> None:
    invitation = invite(cast, cast.other_owner.email, Role.FINANCE)
    membership = teams.accept_invitation(invitation=invitation, user=cast.other_owner, now=NOW)
    assert (membership.brand, membership.role) == (cast.brand, Role.FINANCE)
    assert AuditEntry.objects.filter(verb="member.joined").latest("pk").actor == cast.other_owner
    teams.remove_member(membership=membership, actor=cast.brand_owner)
    with pytest.raises(teams.InvitationOver):
        teams.accept_invitation(invitation=invitation, user=cast.other_owner, now=NOW)


def test_accept_refuses_another_person(cast: Cast) -> None:
    invitation = invite(cast, "new@example.org")
    with pytest.raises(Forbidden):
        teams.accept_invitation(invitation=invitation, user=cast.other_owner, now=NOW)


def test_accept_refuses_an_expired_or_revoked_invitation(cast: Cast) -> None:
    expired = invite(cast, cast.other_owner.email)
    late = NOW + teams.INVITATION_LIFETIME
    with pytest.raises(teams.InvitationOver):
        teams.accept_invitation(invitation=expired, user=cast.other_owner, now=late)
    teams.revoke_invitation(invitation=expired, actor=cast.brand_owner)
    with pytest.raises(teams.InvitationOver):
        teams.accept_invitation(invitation=expired, user=cast.other_owner, now=NOW)


def test_accept_refuses_somebody_who_joined_meanwhile(cast: Cast) -> None:
    invitation = invite(cast, cast.other_owner.email)
    Membership.objects.create(brand=cast.brand, user=cast.other_owner, role=Role.VIEWER)
    with pytest.raises(teams.AlreadyMember):
        teams.accept_invitation(invitation=invitation, user=cast.other_owner, now=NOW)


def test_revoke_works_once(cast: Cast) -> None:
    invitation = invite(cast, "new@example.org")
    teams.revoke_invitation(invitation=invitation, actor=cast.brand_owner)
    with pytest.raises(teams.InvitationOver):
        teams.revoke_invitation(invitation=invitation, actor=cast.brand_owner)
    assert AuditEntry.objects.filter(verb="member.invitation_revoked").count() == 1


def test_sign_up_invited_joins_and_owns_no_brand(cast: Cast) -> None:
    user = User.objects.create_user("new@example.org")
    teams.sign_up_invited(user=user, name=" Nora ", invitation=invite(cast, user.email), now=NOW)
    user.refresh_from_db()
    assert (user.name, user.side) == ("Nora", User.Side.BRAND)
    assert [membership.role for membership in user.memberships.all()] == [Role.MANAGER]


def test_change_role_is_audited_with_both_roles(cast: Cast) -> None:
    changed = teams.change_role(
        membership=viewer_membership(cast), role="manager", actor=cast.brand_owner
    )
    assert changed.role == Role.MANAGER
    entry = AuditEntry.objects.get(verb="member.role_changed")
    assert entry.data == {"user": cast.brand_viewer.pk, "from": "viewer", "to": "manager"}


def test_change_to_the_same_role_writes_nothing(cast: Cast) -> None:
    teams.change_role(membership=viewer_membership(cast), role="viewer", actor=cast.brand_owner)
    assert not AuditEntry.objects.filter(verb="member.role_changed").exists()


def test_the_last_owner_can_neither_step_down_nor_leave(cast: Cast) -> None:
    with pytest.raises(teams.LastOwner):
        teams.change_role(membership=owner_membership(cast), role="viewer", actor=cast.brand_owner)
    with pytest.raises(teams.LastOwner):
        teams.remove_member(membership=owner_membership(cast), actor=cast.brand_owner)
    assert owner_membership(cast).role == Role.OWNER


def test_an_owner_can_leave_when_another_stays(cast: Cast) -> None:
    teams.change_role(membership=viewer_membership(cast), role="owner", actor=cast.brand_owner)
    teams.remove_member(membership=owner_membership(cast), actor=cast.brand_owner)
    assert cast.brand_viewer.memberships.get().role == Role.OWNER
    assert not cast.brand_owner.memberships.exists()


def test_remove_is_audited_and_gone(cast: Cast) -> None:
    member = viewer_membership(cast)
    teams.remove_member(membership=member, actor=cast.brand_owner)
    assert AuditEntry.objects.get(verb="member.removed").data["role"] == "viewer"
    with pytest.raises(NotFound):
        teams.remove_member(membership=member, actor=cast.brand_owner)


def test_members_and_invitations_of_another_brand_are_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        teams.member_in(cast.brand, cast.other_owner.memberships.get().pk)
    with pytest.raises(NotFound):
        teams.invitation_in(cast.other_brand, invite(cast, "new@example.org").pk)


def test_an_invitation_is_usable_until_it_expires(cast: Cast) -> None:
    invitation = invite(cast, "new@example.org")
    assert invitation.is_usable(now=invitation.expires_at - timedelta(seconds=1))
    assert not invitation.is_usable(now=invitation.expires_at)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_leave_one() -> None:
    """Both pass the check on their own; the lock makes the second see the first."""
    cast = make_cast()
    teams.change_role(membership=viewer_membership(cast), role="owner", actor=cast.brand_owner)
    members = list(cast.brand.memberships.all())

    def remove(member: Membership) -> bool:
        try:
            teams.remove_member(membership=member, actor=cast.brand_owner)
        except teams.LastOwner:
            return False
        finally:
            close_old_connections()
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, members)) == [False, True]
    assert cast.brand_owner.memberships.count() + cast.brand_viewer.memberships.count() == 1
