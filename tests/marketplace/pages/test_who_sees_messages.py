"""The thread of a collaboration against everybody (`seeing.PEOPLE`)."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from campaigns.access import seat_for
from campaigns.message_reports import report_message
from campaigns.models import Collaboration
from campaigns.moving import move
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import start_work
from tests.campaigns.test_messaging import attach, write
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send

pytestmark = pytest.mark.django_db

GET = {
    "collaboration_messages":       (302, 200, 200, 404, 200, 404, 403),
    "collaboration_messages_newer": (302, 200, 200, 404, 200, 404, 403),
    "attachment":                   (302, 200, 200, 404, 200, 404, 404),
}  # fmt: skip
POST = {
    "collaboration_messages": (403, 302, 403, 404, 302, 404, 403),
    "message_report":         (403, 302, 302, 404, 302, 404, 403),
}  # fmt: skip
BODIES = {
    "collaboration_messages": {"text": "Hello", "client_key": "a"},
    "message_report": {"reason": "Rude."},
}


@pytest.fixture
def collaboration(cast: Cast) -> Collaboration:
    return start_work(cast, 50_000)


@pytest.fixture
def address(cast: Cast, collaboration: Collaboration) -> Callable[[str], str]:
    file = attach(cast, collaboration)
    message = write(cast, collaboration, attachment_ids=[file.pk])
    arguments = {"attachment": [file.pk], "message_report": [collaboration.pk, message.pk]}
    return lambda name: reverse(name, args=arguments.get(name, [collaboration.pk]))


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    see(address(name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    send(address(name), POST[name], BODIES[name], cast=cast, browse=browse)


def test_a_moderator_reads_in_a_dispute_and_what_was_reported(
    cast: Cast, browse: Browse, collaboration: Collaboration
) -> None:
    file = attach(cast, collaboration)
    bad = write(cast, collaboration, "Send me your password", attachment_ids=[file.pk])
    write(cast, collaboration, "Good morning")
    thread = reverse("collaboration_messages", args=[collaboration.pk])
    report_message(
        seat=seat_for(cast.creator_user, collaboration.pk), message=bad, reason="Rude.", now=NOW
    )
    client = browse(cast.moderator)
    page = client.get(thread).content.decode()
    assert "Send me your password" in page
    assert "Good morning" not in page
    assert client.get(reverse("attachment", args=[file.pk])).status_code == 200
    move(
        collaboration, "dispute", side=Side.CREATOR, actor=cast.creator_user, now=NOW, reason="Late"
    )
    page = client.get(thread).content.decode()
    assert "Good morning" in page
    assert 'id="write"' not in page
