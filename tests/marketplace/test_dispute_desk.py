"""Disputes and reviews at the desk: the queue, the page, and each decision on it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns.disputes import add_statement, open_dispute, withdraw_dispute
from campaigns.models import Collaboration, Dispute, Review
from campaigns.reviews import write_review
from campaigns.states import Side
from tests.campaigns.test_contracts_and_work import balances, start_work
from tests.campaigns.test_disputes import complete, financier, moderator
from tests.cast import Cast

pytestmark = pytest.mark.django_db

QUEUE = "admin:campaigns_dispute_changelist"


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def page_of(row: Dispute | Review) -> str:
    return reverse(f"admin:campaigns_{row._meta.model_name}_change", args=[row.pk])


def disputed(cast: Cast) -> Dispute:
    """Opened and answered just now."""
    now = timezone.now()
    collaboration = start_work(cast, 50_000)
    dispute = open_dispute(
        collaboration=collaboration, category="not_as_agreed", text="Another <product>.",
        positions=[1], side=Side.BRAND, actor=cast.brand_owner, now=now,
    )  # fmt: skip
    add_statement(
        collaboration=collaboration, text="It is the one.", links=["https://example.org/receipt"],
        side=Side.CREATOR, actor=cast.creator_user, now=now,
    )  # fmt: skip
    return dispute


SETTLE = {
    "kind": "settle", "creator_minor": "200.00", "fee_minor": "20", "brand_minor": "330",
    "reasons": "Half of it was made.",
}  # fmt: skip


def send(user: User, dispute: Dispute, body: dict[str, str]) -> str:
    """The page after the step."""
    response = desk_of(user).post(page_of(dispute), body, follow=True)
    dispute.refresh_from_db()
    return response.content.decode()


def test_everything_is_on_one_page(cast: Cast) -> None:
    dispute = disputed(cast)
    html = desk_of(moderator()).get(page_of(dispute)).content.decode()
    for said in (
        "Another &lt;product&gt;.", "It is the one.", "https://example.org/receipt", "AGREEMENT",
        "€550.00", "In dispute:", "Propose the decision", 'value="550.00"',
    ):  # fmt: skip
        assert said in html, said


def test_two_people_divide_the_money(cast: Cast) -> None:
    dispute, mira, fay = disputed(cast), moderator(), financier()
    assert "It is proposed" in send(mira, dispute, SETTLE)
    assert (dispute.state, balances()["hold"]) == ("proposed", 55_000)
    assert "Half of it was made." in desk_of(fay).get(page_of(dispute)).content.decode()
    assert "Both sides are told" in send(fay, dispute, {"step": "confirm"})
    assert dispute.state == "settled"
    found = balances()
    assert (found["hold"], found["creator_payable"], found["platform_fee"]) == (0, 20_000, 2_000)
    html = desk_of(mira).get(page_of(dispute)).content.decode()
    assert "Nothing is to be decided" in html
    assert "dispute.decision_confirmed" in html
    assert "Nothing is to be decided" in send(mira, dispute, SETTLE)


def test_amounts_count_for_nothing_if_it_goes_on(cast: Cast) -> None:
    dispute = disputed(cast)
    send(moderator(), dispute, {**SETTLE, "kind": "resume"})
    assert dispute.proposals.get().creator_minor == 0
    send(financier(), dispute, {"step": "confirm"})
    assert (dispute.state, balances()["hold"]) == ("resumed", 55_000)


def test_what_is_sent_back_needs_a_note(cast: Cast) -> None:
    dispute, mira, fay = disputed(cast), moderator(), financier()
    send(mira, dispute, SETTLE)
    assert "Say what is to be decided" in send(fay, dispute, {"step": "send_back", "note": " "})
    assert "It is sent back" in send(fay, dispute, {"step": "send_back", "note": "Too little."})
    assert dispute.state == "open"
    assert "Too little." in desk_of(mira).get(page_of(dispute)).content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"brand_minor": "331"}, "are set aside"),
        ({"creator_minor": "-1"}, "greater than or equal"),
        ({"creator_minor": "NaN"}, "Enter a number"),
        ({"creator_minor": "1.005"}, "decimal place"),
        ({"kind": ""}, "required"),
        ({"reasons": " "}, "required"),
    ],
)
def test_what_does_not_add_up_is_told_beside_its_field(
    cast: Cast, change: dict[str, str], said: str
) -> None:
    dispute = disputed(cast)
    html = send(moderator(), dispute, {**SETTLE, **change})
    assert said in html
    assert 'role="alert"' in html
    assert dispute.state == "open"


def test_who_may_do_what(cast: Cast) -> None:
    dispute, mira = disputed(cast), moderator()
    for user, sees in ((cast.moderator, 403), (cast.brand_owner, 302), (mira, 200)):
        assert desk_of(user).get(page_of(dispute)).status_code == sees
    send(mira, dispute, SETTLE)
    # Whoever proposed it, and whoever has no finance rights, is told why not.
    assert desk_of(mira).post(page_of(dispute), {"step": "confirm"}).status_code == 403
    other = moderator("mo")
    assert desk_of(other).post(page_of(dispute), {"step": "confirm"}).status_code == 403
    assert "You may not decide" in desk_of(other).get(page_of(dispute)).content.decode()
    assert desk_of(mira).get(page_of(dispute)[:-8] + "x/change/").status_code == 302


def test_the_queue_costs_the_same_whatever_its_length(cast: Cast) -> None:
    dispute, desk = disputed(cast), desk_of(moderator())
    desk.get(reverse(QUEUE))
    with CaptureQueriesContext(connection) as one:
        html = desk.get(reverse(QUEUE)).content.decode()
    assert "€550.00" in html
    for _ in range(2):
        collaboration = Collaboration.objects.get(pk=dispute.collaboration_id)
        withdraw_dispute(
            collaboration=collaboration, reason="x", side=Side.BRAND, actor=cast.brand_owner,
            now=timezone.now(),
        )  # fmt: skip
        open_dispute(
            collaboration=collaboration, category="other", text="Again.", positions=[1],
            side=Side.BRAND, actor=cast.brand_owner, now=timezone.now(),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as three:
        desk.get(reverse(QUEUE))
    assert len(one) == len(three)
    assert "Again." not in desk.get(reverse(QUEUE), {"due": "late"}).content.decode()
    assert desk.get(reverse(QUEUE), {"due": "week", "state": "open"}).status_code == 200


def test_a_review_is_hidden_with_a_reason(cast: Cast) -> None:
    now = timezone.now()
    done = complete(cast, 50_000, now=now)
    sides = ((Side.BRAND, cast.brand_owner), (Side.CREATOR, cast.creator_user))
    (brand, first), (creator, second) = sides
    unseen = write_review(
        collaboration=done, rating=1, text="Call 555 0100.", side=brand, actor=first, now=now
    )
    desk = desk_of(moderator())
    assert desk.get(page_of(unseen)).status_code == 302
    write_review(collaboration=done, rating=5, text="Fine.", side=creator, actor=second, now=now)
    assert "Call 555 0100." in desk.get(page_of(unseen)).content.decode()
    assert "required" in desk.post(page_of(unseen), {"reason": ""}).content.decode()
    assert desk_of(financier()).get(page_of(unseen)).status_code == 403
    html = desk.post(page_of(unseen), {"reason": "A telephone number."}, follow=True)
    assert "both sides can read why" in html.content.decode()
    unseen.refresh_from_db()
    assert unseen.hidden_reason == "A telephone number."
    assert desk.post(page_of(unseen), {"reason": "Again."}).status_code == 403
