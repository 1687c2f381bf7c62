"""A small market to plan in: priced accounts with posts and audiences."""

from datetime import timedelta

import numpy as np

from accounts.models import AudienceSnapshot, Post, PostMetric, SocialAccount
from campaigns.terms import BriefTerms
from scoring.catalogue import Quiet, refresh_catalogue
from tests.scoring.catalogue import DAY, NOW, make_account

BRIEF = BriefTerms(text="Makeup reviews and beauty routines for sensitive skin")
SIZE = 14


def make_market(*, simulated: bool = False) -> list[SocialAccount]:
    """Accounts on the marketplace that the shipped price model knows, in yuan."""
    rng = np.random.default_rng(5)
    accounts = []
    for number in range(SIZE):
        followers = int(20_000 * 1.5**number)
        views = followers * 0.6
        account = make_account(
            f"beauty_{number}",
            bio="Makeup reviews and beauty",
            platform="douyin",
            country="China",
            followers=followers,
            engagement=0.03,
            extra={"expected_views": views, "median_views_30d": views},
        )
        account.creator.is_simulated = simulated
        account.creator.save(update_fields=["is_simulated"])
        accounts.append(account)
        if number % 3 == 0:
            add_posts(account, views=views, rng=rng)
        AudienceSnapshot.objects.create(
            account=account,
            day=DAY,
            countries={"CN": 0.9, "SG": 0.1} if number % 2 else {"CN": 0.3, "US": 0.7},
            gender={"female": 0.8, "male": 0.2},
            provenance="imported",
        )
    refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    return accounts


def add_posts(account: SocialAccount, *, views: float, rng: np.random.Generator) -> None:
    for place in range(6):
        at = NOW - timedelta(days=place + 2)
        post = Post.objects.create(account=account, external_id=f"p{place}", published_at=at)
        seen = int(views * np.exp(rng.normal(0, 0.4)))
        PostMetric.objects.create(
            post=post, observed_at=at + timedelta(days=1), recorded_at=at + timedelta(days=1),
            views=seen, likes=seen // 20, comments=seen // 200, provenance="imported",
        )  # fmt: skip
