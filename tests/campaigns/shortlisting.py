"""A shortlist with somebody on it, and a reviewer beside the cast."""

from accounts.models import Membership, User
from accounts.teams import accept_invitation, invite_member
from campaigns.models import Shortlist, ShortlistEntry
from campaigns.shortlist_entries import add_creator
from campaigns.shortlists import create_shortlist
from tests.cast import NOW, Cast, hashed_password


def a_list(cast: Cast, name: str = "Spring faces", **more: object) -> Shortlist:
    return create_shortlist(
        brand=cast.brand,
        name=name,
        actor=cast.brand_owner,
        now=NOW,
        **more,  # type: ignore[arg-type]
    )


def an_entry(cast: Cast, shortlist: Shortlist | None = None) -> ShortlistEntry:
    """The creator of the cast, on a list."""
    entry, _ = add_creator(
        shortlist=shortlist or a_list(cast), creator=cast.creator, actor=cast.brand_owner, now=NOW
    )
    return entry


def bring_in(cast: Cast, role: str) -> User:
    """Somebody with this role in the owner's brand."""
    user = User.objects.create_user(f"{role}@example.org", name=f"Rita {role.title()}")
    user.password = hashed_password()
    user.save(update_fields=["password"])
    invitation = invite_member(
        brand=cast.brand, email=user.email, role=Membership.Role(role), actor=cast.brand_owner,
        now=NOW,
    )  # fmt: skip
    accept_invitation(invitation=invitation, user=user, now=NOW)
    return user
