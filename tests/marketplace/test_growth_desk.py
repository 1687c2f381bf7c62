"""Deciding about declared causes at the moderation desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.growth_events import declare_event
from accounts.models import AuditEntry, GrowthEvent, SocialAccount
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(cast: Cast) -> GrowthEvent:
    account = SocialAccount.objects.create(
        creator=cast.creator, platform="instagram", handle="carla.cooks"
    )
    day = timezone.now().date() - timedelta(days=3)
    return declare_event(
        account=account, actor=cast.creator_user, now=timezone.now(),
        kind="tv", starts_on=day, ends_on=day, evidence_url="https://example.org/programme",
    )  # fmt: skip


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.moderator)
    return client


def page_of(event: GrowthEvent) -> str:
    return reverse("admin:accounts_growthevent_change", args=[event.pk])


def test_the_list_shows_what_is_declared(desk: Client, event: GrowthEvent) -> None:
    text = desk.get(reverse("admin:accounts_growthevent_changelist")).content.decode()
    assert "carla.cooks" in text


@pytest.mark.parametrize(("decision", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_a_moderator_decides_through_the_service(
    desk: Client, cast: Cast, event: GrowthEvent, decision: str, state: str
) -> None:
    assert "https://example.org/programme" in desk.get(page_of(event)).content.decode()
    answer = desk.post(page_of(event), {"decision": decision, "reasons": "Seen on the link."})
    assert answer.status_code == 302
    event.refresh_from_db()
    assert (event.state, event.decided_by) == (state, cast.moderator)
    assert AuditEntry.objects.get(verb=f"growth_event.{state}").actor == cast.moderator


def test_a_decision_needs_reasons_and_is_final(desk: Client, event: GrowthEvent) -> None:
    silent = desk.post(page_of(event), {"decision": "accept", "reasons": " "})
    assert "This field is required" in silent.content.decode()
    desk.post(page_of(event), {"decision": "reject", "reasons": "No such broadcast."})
    again = desk.post(page_of(event), {"decision": "accept", "reasons": "After all."})
    assert again.status_code == 403
    assert "No such broadcast." in desk.get(page_of(event)).content.decode()
    event.refresh_from_db()
    assert event.state == GrowthEvent.State.REJECTED


def test_nobody_decides_about_their_own_account(
    client: Client, cast: Cast, event: GrowthEvent
) -> None:
    cast.creator_user.is_staff = True
    cast.creator_user.save()
    client.force_login(cast.creator_user)
    answer = client.post(page_of(event), {"decision": "accept", "reasons": "Mine."}, follow=True)
    assert "Nobody decides about their own account." in answer.content.decode()
    event.refresh_from_db()
    assert event.is_open


def test_the_desk_is_closed_to_others(client: Client, cast: Cast, event: GrowthEvent) -> None:
    client.force_login(cast.brand_owner)
    assert client.get(page_of(event)).status_code in {302, 403}
