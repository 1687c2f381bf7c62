"""Messages and their files, for programs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from campaigns.models import Attachment, Collaboration, Message, MessageReport
from tests.campaigns.test_contracts_and_work import start_work
from tests.campaigns.test_messaging import attach, picture, write
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def collaboration(cast: Cast) -> Collaboration:
    return start_work(cast, 50_000)


@pytest.fixture
def thread(collaboration: Collaboration) -> str:
    return f"collaborations/{collaboration.pk}/messages/"


def upload(program: As, user: User, collaboration: Collaboration, data: bytes) -> tuple[int, dict]:  # type: ignore[type-arg]
    one = program(user)
    file = SimpleUploadedFile("mood.png", data, "image/png")
    address = f"/api/v1/collaborations/{collaboration.pk}/attachments/"
    return one.read(one.client.post(address, {"file": file}))  # type: ignore[no-any-return]


def test_a_file_is_uploaded_sent_and_fetched(
    cast: Cast, program: As, collaboration: Collaboration, thread: str
) -> None:
    status, kept = upload(program, cast.brand_owner, collaboration, picture().read())
    assert (status, kept["kind"], kept["width"]) == (201, "image", 20)
    body = {"text": "Look", "client_key": "k", "attachments": [kept["id"]]}
    status, sent = program(cast.brand_owner).post(thread, body)
    assert (status, sent["attachments"], sent["warnings"]) == (201, [kept], [])
    assert program(cast.brand_owner).post(thread, body) == (201, sent)
    status, page = program(cast.creator_user).get(thread)
    assert (status, page["results"]) == (200, [sent])
    got = program(cast.creator_user).client.get(
        f"/api/v1/attachments/{kept['id']}/", headers={"accept": "image/*"}
    )
    assert (got.status_code, got["Content-Type"]) == (200, "image/png")
    assert got["X-Content-Type-Options"] == "nosniff"


def test_pages_follow_the_cursor(
    cast: Cast, program: As, collaboration: Collaboration, thread: str
) -> None:
    sent = [write(cast, collaboration).pk for _ in range(3)]
    one = program(cast.creator_user)
    _, first = one.get(thread, page_size=2)
    _, second = one.read(one.client.get(first["next"]))
    found = [row["id"] for row in first["results"] + second["results"]]
    assert found == sent[::-1]
    assert refusal(one.get(thread, page=2)[1])[0] == "unknown_parameter"


def test_reading_is_noted_and_answered_with_what_is_left(
    cast: Cast, program: As, collaboration: Collaboration, thread: str
) -> None:
    first, _ = write(cast, collaboration), write(cast, collaboration)
    one = program(cast.creator_user)
    assert one.post(f"{thread}read/", {"up_to": first.pk}) == (200, {"unread": 1})
    assert one.post(f"{thread}read/", {}) == (200, {"unread": 0})
    assert refusal(one.post(f"{thread}read/", {"up_to": "x"})[1]) == ("invalid", "up_to")


@pytest.mark.parametrize(
    ("body", "code", "attr"),
    [
        ({"text": "a"}, "required", "client_key"),
        ({"client_key": "k"}, "message_empty", "text"),
        ({"text": "x" * 4_001, "client_key": "k"}, "max_length", "text"),
        ({"text": "a\x00", "client_key": "k"}, "null_characters_not_allowed", "text"),
        ({"text": "a", "client_key": "k k"}, "invalid", "client_key"),
        ({"text": "a", "client_key": "k", "attachments": [10**30]}, "max_value", "attachments.0"),
        ({"text": "a", "client_key": "k", "attachments": [7]}, "attachment_unusable",
         "attachments"),
        ({"text": "a", "client_key": "k", "attachments": [1] * 6}, "max_length", "attachments"),
        ({"text": "a", "client_key": "k", "to": "me"}, "unknown_field", "to"),
    ],
)  # fmt: skip
def test_bad_input(
    cast: Cast, program: As, thread: str, body: dict[str, object], code: str, attr: str
) -> None:
    status, answer = program(cast.brand_owner).post(thread, body)
    assert (status, *refusal(answer)) == (400, code, attr)
    assert not Message.objects.exists()


def test_who_may_what(cast: Cast, program: As, collaboration: Collaboration, thread: str) -> None:
    file = attach(cast, collaboration)
    message = write(cast, collaboration, attachment_ids=[file.pk])
    body = {"text": "Hello", "client_key": "k"}
    people = (
        None,
        cast.brand_owner,
        cast.brand_viewer,
        cast.other_owner,
        cast.moderator,
        cast.creator_user,
    )
    table = {
        "read": (401, 200, 200, 404, 403, 200),
        "write": (401, 201, 403, 404, 403, 201),
        "mark": (401, 200, 200, 404, 403, 200),
        "upload": (401, 201, 403, 404, 403, 201),
        "fetch": (401, 200, 200, 404, 404, 200),
        "report": (401, 409, 409, 404, 403, 201),
    }
    for person, *expected in zip(people, *table.values(), strict=True):
        one = program(person)
        got = [
            one.get(thread)[0],
            one.post(thread, body)[0],
            one.post(f"{thread}read/", {})[0],
            upload(program, person, collaboration, picture().read())[0],
            one.client.get(f"/api/v1/attachments/{file.pk}/").status_code,
            one.post(f"{thread}{message.pk}/report/", {"reason": "Rude."})[0],
        ]
        assert got == expected, person
    assert MessageReport.objects.count() == 1


def test_uploads_that_are_refused(
    cast: Cast, program: As, collaboration: Collaboration, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tried(data: bytes) -> tuple[int, str, str | None]:
        status, answer = upload(program, cast.brand_owner, collaboration, data)
        return (status, *refusal(answer))

    assert tried(b"<svg/>") == (400, "file_kind_refused", "file")
    assert tried(b"") == (400, "file_empty", "file")
    assert tried(bytes(8 * 1024 * 1024 + 1)) == (400, "file_too_large", "file")
    assert tried(bytes(9 * 1024 * 1024)) == (413, "body_too_large", None)
    one = program(cast.brand_owner)
    address = f"/api/v1/collaborations/{collaboration.pk}/attachments/"
    for body, kind, status in (
        ("{}", "application/json", 415),
        ("x", "multipart/form-data", 400),
        ("x", "multipart/form-data; boundary=é", 400),
        ("--b--", "multipart/form-data; boundary=b", 400),
    ):
        assert one.read(one.client.post(address, body, kind))[0] == status
    # Many fields instead of a file.
    many = {f"field{number}": "x" for number in range(1_100)}
    assert one.read(one.client.post(address, many))[0] == 400
    assert not Attachment.objects.exists()


def test_ids_beyond_the_databases_integers_are_not_found(cast: Cast, program: As) -> None:
    one = program(cast.brand_owner)
    for name in ("api_messages", "api_attachment"):
        answer = one.client.get(reverse(name, args=[10**30]))
        assert answer.status_code == 404
