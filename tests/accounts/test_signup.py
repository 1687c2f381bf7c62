"""What signing up creates, by the service and through the form."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Brand, Creator, Membership, User
from accounts.signup import BrandNameMissing, complete_signup
from accounts.teams import invite_member
from marketplace.invitations import invitation_token
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Nora New",
    "side": "brand",
    "brand_name": "Cedar",
    "email": "nora@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def sign_up(client: Client, **changes: str) -> HttpResponse:
    return client.post(reverse("account_signup"), {**FORM, **changes})


def test_a_brand_side_owns_its_brand() -> None:
    user = User.objects.create_user("nora@example.org")
    complete_signup(user=user, name=" Nora ", side="brand", brand_name=" Cedar ")
    membership = Membership.objects.select_related("brand").get(user=user)
    assert (user.name, membership.brand.name, membership.role) == ("Nora", "Cedar", "owner")
    assert AuditEntry.objects.get(verb="brand.created").actor == user


def test_a_creator_side_gets_a_profile() -> None:
    user = User.objects.create_user("nora@example.org")
    complete_signup(user=user, name="Nora", side="creator")
    assert user.creator.display_name == "Nora"
    assert not user.memberships.exists()


def test_a_brand_side_without_a_brand_name_is_refused_whole() -> None:
    user = User.objects.create_user("nora@example.org")
    with pytest.raises(BrandNameMissing):
        complete_signup(user=user, name="Nora", side="brand", brand_name="  ")
    user.refresh_from_db()
    assert user.name == ""


def test_the_form_signs_a_brand_up_and_in(client: Client) -> None:
    response = sign_up(client)
    assert response.status_code == 302
    assert response.url == "/"
    user = User.objects.get(email="nora@example.org")
    assert (user.name, user.brands.get().name) == ("Nora New", "Cedar")
    assert client.get("/").context["user"] == user


def test_the_form_signs_a_creator_up(client: Client) -> None:
    sign_up(client, side="creator", brand_name="")
    creator = Creator.objects.get(user__email="nora@example.org")
    assert reverse("creator", args=[creator.pk]) in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"brand_name": " "}, "brand_name"),
        ({"side": "staff"}, "side"),
        ({"side": ""}, "side"),
        ({"name": ""}, "name"),
        ({"email": "not an address"}, "email"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password2": "different-9-horse"}, "password2"),
    ],
)
def test_the_form_names_the_wrong_field(
    client: Client, changes: dict[str, str], field: str
) -> None:
    response = sign_up(client, **changes)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not User.objects.exists()
    assert not Brand.objects.exists()


def test_nobody_can_sign_up_as_a_moderator(client: Client) -> None:
    sign_up(client, is_staff="on", is_superuser="on")
    user = User.objects.get()
    assert not user.is_staff
    assert not user.is_superuser


def test_an_invited_person_joins_the_team_and_makes_no_brand(client: Client, cast: Cast) -> None:
    invitation = invite_member(
        brand=cast.brand,
        email="nora@example.org",
        role=Membership.Role.MANAGER,
        actor=cast.brand_owner,
        now=timezone.now(),
    )
    client.get(reverse("join", args=[invitation_token(invitation)]))
    page = client.get(reverse("account_signup"))
    assert "brand_name" not in page.context["form"].fields
    wrong = sign_up(client, email="else@example.org")
    assert "email" in wrong.context["form"].errors
    sign_up(client)
    membership = Membership.objects.get(user__email="nora@example.org")
    assert (membership.brand, membership.role) == (cast.brand, Membership.Role.MANAGER)
    assert not Brand.objects.filter(name="Cedar").exists()
