"""The Idempotency-Key header: one effect, the same answer, over real threads."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection

from accounts.models import KeptAnswer, User
from campaigns.ledger import check_books
from campaigns.models import Collaboration, Offer, Operation
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import deposit
from tests.cast import Cast
from tests.marketplace.api import collaborating
from tests.marketplace.api.collaborating import TERMS
from tests.marketplace.api.conftest import As, Program, refusal

REQUESTS = 50


@pytest.fixture(autouse=True)
def then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def post(asker: Program, address: str, body: Any, key: str = "one") -> Any:
    return asker.client.post(
        f"/api/v1/{address}", json.dumps(body), "application/json", headers={"Idempotency-Key": key}
    )


@pytest.mark.django_db
def test_an_offer_that_is_sent_again_is_one_offer(program: As, cast: Cast) -> None:
    collaboration = collaborating.invited(cast)
    asker, address = program(cast.creator_user), f"collaborations/{collaboration.pk}/offers/"
    first = post(asker, address, {"terms": TERMS}, '"a-key"')
    again = post(asker, address, {"terms": dict(reversed(TERMS.items()))}, "a-key")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content, "to the letter"
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Offer.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_for_one_request_of_one_user(program: As, cast: Cast) -> None:
    collaboration = collaborating.invited(cast)
    creator, brand = program(cast.creator_user), program(cast.brand_owner)
    address = f"collaborations/{collaboration.pk}/"
    assert post(creator, f"{address}offers/", {"terms": TERMS}).status_code == 201
    for end, body in (
        ("offers/", {"terms": TERMS, "message": "Else"}), ("withdraw/", {"reason": "Else"}),
    ):  # fmt: skip
        status, answer = creator.read(post(creator, f"{address}{end}", body))
        assert (status, refusal(answer)[0]) == (422, "idempotency_key_reused")
    offer = Offer.objects.get()
    assert post(brand, f"{address}accept/", {"terms_hash": offer.terms_hash}).status_code == 201, (
        "another user's key is another key"
    )
    status, answer = brand.read(post(brand, f"{address}cancel/", {"reason": "x"}, "ä"))
    assert (status, refusal(answer)[0]) == (400, "idempotency_key_refused")


@pytest.mark.django_db
def test_a_refusal_by_the_service_is_kept_and_others_are_not(program: As, cast: Cast) -> None:
    collaboration = collaborating.invited(cast)
    asker, address = program(cast.creator_user), f"collaborations/{collaboration.pk}/accept/"
    # Form and access are judged before the key is used.
    assert post(asker, address, {}).status_code == 400
    assert post(program(cast.brand_viewer), address, {"terms_hash": "0"}).status_code == 403
    assert not KeptAnswer.objects.exists()
    first = post(asker, address, {"terms_hash": "0" * 64})
    assert (first.status_code, refusal(first.json())[0]) == (409, "not_in_this_state")
    again = post(asker, address, {"terms_hash": "0" * 64})
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")


@pytest.mark.django_db
def test_a_fault_keeps_nothing_and_undoes_its_effect(
    program: As, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    collaboration = collaborating.invited(cast)
    asker, address = program(cast.creator_user), f"collaborations/{collaboration.pk}/decline/"

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("marketplace.api.views.acting.answer_of", fail)
        assert post(asker, address, {"reason": "No time."}).status_code == 500
    assert not KeptAnswer.objects.exists()
    collaboration.refresh_from_db()
    assert collaboration.state == "invited"
    assert post(asker, address, {"reason": "No time."}).status_code == 201


def at_once(program: As, user: User, address: str, body: Any) -> set[tuple[int, bytes]]:
    """What so many identical requests over real connections are answered."""
    answers: list[tuple[int, bytes]] = []
    start = threading.Barrier(REQUESTS)
    askers = [program(user) for _ in range(REQUESTS)]

    def ask(asker: Program) -> None:
        try:
            start.wait(30)
            response = post(asker, address, body)
            answers.append((response.status_code, response.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(asker,)) for asker in askers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == REQUESTS
    return set(answers)


@pytest.mark.django_db(transaction=True)
def test_fifty_identical_requests_at_once_have_one_effect_and_one_answer(
    program: As, cast: Cast
) -> None:
    collaboration: Collaboration = collaborating.signed(cast)
    [(status, content)] = at_once(
        program, cast.brand_owner, f"collaborations/{collaboration.pk}/fund/", {}
    )
    assert (status, json.loads(content)["state"]) == (201, "active")
    assert Operation.objects.filter(kind="fund").count() == 1
    assert collaboration.events.filter(name="fund").count() == 1
    assert check_books().is_right


@pytest.mark.django_db(transaction=True)
def test_fifty_withdrawals_under_one_key_are_one(program: As, cast: Cast) -> None:
    deposit(cast, 200_000)
    body = {"amount_minor": 4_000, "currency": "EUR", "bank_account": "fake:never"}
    address = f"brands/{cast.brand.pk}/withdrawals/"
    [(status, content)] = at_once(program, cast.brand_owner, address, body)
    assert (status, json.loads(content)["amount_minor"]) == (201, 4_000)
    assert Operation.objects.filter(kind="withdrawal").count() == 1
    assert check_books().is_right
