"""The page of a thread: what both sides see and send on it."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from campaigns import messaging
from campaigns.access import seat_for
from campaigns.message_reading import unread_of
from campaigns.message_reports import report_message
from campaigns.models import Attachment, Collaboration, Message, MessageReport
from campaigns.moving import move
from campaigns.starting import invite_creator
from campaigns.states import Side
from tests.campaigns.conftest import NOW, open_campaign
from tests.campaigns.test_contracts_and_work import start_work
from tests.campaigns.test_messaging import attach, picture, write
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def collaboration(cast: Cast) -> Collaboration:
    return start_work(cast, 50_000)


@pytest.fixture
def address(collaboration: Collaboration) -> str:
    return reverse("collaboration_messages", args=[collaboration.pk])


def upload(data: bytes, name: str = "mood.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "text/plain")


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_words_and_files_reach_the_other_side(cast: Cast, browse: Browse, address: str) -> None:
    sent = browse(cast.brand_owner).post(
        address,
        {
            "text": "Two ideas & <b>one</b> question",
            "client_key": "k",
            "attachments": [upload(picture("teal").read()), upload(picture("red").read(), "b.png")],
        },
    )
    message = Message.objects.get()
    assert sent["Location"] == f"{address}#message-{message.pk}"
    page = text_of(browse(cast.creator_user), address)
    assert "Two ideas &amp; &lt;b&gt;one&lt;/b&gt; question" in page
    files = list(message.attachments.all())
    assert [file.name for file in files] == ["mood.png", "b.png"]
    for file in files:
        assert reverse("attachment", args=[file.pk]) in page


def test_a_double_click_makes_one_message(cast: Cast, browse: Browse, address: str) -> None:
    client = browse(cast.brand_owner)
    key = re.search(r'name="client_key" value="(\w+)"', text_of(client, address))
    assert key
    for _ in range(2):
        client.post(address, {"text": "Hello", "client_key": key[1]})
    assert Message.objects.count() == 1


def test_one_bad_file_costs_neither_the_words_nor_the_other_files(
    cast: Cast, browse: Browse, address: str
) -> None:
    client = browse(cast.creator_user)
    body = {
        "text": "Look at these",
        "client_key": "k",
        "attachments": [upload(picture().read()), upload(b"<svg/>", "x.svg")],
    }
    refused = client.post(address, body)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "x.svg: Only JPEG, PNG and WebP pictures and PDFs" in page
    assert "Look at these" in page
    kept = Attachment.objects.get()
    assert f'name="kept" value="{kept.pk}" checked' in page
    assert (
        client.post(
            address, {"text": "Look at these", "client_key": "k", "kept": kept.pk}
        ).status_code
        == 302
    )
    assert list(Message.objects.get().attachments.all()) == [kept]


@pytest.mark.parametrize(
    "body",
    [
        {"text": " ", "client_key": "k"},
        {"text": "x" * 4_001, "client_key": "k"},
        {"text": "x" * 9_000, "client_key": "k"},
        {"text": "a", "client_key": "no spaces"},
        {"text": "a", "client_key": "k", "kept": ["x", "10", str(10**30)]},
        {"text": "a\x00", "client_key": "k"},
        {},
    ],
)
def test_what_cannot_be_sent_is_told_beside_the_field(
    cast: Cast, browse: Browse, address: str, body: dict[str, object]
) -> None:
    answer = browse(cast.brand_owner).post(address, body)
    if "kept" in body:  # ids of nobody's files are simply not there
        assert answer.status_code == 302
    else:
        assert answer.status_code == 422
        assert not Message.objects.exists()


def test_too_large_a_form_is_refused_before_it_is_read(
    cast: Cast, browse: Browse, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.pages.messages.LARGEST_FORM", 1_000)
    body = {"text": "a", "client_key": "k", "attachments": upload(bytes(2_000))}
    assert browse(cast.brand_owner).post(address, body).status_code == 413


def test_a_forged_form_is_refused(cast: Cast, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.brand_owner, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(address, {"text": "a", "client_key": "k"}).status_code == 403


def test_opening_the_page_reads_and_looking_back_does_not(
    cast: Cast, browse: Browse, address: str, collaboration: Collaboration
) -> None:
    messages = [write(cast, collaboration, f"Number {number}.") for number in range(32)]
    client = browse(cast.creator_user)
    earlier = text_of(client, f"{address}?before={messages[2].pk}")
    assert "Number 1." in earlier
    assert "Number 2." not in earlier
    assert unread_of(cast.creator_user, [collaboration.pk])[collaboration.pk] == 32
    page = text_of(client, address)
    assert f"?before={messages[2].pk}" in page
    assert page.index("Number 2.") < page.index("Number 31.")
    assert unread_of(cast.creator_user, [collaboration.pk])[collaboration.pk] == 0


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "0"])
def test_any_cursor_is_a_page(cast: Cast, browse: Browse, address: str, before: str) -> None:
    assert browse(cast.creator_user).get(address, {"before": before}).status_code == 200


def test_the_page_asks_for_what_is_newer_and_gets_nothing_if_there_is_nothing(
    cast: Cast, browse: Browse, address: str, collaboration: Collaboration
) -> None:
    message = write(cast, collaboration)
    client = browse(cast.creator_user)
    newer = reverse("collaboration_messages_newer", args=[collaboration.pk])
    assert f"{newer}?after={message.pk}" in text_of(client, address)
    assert client.get(newer, {"after": message.pk}).status_code == 204
    second = write(cast, collaboration, "One more thing")
    page = text_of(client, f"{newer}?after={message.pk}")
    assert "One more thing" in page
    assert f"{newer}?after={second.pk}" in page
    assert "<html" not in page


def test_a_thread_of_any_length_takes_the_same_queries(
    cast: Cast, browse: Browse, address: str, collaboration: Collaboration,
    django_assert_num_queries: object, django_assert_max_num_queries: object,
) -> None:  # fmt: skip
    client = browse(cast.creator_user)
    for _ in range(25):
        write(cast, collaboration, attachment_ids=[])
    write(cast, collaboration, attachment_ids=[attach(cast, collaboration).pk])
    client.get(address)  # reads it
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(address)


def test_warnings_are_strong_for_the_receiver_and_told_to_the_sender(
    cast: Cast, browse: Browse, address: str, collaboration: Collaboration
) -> None:
    write(cast, collaboration, "Pay me directly by PayPal")
    theirs = text_of(browse(cast.creator_user), address)
    assert 'class="notice danger"' in theirs
    assert "<q>Pay me directly" in theirs
    assert "set aside in advance" in theirs
    own = text_of(browse(cast.brand_owner), address)
    assert 'class="notice danger"' not in own
    assert "1 warning stands beside this for the other side" in own


def test_nobody_writes_after_the_end(cast: Cast, browse: Browse) -> None:
    invited = invite_creator(
        campaign=open_campaign(cast), creator=cast.creator, actor=cast.brand_owner, now=NOW
    )
    move(
        invited, "decline", side=Side.CREATOR, actor=cast.creator_user, reason="No.",
        now=timezone.now() - timedelta(days=31),
    )  # fmt: skip
    address = reverse("collaboration_messages", args=[invited.pk])
    client = browse(cast.creator_user)
    page = text_of(client, address)
    assert "ended more than 30 days ago" in page
    assert 'id="write"' not in page
    sent = client.post(address, {"text": "Wait", "client_key": "k"}, follow=True)
    assert messaging.ThreadClosed.message in sent.content.decode()
    assert not Message.objects.exists()


def test_a_former_members_words_stay(
    cast: Cast, browse: Browse, address: str, collaboration: Collaboration
) -> None:
    write(cast, collaboration, "I was here")
    Message.objects.update(author=None)
    page = text_of(browse(cast.creator_user), address)
    assert "A former member" in page
    assert "I was here" in page


def test_a_person_without_a_name_is_not_shown_by_their_address(
    cast: Cast, browse: Browse, address: str, collaboration: Collaboration
) -> None:
    write(cast, collaboration)
    type(cast.brand_owner).objects.filter(pk=cast.brand_owner.pk).update(name="")
    page = text_of(browse(cast.creator_user), address)
    assert cast.brand_owner.email not in page
    assert "Somebody of the brand" in page


class TestFiles:
    def test_a_picture_is_shown_and_may_do_nothing(
        self, cast: Cast, browse: Browse, collaboration: Collaboration
    ) -> None:
        file = attach(cast, collaboration)
        answer = browse(cast.brand_owner).get(reverse("attachment", args=[file.pk]))
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Content-Disposition"].startswith("inline")
        assert "private" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content)[:4] == b"\x89PNG"  # type: ignore[attr-defined]

    def test_a_document_is_saved(
        self, cast: Cast, browse: Browse, collaboration: Collaboration
    ) -> None:
        from tests.campaigns.test_attachments import pdf

        file = attach(cast, collaboration, file=BytesIO(pdf()), name="Vertrag “neu”.pdf")
        answer = browse(cast.brand_owner).get(reverse("attachment", args=[file.pk]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment")

    def test_ids_beyond_the_databases_integers_are_not_found(
        self, cast: Cast, browse: Browse
    ) -> None:
        client = browse(cast.brand_owner)
        for name in ("attachment", "collaboration_messages", "collaboration_messages_newer"):
            assert client.get(reverse(name, args=[10**30])).status_code == 404


class TestReports:
    def test_a_report_is_shown_as_made(
        self, cast: Cast, browse: Browse, address: str, collaboration: Collaboration
    ) -> None:
        message = write(cast, collaboration)
        client = browse(cast.creator_user)
        where = reverse("message_report", args=[collaboration.pk, message.pk])
        client.post(where, {"reason": "Rude."})
        assert MessageReport.objects.get().reason == "Rude."
        assert "You reported this." in text_of(client, address)
        client.post(where, {"reason": "x" * 1_001})
        client.post(where, {})
        assert MessageReport.objects.count() == 1
        other = reverse("message_report", args=[collaboration.pk, message.pk + 1])
        assert client.post(other, {"reason": "Rude."}).status_code == 404

    def test_the_desk_answers_and_its_look_is_on_record(
        self, cast: Cast, browse: Browse, address: str, collaboration: Collaboration
    ) -> None:
        message = write(cast, collaboration, "Send me your password")
        seat = seat_for(cast.creator_user, collaboration.pk)
        report = report_message(seat=seat, message=message, reason="Odd.", now=NOW)
        cast.moderator.is_superuser = True
        cast.moderator.save()
        desk = browse(cast.moderator)
        where = reverse("admin:campaigns_messagereport_change", args=[report.pk])
        assert "Send me your password" in text_of(desk, where)
        assert AuditEntry.objects.filter(verb="messages.read_by_moderator").count() == 1
        assert "Report" in text_of(desk, reverse("admin:campaigns_messagereport_changelist"))
        assert "required" in desk.post(where, {"answer": "upheld"}).content.decode()
        assert desk.post(where, {"answer": "upheld", "decision": "It was."}).status_code == 302
        report.refresh_from_db()
        assert (report.state, report.decided_by) == ("upheld", cast.moderator)
        assert "A moderator answered: It was." in text_of(browse(cast.creator_user), address)

    def test_moderators_may_answer_without_being_superusers(
        self, cast: Cast, browse: Browse, collaboration: Collaboration
    ) -> None:
        from django.contrib.auth.models import Group

        cast.moderator.groups.add(Group.objects.get(name="Moderators"))
        report = report_message(
            seat=seat_for(cast.creator_user, collaboration.pk),
            message=write(cast, collaboration), reason="Odd.", now=NOW,
        )  # fmt: skip
        where = reverse("admin:campaigns_messagereport_change", args=[report.pk])
        desk = browse(cast.moderator)
        assert desk.post(where, {"answer": "dismissed", "decision": "Fine."}).status_code == 302
        assert desk.get(where.replace(str(report.pk), "9" * 30)).status_code == 302
