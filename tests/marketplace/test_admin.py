"""The moderation desk: who gets in, what it shows, what nobody can change."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import (
    AuditEntry,
    Brand,
    Creator,
    Job,
    Membership,
    SocialAccount,
    User,
)
from campaigns.briefs import create_campaign
from campaigns.models import Campaign
from campaigns.terms import BriefTerms
from scoring.interactions.hiding import hide_creator
from scoring.models import InteractionEvent, Score
from tests.cast import PASSWORD, Cast
from tests.scoring.interactions.listing import show

pytestmark = pytest.mark.django_db

LISTS = (
    "accounts_user", "accounts_brand", "accounts_creator", "accounts_socialaccount",
    "accounts_job", "accounts_auditentry", "scoring_score", "campaigns_campaign",
    "campaigns_brief",
)  # fmt: skip
READ_ONLY = (
    "accounts_socialaccount", "accounts_job", "accounts_auditentry", "scoring_score",
    "campaigns_campaign", "campaigns_brief",
)  # fmt: skip


@pytest.fixture
def moderator(cast: Cast) -> User:
    cast.moderator.groups.add(Group.objects.get(name="Moderators"))
    return cast.moderator


@pytest.fixture
def desk(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


@pytest.fixture
def superuser_client(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.org"))
    return client


def fill(brand_owner: User, *, start: int, count: int) -> None:
    """``count`` rows of everything the desk lists."""
    now = timezone.now()
    for number in range(start, start + count):
        user = User.objects.create_user(f"user{number}@example.org", name=f"Person {number}")
        brand = Brand.objects.create(name=f"Brand {number}")
        Membership.objects.create(brand=brand, user=brand_owner, role=Membership.Role.OWNER)
        creator = Creator.objects.create(display_name=f"Creator {number}", user=user)
        account = SocialAccount.objects.create(
            creator=creator, platform="tiktok", handle=f"handle{number}"
        )
        Score.objects.create(
            account=account, task="niche", model_version="niche/v1", snapshot_hash="0", as_of=now
        )
        Job.objects.create(kind=Job.Kind.SCORE, title=f"Job {number}", owner=brand_owner)
        create_campaign(
            brand=brand,
            title=f"Campaign {number}",
            terms=BriefTerms(text="Bread bakers wanted"),
            actor=brand_owner,
            now=now,
        )


def test_a_visitor_is_sent_to_the_sites_own_log_in(client: Client) -> None:
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_moderator_logs_in_there_and_arrives_at_the_desk(client: Client, moderator: User) -> None:
    response = client.post(
        f"{reverse('account_login')}?next={reverse('admin:index')}",
        {"login": moderator.email, "password": PASSWORD},
        follow=True,
    )
    assert response.request["PATH_INFO"] == reverse("admin:index")
    assert response.status_code == 200


def test_a_brand_user_is_refused_in_clear_words(client: Client, brand_owner: User) -> None:
    client.force_login(brand_owner)
    response = client.get(reverse("admin:index"), follow=True)
    assert response.status_code == 403
    assert "for moderators" in response.content.decode()


def test_staff_without_the_group_see_no_list(client: Client) -> None:
    client.force_login(User.objects.create_user("new@example.org", is_staff=True))
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_a_moderator_sees_each_list_searches_it_and_opens_a_row(
    desk: Client, brand_owner: User, name: str
) -> None:
    fill(brand_owner, start=0, count=2)
    address = reverse(f"admin:{name}_changelist")
    assert desk.get(address).status_code == 200
    assert desk.get(address, {"q": "a"}).status_code == 200
    model = {
        "accounts_user": User, "accounts_brand": Brand, "accounts_creator": Creator,
        "accounts_socialaccount": SocialAccount, "accounts_job": Job,
        "accounts_auditentry": AuditEntry, "scoring_score": Score,
        "campaigns_campaign": Campaign,
    }.get(name)  # fmt: skip
    pk = (
        model.objects.order_by("pk")[0] if model else Campaign.objects.all()[0].briefs.all()[0]
    ).pk
    assert desk.get(reverse(f"admin:{name}_change", args=[pk])).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_queries_whatever_their_length(
    desk: Client, brand_owner: User, name: str
) -> None:
    address = reverse(f"admin:{name}_changelist")
    fill(brand_owner, start=0, count=2)
    desk.get(address)
    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    fill(brand_owner, start=2, count=12)
    with CaptureQueriesContext(connection) as many:
        desk.get(address)
    assert len(many) == len(few)


@pytest.mark.parametrize(("name", "model"), [("accounts_brand", Brand), ("accounts_user", User)])
def test_a_page_with_a_team_costs_the_same_whatever_its_size(
    desk: Client, brand_owner: User, name: str, model: type[Brand] | type[User]
) -> None:
    brand = Brand.objects.create(name="Growing")
    Membership.objects.create(brand=brand, user=brand_owner, role=Membership.Role.OWNER)
    address = reverse(f"admin:{name}_change", args=[brand.pk if model is Brand else brand_owner.pk])
    desk.get(address)
    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    for number in range(8):
        user = User.objects.create_user(f"member{number}@example.org")
        Membership.objects.create(brand=brand, user=user, role=Membership.Role.VIEWER)
        other = Brand.objects.create(name=f"Other {number}")
        Membership.objects.create(brand=other, user=brand_owner, role=Membership.Role.OWNER)
    with CaptureQueriesContext(connection) as many:
        desk.get(address)
    assert len(many) == len(few)


@pytest.mark.parametrize("name", READ_ONLY)
def test_nobody_adds_changes_or_deletes_records(
    superuser_client: Client, brand_owner: User, name: str
) -> None:
    fill(brand_owner, start=0, count=1)
    assert superuser_client.get(reverse(f"admin:{name}_add")).status_code == 403
    listed = superuser_client.get(reverse(f"admin:{name}_changelist"))
    pk = listed.context["cl"].result_list[0].pk
    for action in ("change", "delete"):
        address = reverse(f"admin:{name}_{action}", args=[pk])
        assert superuser_client.post(address, {"post": "yes"}).status_code == 403


def test_audit_entries_are_kept_by_the_database_itself(brand_owner: User) -> None:
    entry = audit.record(actor=brand_owner, verb="test.done", subject=brand_owner)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(verb="test.undone")
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).delete()


@pytest.mark.parametrize("status", list(Creator.Status))
def test_nobody_sets_a_creators_status_without_a_case(
    desk: Client, superuser_client: Client, status: str
) -> None:
    creator = Creator.objects.create(display_name="Someone")
    address = reverse("admin:accounts_creator_change", args=[creator.pk])
    for client in (desk, superuser_client):
        assert client.post(address, {"status": status}).status_code == 403
    creator.refresh_from_db()
    assert creator.status == Creator.Status.ACTIVE


def test_a_creators_page_leads_to_the_scores_of_each_account(
    desk: Client, brand_owner: User
) -> None:
    fill(brand_owner, start=0, count=1)
    account = SocialAccount.objects.get()
    page = desk.get(reverse("admin:accounts_creator_change", args=[account.creator_id]))
    address = reverse("admin:accounts_socialaccount_change", args=[account.pk])
    assert address in page.content.decode()
    assert "niche/v1" in desk.get(address).content.decode()


def test_a_moderator_cannot_make_moderators(
    desk: Client, moderator: User, brand_owner: User
) -> None:
    response = desk.post(
        reverse("admin:accounts_user_change", args=[brand_owner.pk]), {"is_staff": "on"}
    )
    assert response.status_code == 403
    brand_owner.refresh_from_db()
    assert not brand_owner.is_staff


def test_a_superuser_makes_a_user(superuser_client: Client) -> None:
    response = superuser_client.post(
        reverse("admin:accounts_user_add"),
        {
            "email": "Made@Example.org",
            "name": "Made",
            "side": "brand",
            "usable_password": "true",
            "password1": "a-long-enough-one",
            "password2": "a-long-enough-one",
            "memberships-TOTAL_FORMS": 0,
            "memberships-INITIAL_FORMS": 0,
        },
    )
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert User.objects.get(email__iexact="made@example.org").date_joined <= timezone.now()


def test_the_day_filter_of_the_audit_trail_works(desk: Client, brand_owner: User) -> None:
    audit.record(actor=brand_owner, verb="test.done", subject=brand_owner)
    year = dt.datetime.now(dt.UTC).year
    response = desk.get(reverse("admin:accounts_auditentry_changelist"), {"at__year": year})
    assert b"test.done" in response.content


@pytest.mark.parametrize("how", ["page", "action"])
def test_a_brand_is_deleted_with_what_it_saw_and_did(
    superuser_client: Client, cast: Cast, how: str
) -> None:
    actor, [creator, *_] = cast.brand_owner, Creator.objects.order_by("pk")
    gone, stays = Brand.objects.create(name="Gone"), Brand.objects.create(name="Stays")
    for brand in (gone, stays):
        show(brand, actor, [creator])
        hide_creator(brand=brand, creator=creator, actor=actor, now=timezone.now())
    if how == "page":
        address = reverse("admin:accounts_brand_delete", args=[gone.pk])
        answer = superuser_client.post(address, {"post": "yes"})
    else:
        asked = {"action": "delete_selected", "_selected_action": [gone.pk], "post": "yes"}
        answer = superuser_client.post(reverse("admin:accounts_brand_changelist"), asked)
    assert answer.status_code == 302
    assert not Brand.objects.filter(pk=gone.pk).exists()
    assert InteractionEvent.objects.filter(brand=stays).count() == 2
    with pytest.raises(DatabaseError, match="Cannot delete rows"), transaction.atomic():
        stays.delete()
