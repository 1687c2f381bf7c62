"""Formulas and budget plans against everybody, read row by row (`seeing.PEOPLE`)."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import access
from campaigns.briefs import create_campaign, get_latest_brief
from campaigns.models import Campaign, ReportFormula, Shortlist
from campaigns.results.collecting import collect_results
from campaigns.results.formulas import set_formula
from marketplace.forms.planning import BudgetPlanForm
from scoring.models import BudgetPlan
from tests.campaigns.conftest import NOW
from tests.campaigns.test_report_formulas import TERMS
from tests.campaigns.test_results_collecting import published
from tests.cast import Cast
from tests.marketplace.api.conftest import As, program
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.scoring.budgeting.market import BRIEF as MARKET_BRIEF
from tests.scoring.budgeting.market import make_market

__all__ = ["program"]
pytestmark = pytest.mark.django_db

GET = {
    "report_formulas":  (302, 200, 200, 404, 404, 404, 404),
    "budget_plan":      (302, 200, 200, 404, 404, 404, 404),
    "kept_budget_plan": (302, 200, 200, 404, 404, 404, 404),
    "budget_plan_csv":  (302, 200, 200, 404, 404, 404, 404),
}  # fmt: skip
POST = {
    "report_formulas":        (302, 302, 403, 404, 404, 404, 404),
    "report_formula_restore": (302, 302, 403, 404, 404, 404, 404),
    # Nobody can be planned with: trying is anybody's of the team, keeping is not.
    "budget_plan":            (302, 422, 422, 404, 404, 404, 404),
    "budget_plan_shortlist":  (302, 302, 403, 404, 404, 404, 404),
}  # fmt: skip
RATES = {
    "is_on": "on", "currency": "EUR", "based_on": "1", "instagram_views": "0.004",
    "instagram_likes": "0.02", "instagram_source": "Our adverts",
}  # fmt: skip
PLAN = {"budget": "5000", "currency": "EUR", "goal": "reach", "overlap": "50"}
BODIES = {
    "report_formulas": RATES,
    "budget_plan": PLAN,
    "budget_plan_shortlist": {"name": "From the plan"},
}
PICK = {
    "creator_id": 0, "account_id": 1, "is_simulated": False, "platform": "douyin", "tier": "mid",
    "followers": None, "match": 0.5, "reach": None, "engagements": None, "adds": 10.0,
    "shared_with": None, "shared": 0.0, "audience_known": 1, "is_asked_for": False,
    "price": {"low_minor": 1, "middle_minor": 2, "high_minor": 3, "deliverable": "reel",
              "source": "suggested from the market", "coverage": None, "conversion": ""},
}  # fmt: skip


def a_plan(cast: Cast, campaign: Campaign) -> BudgetPlan:
    """A kept plan as `scoring.budgeting` writes one, of a creator with few facts."""
    unknown = {"people_once": None, "engagements": None}
    answer = {
        "currency": "EUR", "budget_minor": 500, "goal": "reach", "as_of": NOW.isoformat(),
        "is_simulated": False, "price_minor": 2, "left_minor": 498, "eligible": 1,
        "candidates": 1, "left_out": [], "best_left_out": [], "naive": [], "assumptions": [],
        "picks": [PICK | {"creator_id": cast.creator.pk}],
        "expected": {**unknown, "of": 1, "reach_known": 0, "people_counted_again": None,
                     "engagements_known": 0, "matches": 0.5},
        "solution": {"value": 10.0, "bound": 10.0, "gap": 0.0, "is_best": True,
                     "method": "integer program", "seconds": 0.1, "working_budget_minor": 500},
        "uncertainty": {**unknown, "draws": 2000, "random_state": 0, "within_budget": 1.0,
                        "cost_minor": None, "people_least": None, "people_most": None},
    }  # fmt: skip
    return BudgetPlan.objects.create(
        campaign=campaign, brief=get_latest_brief(campaign), goal="reach", budget_minor=500,
        currency="EUR", inputs={}, answer=answer, versions={}, fingerprint="0" * 64,
        is_simulated=False,
    )  # fmt: skip


@pytest.fixture
def address(cast: Cast, campaign: Campaign) -> Callable[[str], str]:
    set_formula(brand=cast.brand, terms=TERMS, actor=cast.brand_owner, now=NOW)
    plan = a_plan(cast, campaign)
    about: dict[str, list[object]] = {
        "report_formulas": [cast.brand.pk],
        "report_formula_restore": [cast.brand.pk, 1],
        "budget_plan": [campaign.pk],
        "kept_budget_plan": [plan.pk],
        "budget_plan_csv": [plan.pk],
        "budget_plan_shortlist": [plan.pk],
    }
    return lambda name: reverse(name, args=about[name])


def test_who_gets_what(cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    for name, row in GET.items():
        see(address(name), row, cast=cast, browse=browse)
    for name, row in POST.items():
        send(address(name), row, BODIES.get(name, {}), cast=cast, browse=browse)
    viewer = browse(cast.brand_viewer)
    assert viewer.post(address("budget_plan"), {**PLAN, "keep": "1"}).status_code == 403
    owner = browse(cast.brand_owner)
    for name in (*GET, "budget_plan_shortlist"):
        assert owner.post(reverse(name, args=[10**30])).status_code in (404, 405), name
    for name in ("report_formula_restore", "budget_plan_shortlist"):
        assert owner.get(address(name)).status_code == 405


def test_what_is_wrong_is_told_and_keeps_nothing(
    cast: Cast, browse: Browse, address: Callable[[str], str]
) -> None:
    owner, formulas, planner = (
        browse(cast.brand_owner),
        *map(address, ("report_formulas", "budget_plan")),
    )
    for changes, words in (
        ({"instagram_views": "much"}, "Enter a number"),
        ({"instagram_views": "-1"}, "greater than or equal to 0"),
        ({"instagram_source": ""}, "Say where these rates are from"),
        ({"instagram_source": "a\x00b"}, "Null characters"),
        ({"currency": ""}, "Use one of"),
        ({"based_on": "0"}, "Somebody wrote version 1"),
        ({"instagram_views": "", "instagram_likes": ""}, "at least one rate"),
    ):
        answer = owner.post(formulas, {**RATES, **changes})
        assert (answer.status_code, words in answer.content.decode()) == (422, True), changes
    assert ReportFormula.objects.count() == 1
    for changes, words in (
        ({"budget": "0"}, "above zero"),
        ({"budget": "-5"}, "above zero"),
        ({"budget": "1000000000000"}, "no more than 12 digits"),
        ({"currency": "ZZZ"}, "valid choice"),
        ({"fewest": "4", "most": "2"}, "cannot both be"),
        ({"include": "everybody"}, "No creator is called “everybody”"),
        ({"include": "7", "exclude": "7"}, "both to be in the plan"),
        ({"own_prices": "34 is 5"}, "is not like @name = 450"),
        ({}, "No creator for this brief can be planned with"),
    ):
        answer = owner.post(planner, {**PLAN, "keep": "1", **changes})
        assert (answer.status_code, words in answer.content.decode()) == (422, True), changes
    assert BudgetPlan.objects.count() == 1
    shortlist = owner.post(address("budget_plan_shortlist"), {"name": ""})
    assert (shortlist.status_code, Shortlist.objects.count()) == (422, 0)


def test_creators_of_a_plan_are_named_as_people_name_them(cast: Cast) -> None:
    name, seen = cast.creator.display_name, access.creators_visible_to(cast.brand_owner)

    def form(**changes: str) -> BudgetPlanForm:
        made = BudgetPlanForm(PLAN | changes, seen=seen)
        made.is_valid()
        return made

    asked = form(include=f"{name}, {cast.other_creator.pk}", own_prices=f"{name} = 450").terms()
    assert asked.include == (cast.creator.pk, cast.other_creator.pk)
    assert asked.own_prices == {cast.creator.pk: 45_000}
    assert "No creator is called “nobody”" in str(form(exclude="nobody").errors["exclude"])
    for line in ("nobody = 450", f"{name}, {cast.other_creator.pk} = 450", f"{name} = much"):
        assert "own_prices" in form(own_prices=line).errors, line


def test_page_api_and_file_say_the_same_under_the_same_version(
    cast: Cast, browse: Browse, program: As
) -> None:
    work = published(cast).collaboration
    collect_results(now=NOW + timedelta(hours=1))
    owner, campaign = browse(cast.brand_owner), work.campaign
    report = reverse("campaign_report", args=[campaign.pk])
    assert "an estimate</h2>" not in owner.get(report).content.decode()
    program_of_owner = program(cast.brand_owner)
    status, made = program_of_owner.post(
        f"brands/{cast.brand.pk}/report-formulas/",
        {"is_on": True, "currency": "EUR", "rates": {"instagram": {"likes": "1.5"}},
         "sources": {"instagram": "Our adverts"}, "based_on": 0},
    )  # fmt: skip
    assert (status, made["version"], made["rates"]) == (201, 1, {"instagram": {"likes": "1.5"}})
    owner.post(reverse("report_formulas", args=[cast.brand.pk]), RATES)

    status, told = program_of_owner.get(f"campaigns/{campaign.pk}/report/", formula=1)
    assert (status, told["formula"]["version"], told["formula"]["is_present"]) == (200, 1, False)
    [value] = told["earned_value"]
    likes = told["figures"][0]["counts"]["likes"]["value"]
    assert (value["provenance"], float(value["minor"])) == ("simulated", 1.5 * likes)
    page = owner.get(report, {"formula": "1"}).content.decode()
    for words in ("version 1", "not the one in use", "€0.015 a like", "Our adverts"):
        assert words in page, words
    assert "version 2" in owner.get(report).content.decode()
    table = owner.get(reverse("campaign_report_csv", args=[campaign.pk]), {"formula": "1"})
    assert table.content.decode().splitlines()[1].endswith(",EUR,1")

    status, _ = program_of_owner.get(f"campaigns/{campaign.pk}/report/", formula=9)
    assert status == 404
    for person in (cast.brand_viewer, cast.other_owner):
        status, _ = program(person).post(
            f"brands/{cast.brand.pk}/report-formulas/", {"is_on": False}
        )
        assert status == (403 if person == cast.brand_viewer else 404)
    status, refused = program_of_owner.post(
        f"brands/{cast.brand.pk}/report-formulas/",
        {"is_on": True, "currency": "EUR", "rates": {"instagram": {"likes": "NaN"}}},
    )
    assert (status, refused["errors"][0]["attr"]) == (400, "rates.instagram.likes")
    status, restored = program_of_owner.post(
        f"brands/{cast.brand.pk}/report-formulas/1/restore/", {}
    )
    assert (status, restored["version"], restored["restored_from"]) == (201, 3, 1)


def test_plans_by_api(cast: Cast, campaign: Campaign, program: As) -> None:
    address = f"campaigns/{campaign.pk}/budget-plan"
    plan = a_plan(cast, campaign)
    body = {"budget_minor": 500_000, "currency": "EUR"}
    for person, keep, expected in (
        (cast.brand_owner, True, 422), (cast.brand_viewer, False, 422),
        (cast.brand_viewer, True, 403), (cast.other_owner, False, 404),
    ):  # fmt: skip
        status, _ = program(person).post(address, {**body, "keep": keep})
        assert status == expected
    for changes, attr in (
        ({"budget_minor": 0}, "budget_minor"),
        ({"currency": "ZZZ"}, "currency"),
        ({"fewest": 3, "most": 2}, "fewest"),
        ({"tier_least": {"giant": 1}}, "tier_least.giant"),
        ({"buget": 1}, "buget"),
    ):
        status, refused = program(cast.brand_owner).post(address, {**body, **changes})
        assert (status, refused["errors"][0]["attr"]) == (400, attr)
    status, listed = program(cast.brand_viewer).get(address)
    assert (status, [one["id"] for one in listed]) == (200, [plan.pk])
    status, whole = program(cast.brand_viewer).get(f"budget-plans/{plan.pk}/")
    assert whole["plan"]["picks"][0]["creator"] == cast.creator.display_name
    assert program(cast.other_owner).get(f"budget-plans/{plan.pk}/")[0] == 404
    shortlist = f"budget-plans/{plan.pk}/shortlist/"
    assert program(cast.brand_viewer).post(shortlist, {"name": "A"})[0] == 403
    status, made = program(cast.brand_owner).post(shortlist, {"name": "A"})
    assert (status, made["creators"], made["gone"]) == (201, 1, 0)


def test_page_api_and_command_give_the_same_plan(
    cast: Cast, browse: Browse, program: As, tmp_path: Path
) -> None:
    make_market()
    campaign = create_campaign(
        brand=cast.brand, title="Spring", terms=MARKET_BRIEF, actor=cast.brand_owner, now=NOW
    )
    owner, page = browse(cast.brand_owner), reverse("budget_plan", args=[campaign.pk])
    asked = {"budget": "50000", "currency": "CNY", "goal": "reach", "overlap": "50"}
    shown = owner.post(page, asked)
    assert (shown.status_code, BudgetPlan.objects.count()) == (200, 0)
    assert "Who, and why" in shown.content.decode()
    kept = owner.post(page, {**asked, "keep": "1"}, follow=True)
    assert "The plan is kept." in kept.content.decode()
    plan = BudgetPlan.objects.get()
    table = owner.get(reverse("budget_plan_csv", args=[plan.pk])).content.decode().splitlines()
    rows = len(plan.answer["picks"]) + len(plan.answer["best_left_out"])
    assert len(table) == 1 + rows

    status, told = program(cast.brand_owner).post(
        f"campaigns/{campaign.pk}/budget-plan", {"budget_minor": 5_000_000, "currency": "CNY"}
    )
    assert (status, told["plan_id"], BudgetPlan.objects.count()) == (200, None, 1)
    brief, out = tmp_path / "brief.txt", StringIO()
    brief.write_text(MARKET_BRIEF.text)
    asked_for = ["--brief", str(brief), "--budget", "50000", "--currency", "CNY", "--json"]
    call_command("plan_budget", *asked_for, stdout=out)
    by_command = json.loads(out.getvalue())
    picks = [pick["creator_id"] for pick in plan.answer["picks"]]
    for document in (told["plan"], by_command):
        assert [pick["creator_id"] for pick in document["picks"]] == picks
        assert document["price_minor"] == plan.answer["price_minor"]
    for wrong in (["--budget", "much"], ["--tier", "micro"], ["--currency", "ZZZ"]):
        with pytest.raises(CommandError):
            call_command("plan_budget", *asked_for, *wrong)
