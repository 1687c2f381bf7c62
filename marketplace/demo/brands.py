"""Two simulated brands, their teams, and six campaigns with briefs."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from accounts import audit
from accounts.models import Brand, Membership, User
from campaigns.briefs import create_campaign
from campaigns.models import Campaign
from campaigns.opening import submit_campaign
from campaigns.specifications import DeliverableSpec
from campaigns.terms import BriefTerms
from marketplace.demo import cast

Role = Membership.Role


@dataclass(frozen=True)
class Team:
    brand: str
    description: str
    currency: str
    members: tuple[tuple[str, str], ...]  # (address, role), the owner first


TEAMS = (
    Team(
        "Simulated brand Alder",
        "A made-up maker of plain skin care, outdoor kit and kitchen tools. It sells nothing.",
        "EUR",
        ((cast.OWNER, Role.OWNER), (cast.VIEWER, Role.VIEWER), (cast.MANAGER, Role.MANAGER)),
    ),
    Team(
        "Simulated brand Birch",
        "A made-up publisher of games and furnisher of small flats. It sells nothing.",
        "GBP",
        ((cast.SECOND_OWNER, Role.OWNER), (cast.SECOND_REVIEWER, Role.REVIEWER)),
    ),
)

# (brand, title, days ago, terms)
CAMPAIGNS: tuple[tuple[int, str, int, BriefTerms], ...] = (
    (
        0,
        "Sunscreen for sensitive skin",
        12,
        BriefTerms(
            text=(
                "We launch a fragrance-free sunscreen for sensitive skin. We look for creators "
                "who read ingredient lists, keep routines short and explain why, with women "
                "between 18 and 34 among their followers. Three short videos over a month."
            ),
            niches=["skincare"],
            min_followers=5_000,
            max_risk=60,
            budget_minor=900_000,
            budget_currency="EUR",
            values=["cruelty-free", "science first"],
            audience={
                "age": {"18-24": 0.45, "25-34": 0.4, "35-44": 0.15},
                "gender": {"female": 0.8, "male": 0.2},
            },
        ),
    ),
    (
        0,
        "A stove for long trails",
        9,
        BriefTerms(
            text=(
                "A light camping stove, to be shown in real weather on walks of several days. "
                "Hikers, ultralight packers and people who sleep outside often. No stunts."
            ),
            platform="instagram",
            max_followers=400_000,
            budget_minor=600_000,
            budget_currency="EUR",
            values=["second-hand first"],
        ),
    ),
    (
        0,
        "Bread knives, honestly tested",
        5,
        BriefTerms(
            text=(
                "Home bakers and cooks who cut a lot of sourdough: try our bread knife for four "
                "weeks and say what is wrong with it. Recipes welcome, scripts are not."
            ),
            niches=["bakers", "cooking"],
            budget_minor=350_000,
            budget_currency="EUR",
        ),
    ),
    (
        0,
        "Five-minute make-up on Douyin",
        2,
        BriefTerms(
            text=(
                "Make-up creators on Douyin for a cruelty-free blush and a lip stain: quick "
                "looks for the commute, beginners welcome. 新手五分钟妆容。"
            ),
            platform="douyin",
            country="China",
            budget_minor=20_000_000,
            budget_currency="CNY",
        ),
    ),
    (
        1,
        "A cosy farming game",
        8,
        BriefTerms(
            text=(
                "An indie farming game without fights. We look for people who play cosy games "
                "and finish small ones, on video, with a young audience and a calm voice."
            ),
            min_followers=10_000,
            budget_minor=800_000,
            budget_currency="GBP",
            audience={"age": {"13-17": 0.2, "18-24": 0.5, "25-34": 0.3}},
        ),
    ),
    (
        1,
        "Shelves for rented rooms",
        3,
        BriefTerms(
            text=(
                "Shelves that need no drill. Decorators of small rented flats, second-hand "
                "furniture, before and after; Germany, Austria and the United Kingdom first."
            ),
            niches=["home-decor"],
            max_risk=70,
            budget_minor=450_000,
            budget_currency="GBP",
            values=["locally made"],
        ),
    ),
)

# What creators work by, for those campaigns that get so far. The others stay first drafts.
WORK: dict[str, dict[str, Any]] = {
    "Sunscreen for sensitive skin": {
        "objective": "launch",
        "deliverables": [
            DeliverableSpec(
                kind="video",
                platform="instagram",
                description="A morning routine with the sunscreen in it, texture in daylight",
                count=3,
                length="30–60 s",
                format="vertical",
            )
        ],
        "places": 5,
        "shows_budget": True,
        "total_budget_minor": 3_000_000,
        "product": "Fragrance-free sunscreen SPF 50, 50 ml. We send two tubes; nothing goes back.",
        "dos": ["Read the list of ingredients aloud", "Say what you do not like"],
        "donts": ["No medical advice", "No comparison with named brands"],
        "usage_rights_months": 6,
        "usage_rights": "Our own channels, unedited, with your name.",
        "exclusivity_days": 30,
        "approval": "We look at each draft for claims about skin, and for nothing else.",
    },
    "A stove for long trails": {
        "objective": "awareness",
        "deliverables": [
            DeliverableSpec(
                kind="reel",
                platform="instagram",
                description="The stove in real weather, from packing to the first hot meal",
            )
        ],
        "places": 6,
        "total_budget_minor": 2_400_000,
        "product": "A gas stove of 92 g. You keep it.",
        "dos": ["Show the flame in wind"],
        "donts": ["No fire inside a tent"],
        "usage_rights_months": 12,
    },
    "Bread knives, honestly tested": {
        "objective": "content",
        "deliverables": [
            DeliverableSpec(
                kind="video",
                platform="instagram",
                description="Four weeks with the knife: what is good and what is wrong with it",
                length="up to 3 min",
            )
        ],
        "places": 8,
        "shows_budget": True,
        "total_budget_minor": 1_800_000,
        "dos": ["Say what is wrong with it"],
    },
    "A cosy farming game": {
        "objective": "launch",
        "deliverables": [
            DeliverableSpec(
                kind="stream", platform="youtube", description="Two hours of the first season"
            )
        ],
        "total_budget_minor": 2_000_000,
    },
    "Shelves for rented rooms": {
        "objective": "sales",
        "deliverables": [
            DeliverableSpec(
                kind="video", platform="instagram", description="A wall before and after", count=2
            )
        ],
        "places": 3,
        "total_budget_minor": 1_350_000,
        "disclosure": "#anzeige #ad",
        "usage_rights_months": 3,
    },
}
WITH_THE_MODERATORS = ("Shelves for rented rooms",)


def write_brands(*, users: dict[str, User], now: dt.datetime) -> list[Brand]:
    """Make the brands, their teams and campaigns through the services brands use."""
    brands = []
    for team in TEAMS:
        brand = Brand.objects.create(
            name=team.brand,
            description=team.description,
            currency=team.currency,
            is_simulated=True,
            created_at=now,
        )
        Membership.objects.bulk_create(
            Membership(brand=brand, user=users[address], role=role, created_at=now)
            for address, role in team.members
        )
        audit.record(actor=None, verb="brand.created", subject=brand, data={"simulated": True})
        brands.append(brand)
    for number, title, days_ago, terms in CAMPAIGNS:
        began, owner = now - dt.timedelta(days=days_ago), users[TEAMS[number].members[0][0]]
        if title in WORK:
            terms = replace(
                terms,
                apply_by=now.date() + dt.timedelta(days=14),
                publish_by=now.date() + dt.timedelta(days=45),
                **WORK[title],
            )
        campaign = create_campaign(
            brand=brands[number], title=title, terms=terms, actor=owner, now=began
        )
        if title in WITH_THE_MODERATORS:
            submit_campaign(campaign=campaign, actor=owner, now=began)
    Campaign.objects.filter(brand__in=brands).update(is_simulated=True)
    return brands
