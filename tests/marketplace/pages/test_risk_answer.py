"""The risk section: what was looked at, what it said, what is unknown, and the second opinion."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import (
    AccountMetric,
    FollowerSample,
    Provenance,
    SampledFollower,
    SocialAccount,
)
from scoring.models import Score
from scoring.rescoring import rescore_account
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.scoring.catalogue import DAY, NOW, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(cast: Cast, browse: Browse) -> Client:
    return browse(cast.brand_owner)


def shown(client: Client, account: SocialAccount) -> str:
    page = client.get(reverse("creator", args=[account.creator_id]))
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_what_is_unknown_is_said(owner: Client) -> None:
    account = make_account("plain", bio="Bread")
    rescore_account(account=account, now=NOW)
    page = shown(owner, account)
    assert "What was looked at" in page
    assert "No sample of followers was imported." in page
    assert "The points score needs followers day by day" in page


def test_a_sample_is_shown_with_its_interval_and_a_disagreement_in_words(owner: Client) -> None:
    account = make_account("sampled", bio="Bread", followers=50_000, engagement=0.12)
    for age in range(1, 40):
        AccountMetric.objects.create(
            account=account, day=DAY - timedelta(days=age), followers=50_000 - 40 * age,
            provenance=Provenance.MEASURED, recorded_at=NOW,
        )  # fmt: skip
    sample = FollowerSample.objects.create(
        account=account, taken_on=DAY, method="random", provenance=Provenance.IMPORTED,
        recorded_at=NOW,
    )  # fmt: skip
    bot = {"followers": 3, "following": 4_000, "posts": 0, "has_picture": False, "bio_length": 0}
    SampledFollower.objects.bulk_create(
        SampledFollower(sample=sample, pseudonym=f"{n:064d}", facts=bot, recorded_at=NOW)
        for n in range(80)
    )
    rescore_account(account=account, now=NOW)
    score = Score.objects.get(account=account, task="authenticity")
    page = shown(owner, account)
    assert "Of 80 sampled followers 80 could be judged" in page
    assert "of 100</span> by points" in page
    assert score.details["disagreement"]
    assert "The two disagree." in page


def test_a_score_of_the_account_model_alone_is_shown_as_it_was(owner: Client) -> None:
    account = make_account("older")
    Score.objects.create(
        account=account, task="authenticity", model_version="authenticity/v1", value=20,
        feature_set="account-facts-1", level="low", confidence=0.8, as_of=NOW,
        details={"probability": 0.2}, inputs={"followers": 20_000}, snapshot_hash="0" * 64,
    )  # fmt: skip
    page = shown(owner, account)
    assert "low risk" in page
    assert "What was looked at" not in page
