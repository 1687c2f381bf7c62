"""Disputes and reviews by API."""

from typing import Any

import pytest

from accounts.models import Membership, User
from campaigns.dispute_decisions import propose_decision
from campaigns.models import Collaboration, Dispute, DisputeStatement, Review
from tests.campaigns.test_contracts_and_work import start_work
from tests.campaigns.test_disputes import LATER, RESUME, complete, moderator
from tests.cast import Cast
from tests.marketplace.api.conftest import As, refusal

pytestmark = pytest.mark.django_db

CLAIM = {"category": "not_as_agreed", "text": "Another product.", "positions": [1]}
REVIEW = {"rating": 4, "text": "Good work.", "aspects": {"quality": 5}}


@pytest.fixture
def active(cast: Cast) -> Collaboration:
    return start_work(cast, 50_000)


def at(collaboration: Collaboration, end: str) -> str:
    return f"collaborations/{collaboration.pk}/{end}"


def test_a_dispute_from_opening_to_withdrawal(
    program: As, cast: Cast, active: Collaboration
) -> None:
    brand, creator = program(cast.brand_owner), program(cast.creator_user)
    status, answer = brand.get(at(active, "dispute/"))
    assert (status, answer["may_open"], answer["disputes"]) == (200, True, [])
    status, answer = brand.post(at(active, "dispute/"), CLAIM)
    assert (status, answer["may_withdraw"], answer["disputes"][0]["state"]) == (201, True, "open")
    said = {"text": "It is the one.", "links": ["https://example.org/receipt"]}
    status, answer = creator.post(at(active, "dispute/evidence/"), said)
    assert status == 201
    [statement] = answer["disputes"][0]["statements"]
    assert (statement["kind"], statement["side"], statement["links"]) == (
        "answer", "creator", said["links"],
    )  # fmt: skip
    status, refused = creator.post(at(active, "dispute/withdraw/"), {"reason": "No."})
    assert (status, refusal(refused)[0]) == (403, "not_your_dispute")
    status, answer = brand.post(at(active, "dispute/withdraw/"), {"reason": "We agreed."})
    assert (status, answer["state"]) == (201, "active")


def test_what_the_desk_proposes_is_not_told(program: As, cast: Cast, active: Collaboration) -> None:
    brand = program(cast.brand_owner)
    brand.post(at(active, "dispute/"), CLAIM)
    dispute = Dispute.objects.get()
    propose_decision(
        dispute=dispute, decision=RESUME, actor=moderator(),
        now=max(dispute.evidence_until, LATER),
    )  # fmt: skip
    [told] = brand.get(at(active, "dispute/"))[1]["disputes"]
    assert (told["state"], told["decision"]) == ("open", None)


@pytest.mark.parametrize(
    ("end", "body", "attr"),
    [
        ("dispute/", {**CLAIM, "category": "boredom"}, "category"),
        ("dispute/", {**CLAIM, "positions": [2]}, "positions"),
        ("dispute/", {**CLAIM, "positions": []}, "positions"),
        ("dispute/", {**CLAIM, "text": " "}, "text"),
        ("dispute/", {**CLAIM, "links": ["javascript:alert(1)"]}, "links"),
        ("dispute/", {**CLAIM, "sum": 1}, "sum"),
        ("reviews/", {**REVIEW, "rating": 6}, "rating"),
        ("reviews/", {**REVIEW, "rating": "5"}, "rating"),
        ("reviews/", {**REVIEW, "aspects": {"looks": 5}}, "aspects"),
        ("reviews/", {**REVIEW, "text": "\x00"}, "text"),
    ],
)
def test_bad_input_is_named(
    program: As, cast: Cast, active: Collaboration, end: str, body: dict[str, Any], attr: str
) -> None:
    status, answer = program(cast.brand_owner).post(at(active, end), body)
    assert status == 400
    assert refusal(answer)[1].startswith(attr)  # type: ignore[union-attr]
    assert not Dispute.objects.exists()
    assert not Review.objects.exists()


@pytest.mark.parametrize("end", ["dispute/", "reviews/"])
def test_who_may(program: As, cast: Cast, active: Collaboration, end: str) -> None:
    def statuses(user: User | None) -> tuple[int, int]:
        body = CLAIM if end == "dispute/" else REVIEW
        asker = program(user)
        return asker.get(at(active, end))[0], asker.post(at(active, end), body)[0]

    assert statuses(None) == (401, 401)
    assert statuses(cast.other_owner) == (404, 404)
    assert statuses(cast.other_creator_user) == (404, 404)
    assert statuses(cast.brand_viewer) == (200, 403)
    assert statuses(cast.moderator) == (200, 403)
    colleague = User.objects.create_user("reviewer@example.org")
    Membership.objects.create(brand=cast.brand, user=colleague, role="reviewer")
    assert statuses(colleague) == (200, 403)
    assert program(cast.brand_owner).get(at(active, end), page=1)[0] == 400
    assert program(cast.brand_owner).get(f"collaborations/{10**30}/{end}")[0] == 404
    assert not DisputeStatement.objects.exists()


def test_reviews_appear_together(program: As, cast: Cast) -> None:
    done = complete(cast, 50_000)
    Collaboration.objects.filter(pk=done.pk).update(deadline_at="2126-01-01T00:00Z")
    brand, creator = program(cast.brand_owner), program(cast.creator_user)
    status, answer = brand.post(at(done, "reviews/"), REVIEW)
    assert (status, answer["may_write"], len(answer["reviews"])) == (201, False, 1)
    assert creator.get(at(done, "reviews/"))[1] == {"may_write": True, "reviews": []}
    status, refused = brand.post(at(done, "reviews/"), REVIEW)
    assert (status, refusal(refused)[0]) == (409, "already_reviewed")
    status, answer = creator.post(at(done, "reviews/"), {"rating": 5, "text": "Paid at once."})
    assert (status, [one["side"] for one in answer["reviews"]]) == (201, ["brand", "creator"])
    done.refresh_from_db()
    assert done.state == "closed"
