"""Plans that are kept: written once, read by the brand's team, turned into a shortlist."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.errors import NotFound
from accounts.models import Creator, User
from campaigns.hiring import CreatorNotHireable
from campaigns.models import Brief, Campaign, Shortlist
from campaigns.shortlist_entries import add_creator
from campaigns.shortlists import create_shortlist
from scoring.budgeting.answers import plan_as_json, versions_of
from scoring.budgeting.planning import Plan
from scoring.budgeting.wording import Document, told
from scoring.models import BudgetPlan

LARGEST_ID = 2**63 - 1


def plans_of(campaign: Campaign) -> QuerySet[BudgetPlan]:
    """The campaign's plans, the newest first."""
    plans = BudgetPlan.objects.filter(campaign=campaign)
    return plans.select_related("created_by", "brief").order_by("-pk")


def plan_for(user: User, plan_id: int) -> BudgetPlan:
    """A kept plan of one of the user's brands. :raises NotFound: otherwise."""
    found = (
        BudgetPlan.objects.select_related("campaign__brand", "brief", "created_by")
        .filter(pk=plan_id, campaign__brand__memberships__user=user)
        .first()
        if plan_id <= LARGEST_ID
        else None
    )
    if found is None:
        raise NotFound("There is no such plan, or it belongs to another brand.")
    return found


@transaction.atomic
def keep_plan(
    *, campaign: Campaign, brief: Brief, plan: Plan, actor: User, now: datetime
) -> BudgetPlan:
    """Write a plan down; it is never changed.

    Names of creators are not kept with it: they are read again when it is shown.
    """
    answer = plan_as_json(plan)
    inputs, versions = plan.terms.to_json(), versions_of(plan)
    kept = BudgetPlan.objects.create(
        campaign=campaign,
        brief=brief,
        goal=plan.terms.goal,
        budget_minor=plan.terms.budget_minor,
        currency=plan.terms.currency,
        inputs=inputs,
        answer=answer,
        versions=versions,
        fingerprint=fingerprint(inputs, versions, plan),
        is_simulated=plan.pool.is_simulated,
        created_by=actor,
        created_at=now,
    )
    audit.record(
        actor=actor,
        verb="campaign.budget_planned",
        subject=campaign,
        data={
            "plan": kept.pk,
            "goal": kept.goal,
            "budget_minor": kept.budget_minor,
            "currency": kept.currency,
            "creators": [pick["creator_id"] for pick in answer["picks"]],
        },
    )
    return kept


@transaction.atomic
def shortlist_plan(
    *, plan: BudgetPlan, name: str, actor: User, now: datetime
) -> tuple[Shortlist, int]:
    """A shortlist of the plan's creators, and how many could not be put on it any more.

    :raises ShortlistNameMissing, ShortlistNameTaken, TooManyShortlists: as named.
    """
    made = create_shortlist(
        brand=plan.campaign.brand, name=name, actor=actor, now=now, campaign=plan.campaign
    )
    ids = [pick["creator_id"] for pick in plan.answer["picks"]]
    creators = Creator.objects.in_bulk(ids)
    gone = 0
    for creator_id in ids:
        try:
            add_creator(shortlist=made, creator=creators[creator_id], actor=actor, now=now)
        except (KeyError, CreatorNotHireable):
            gone += 1
    return made, gone


def kept_told(plan: BudgetPlan) -> Document:
    """A kept answer with the names creators have now, and the reasons. One query."""
    people = [*plan.answer["picks"], *plan.answer["best_left_out"]]
    ids = {one["creator_id"] for one in people}
    ids |= {pick["shared_with"] for pick in plan.answer["picks"]} - {None}
    names = Creator.objects.filter(pk__in=ids).values_list("pk", "display_name")
    return told(plan.answer, dict(names))


def fingerprint(inputs: dict[str, Any], versions: dict[str, Any], plan: Plan) -> str:
    """SHA-256 of what was asked, by which versions, of which candidates at which figures."""
    candidates = [
        [one.account_id, one.price.low_minor, one.price.middle_minor, one.price.high_minor,
         round(one.match, 6),
         one.counts.reach and one.counts.reach.middle,
         one.counts.engagements and one.counts.engagements.middle]
        for one in plan.pool.candidates
    ]  # fmt: skip
    text = json.dumps([inputs, versions, candidates], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
