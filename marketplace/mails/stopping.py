"""The signed address in an e-mail that ends e-mail of its category, without a log-in."""

from django.core import signing

from accounts.errors import NotFound
from accounts.models import NotificationCategory, User

SALT = "fairground.notifications"


def stop_token(user: User, category: str) -> str:
    """Good for ever: old mail must be as easy to be rid of as new."""
    return signing.dumps([user.pk, category], salt=SALT)


def read_stop_token(token: str) -> tuple[User, NotificationCategory]:
    """:raises NotFound: if it is not ours, or its user is gone."""
    try:
        user_id, category = signing.loads(token, salt=SALT)
        return User.objects.get(pk=user_id), NotificationCategory(category)
    except (signing.BadSignature, User.DoesNotExist, ValueError, TypeError) as error:
        raise NotFound("This link is damaged, or its account is gone.") from error
