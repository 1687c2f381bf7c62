"""The people of every story: made by the services that make them in life."""

import functools
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import make_password

from accounts.models import Brand, Creator, Membership, User
from accounts.signup import complete_signup
from accounts.teams import accept_invitation, invite_member

PASSWORD = "correct-horse-9"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """An owner and a viewer of one brand, an owner of another, two creators, a moderator."""

    brand_owner: User
    brand_viewer: User
    other_owner: User
    creator_user: User
    other_creator_user: User
    moderator: User

    @property
    def brand(self) -> Brand:
        return self.brand_owner.brands.get()

    @property
    def other_brand(self) -> Brand:
        return self.other_owner.brands.get()

    @property
    def creator(self) -> Creator:
        return self.creator_user.creator

    @property
    def other_creator(self) -> Creator:
        return self.other_creator_user.creator

    def everybody(self) -> dict[str, User]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@functools.cache
def hashed_password() -> str:
    return make_password(PASSWORD)


def make_cast() -> Cast:
    def person(name: str, **fields: object) -> User:
        email = f"{name.lower().replace(' ', '.')}@example.org"
        user = User.objects.create_user(email, name=name, **fields)
        # Hashed once: hashing is slow on purpose, and six times a test adds up.
        user.password = hashed_password()
        user.save(update_fields=["password"])
        return user

    def owner(name: str, brand: str) -> User:
        return complete_signup(user=person(name), name=name, side="brand", brand_name=brand)

    def creator(name: str) -> User:
        return complete_signup(user=person(name), name=name, side="creator")

    brand_owner = owner("Olga Owner", "Alder")
    viewer = bring_in_as_viewer(person("Vera Viewer"), brand_owner)
    return Cast(
        brand_owner=brand_owner,
        brand_viewer=viewer,
        other_owner=owner("Otto Other", "Birch"),
        creator_user=creator("Carla Creator"),
        other_creator_user=creator("Cyril Creator"),
        moderator=person("Mona Moderator", is_staff=True, side=User.Side.STAFF),
    )


def bring_in_as_viewer(user: User, owner: User) -> User:
    """Bring somebody into the owner's only brand as a viewer."""
    invitation = invite_member(
        brand=owner.brands.get(),
        email=user.email,
        role=Membership.Role.VIEWER,
        actor=owner,
        now=NOW,
    )
    accept_invitation(invitation=invitation, user=user, now=NOW)
    return user


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def brand_owner(cast: Cast) -> User:
    return cast.brand_owner


@pytest.fixture
def brand_viewer(cast: Cast) -> User:
    return cast.brand_viewer


@pytest.fixture
def other_owner(cast: Cast) -> User:
    return cast.other_owner


@pytest.fixture
def creator_user(cast: Cast) -> User:
    return cast.creator_user


@pytest.fixture
def other_creator_user(cast: Cast) -> User:
    return cast.other_creator_user


@pytest.fixture
def moderator(cast: Cast) -> User:
    return cast.moderator
