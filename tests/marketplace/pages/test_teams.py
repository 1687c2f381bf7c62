"""The team page and the invitation link."""

import smtplib

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Brand, Invitation, Membership, User
from accounts.teams import invite_member
from marketplace import invitations
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


def invite(client: Client, cast: Cast, **form: str) -> HttpResponse:
    return client.post(
        reverse("team_invite", args=[cast.brand.pk]),
        {"email": "new@example.org", "role": "manager", **form},
        follow=True,
    )


def test_the_page_lists_members_and_gives_owners_the_controls(
    owner: Client, cast: Cast, browse: Browse
) -> None:
    address = reverse("team", args=[cast.brand.pk])
    page = owner.get(address).content.decode()
    assert "Olga Owner" in page
    assert "Invite somebody" in page
    theirs = browse(cast.brand_viewer).get(address).content.decode()
    assert "Olga Owner" in theirs
    assert "Invite somebody" not in theirs
    assert "Leave" in theirs


def test_an_invitation_is_mailed_and_its_link_shown(owner: Client, cast: Cast) -> None:
    page = invite(owner, cast).content.decode()
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    assert link in page
    assert "as manager" in message.body


def test_a_mail_server_that_refuses_costs_nothing(
    owner: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(invitations, "send_mail", refuse)
    page = invite(owner, cast).content.decode()
    assert "the mail could not be sent" in page
    assert Invitation.objects.latest("pk").email == "new@example.org"


def test_a_brand_name_with_line_breaks_cannot_write_mail_headers(owner: Client, cast: Cast) -> None:
    Brand.objects.filter(pk=cast.brand.pk).update(name="Alder\nBcc: all@example.org")
    invite(owner, cast)
    assert "\n" not in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("form", "field"),
    [({"email": "nonsense"}, "email"), ({"email": ""}, "email"), ({"role": "king"}, "role")],
)
def test_a_bad_invitation_names_its_field(
    owner: Client, cast: Cast, form: dict[str, str], field: str
) -> None:
    response = invite(owner, cast, **form)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Invitation.objects.filter(email="new@example.org").exists()


def test_inviting_a_member_is_refused_at_the_field(owner: Client, cast: Cast) -> None:
    response = invite(owner, cast, email=cast.brand_viewer.email)
    assert "already" in str(response.context["form"].errors["email"])


def test_the_link_lets_its_addressee_in(owner: Client, cast: Cast, browse: Browse) -> None:
    invite(owner, cast, email=cast.other_owner.email)
    invitation = Invitation.objects.latest("pk")
    address = reverse("join", args=[invitations.invitation_token(invitation)])
    guest = browse(cast.other_owner)
    assert "Join the team" in guest.get(address).content.decode()
    assert guest.post(address).url == reverse("team", args=[cast.brand.pk])
    assert cast.brand.memberships.get(user=cast.other_owner).role == "manager"
    assert "is over" in guest.get(address).content.decode()


def test_the_link_lets_nobody_else_in(owner: Client, cast: Cast, browse: Browse) -> None:
    invite(owner, cast)
    address = reverse("join", args=[invitations.invitation_token(Invitation.objects.latest("pk"))])
    guest = browse(cast.other_owner)
    assert "You are logged in as" in guest.get(address).content.decode()
    assert guest.post(address).status_code == 403
    assert not cast.brand.memberships.filter(user=cast.other_owner).exists()


def test_a_forged_link_opens_nothing(browse: Browse, cast: Cast) -> None:
    for client in (browse(None), browse(cast.brand_owner)):
        response = client.get(reverse("join", args=["1:forged:token"]))
        assert response.status_code == 409
        assert "damaged" in response.content.decode()


def test_a_withdrawn_invitation_is_over(owner: Client, cast: Cast, browse: Browse) -> None:
    invite(owner, cast)
    invitation = Invitation.objects.latest("pk")
    owner.post(reverse("team_revoke", args=[cast.brand.pk, invitation.pk]))
    address = reverse("join", args=[invitations.invitation_token(invitation)])
    assert "is over" in browse(None).get(address).content.decode()


def test_a_role_is_changed(owner: Client, cast: Cast) -> None:
    member = cast.brand.memberships.get(user=cast.brand_viewer)
    owner.post(reverse("team_role", args=[cast.brand.pk, member.pk]), {"role": "manager"})
    member.refresh_from_db()
    assert member.role == "manager"
    owner.post(reverse("team_role", args=[cast.brand.pk, member.pk]), {"role": "king"})
    member.refresh_from_db()
    assert member.role == "manager"


def test_the_last_owner_is_told_why_not(owner: Client, cast: Cast) -> None:
    own = cast.brand.memberships.get(user=cast.brand_owner)
    here = reverse("team", args=[cast.brand.pk])
    response = owner.post(
        reverse("team_remove", args=[cast.brand.pk, own.pk]),
        follow=True,
        headers={"referer": f"http://testserver{here}"},
    )
    assert response.redirect_chain[0][0].endswith(here)
    assert "A brand keeps at least one owner" in response.content.decode()
    assert Membership.objects.filter(pk=own.pk).exists()


def test_anybody_may_leave(cast: Cast, browse: Browse) -> None:
    own = cast.brand.memberships.get(user=cast.brand_viewer)
    response = browse(cast.brand_viewer).post(
        reverse("team_remove", args=[cast.brand.pk, own.pk]), follow=True
    )
    assert "You left the team of Alder" in response.content.decode()


def test_a_member_of_another_brand_cannot_be_reached_through_ones_own(
    owner: Client, cast: Cast
) -> None:
    foreign = cast.other_brand.memberships.get()
    for name in ("team_role", "team_remove"):
        response = owner.post(reverse(name, args=[cast.brand.pk, foreign.pk]), {"role": "viewer"})
        assert response.status_code == 404
    invitation = invite_member(
        brand=cast.other_brand,
        email="new@example.org",
        role="viewer",
        actor=cast.other_owner,
        now=timezone.now(),
    )
    response = owner.post(reverse("team_revoke", args=[cast.brand.pk, invitation.pk]))
    assert response.status_code == 404


def test_the_pages_queries_do_not_grow_with_the_team(owner: Client, cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            owner.get(reverse("team", args=[cast.brand.pk]))
        return len(captured)

    few = queries()
    for number in range(9):
        user = User.objects.create_user(f"colleague{number}@example.org")
        Membership.objects.create(brand=cast.brand, user=user, role="viewer")
        invite(owner, cast, email=f"guest{number}@example.org")
    assert queries() == few
