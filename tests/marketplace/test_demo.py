"""The demo market: seeded, honest about being simulated, all or nothing."""

import datetime as dt
import json
import time
from collections import Counter
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import (
    AccountMetric,
    AudienceSnapshot,
    AuditEntry,
    Brand,
    Creator,
    Membership,
    Platform,
    Post,
    PostMetric,
    Provenance,
    SocialAccount,
    User,
)
from campaigns.models import Campaign
from marketplace.demo import cast, seeding
from marketplace.demo.frauds import Fraud
from marketplace.demo.market import Market, SimulatedAccount, SimulatedPost, generate_market
from marketplace.demo.series import Purchase
from marketplace.demo.vocabulary import NICHES
from scoring.selectors import current_scores

TODAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 12, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def market() -> Market:
    return generate_market(creators=400, seed=7, today=TODAY)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hashing is slow on purpose, which is not what these tests measure."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def facts_of(account: SimulatedAccount) -> tuple[object, ...]:
    return (
        account.handle,
        account.platform,
        account.bio,
        account.hashtags,
        account.followers.tolist(),
        account.likes.tolist(),
        account.posts,
        account.audience_now,
    )


def planted(market: Market, kind: Fraud) -> list[SimulatedAccount]:
    return [a for a in market.accounts if a.fraud is not None and a.fraud.kind is kind]


def test_same_seed_gives_the_same_market(market: Market) -> None:
    again = generate_market(creators=400, seed=7, today=TODAY)
    assert [facts_of(a) for a in again.accounts] == [facts_of(a) for a in market.accounts]


def test_another_seed_gives_another_market(market: Market) -> None:
    other = generate_market(creators=400, seed=8, today=TODAY)
    assert [a.bio for a in other.accounts] != [a.bio for a in market.accounts]
    assert not np.array_equal(other.accounts[0].followers, market.accounts[0].followers)


def test_a_larger_market_begins_with_the_smaller_one() -> None:
    small = generate_market(creators=5, seed=3, today=TODAY)
    large = generate_market(creators=8, seed=3, today=TODAY)
    assert [a.bio for a in large.accounts][: len(small.accounts)] == [a.bio for a in small.accounts]


def test_market_has_every_platform_niche_and_several_languages(market: Market) -> None:
    assert {a.platform for a in market.accounts} == {"instagram", "tiktok", "youtube", "douyin"}
    assert {c.person.niche.label for c in market.creators} == {n.label for n in NICHES}
    assert len({c.person.country for c in market.creators}) >= 10
    assert {c.person.tongue for c in market.creators} == {"en", "de", "fr", "es", "pt", "zh"}
    bios = Counter(a.bio for a in market.accounts)
    assert len(bios) > 0.95 * len(market.accounts)


def test_every_account_has_posts_and_two_to_four_months_of_days(market: Market) -> None:
    for account in market.accounts:
        assert 60 <= len(account.followers) <= 120
        assert 5 <= len(account.posts) <= 12
        assert (account.followers > 0).all()
        for post in account.posts:
            moments = [post.published_at + counts.age for counts in post.counts]
            assert max(moments) == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
            assert all(c.views is None or c.views >= c.likes for c in post.counts)


def test_engagement_falls_with_size(market: Market) -> None:
    accounts = [a for a in market.accounts if a.platform == "instagram" and a.fraud is None]
    sizes = np.log([a.followers[-1] for a in accounts])
    rates = np.log([(a.likes[-1] + a.comments[-1]) / a.followers[-1] for a in accounts])
    assert np.corrcoef(sizes, rates)[0, 1] < -0.3


def test_each_fraud_is_planted_and_does_what_it_says(market: Market) -> None:
    assert all(len(planted(market, kind)) == 12 for kind in Fraud)
    for account in planted(market, Fraud.BOUGHT_FOLLOWERS):
        assert account.fraud is not None
        daily = np.diff(account.followers) / account.followers[:-1]
        assert int(np.argmax(daily)) + 1 == account.fraud.starts
        assert daily.max() > 0.2
    for account in planted(market, Fraud.SLOW_DRIP):
        assert account.fraud is not None
        gained = np.diff(account.fraud.bots)[account.fraud.starts + 1 :]
        assert gained.std() / gained.mean() < 0.2
    for kind in (Fraud.ENGAGEMENT_POD, Fraud.COMMENT_SPAM):
        ratios = [a.comments[-1] / a.likes[-1] for a in planted(market, kind)]
        honest = [a.comments[-1] / a.likes[-1] for a in market.accounts if a.fraud is None]
        assert np.median(ratios) > 3 * np.median(honest)


def test_some_honest_accounts_jump_too(market: Market) -> None:
    assert sum(bool(a.jumps) for a in market.accounts if a.fraud is None) > 20


def test_douyin_accounts_carry_what_prices_are_learnt_from(market: Market) -> None:
    douyin = [a for a in market.accounts if a.platform == "douyin"]
    assert len(douyin) > 30
    for account in douyin:
        assert account.marketplace_facts["median_views_30d"] > 0
        assert 0 < account.marketplace_facts["engagement_rate_30d"] <= 1
        oldest = min(post.published_at for post in account.posts)
        assert NOW - oldest < dt.timedelta(days=30)


def followed(market: Market) -> list[SimulatedPost]:
    return [post for a in market.accounts for post in a.posts if len(post.counts) > 2]


def test_sixty_posts_are_counted_by_the_hour(market: Market) -> None:
    posts = followed(market)
    assert len(posts) == 60
    for post in posts:
        ages = [counts.age for counts in post.counts]
        assert ages == sorted(set(ages))
        assert 45 <= len(ages) <= 122
        assert post.published_at + ages[-1] == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
        for name in ("views", "likes", "comments", "shares", "saves"):
            series = [getattr(counts, name) for counts in post.counts]
            assert series == sorted(series) if None not in series else not any(series)
        assert all(c.views is None or c.views >= c.likes for c in post.counts)


def test_bought_engagement_is_in_the_counts_and_on_the_key_alone(market: Market) -> None:
    bought = [post for post in followed(market) if post.bought]
    assert 8 <= len(bought) <= 20
    assert {post.bought.kind for post in bought if post.bought} <= set(Purchase)
    for post in bought:
        assert post.bought
        name = {"bought_likes": "likes", "comment_ring": "comments"}.get(post.bought.kind, "views")
        first, last = min(post.bought.hours), max(post.bought.hours) + 1
        inside = [c for c in post.counts if first - 3 <= c.age / dt.timedelta(hours=1) <= last + 3]
        assert getattr(inside[-1], name) - getattr(inside[0], name) >= 0.9 * post.bought.amount
    assert not any(post.bought for post in market.creators[0].accounts[0].posts)


def seed(**options: object) -> seeding.MarketReport:
    arguments = {
        "creators": 24, "seed": 7, "now": NOW, "with_scores": False, "with_stories": False,
        **options,
    }  # fmt: skip
    return seeding.seed_market(**arguments)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_seeding_writes_simulated_rows_only() -> None:
    report = seed()
    assert report.creators == Creator.objects.filter(is_simulated=True).count() == 24
    assert not Creator.objects.filter(is_simulated=False).exists()
    assert not Brand.objects.filter(is_simulated=False).exists()
    assert not Campaign.objects.filter(is_simulated=False).exists()
    for model in (AccountMetric, PostMetric, AudienceSnapshot):
        assert set(model.objects.values_list("provenance", flat=True)) == {Provenance.SIMULATED}
    assert all(c.display_name.startswith("Simulated ") for c in Creator.objects.all())
    assert all(a.handle.startswith("sim_") for a in SocialAccount.objects.all())


@pytest.mark.django_db
def test_seeding_makes_the_log_ins_and_two_teams() -> None:
    seed()
    for _, email, password in cast.DEMO_LOGINS:
        assert User.objects.get(email=email).check_password(password)
    moderator = User.objects.get(email=cast.MODERATOR)
    assert moderator.is_staff
    assert not moderator.is_superuser
    assert User.objects.get(email=cast.CREATOR).creator.is_simulated
    teams = Brand.objects.order_by("pk")
    assert len(teams) == 2
    for brand in teams:
        assert brand.memberships.filter(role=Membership.Role.OWNER).exists()
    assert not User.objects.get(email=cast.MANAGER).is_active
    assert 4 <= Campaign.objects.count() <= 6


@pytest.mark.django_db
def test_facts_are_recorded_when_they_were_counted_and_never_later() -> None:
    seed()
    metrics = AccountMetric.objects.all()
    assert max(metric.day for metric in metrics) == TODAY
    assert all(metric.recorded_at.date() == metric.day for metric in metrics)
    assert all(metric.recorded_at <= NOW for metric in PostMetric.objects.all())
    assert all(post.published_at and post.published_at < NOW for post in Post.objects.all())
    priced = AccountMetric.objects.filter(account__platform=Platform.DOUYIN, day=TODAY)
    assert priced.exists()
    assert all(metric.extra["expected_views"] > 0 for metric in priced)


@pytest.mark.django_db
def test_seeding_embeds_and_scores_what_it_wrote() -> None:
    report = seed(with_scores=True)
    assert report.scores is not None
    assert report.scores["embedded"] == report.accounts
    scores = current_scores(list(SocialAccount.objects.values_list("pk", flat=True)))
    assert len(scores) == report.accounts
    prices = {
        account.platform: scores[account.pk]["price"].abstained
        for account in SocialAccount.objects.all()
    }
    assert prices[Platform.DOUYIN] is False
    assert prices[Platform.INSTAGRAM] is True


@pytest.mark.django_db
def test_the_answer_key_is_a_file_and_nothing_in_the_facts() -> None:
    report = seed()
    key = json.loads(seeding.get_answer_key_path().read_text())
    culprits = [account for account in key["accounts"] if account["fraud"]]
    assert len(culprits) == report.planted == 4
    extras = AccountMetric.objects.exclude(account__platform=Platform.DOUYIN).values_list(
        "extra", flat=True
    )
    assert all(extra == {} for extra in extras)


@pytest.mark.django_db
def test_seeding_twice_is_refused_and_clear_replaces() -> None:
    seed()
    with pytest.raises(seeding.MarketExists):
        seed()
    report = seed(creators=12, clear=True)
    assert Creator.objects.count() == report.creators == 12
    assert User.objects.filter(email=cast.OWNER).count() == 1


@pytest.mark.django_db
def test_removing_leaves_everything_that_is_not_simulated() -> None:
    person = User.objects.create_user("someone@example.org", "pass-word-9")
    real = Creator.objects.create(display_name="Real", user=person)
    account = SocialAccount.objects.create(creator=real, platform="tiktok", handle="real")
    AccountMetric.objects.create(
        account=account, day=TODAY, followers=5, provenance=Provenance.CREATOR
    )
    seed()
    brand = Brand.objects.create(name="Own brand of the demo owner")
    owner = User.objects.get(email=cast.OWNER)
    Membership.objects.create(brand=brand, user=owner, role=Membership.Role.OWNER)
    entries = AuditEntry.objects.count()
    seeding.remove_market(now=NOW)
    assert list(Creator.objects.all()) == [real]
    assert AccountMetric.objects.count() == 1
    assert Post.objects.count() == PostMetric.objects.count() == Campaign.objects.count() == 0
    assert set(User.objects.values_list("email", flat=True)) == {person.email, cast.OWNER}
    assert AuditEntry.objects.count() > entries
    assert not seeding.get_answer_key_path().exists()
    with pytest.raises(seeding.NoMarket):
        seeding.remove_market(now=NOW)


@pytest.mark.django_db
def test_a_failure_on_the_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(seeding, "write_answer_key", fail)
    with pytest.raises(OSError, match="no space"):
        seed()
    assert not Creator.objects.exists()
    assert not Brand.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_an_address_taken_before_gets_neither_password_nor_rights() -> None:
    User.objects.create_user(cast.MODERATOR, "their-own-password")
    seed()
    taken = User.objects.get(email=cast.MODERATOR)
    assert taken.check_password("their-own-password")
    assert not taken.is_staff


@pytest.mark.django_db
def test_production_gets_no_log_ins(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(seeding.LoginsRefused):
        seed()
    seed(with_logins=False)
    assert not User.objects.filter(is_active=True).exists()
    assert not User.objects.filter(email=cast.MODERATOR).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"creators": 0}, {"creators": 10**6}, {"seed": -1}])
def test_odd_sizes_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(seeding.SizeRefused):
        seed(**options)


@pytest.mark.django_db
def test_the_number_of_statements_hardly_depends_on_the_size() -> None:
    seed(creators=10)
    with CaptureQueriesContext(connection) as few:
        seed(creators=10, clear=True)
    with CaptureQueriesContext(connection) as many:
        seed(creators=60, clear=True)
    assert len(many) < len(few) + 10


@pytest.mark.django_db
def test_the_command_says_what_it_made_and_refuses_in_one_line() -> None:
    out = StringIO()
    call_command("seed_demo", creators=5, no_scores=True, json=True, stdout=out, stderr=StringIO())
    assert json.loads(out.getvalue())["creators"] == 5
    with pytest.raises(CommandError, match="--clear"):
        call_command("seed_demo", creators=5, no_scores=True, stdout=out, stderr=StringIO())
    call_command("seed_demo", remove=True, stdout=out)
    assert not Creator.objects.exists()


@pytest.mark.django_db
def test_four_hundred_creators_take_less_than_ten_seconds_of_work() -> None:
    """Processor time, because other work on the machine is not the seeding's fault."""
    started = time.process_time()
    seed(creators=400)
    assert time.process_time() - started < 10
