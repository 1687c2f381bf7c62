"""The desk's list of post scores: read by moderators, changed by nobody."""

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from scoring.models import PostScore
from tests.cast import Cast
from tests.scoring.catalogue import NOW, make_account
from tests.scoring.post_series import make_post

pytestmark = pytest.mark.django_db

LIST = "admin:scoring_postscore_changelist"


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    cast.moderator.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(cast.moderator)
    return client


def make_scores(count: int, *, first: int = 0) -> list[PostScore]:
    return [
        PostScore.objects.create(
            post=make_post(make_account(f"baker_{number}"), {"views": [1, 2]}),
            model_version="engagement/v1",
            snapshot_hash="0",
            as_of=NOW,
        )
        for number in range(first, first + count)
    ]


def test_a_moderator_reads_the_list_searches_it_and_opens_a_row(desk: Client) -> None:
    [score] = make_scores(1)
    page = desk.get(reverse(LIST), {"q": "baker"}).content.decode()
    assert reverse("post", args=[score.post.account.creator_id, score.post_id]) in page
    row = desk.get(reverse("admin:scoring_postscore_change", args=[score.pk]))
    assert row.status_code == 200


def test_not_even_a_superuser_changes_one(client: Client) -> None:
    [score] = make_scores(1)
    client.force_login(User.objects.create_superuser("root@example.org"))
    assert client.get(reverse("admin:scoring_postscore_add")).status_code == 403
    address = reverse("admin:scoring_postscore_change", args=[score.pk])
    assert client.post(address, {"value": "1"}).status_code == 403
    assert (
        client.post(reverse("admin:scoring_postscore_delete", args=[score.pk])).status_code == 403
    )


def test_nor_does_the_database(db: None) -> None:
    make_scores(1)
    with (
        pytest.raises(DatabaseError, match="Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE scoring_postscore SET value = 0")


def test_the_lists_queries_do_not_grow(desk: Client) -> None:
    make_scores(2)
    desk.get(reverse(LIST))
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse(LIST))
    make_scores(4, first=2)
    with CaptureQueriesContext(connection) as many:
        desk.get(reverse(LIST))
    assert len(many) == len(few)
