"""Plans over a small market: what is asked is kept, refused by name, written down once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Creator
from campaigns.briefs import create_campaign, get_latest_brief
from campaigns.shortlist_entries import entries_of
from scoring.budgeting.answers import plan_as_json, plan_told
from scoring.budgeting.keeping import keep_plan, kept_told, shortlist_plan
from scoring.budgeting.planning import plan_budget
from scoring.budgeting.refusing import BudgetTooSmall, NoPlan
from scoring.budgeting.terms import PlanRefused, PlanTerms
from scoring.models import BudgetPlan
from scoring.pricing.currencies import give_rate
from tests.cast import Cast
from tests.scoring.budgeting.market import BRIEF, SIZE, make_market
from tests.scoring.catalogue import NOW

pytestmark = pytest.mark.django_db
TERMS = PlanTerms(budget_minor=5_000_000, currency="CNY")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"budget_minor": 0}, "budget"),
        ({"budget_minor": 10**12}, "budget"),
        ({"currency": "ZZZ"}, "currency"),
        ({"goal": "fame"}, "goal"),
        ({"fewest": 5, "most": 3}, "fewest"),
        ({"include": (1, 2), "exclude": (2,)}, "exclude"),
        ({"include": (1, 2), "most": 1}, "include"),
        ({"include": (2**63,)}, "include"),
        ({"tier_least": {"nano": 3, "mid": 3}, "most": 5}, "tier_least"),
        ({"tier_least": {"giant": 1}}, "tier_least"),
        ({"largest_share": 0.0}, "largest_share"),
        ({"certainty": 1.0}, "certainty"),
        ({"overlap_share": float("nan")}, "overlap_share"),
        ({"own_prices": {1: 0}}, "own_prices"),
        ({"deliverable": "a\x00b"}, "deliverable"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(changes: dict[str, object], field: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        replace(TERMS, **changes).checked()  # type: ignore[arg-type]
    assert refused.value.details["field"] == field


def test_plans(cast: Cast) -> None:
    """One market for all that reads it: making it takes longer than the rest."""
    accounts = make_market()
    by_name = {account.creator.display_name: account.creator for account in accounts}
    made_up = make_one_simulated(by_name["Beauty 0"])

    with CaptureQueriesContext(
        connection,
    ) as queries:
        plan = plan_budget(terms=TERMS, brief=BRIEF, now=NOW)
    document = plan_told(plan)
    assert document["price_minor"] <= TERMS.budget_minor
    assert document["candidates"] == SIZE - 1
    assert {one["code"]: one["count"] for one in document["left_out"]} == {"simulated": 1}
    assert made_up.pk not in {pick["creator_id"] for pick in document["picks"]}
    assert document["solution"]["is_best"]
    bounds, expected = document["uncertainty"], document["expected"]["people_once"]
    assert bounds["people_least"] <= expected <= bounds["people_most"]
    assert 0 <= bounds["within_budget"] <= 1
    assert all(one["value"] <= document["solution"]["value"] + 1 for one in document["naive"])
    assert all(one["text"] for one in [*document["picks"], *document["best_left_out"]])
    assert plan_as_json(plan) == plan_as_json(plan_budget(terms=TERMS, brief=BRIEF, now=NOW)) | {
        "solution": document["solution"]
    }
    count = len(queries)

    dear, cheap = by_name["Beauty 12"], by_name["Beauty 2"]
    wishes = replace(
        TERMS, include=(cheap.pk,), exclude=(by_name["Beauty 13"].pk,), fewest=3, most=4,
        tier_least={"mid": 2}, largest_share=0.6, own_prices={cheap.pk: 123_400},
        goal="engagements", certainty=0.9,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as more:
        document = plan_told(plan_budget(terms=wishes, brief=BRIEF, now=NOW))
    # One for who must be in, one for their accounts.
    assert len(more) <= count + 2
    picks = {pick["creator_id"]: pick for pick in document["picks"]}
    assert 3 <= len(picks) <= 4
    assert picks[cheap.pk]["price"]["middle_minor"] == 123_400
    assert picks[cheap.pk]["price"]["source"] == "typed by you"
    assert "you asked for it" in picks[cheap.pk]["text"]
    assert by_name["Beauty 13"].pk not in picks
    assert sum(pick["tier"] == "mid" for pick in picks.values()) >= 2
    assert all(pick["price"]["middle_minor"] <= 3_000_000 for pick in picks.values())
    assert document["uncertainty"]["within_budget"] >= 0.9
    assert document["solution"]["working_budget_minor"] < TERMS.budget_minor
    assert not document["solution"]["is_best"]

    everybody = plan_budget(terms=replace(TERMS, least_match=0.0), brief=BRIEF, now=NOW)
    assert len(everybody.pool.candidates) == SIZE - 1
    for changes, field, words in (
        ({"least_match": 1.0}, "least_match", "match the brief by less"),
        ({"include": (dear.pk,), "largest_share": 0.1}, "largest_share", "Beauty 12 must"),
        ({"include": (made_up.pk, dear.pk)}, "include", "Made-up and real"),
        ({"include": (10**9,)}, "include", "cannot be found"),
        ({"tier_least": {"nano": 4}}, "tier_least", "but 0 can"),
        ({"fewest": 100}, "fewest", f"but {SIZE - 1} can"),
        ({"currency": "EUR"}, "currency", "without a rate"),
    ):
        with pytest.raises(NoPlan) as refused:
            plan_budget(terms=replace(TERMS, **changes), brief=BRIEF, now=NOW)
        assert refused.value.details["field"] == field, changes
        assert words in refused.value.message, changes
    with pytest.raises(BudgetTooSmall, match="the cheapest costs about") as small:
        plan_budget(terms=replace(TERMS, budget_minor=100), brief=BRIEF, now=NOW)
    cheapest = small.value.details["cheapest_minor"]
    assert plan_budget(terms=replace(TERMS, budget_minor=cheapest), brief=BRIEF, now=NOW).picks
    with pytest.raises(BudgetTooSmall, match="more than the budget"):
        plan_budget(terms=replace(TERMS, budget_minor=cheapest, fewest=2), brief=BRIEF, now=NOW)

    give_rate(
        base="CNY", quote="EUR", rate=Decimal("0.125"), day=date(2026, 2, 27), source="Our bank",
        actor=None, now=NOW,
    )  # fmt: skip
    euros = plan_told(
        plan_budget(
            terms=replace(TERMS, currency="EUR", budget_minor=625_000), brief=BRIEF, now=NOW
        )
    )
    assert any("Our bank" in text for text in euros["assumptions"])
    assert euros["price_minor"] <= 625_000

    insisted = replace(TERMS, include=(made_up.pk,), own_prices={made_up.pk: 1_000})
    simulated = plan_budget(terms=insisted, brief=BRIEF, now=NOW)
    assert simulated.pool.is_simulated
    assert {one.creator_id for one in simulated.pool.candidates} == {made_up.pk}

    check_kept(cast, document_of=TERMS)


def make_one_simulated(creator: Creator) -> Creator:
    creator.is_simulated = True
    creator.save(update_fields=["is_simulated"])
    return creator


def check_kept(cast: Cast, *, document_of: PlanTerms) -> None:
    campaign = create_campaign(
        brand=cast.brand, title="Spring", terms=BRIEF, actor=cast.brand_owner, now=NOW
    )
    plan = plan_budget(terms=document_of, brief=BRIEF, now=NOW)
    brief = get_latest_brief(campaign)
    kept = keep_plan(campaign=campaign, brief=brief, plan=plan, actor=cast.brand_owner, now=NOW)
    again = keep_plan(campaign=campaign, brief=brief, plan=plan, actor=cast.brand_owner, now=NOW)
    assert kept.fingerprint == again.fingerprint
    assert PlanTerms.from_json(kept.inputs) == document_of
    told = kept_told(BudgetPlan.objects.get(pk=kept.pk))
    assert [one["text"] for one in told["picks"]] == [
        one["text"] for one in plan_told(plan)["picks"]
    ]
    assert "Beauty" not in str(kept.answer)
    assert AuditEntry.objects.filter(verb="campaign.budget_planned").count() == 2
    for act in (
        lambda: BudgetPlan.objects.filter(pk=kept.pk).update(currency="EUR"),
        lambda: BudgetPlan.objects.filter(pk=kept.pk).delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            act()
    Creator.objects.filter(pk=kept.answer["picks"][0]["creator_id"]).update(status="closed")
    made, gone = shortlist_plan(plan=kept, name="From the plan", actor=cast.brand_owner, now=NOW)
    assert gone == 1
    assert {entry.creator_id for entry in entries_of(made)} == {
        pick["creator_id"] for pick in kept.answer["picks"][1:]
    }
    assert made.campaign == campaign
