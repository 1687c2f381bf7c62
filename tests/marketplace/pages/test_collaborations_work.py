"""Work, money and endings by page, and the page as a whole."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns import delivering
from campaigns.ledger import Leg, account_of, post_operation
from campaigns.models import Collaboration, CollaborationEvent, Draft, LedgerAccount
from campaigns.moving import record
from campaigns.states import DELIVERABLE_TRANSITIONS, TRANSITIONS, Side, State
from campaigns.whereabouts import get_whereabouts
from marketplace.pages.collaborations.event_words import WORDS, sentence
from tests.cast import Cast
from tests.marketplace.pages.collaborating import ask_to_cancel, pieces, reach
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.test_collaborations_negotiating import act, member, show

pytestmark = pytest.mark.django_db


def act_on(client: Client, one: Collaboration, name: str, **body: Any) -> tuple[int, str]:
    """As `act`, on the first piece."""
    answer = client.post(reverse(f"collaboration_{name}", args=[one.pk, 1]), body)
    if answer.status_code == 302:
        return 302, client.get(answer.url).content.decode()
    return answer.status_code, answer.content.decode()


def state_of(one: Collaboration) -> str:
    return one.deliverables.get(position=1).state


class TestDrafts:
    @pytest.mark.parametrize(
        ("body", "told"),
        [
            ({}, "Show the draft"),
            ({"text": "x", "link": "ftp://example.org"}, "Give a full link"),
            ({"text": "x" * 20_001}, "at most 20000 characters"),
            ({"text": "a\x00b"}, "Null characters"),
        ],
    )
    def test_an_unusable_draft(
        self, cast: Cast, browse: Browse, body: dict[str, str], told: str
    ) -> None:
        one = reach(cast, "active", now=timezone.now())
        status, page = act_on(browse(cast.creator_user), one, "draft", **body)
        assert (status, state_of(one)) == (422, "pending")
        assert told in page

    def test_changes_cite_what_was_agreed(self, cast: Cast, browse: Browse) -> None:
        one, client = reach(cast, "drafted", now=timezone.now()), browse(member(cast, "reviewer"))
        status, page = act_on(client, one, "changes", reason="Too loud.")
        assert (status, state_of(one)) == (422, "draft_submitted")
        assert "Tick at least one item" in page
        assert "Too loud." in page
        body = {"items": ["No music"], "own_item": "The sun has to shine", "reason": "Too loud."}
        status, _ = act_on(client, one, "changes", **body)
        assert (status, state_of(one)) == (302, "revision_requested")
        page = show(browse(cast.creator_user), one)
        for words in ("No music", "The sun has to shine", "Too loud.", "1 of 2 rounds"):
            assert words in page

    def test_what_was_not_agreed_is_no_item_of_the_list(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "drafted", now=timezone.now())
        body = {"items": ["More dogs"], "reason": "Please."}
        assert act_on(browse(cast.brand_owner), one, "changes", **body)[0] == 422

    def test_no_more_changes_than_agreed(self, cast: Cast, browse: Browse) -> None:
        one, client = reach(cast, "drafted", now=timezone.now()), browse(cast.brand_owner)
        body = {"items": ["No music"], "reason": "Too loud."}
        for _ in range(2):
            act_on(client, one, "changes", **body)
            act_on(browse(cast.creator_user), one, "draft", text="Again")
        page = show(client, one)
        assert "Ask for changes" not in page
        assert "The agreed rounds of changes are used." in page
        status, page = act_on(client, one, "changes", **body)
        assert status == 409
        assert "2 rounds of changes were agreed and are used" in page

    def test_what_was_written_too_late_is_handed_back(self, cast: Cast, browse: Browse) -> None:
        now = timezone.now()
        one = reach(cast, "active", now=now)
        ask_to_cancel(cast, one, now=now)
        status, page = act_on(browse(cast.creator_user), one, "draft", text="All my work")
        assert (status, Draft.objects.count()) == (409, 0)
        assert "Nothing was sent. This is what you typed" in page
        assert "All my work" in page

    def test_a_piece_there_is_not(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "agreed", now=timezone.now())
        assert act_on(browse(cast.creator_user), one, "draft", text="x")[0] == 404


class TestPublishing:
    def test_a_caption_without_the_disclosure(self, cast: Cast, browse: Browse) -> None:
        one, client = reach(cast, "approved", now=timezone.now()), browse(cast.creator_user)
        body = {"url": "https://example.org/v", "caption": "My routine"}
        status, page = act_on(client, one, "publish", **body)
        assert (status, state_of(one)) == (422, "approved")
        assert "does not contain the agreed disclosure “#ad”" in page
        assert "My routine</textarea>" in page.replace("\n", "")
        assert act_on(client, one, "publish", **{**body, "url": "javascript:alert(1)"})[0] == 422
        assert act_on(client, one, "publish", **{**body, "caption": "#AD"})[0] == 302

    def test_verifying_owes_the_price_once(self, cast: Cast, browse: Browse) -> None:
        one, client = reach(cast, "published", now=timezone.now()), browse(cast.brand_owner)
        assert [act_on(client, one, "verify")[0] for _ in range(2)] == [302, 409]
        money = get_whereabouts(one)
        assert (money.owed_minor, money.set_aside_minor, money.fee_minor) == (50_000, 0, 5_000)

    def test_a_piece_given_up_goes_back_to_the_brand(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "active", now=timezone.now())
        client = browse(cast.creator_user)
        assert act_on(client, one, "waive", reason="")[0] == 422
        _, page = act_on(client, one, "waive", reason="I am ill.")
        assert "I am ill." in page
        assert get_whereabouts(one).given_back_minor == 55_000


class TestEnding:
    def test_both_see_beforehand_who_would_get_what(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "drafted", now=timezone.now())
        page = show(browse(cast.brand_owner), one)
        for amount in ("€50.00", "€495.00", "€5.00"):
            assert amount in page
        act(browse(cast.brand_owner), one, "cancel", reason="The product is late.")
        creator = browse(cast.creator_user)
        assert "The product is late." in show(creator, one)
        assert act(creator, one, "agree_to_cancel")[0] == 302
        money = get_whereabouts(one)
        assert (money.owed_minor, money.given_back_minor, money.fee_minor) == (5_000, 49_500, 500)

    def test_refusing_goes_on(self, cast: Cast, browse: Browse) -> None:
        now = timezone.now()
        one = reach(cast, "active", now=now)
        ask_to_cancel(cast, one, now=now)
        creator = browse(cast.creator_user)
        assert act(creator, one, "refuse_to_cancel", reason="")[0] == 422
        act(creator, one, "refuse_to_cancel", reason="I have begun.")
        one.refresh_from_db()
        assert one.state == "active"
        assert "I have begun." in show(browse(cast.brand_owner), one)


class TestPage:
    def test_nothing_is_offered_that_a_person_may_not_do(self, cast: Cast, browse: Browse) -> None:
        for stage in ("offered", "agreed", "drafted"):
            if stage != "offered":
                Collaboration.objects.update(state=State.EXPIRED, acting_side="", deadline_at=None)
            one = reach(cast, stage, now=timezone.now())
            for person in (cast.brand_viewer, cast.moderator):
                page = show(browse(person), one)
                assert f'action="/collaborations/{one.pk}/' not in page
            assert f'action="/collaborations/{one.pk}/' in show(browse(cast.brand_owner), one)

    def test_it_costs_the_same_however_much_happened(self, cast: Cast, browse: Browse) -> None:
        now, client = timezone.now(), browse(cast.brand_owner)
        one = reach(cast, "drafted", 10_000, now=now)
        costs = [count(client, one)]
        ask_to_cancel(cast, one, now=now)
        act(browse(cast.creator_user), one, "agree_to_cancel")
        many = reach(cast, "drafted", *[10_000] * 6, now=now)
        for piece in pieces(many):
            delivering.request_revision(
                deliverable=piece, reason="No.", brief_items=["No music"], now=now,
                actor=cast.brand_owner,
            )  # fmt: skip
            delivering.submit_draft(
                deliverable=piece, text="Again", link="", actor=cast.creator_user, now=now
            )
        costs.append(count(client, many))
        assert costs[0] == costs[1] <= 30

    def test_a_long_timeline_comes_in_pages(self, cast: Cast, browse: Browse) -> None:
        one, client = reach(cast, "invited", now=timezone.now()), browse(cast.brand_owner)
        for number in range(40):
            record(
                one, "unheard_of", side=Side.BRAND, actor=cast.brand_owner, now=timezone.now(),
                reason=f"word {number}.",
            )  # fmt: skip
        page = show(client, one)
        assert "Unheard of." in page
        assert "word 9." not in page
        earlier = one.events.order_by("-pk")[29].pk
        address = reverse("collaboration", args=[one.pk])
        assert f"?before={earlier}" in page
        assert "word 9." in client.get(address, {"before": earlier}).content.decode()
        for nonsense in ("x", "-1", "9" * 40, "²"):
            assert client.get(address, {"before": nonsense}).status_code == 200

    def test_who_is_gone_is_a_former_member(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "invited", now=timezone.now())
        leaver = member(cast, "manager")
        act(browse(leaver), one, "withdraw", reason="I leave.")
        assert "Manager, Alder" in show(browse(cast.creator_user), one)
        leaver.delete()
        page = show(browse(cast.creator_user), one)
        assert "A former member of Alder" in page
        assert "manager@example.org" not in page


def test_every_step_has_its_words() -> None:
    assert not {*TRANSITIONS, *DELIVERABLE_TRANSITIONS} - WORDS.keys()
    for name in (*WORDS, "something_new"):
        told = sentence(CollaborationEvent(name=name, data={}))
        assert told.endswith((".", "piece"))
        assert "_" not in told


def test_a_payout_covers_what_has_been_owed_longest(cast: Cast) -> None:
    now = timezone.now()
    first = reach(cast, "completed", 50_000, now=now)
    payable = LedgerAccount.objects.get(kind=LedgerAccount.Kind.CREATOR_PAYABLE)
    outside = account_of(LedgerAccount.Kind.EXTERNAL, "EUR")

    def move_money(operation: str, kind: str, amount: int) -> None:
        post_operation(
            operation_id=operation, kind=kind, actor=None, now=now,
            legs=[Leg(payable, -amount), Leg(outside, amount)],
        )  # fmt: skip

    def owed_and_paid() -> tuple[int, int]:
        money = get_whereabouts(first)
        return money.owed_minor, money.paid_out_minor

    assert owed_and_paid() == (50_000, 0)
    move_money("payout:1", "payout", 20_000)
    assert owed_and_paid() == (30_000, 20_000)
    move_money("settle:other", "settle", -10_000)  # earned elsewhere, later
    assert owed_and_paid() == (30_000, 20_000)
    move_money("payout:2", "payout", 35_000)
    assert owed_and_paid() == (0, 50_000)
    move_money("payout:2:back", "payout_back", -35_000)
    assert owed_and_paid() == (30_000, 20_000)


def count(client: Client, one: Collaboration) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("collaboration", args=[one.pk])).status_code == 200
    return len(queries)
