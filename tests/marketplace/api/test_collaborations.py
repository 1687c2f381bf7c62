"""Every act on a collaboration by API: works, wrong owner, wrong side, wrong role, twice."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from accounts.models import Creator, Membership, User
from campaigns.models import Collaboration, CollaborationEvent, Offer
from campaigns.roles import BRAND_ROLES
from campaigns.states import CAMPAIGN_TRANSITIONS, DELIVERABLE_TRANSITIONS, TRANSITIONS, Side, Turn
from marketplace.api.acts import COLLABORATION_ACTS, DELIVERABLE_ACTS
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import balances, piece
from tests.cast import Cast
from tests.marketplace.api import collaborating
from tests.marketplace.api.collaborating import ACTS, Act
from tests.marketplace.api.conftest import As, refusal

OF_DISPUTES = {"dispute", "withdraw_dispute", "withdraw_late_dispute"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def happened() -> int:
    return CollaborationEvent.objects.count()


def state_of(answer: dict[str, Any], act: Act) -> str:
    state: str = answer["deliverables"][0]["state"] if act.of_piece else answer["state"]
    return state


def moves_in(answer: dict[str, Any], act: Act) -> dict[str, str]:
    listed = answer["deliverables"][0]["moves"] if act.of_piece else answer["moves"]
    return {move["name"]: move["address"] for move in listed}


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_each_act_works_for_its_side_alone_and_once(program: As, cast: Cast, act: Act) -> None:
    collaboration = act.stage(cast)
    address, body, before = act.address(collaboration), act.body(collaboration), happened()
    for user in (cast.other_owner, cast.other_creator_user):
        status, answer = program(user).post(address, body)
        assert (status, refusal(answer)[0]) == (404, "not_found")
    assert program(None).post(address, body)[0] == 401
    assert program(cast.moderator).post(address, body)[0] == 403
    if act.move != "ask_to_cancel" and act.move != "offer" and act.move != "sign":
        status, answer = program(act.others(cast)).post(address, body)
        assert (status, refusal(answer)[0]) == (403, "not_your_turn")
    asker = program(act.user(cast))
    status, answer = asker.post(address, {**body, "colour": "blue"})
    assert (status, refusal(answer)) == (400, ("unknown_field", "colour"))
    assert happened() == before

    listed = moves_in(asker.get(f"collaborations/{collaboration.pk}/")[1], act)
    assert listed[act.move] == f"/api/v1/{address}"
    status, answer = asker.post(address, body)
    assert (status, state_of(answer, act)) == (201, act.leads_to)
    assert happened() > before
    now = happened()
    status, answer = asker.post(address, body)
    if act.move == "fund":  # setting aside what is set aside is no fault
        assert (status, balances()["hold"]) == (201, 55_000)
    else:
        assert status in (403, 409), "twice"
    assert happened() == now


@pytest.mark.parametrize("act", [act for act in ACTS if act.side is Side.BRAND], ids=str)
def test_of_a_team_each_role_does_what_it_may(program: As, cast: Cast, act: Act) -> None:
    collaboration = act.stage(cast)
    address, body = act.address(collaboration), act.body(collaboration)
    membership = Membership.objects.filter(user=cast.brand_viewer)
    asker = program(cast.brand_viewer)
    allowed = BRAND_ROLES[act.move]
    for role in sorted(Membership.Role.values, key=lambda role: role in allowed):
        membership.update(role=role)
        status, seen = asker.get(f"collaborations/{collaboration.pk}/")
        assert (status, seen["you"]) == (200, {"side": "brand", "role": role})
        assert (act.move in moves_in(seen, act)) is (role in allowed), role
        if role in allowed:
            assert asker.post(address, body)[0] == 201
            return
        status, answer = asker.post(address, body)
        assert (status, refusal(answer)[0]) == (403, "forbidden"), role
    raise AssertionError("nobody may")


def test_every_move_of_a_brand_or_a_creator_has_an_endpoint() -> None:
    theirs = (Side.BRAND, Side.CREATOR)
    moves = {t.name for t in TRANSITIONS.values() if isinstance(t.who, Turn) or t.who in theirs}
    assert moves == set(COLLABORATION_ACTS)
    pieces = {t.name for t in DELIVERABLE_TRANSITIONS.values() if set(t.who) & set(theirs)}
    assert pieces == set(DELIVERABLE_ACTS)
    # A “recheck” is no act of its own: it follows from changing an open campaign's brief.
    steps = {t.name for t in CAMPAIGN_TRANSITIONS.values() if t.who is Side.BRAND} - {"recheck"}
    addresses = [f"/api/v1/campaigns/1/{step}/" for step in steps]
    addresses += [f"/api/v1/collaborations/1/{end}" for end in COLLABORATION_ACTS.values()]
    addresses += [f"/api/v1/deliverables/1/{end}" for end in DELIVERABLE_ACTS.values()]
    for address in addresses:
        view = resolve(address).func.cls  # type: ignore[attr-defined]
        assert hasattr(view, "post"), address
    # And each was tried above.
    assert {act.move for act in ACTS} == (moves | pieces) - OF_DISPUTES


def test_a_member_who_was_removed_finds_nothing(program: As, cast: Cast) -> None:
    collaboration = collaborating.signed(cast)
    Membership.objects.filter(user=cast.brand_viewer).update(role="finance")
    asker = program(cast.brand_viewer)
    Membership.objects.filter(user=cast.brand_viewer).delete()
    assert asker.get(f"collaborations/{collaboration.pk}/")[0] == 404
    assert asker.post(f"collaborations/{collaboration.pk}/fund/", {})[0] == 404
    assert balances()["brand_wallet"] == 200_000


def test_who_acted_and_left_is_a_former_member(program: As, cast: Cast) -> None:
    collaboration = collaborating.offered(cast)
    Offer.objects.update(actor=None)
    answer = program(cast.creator_user).get(f"collaborations/{collaboration.pk}/")[1]
    assert answer["offers"][0]["by"] == "a former member"


def test_a_suspended_creator_starts_nothing_and_finishes_what_runs(program: As, cast: Cast) -> None:
    collaboration = collaborating.offered(cast)
    terms_hash = collaboration.offers.get().terms_hash
    Creator.objects.filter(pk=cast.creator.pk).update(status=Creator.Status.SUSPENDED)
    asker, address = program(cast.creator_user), f"collaborations/{collaboration.pk}/"
    status, answer = asker.post(f"{address}accept/", {"terms_hash": terms_hash})
    assert (status, refusal(answer)[0]) == (409, "creator_not_hireable")
    assert asker.get(address)[1]["state"] == "negotiating"

    Creator.objects.filter(pk=cast.creator.pk).update(status=Creator.Status.ACTIVE)
    assert asker.post(f"{address}decline/", {"reason": "Later."})[0] == 201
    running = collaborating.active(cast)
    Creator.objects.filter(pk=cast.creator.pk).update(status=Creator.Status.SUSPENDED)
    assert asker.post(f"deliverables/{piece(running).pk}/drafts/", {"text": "Cut"})[0] == 201


def test_an_act_after_its_deadline_is_refused(program: As, cast: Cast) -> None:
    collaboration = collaborating.offered(cast)
    with time_machine.travel(collaboration.offers.get().created_at.replace(day=5), tick=False):
        status, answer = program(cast.creator_user).post(
            f"collaborations/{collaboration.pk}/accept/",
            {"terms_hash": collaboration.offers.get().terms_hash},
        )
    assert (status, refusal(answer)[0]) == (409, "deadline_passed")
    assert answer["details"]["deadline_at"].startswith("2026-03-04")


def changed(**terms: Any) -> dict[str, Any]:
    return {"terms": {**collaborating.TERMS, **terms}}


def with_piece(**fields: Any) -> dict[str, Any]:
    [one] = collaborating.TERMS["deliverables"]
    return changed(deliverables=[{**one, **fields}])  # type: ignore[dict-item]


LONG = "x" * 20_001
BAD = [
    ("invited", "offers/", {}, "required", "terms"),
    ("invited", "offers/", {"terms": []}, "invalid", "terms.non_field_errors"),
    ("invited", "offers/", changed(currency="DOGE"), "max_length", "terms.currency"),
    ("invited", "offers/", changed(currency="XXX"), "terms_rejected", "currency"),
    ("invited", "offers/", changed(deliverables=[]), "min_length", "terms.deliverables"),
    ("invited", "offers/", changed(notes="a\x00"), "null_characters_not_allowed", "terms.notes"),
    ("invited", "offers/", changed(revision_rounds=11), "terms_rejected", "revision_rounds"),
    ("invited", "offers/", changed(revision_rounds="2"), "invalid", "terms.revision_rounds"),
    ("invited", "offers/", with_piece(price_minor=0), "min_value", "price_minor"),
    ("invited", "offers/", with_piece(price_minor=-5), "min_value", "price_minor"),
    ("invited", "offers/", with_piece(price_minor=10**13), "terms_rejected", "price_minor"),
    ("invited", "offers/", with_piece(price_minor=True), "invalid", "price_minor"),
    ("invited", "offers/", with_piece(publish_by="2026-03-01"), "terms_rejected", "publish_by"),
    ("invited", "offers/", with_piece(draft_due_on="2026-02-30"), "invalid", "draft_due_on"),
    ("invited", "offers/", with_piece(draft_due_on="2025-03-01"), "terms_rejected", "draft_due_on"),
    ("invited", "offers/", with_piece(platform="orkut"), "invalid_choice", "platform"),
    ("invited", "offers/", {**changed(), "message": LONG}, "max_length", "message"),
    ("invited", "decline/", {}, "required", "reason"),
    ("invited", "decline/", {"reason": " "}, "blank", "reason"),
    ("invited", "decline/", {"reason": LONG}, "max_length", "reason"),
    ("offered", "accept/", {"terms_hash": 5 * [1]}, "invalid", "terms_hash"),
    ("offered", "limit/", {"limit_minor": 0, "currency": "EUR"}, "min_value", "limit_minor"),
    ("offered", "limit/", {"limit_minor": 1, "currency": "USD"}, "wrong_currency", None),
    ("agreed", "sign/", {"typed_name": "", "text_hash": "0" * 64}, "blank", "typed_name"),
    ("agreed", "sign/", {"typed_name": "X", "text_hash": "0" * 64}, "name_missing", None),
    ("active", "drafts/", {}, "draft_empty", None),
    ("active", "drafts/", {"link": "ftp://a.org"}, "bad_link", None),
    ("active", "drafts/", {"text": LONG}, "max_length", "text"),
    ("approved", "publish/", {"url": "a", "caption": "#ad"}, "bad_link", None),
    ("approved", "publish/", {"url": "https://a.org"}, "required", "caption"),
    (
        "approved", "publish/", {"url": "https://a.org/v", "caption": "Mine"},
        "disclosure_missing", None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "end", "body", "code", "attr"), BAD)
def test_what_cannot_be_used_is_named_and_changes_nothing(
    program: As, cast: Cast, stage: str, end: str, body: Any, code: str, attr: str | None
) -> None:
    collaboration: Collaboration = getattr(collaborating, stage)(cast)
    before = happened()
    of_piece = f"/{end}" in {f"/{found}" for found in DELIVERABLE_ACTS.values()}
    address = (
        f"deliverables/{piece(collaboration).pk}/{end}"
        if of_piece
        else f"collaborations/{collaboration.pk}/{end}"
    )
    status, answer = program(cast.creator_user).post(address, body)
    found, named = refusal(answer)
    assert (status, found) == (400, code), answer
    assert named == attr or (attr and (named or "").endswith(f".{attr}")), named
    assert happened() == before


def test_refusals_carry_the_facts_of_their_code(program: As, cast: Cast) -> None:
    collaboration = collaborating.invited(cast)
    address = f"collaborations/{collaboration.pk}/offers/"
    status, answer = program(cast.brand_owner).post(address, with_piece(price_minor=200_001))
    assert (status, refusal(answer)[0]) == (409, "over_budget")
    assert answer["details"] == {"left_minor": 200_000, "asked_minor": 200_001, "currency": "EUR"}
    status, answer = program(cast.creator_user).post(
        f"collaborations/{collaboration.pk}/accept/", {"terms_hash": "0" * 64}
    )
    assert (status, refusal(answer)[0]) == (409, "not_in_this_state")
    assert answer["details"]["possible_in"] == ["negotiating"]


@pytest.mark.parametrize("number", [10**30, 0, 10**18])
def test_a_number_that_nothing_has_is_not_found(program: As, cast: Cast, number: int) -> None:
    asker = program(cast.brand_owner)
    for address in (f"collaborations/{number}/", f"collaborations/{number}/events/"):
        assert asker.get(address)[0] == 404
    assert asker.post(f"collaborations/{number}/fund/", {})[0] == 404
    assert asker.post(f"deliverables/{number}/approve/", {})[0] == 404


def test_the_blind_band_tells_no_limit(program: As, cast: Cast) -> None:
    collaboration = collaborating.offered(cast)
    address = f"collaborations/{collaboration.pk}/limit/"
    brand, creator = program(cast.brand_owner), program(cast.creator_user)
    assert brand.get(address)[1]["entered"] == []
    status, answer = brand.post(address, {"limit_minor": 61_234, "currency": "EUR"})
    assert (status, answer["overlaps"], answer["suggested_minor"]) == (201, None, None)
    status, answer = brand.post(address, {"limit_minor": 1, "currency": "EUR"})
    assert (status, refusal(answer)[0]) == (409, "limit_entered")
    for seen in ("", "events/", "limit/"):
        shown = creator.client.get(f"/api/v1/collaborations/{collaboration.pk}/{seen}").content
        assert b"61234" not in shown
    answer = creator.post(address, {"limit_minor": 50_000, "currency": "EUR"})[1]
    assert (answer["overlaps"], answer["suggested_minor"]) == (True, 55_000)
    assert brand.get(address)[1] == answer
    assert program(cast.brand_viewer).post(address, {"limit_minor": 1, "currency": "EUR"})[0] == 403


def test_all_of_it_is_read_by_both_sides_and_moderators(program: As, cast: Cast) -> None:
    collaboration = collaborating.published(cast)
    readers: tuple[User, ...] = (
        cast.brand_owner, cast.brand_viewer, cast.creator_user, cast.moderator,
    )  # fmt: skip
    answers = [program(user).get(f"collaborations/{collaboration.pk}/")[1] for user in readers]
    for answer in answers:
        assert answer["standing"]["label"] == "Active"
        assert answer["campaign"]["brand"]["name"] == "Alder"
        assert answer["money"]["set_aside_minor"] == 55_000
        [one] = answer["deliverables"]
        assert one["standing"]["acting"] == "brand"
        assert one["standing"]["silence"] == "it is verified and paid"
        assert one["drafts"][0]["by"] == "Carla Creator"
        assert [mark["typed_name"] for mark in answer["contract"]["signatures"]] == [
            "Ada Example"
        ] * 2
    moves = [[move["name"] for move in answer["deliverables"][0]["moves"]] for answer in answers]
    assert moves == [["verify"], [], [], []]
    assert [answer["you"]["side"] for answer in answers] == [
        "brand", "brand", "creator", "moderator",
    ]  # fmt: skip
    program(cast.brand_owner).post(f"deliverables/{piece(collaboration).pk}/verify/", {})
    money = program(cast.creator_user).get(f"collaborations/{collaboration.pk}/")[1]["money"]
    assert (money["owed_minor"], money["fee_minor"], money["set_aside_minor"]) == (50_000, 5_000, 0)


def test_the_chain_of_offers_can_be_checked_by_its_hashes(program: As, cast: Cast) -> None:
    collaboration = collaborating.offered(cast)
    answer = program(cast.creator_user).post(
        f"collaborations/{collaboration.pk}/offers/", {"terms": collaborating.TERMS}
    )[1]
    newest, oldest = answer["offers"]
    assert newest["previous_hash"] == oldest["terms_hash"]
    for offer in (newest, oldest):
        text = json.dumps(
            [offer["previous_hash"], offer["terms"]], sort_keys=True, ensure_ascii=False
        )
        assert hashlib.sha256(text.encode()).hexdigest() == offer["terms_hash"]


def test_the_timeline_has_pages_and_the_contract_its_hash(program: As, cast: Cast) -> None:
    collaboration = collaborating.invited(cast)
    asker, address = program(cast.creator_user), f"collaborations/{collaboration.pk}/"
    status, answer = asker.get(f"{address}contract/")
    assert (status, refusal(answer)[0]) == (404, "no_contract")
    asker.post(f"{address}decline/", {"reason": "No time."})
    page = asker.get(f"{address}events/", page_size=1)[1]
    assert [(one["name"], one["reason"], one["by"]) for one in page["results"]] == [
        ("decline", "No time.", "Carla Creator")
    ]
    rest = asker.read(asker.client.get(page["next"]))[1]
    assert [one["name"] for one in rest["results"]] == ["invite"]
    assert rest["next"] is None
    assert asker.get(f"{address}events/", state="x")[0] == 400
    assert program(cast.other_owner).get(f"{address}events/")[0] == 404
    assert program(cast.other_owner).get(f"{address}contract/")[0] == 404


def test_reading_costs_the_same_whatever_happened(program: As, cast: Cast) -> None:
    def cost(collaboration: Collaboration) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert asker.get(f"collaborations/{collaboration.pk}/")[0] == 200
        return len(queries)

    asker = program(cast.brand_owner)
    one = collaborating.active(cast)
    asker.get(f"collaborations/{one.pk}/")
    before = cost(one)
    for number in range(3):
        program(cast.creator_user).post(f"deliverables/{piece(one).pk}/drafts/", {"text": "Cut"})
        if number < 2:
            asker.post(
                f"deliverables/{piece(one).pk}/revisions/",
                {"reason": "Darker.", "brief_items": ["light"]},
            )
    assert len(asker.get(f"collaborations/{one.pk}/")[1]["deliverables"][0]["drafts"]) == 3
    assert cost(one) <= before + 1, "drafts have an author to load"
