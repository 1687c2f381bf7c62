"""Writing, reading, being told: what a thread promises both sides."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from PIL import Image

from accounts.errors import DomainError, Forbidden, NotFound
from accounts.models import AuditEntry, OutboxEvent, User
from campaigns import messaging
from campaigns.access import seat_for
from campaigns.attachments import store_attachment
from campaigns.message_mail import tell_unread
from campaigns.message_reading import attachment_for, get_thread, messages_visible_to, unread_of
from campaigns.message_reports import (
    OwnMessage,
    ReportDecided,
    ReportedAlready,
    ReportReasonMissing,
    decide_report,
    report_message,
)
from campaigns.messaging import mark_read, send_message
from campaigns.models import Attachment, Collaboration, Message, ReadMark
from campaigns.moving import move
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import start_work
from tests.cast import Cast

MINUTE = timedelta(minutes=1)


def picture(colour: str = "teal") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (20, 10), colour).save(out, "PNG")
    out.seek(0)
    return out


def write(
    cast: Cast, collaboration: Collaboration, text: str = "Hello", **fields: object
) -> Message:
    side = fields.pop("side", Side.BRAND)
    given = {
        "collaboration": collaboration,
        "side": side,
        "actor": cast.brand_owner if side is Side.BRAND else cast.creator_user,
        "text": text,
        "client_key": f"key-{Message.objects.count()}",
        "now": NOW,
        **fields,
    }
    return send_message(**given)  # type: ignore[arg-type]


def attach(cast: Cast, collaboration: Collaboration, **fields: object) -> Attachment:
    given = {
        "collaboration": collaboration,
        "side": Side.BRAND,
        "actor": cast.brand_owner,
        "file": picture(),
        "name": "mood.png",
        "now": NOW,
        **fields,
    }
    return store_attachment(**given)  # type: ignore[arg-type]


@pytest.mark.django_db
class TestSending:
    def test_a_message_is_kept_audited_and_told_to_webhooks(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        message = write(cast, invited, "  Hello\r\nCarla  ")
        assert (message.text, message.side, message.warnings) == ("Hello\nCarla", "brand", [])
        assert AuditEntry.objects.get(verb="message.sent").data["message"] == message.pk
        told = OutboxEvent.objects.get(kind="message.received")
        assert told.payload == {
            "collaboration": invited.pk, "message": message.pk, "side": "brand",
        }  # fmt: skip
        assert not told.to_users
        assert not told.to_creator

    def test_warnings_are_kept_with_it_and_do_not_hold_it_back(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        message = write(cast, invited, "Pay me directly by PayPal, my number is +49 171 2345678")
        assert [one["kind"] for one in message.warnings] == ["payment", "contact"]
        assert all(one["why"] and one["advice"] and one["words"] for one in message.warnings)

    def test_the_same_key_makes_one_message(self, cast: Cast, invited: Collaboration) -> None:
        file = attach(cast, invited)
        given = {"client_key": "once", "attachment_ids": [file.pk]}
        first = write(cast, invited, **given)
        assert write(cast, invited, **given) == first
        assert OutboxEvent.objects.filter(kind="message.received").count() == 1
        with pytest.raises(messaging.ClientKeyUsed):
            write(cast, invited, "Other words", **given)
        with pytest.raises(messaging.ClientKeyUsed):
            write(cast, invited, client_key="once")
        # Another person's keys are their own.
        assert write(cast, invited, side=Side.CREATOR, client_key="once") != first

    @pytest.mark.parametrize(
        ("fields", "error", "field"),
        [
            ({"text": " \n"}, messaging.MessageEmpty, "text"),
            ({"text": "a\x00b"}, messaging.MessageEmpty, "text"),
            ({"text": "a\ud800"}, messaging.MessageEmpty, "text"),
            ({"text": "x" * 4_001}, messaging.MessageTooLong, "text"),
            ({"client_key": ""}, messaging.ClientKeyInvalid, "client_key"),
            ({"client_key": "x" * 65}, messaging.ClientKeyInvalid, "client_key"),
            ({"client_key": "ä"}, messaging.ClientKeyInvalid, "client_key"),
            ({"attachment_ids": range(6)}, messaging.TooManyAttachments, "attachments"),
            ({"attachment_ids": [10**18]}, messaging.AttachmentUnusable, "attachments"),
        ],
    )
    def test_what_cannot_be_sent_changes_nothing(
        self,
        cast: Cast,
        invited: Collaboration,
        fields: dict[str, object],
        error: type[DomainError],
        field: str,
    ) -> None:
        with pytest.raises(error) as refused:
            write(cast, invited, **fields)  # type: ignore[arg-type]
        assert refused.value.details == {"field": field}
        assert not Message.objects.exists()
        assert not ReadMark.objects.exists()

    def test_moderators_do_not_write(self, cast: Cast, invited: Collaboration) -> None:
        with pytest.raises(Forbidden):
            write(cast, invited, side=Side.MODERATOR, actor=cast.moderator)

    def test_thirty_days_after_the_end_it_can_only_be_read(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        move(
            invited, "decline", side=Side.CREATOR, actor=cast.creator_user, now=NOW,
            reason="Not for me.",
        )  # fmt: skip
        last = NOW + timedelta(days=30)
        write(cast, invited, now=last)
        with pytest.raises(messaging.ThreadClosed):
            write(cast, invited, now=last + MINUTE)
        invited.refresh_from_db()
        with pytest.raises(messaging.ThreadClosed):
            attach(cast, invited, now=last + MINUTE)
        assert len(get_thread(seat_for(cast.creator_user, invited.pk)).messages) == 1

    def test_nobody_floods_the_other_side(self, cast: Cast, invited: Collaboration) -> None:
        Message.objects.bulk_create(
            Message(
                collaboration=invited, side="brand", author=cast.brand_owner, text="x",
                client_key=str(number), sent_at=NOW,
            )
            for number in range(messaging.BURST)
        )  # fmt: skip
        with pytest.raises(messaging.TooFast):
            write(cast, invited)
        assert write(cast, invited, now=NOW + 10 * MINUTE)

    def test_the_database_keeps_what_was_said(self, cast: Cast, invited: Collaboration) -> None:
        message = write(cast, invited, attachment_ids=[attach(cast, invited).pk])
        for sql in (
            "UPDATE campaigns_message SET text = 'other'",
            "UPDATE campaigns_message SET warnings = '[1]'",
            "DELETE FROM campaigns_message",
            "UPDATE campaigns_attachment SET message_id = NULL",
            "UPDATE campaigns_attachment SET sha256 = ''",
            "DELETE FROM campaigns_attachment",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        cast.brand_owner.memberships.all().delete()
        User.objects.filter(pk=cast.brand_owner.pk).delete()
        message.refresh_from_db()
        assert (message.author, message.side, message.text) == (None, "brand", "Hello")


@pytest.mark.django_db
class TestAttachmentsOfMessages:
    def test_a_file_is_sent_once_by_who_uploaded_it_where_it_was_uploaded(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        file = attach(cast, invited)
        for fields in (
            {"side": Side.CREATOR},
            {"actor": cast.brand_viewer},
        ):
            with pytest.raises(messaging.AttachmentUnusable):
                write(cast, invited, attachment_ids=[file.pk], **fields)
        message = write(cast, invited, "", attachment_ids=[file.pk])
        assert list(message.attachments.all()) == [file]
        with pytest.raises(messaging.AttachmentUnusable):
            write(cast, invited, attachment_ids=[file.pk])

    def test_before_it_is_sent_only_its_uploader_sees_it(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        file = attach(cast, invited)
        assert attachment_for(cast.brand_owner, file.pk) == file
        for person in (cast.creator_user, cast.brand_viewer, cast.moderator, cast.other_owner):
            with pytest.raises(NotFound):
                attachment_for(person, file.pk)
        write(cast, invited, attachment_ids=[file.pk])
        assert attachment_for(cast.creator_user, file.pk) == file
        assert attachment_for(cast.brand_viewer, file.pk) == file
        for person in (cast.moderator, cast.other_owner, cast.other_creator_user):
            with pytest.raises(NotFound):
                attachment_for(person, file.pk)


@pytest.mark.django_db
class TestReading:
    def test_unread_is_what_others_wrote_since(self, cast: Cast, invited: Collaboration) -> None:
        first = write(cast, invited)
        write(cast, invited)
        write(cast, invited, side=Side.CREATOR)
        ids = [invited.pk, 10**12]

        def unread(user: User) -> int:
            return unread_of(user, ids)[invited.pk]

        assert (unread(cast.creator_user), unread(cast.brand_owner)) == (2, 1)
        # A colleague reads both sides' words for the first time.
        assert unread(cast.brand_viewer) == 3
        mark_read(collaboration=invited, user=cast.creator_user, now=NOW, up_to=first.pk)
        assert unread(cast.creator_user) == 1
        mark_read(collaboration=invited, user=cast.creator_user, now=NOW)
        mark_read(collaboration=invited, user=cast.creator_user, now=NOW, up_to=first.pk)
        assert unread(cast.creator_user) == 0
        assert unread_of(cast.creator_user, ids) == {invited.pk: 0, 10**12: 0}
        assert unread_of(cast.creator_user, []) == {}

    def test_counting_for_many_is_one_query(
        self, cast: Cast, invited: Collaboration, django_assert_num_queries: object
    ) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            unread_of(cast.creator_user, range(1, 500))

    def test_pages_go_back_without_gaps(
        self, cast: Cast, invited: Collaboration, django_assert_max_num_queries: object
    ) -> None:
        sent = [write(cast, invited, str(number)).pk for number in range(7)]
        seat = seat_for(cast.creator_user, invited.pk)
        found, before = [], None
        while True:
            with django_assert_max_num_queries(4):  # type: ignore[operator]
                thread = get_thread(seat, before=before, limit=3)
            found = [one.pk for one in thread.messages] + found
            if (before := thread.earlier) is None:
                break
        assert found == sent

    def test_moderators_read_disputes_and_what_was_reported(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000)
        message = write(cast, collaboration, "Send me your password")
        write(cast, collaboration)

        def seen() -> int:
            return messages_visible_to(seat_for(cast.moderator, collaboration.pk)).count()

        with pytest.raises(Forbidden):
            seen()
        report_message(
            seat=seat_for(cast.creator_user, collaboration.pk), message=message,
            reason="They want my password.", now=NOW,
        )  # fmt: skip
        assert seen() == 1
        move(
            collaboration, "dispute", side=Side.CREATOR, actor=cast.creator_user, now=NOW,
            reason="Nobody answers.",
        )  # fmt: skip
        assert seen() == 2


@pytest.mark.django_db
class TestMail:
    def mails(self) -> list[OutboxEvent]:
        return list(OutboxEvent.objects.filter(kind="message.unread").order_by("created_at"))

    def test_one_mail_tells_of_all_that_is_unread_after_five_minutes(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        write(cast, invited)
        write(cast, invited, "Did you see it?", now=NOW + MINUTE)
        assert tell_unread(now=NOW + 4 * MINUTE) == 0
        assert tell_unread(now=NOW + 5 * MINUTE) == 1
        assert tell_unread(now=NOW + 6 * MINUTE) == 0
        [mail] = self.mails()
        assert mail.to_users == [cast.creator_user.pk]
        assert mail.letter["lines"][0].startswith("You have 2 new messages from Alder")
        assert "Did you see it?" in mail.letter["lines"][1]

    def test_who_has_read_it_gets_none(self, cast: Cast, invited: Collaboration) -> None:
        write(cast, invited)
        mark_read(collaboration=invited, user=cast.creator_user, now=NOW + MINUTE)
        assert tell_unread(now=NOW + 60 * MINUTE) == 0
        write(cast, invited, now=NOW + 60 * MINUTE)
        assert tell_unread(now=NOW + 65 * MINUTE) == 1

    def test_there_is_at_most_one_an_hour(self, cast: Cast, invited: Collaboration) -> None:
        for minute in range(0, 120, 4):
            write(cast, invited, now=NOW + minute * MINUTE)
            tell_unread(now=NOW + minute * MINUTE)
        assert [mail.created_at for mail in self.mails()] == [
            NOW + minute * MINUTE for minute in (8, 68)
        ]

    def test_words_with_a_warning_are_not_quoted(self, cast: Cast, invited: Collaboration) -> None:
        write(cast, invited, "Log in at http://192.168.0.1/login to be paid")
        tell_unread(now=NOW + 5 * MINUTE)
        [mail] = self.mails()
        assert "192.168" not in str(mail.letter)
        assert "careful" in mail.letter["lines"][1]

    def test_a_brands_owners_and_managers_are_told_and_others_not(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        write(cast, invited, side=Side.CREATOR)
        assert tell_unread(now=NOW + 5 * MINUTE) == 1
        assert self.mails()[0].to_users == [cast.brand_owner.pk]

    def test_who_left_the_team_is_not_told(self, cast: Cast, invited: Collaboration) -> None:
        write(cast, invited, side=Side.CREATOR)
        cast.brand_owner.memberships.update(role="viewer")
        assert tell_unread(now=NOW + 5 * MINUTE) == 0


@pytest.mark.django_db
class TestReports:
    def test_a_report_is_made_once_and_answered_once(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        message = write(cast, invited)
        seat = seat_for(cast.creator_user, invited.pk)
        with pytest.raises(ReportReasonMissing):
            report_message(seat=seat, message=message, reason=" ", now=NOW)
        with pytest.raises(OwnMessage):
            report_message(
                seat=seat_for(cast.brand_viewer, invited.pk), message=message, reason="x", now=NOW
            )
        report = report_message(seat=seat, message=message, reason="Rude.", now=NOW)
        with pytest.raises(ReportedAlready):
            report_message(seat=seat, message=message, reason="Rude.", now=NOW)
        given = {"report": report, "upheld": True, "actor": cast.moderator, "now": NOW}
        with pytest.raises(Forbidden):
            decide_report(**{**given, "actor": cast.brand_owner}, decision="No.")
        with pytest.raises(ReportReasonMissing):
            decide_report(**given, decision="")
        assert decide_report(**given, decision="It was.").state == "upheld"
        with pytest.raises(ReportDecided):
            decide_report(**given, decision="Again.")
        told = OutboxEvent.objects.get(kind="message.report_decided")
        assert told.to_users == [cast.creator_user.pk]


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_requests_at_once_make_one_message(cast: Cast, invited: Collaboration) -> None:
    sent: list[int] = []

    def send() -> None:
        try:
            sent.append(write(cast, invited, client_key="same").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 20
    assert len(set(sent)) == 1
