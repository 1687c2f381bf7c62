"""From an event to a whole e-mail: greeting, words, link, and how to get fewer of them."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from accounts.models import NotificationCategory, OutboxEvent, User
from accounts.notifying.mailing import Mail
from accounts.notifying.preferences import MANDATORY
from accounts.outbox import Letter
from marketplace.mails import alerts, cases, collaborations, payments
from marketplace.mails.stopping import stop_token

LettersOf = Callable[[OutboxEvent, User], Letter | None]
AREAS: dict[str, LettersOf] = {
    "alert": alerts.letter_of,
    "collaboration": collaborations.letter_of,
    "case": cases.letter_of,
    "deposit": payments.letter_of,
    "withdrawal": payments.letter_of,
    "payout": payments.letter_of,
}
"""By the first part of a kind; events that bring their own letter need none."""

PREFIX = "[Fairground] "
SUBJECT_CHARACTERS = 200


class SiteComposer:
    """`accounts.notifying.mailing.Composer` for this site's addresses."""

    def compose(self, event: OutboxEvent, user: User) -> Mail | None:
        letter = letter_of(event, user)
        if letter is None:
            return None
        stop = stop_address(user, event.category)
        context = {
            "user": user,
            "letter": letter,
            "link": address_of(letter),
            "stop": stop,
            "settings_address": site_address("notifications"),
        }
        return Mail(
            subject=(PREFIX + letter.subject)[:SUBJECT_CHARACTERS],
            body=render_to_string("emails/told.txt", context),
            headers=_stop_headers(stop),
        )

    def compose_digest(self, events: Sequence[OutboxEvent], user: User) -> Mail | None:
        letters = [letter for event in events if (letter := letter_of(event, user)) is not None]
        if not letters:
            return None
        count = len(letters)
        context = {
            "user": user,
            "letters": [(letter, address_of(letter)) for letter in letters],
            "settings_address": site_address("notifications"),
        }
        return Mail(
            subject=f"{PREFIX}{count} thing{'' if count == 1 else 's'} that happened",
            body=render_to_string("emails/digest.txt", context),
        )

    def message_id(self, name: str) -> str:
        return f"{name}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def letter_of(event: OutboxEvent, user: User) -> Letter | None:
    if event.letter is not None:
        return Letter(**event.letter)
    area = AREAS.get(event.kind.partition(".")[0])
    return area(event, user) if area else None


def address_of(letter: Letter) -> str:
    return site_address(letter.page, *letter.page_args)


def site_address(page: str, *args: int | str) -> str:
    """The full address of a page; of the start page if there is none of that name."""
    try:
        path = reverse(page, args=args)
    except NoReverseMatch:
        path = reverse("home")
    return settings.SITE_URL + path


def stop_address(user: User, category: str) -> str:
    """Where one click ends e-mail of a category; empty for what cannot be ended."""
    if category in MANDATORY or category not in NotificationCategory.values:
        return ""
    return site_address("notifications_stop", stop_token(user, category))


def _stop_headers(stop: str) -> dict[str, str]:
    """RFC 8058."""
    if not stop:
        return {}
    return {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
