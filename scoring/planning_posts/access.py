"""The road to an account's own planning: nobody but the creator tests or keeps drafts of it."""

from accounts.errors import Forbidden, NotFound
from accounts.models import Post, SocialAccount, User
from scoring.models import PostPlan


def own_accounts_of(user: User) -> list[SocialAccount]:
    """The accounts of the user's own creator profile, with their creator. One query.

    :raises Forbidden: if the user is no creator.
    """
    found = list(
        SocialAccount.objects.select_related("creator").filter(creator__user=user).order_by("pk")
    )
    if not found and not hasattr(user, "creator"):
        raise Forbidden("Drafts are tested by creators, about their own accounts.")
    return found


def own_plan_for(user: User, plan_id: int) -> PostPlan:
    """A test the creator kept. :raises NotFound: for everybody else, moderators included."""
    plan = (
        PostPlan.objects.select_related("account__creator", "published__post")
        .filter(pk=plan_id, account__creator__user=user)
        .first()
    )
    if plan is None:
        raise NotFound("There is no such kept test, or it is not yours.")
    return plan


def post_of_plan(plan: PostPlan, post_id: int) -> Post:
    """A post of the account a test is about. :raises NotFound: if there is none."""
    post = Post.objects.filter(pk=post_id, account=plan.account_id).first()
    if post is None:
        raise NotFound("There is no such post of this account.")
    return post
