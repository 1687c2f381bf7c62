"""The road from an id to a post, as `accounts/access.py` is for what belongs to people."""

from collections.abc import Sequence

from accounts.access import creators_visible_to
from accounts.errors import NotFound
from accounts.models import Post, User

LARGEST_ID = 2**63 - 1


def posts_for(user: User, post_ids: Sequence[int]) -> dict[int, Post]:
    """Those of the posts whose creator the user may see. One query."""
    posts = Post.objects.filter(
        pk__in=[post_id for post_id in post_ids if post_id <= LARGEST_ID],
        account__creator__in=creators_visible_to(user),
    )
    return {post.pk: post for post in posts.select_related("account__creator")}


def post_for(user: User, post_id: int, *, creator_id: int | None = None) -> Post:
    """A post of a visible creator.

    :raises NotFound: if there is none, the profile is not shown, or it is another creator's.
    """
    post = posts_for(user, [post_id]).get(post_id)
    if post is None or creator_id not in (None, post.account.creator_id):
        raise NotFound("There is no such post, or the profile is not shown.")
    return post
