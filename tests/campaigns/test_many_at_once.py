"""Threads with their own connections that want the same thing: one gets it, all are answered."""

from dataclasses import replace

import pytest
from django.db.models import Sum

from accounts.models import Creator
from campaigns import contracts, delivering, timers
from campaigns.briefs import get_latest_brief, revise_brief
from campaigns.contracts import sign
from campaigns.leaving import withdraw
from campaigns.ledger import check_books
from campaigns.models import Campaign, Collaboration, Contract, Offer
from campaigns.offers import accept_offer, make_offer
from campaigns.starting import apply_to_campaign
from campaigns.states import Side
from campaigns.terms import BriefTerms
from tests.campaigns.at_once import refusals, run_at_once
from tests.campaigns.conftest import NOW, open_campaign, terms
from tests.campaigns.test_contracts_and_work import agree, deposit, draft, piece, start_work
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 40


def applied(cast: Cast, campaign: Campaign, count: int = MANY) -> list[Collaboration]:
    return [
        apply_to_campaign(
            campaign=campaign,
            creator=Creator.objects.create(display_name=f"Applicant {number}"),
            actor=cast.creator_user,
            now=NOW,
        )
        for number in range(count)
    ]


def offer(cast: Cast, one: Collaboration, price: int = 1_000, side: Side = Side.BRAND) -> Offer:
    actor = cast.brand_owner if side is Side.BRAND else cast.creator_user
    return make_offer(collaboration=one, terms=terms(price), side=side, actor=actor, now=NOW)


def accept(cast: Cast, made: Offer) -> Collaboration:
    return accept_offer(
        collaboration=made.collaboration, terms_hash=made.terms_hash, side=Side.CREATOR,
        actor=cast.creator_user, now=NOW,
    )  # fmt: skip


def limit_places(cast: Cast, campaign: Campaign, places: int) -> None:
    said = BriefTerms.of(get_latest_brief(campaign))
    revise_brief(
        campaign=campaign, terms=replace(said, places=places), actor=cast.brand_owner, now=NOW
    )


def test_forty_accept_the_last_place_and_one_gets_it(cast: Cast) -> None:
    campaign = open_campaign(cast, budget_minor=None)
    limit_places(cast, campaign, 2)
    offers = [offer(cast, one) for one in applied(cast, campaign, MANY + 1)]
    accept(cast, offers.pop())
    results = run_at_once([lambda made=made: accept(cast, made) for made in offers])
    assert refusals(results) == {"no_place_left": MANY - 1}
    assert campaign.collaborations.filter(state="agreed").count() == 2
    # Who was refused keeps the offer: the place is free again if somebody's work falls through.
    assert campaign.collaborations.filter(state="negotiating").count() == MANY - 1
    assert Contract.objects.count() == 2


def test_a_place_that_falls_free_can_be_taken(cast: Cast) -> None:
    campaign = open_campaign(cast, budget_minor=None)
    limit_places(cast, campaign, 1)
    agreed = accept(cast, offer(cast, applied(cast, campaign, 1)[0]))
    assert agreed.deadline_at is not None
    timers.fire_due(now=agreed.deadline_at)
    second = offer(cast, applied(cast, campaign, 1)[0])
    assert accept(cast, second).state == "agreed"


def test_forty_offers_spend_the_same_budget_and_one_gets_it(cast: Cast) -> None:
    campaign = open_campaign(cast, budget_minor=100_000)
    jobs = [lambda one=one: offer(cast, one, 60_000) for one in applied(cast, campaign)]
    results = run_at_once(jobs)
    assert refusals(results) == {"over_budget": MANY - 1}
    earmarked = campaign.collaborations.aggregate(total=Sum("earmark_minor"))["total"]
    assert earmarked == 60_000


@pytest.mark.parametrize("price", [7_000, 30_000])
def test_earmarks_never_exceed_the_budget(cast: Cast, price: int) -> None:
    campaign = open_campaign(cast, budget_minor=100_000)
    results = run_at_once(
        [lambda one=one: offer(cast, one, price) for one in applied(cast, campaign, 20)]
    )
    fit = 100_000 // price
    assert refusals(results) == {"over_budget": 20 - fit}
    earmarked = campaign.collaborations.aggregate(total=Sum("earmark_minor"))["total"]
    assert earmarked == fit * price


def test_forty_applications_of_one_creator_are_one(cast: Cast) -> None:
    campaign = open_campaign(cast)
    results = run_at_once(
        [
            lambda: apply_to_campaign(
                campaign=campaign, creator=cast.creator, actor=cast.creator_user, now=NOW
            )
        ]
        * MANY
    )
    assert refusals(results) == {"already_together": MANY - 1}
    assert campaign.collaborations.count() == 1


def test_both_sides_sign_twenty_times_at_once_and_each_signs_once(cast: Cast) -> None:
    collaboration = agree(cast)
    text_hash = Contract.objects.get(collaboration=collaboration).text_hash
    people = {Side.BRAND: cast.brand_owner, Side.CREATOR: cast.creator_user}
    results = run_at_once(
        [
            lambda side=side: sign(
                collaboration=collaboration, typed_name="Ada Example", text_hash=text_hash,
                side=side, actor=people[side], now=NOW,
            )
            for side in (Side.BRAND, Side.CREATOR)
            for _ in range(MANY // 2)
        ]
    )  # fmt: skip
    refused = refusals(results)
    # Whoever comes after both is told that it is past signing.
    assert sum(refused.values()) == MANY - 2
    assert set(refused) <= {"already_signed", "not_in_this_state"}
    collaboration.refresh_from_db()
    assert (collaboration.state, collaboration.acting_side) == ("signed", "brand")
    names = list(collaboration.events.values_list("name", flat=True))
    assert (names.count("sign_first"), names.count("sign")) == (1, 1)


def test_a_wallet_that_pays_for_one_funds_one_of_twenty(cast: Cast) -> None:
    campaign = open_campaign(cast, budget_minor=None)
    signed = [sign_both(cast, accept(cast, offer(cast, one, 50_000)))
              for one in applied(cast, campaign, 20)]  # fmt: skip
    deposit(cast, 60_000)
    results = run_at_once(
        [
            lambda one=one: contracts.fund(collaboration=one, actor=cast.brand_owner, now=NOW)
            for one in signed
        ]
    )
    assert refusals(results) == {"insufficient_funds": 19}
    assert campaign.collaborations.filter(state="active").count() == 1
    assert check_books().is_right


def sign_both(cast: Cast, one: Collaboration) -> Collaboration:
    text_hash = Contract.objects.get(collaboration=one).text_hash
    for side, actor in ((Side.BRAND, cast.brand_owner), (Side.CREATOR, cast.creator_user)):
        one = sign(
            collaboration=one, typed_name="Ada Example", text_hash=text_hash, side=side,
            actor=actor, now=NOW,
        )  # fmt: skip
    return one


def test_of_accepting_and_withdrawing_at_once_one_happens(cast: Cast) -> None:
    campaign = open_campaign(cast, budget_minor=None)
    for made in [offer(cast, one) for one in applied(cast, campaign, 8)]:
        accepted, withdrawn = run_at_once(
            [
                lambda made=made: accept(cast, made),
                lambda made=made: withdraw(
                    collaboration=made.collaboration, side=Side.BRAND, actor=cast.brand_owner,
                    now=NOW, reason="No budget.",
                ),
            ]
        )  # fmt: skip
        assert refusals([accepted, withdrawn]) == {"not_in_this_state": 1}
        now = Collaboration.objects.get(pk=made.collaboration_id)
        winner = accepted if isinstance(accepted, Collaboration) else withdrawn
        assert now.state == winner.state
        assert Contract.objects.filter(collaboration=now).exists() == (now.state == "agreed")
        assert now.events.filter(name__in=["accept", "withdraw"]).count() == 1


def test_of_accepting_and_countering_at_once_one_happens(cast: Cast) -> None:
    campaign = open_campaign(cast, budget_minor=None)
    for made in [offer(cast, one) for one in applied(cast, campaign, 5)]:
        results = run_at_once(
            [
                lambda made=made: accept(cast, made),
                lambda made=made: offer(cast, made.collaboration, 2_000, Side.CREATOR),
            ]
        )
        [(code, count)] = refusals(results).items()
        assert (code, count) in {("not_in_this_state", 1), ("not_your_turn", 1)}


def test_an_approval_and_its_timer_at_once_approve_once(cast: Cast) -> None:
    collaboration = start_work(cast)
    shown = draft(cast, piece(collaboration))
    assert shown.deadline_at is not None
    due = shown.deadline_at
    results = run_at_once(
        [
            lambda: delivering.approve(
                deliverable=shown, side=Side.BRAND, actor=cast.brand_owner, now=due
            ),
            *[lambda: timers.fire_due(now=due).failed] * 5,
        ]
    )
    assert set(refusals(results)) <= {"not_in_this_state"}
    approvals = collaboration.events.filter(name__in=["approve", "approve_by_silence"])
    assert approvals.count() == 1
    assert piece(collaboration).state == "approved"
