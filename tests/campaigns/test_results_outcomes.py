"""Outcomes: recorded when a piece is over, as known at the agreement, and learned from."""

import csv
import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import AccountMetric, Creator, Provenance, SocialAccount, User
from accounts.signup import complete_signup
from campaigns import contracts, delivering, timers
from campaigns.cancelling import ask_to_cancel, refuse_to_cancel
from campaigns.ledger import Leg, account_of, post_operation
from campaigns.models import Campaign, Collaboration, Contract, LedgerAccount, Outcome
from campaigns.offer_terms import DeliverableTerms, OfferTerms
from campaigns.offers import accept_offer, make_offer
from campaigns.results.collecting import collect_results
from campaigns.results.lessons import (
    list_match_outcomes,
    list_post_outcomes,
    list_price_outcomes,
)
from campaigns.results.outcomes import record_due_outcomes, record_outcomes
from campaigns.results.report import get_report
from campaigns.starting import invite_creator
from campaigns.states import Side
from tests.campaigns.conftest import NOW, open_campaign
from tests.campaigns.test_contracts_and_work import draft, piece, publish, start_work
from tests.campaigns.test_results_collecting import published
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Kind = LedgerAccount.Kind
MONTH_LATER = NOW + timedelta(days=30)


def know(creator: Creator, platform: str, followers: int, *, days: int = -1) -> SocialAccount:
    account, _ = SocialAccount.objects.get_or_create(
        creator=creator, platform=platform, handle=f"h{creator.pk}"
    )
    AccountMetric.objects.create(
        account=account,
        day=(NOW + timedelta(days=days)).date(),
        followers=followers,
        extra={"expected_views": followers // 10},
        provenance=Provenance.IMPORTED,
        recorded_at=NOW + timedelta(days=days),
    )
    return account


def many_creators(count: int) -> list[tuple[User, Creator]]:
    made = []
    for number in range(count):
        user = User.objects.create_user(f"maker{number}@example.org", name=f"Maker {number}")
        creator = complete_signup(user=user, name=f"Maker {number}", side="creator").creator
        made.append((user, creator))
    return made


def deposit_cny(cast: Cast, amount: int) -> None:
    wallet = account_of(Kind.BRAND_WALLET, "CNY", brand=cast.brand)
    post_operation(
        operation_id="deposit:cny", kind="deposit", actor=None, now=NOW,
        legs=[Leg(account_of(Kind.EXTERNAL, "CNY"), -amount), Leg(wallet, amount)],
    )  # fmt: skip


def fund_work(
    cast: Cast, campaign: Campaign, user: User, creator: Creator, price_minor: int
) -> Collaboration:
    one = invite_creator(campaign=campaign, creator=creator, actor=cast.brand_owner, now=NOW)
    piece = DeliverableTerms(
        kind="video_21_60s", platform="douyin", description="A video", price_minor=price_minor,
        draft_due_on=date(2026, 3, 20), publish_by=date(2026, 3, 30),
    )  # fmt: skip
    offer = make_offer(
        collaboration=one, terms=OfferTerms(currency="CNY", deliverables=[piece]),
        side=Side.BRAND, actor=cast.brand_owner, now=NOW,
    )  # fmt: skip
    accept_offer(
        collaboration=one, terms_hash=offer.terms_hash, side=Side.CREATOR, actor=user, now=NOW
    )
    text_hash = Contract.objects.get(collaboration=one).text_hash
    for side, actor in ((Side.BRAND, cast.brand_owner), (Side.CREATOR, user)):
        contracts.sign(
            collaboration=one, typed_name="Ada Example", text_hash=text_hash, side=side,
            actor=actor, now=NOW,
        )  # fmt: skip
    return contracts.fund(collaboration=one, actor=cast.brand_owner, now=NOW)


def queries_of_report(campaign: Campaign, *, lines: int) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert len(get_report(campaign, now=NOW).lines) == lines
    return len(queries)


def give_up(user: User, collaboration: Collaboration) -> None:
    delivering.waive(
        deliverable=collaboration.deliverables.get(), reason="I am ill.", actor=user, now=NOW
    )


class TestRecording:
    def test_it_waits_for_the_thirtieth_day(self, cast: Cast) -> None:
        know(cast.creator, "instagram", 1_000)
        published(cast)
        assert collect_results(now=NOW + timedelta(days=7)).outcomes == 0
        assert collect_results(now=MONTH_LATER).outcomes == 1
        assert collect_results(now=MONTH_LATER).outcomes == 0
        outcome = Outcome.objects.get()
        assert (outcome.stage, outcome.price_minor, outcome.days_late) == ("month", 50_000, -29)
        assert set(outcome.results) == {"7d", "30d"}
        assert outcome.is_simulated

    def test_days_that_stood_still_make_nobody_late(self, cast: Cast) -> None:
        """A cancellation asked for and refused two days later moves the last day by two."""
        one = piece(start_work(cast))
        ask_to_cancel(
            collaboration=one.collaboration, side=Side.BRAND, actor=cast.brand_owner, now=NOW,
            reason="We may not launch.",
        )  # fmt: skip
        refuse_to_cancel(
            collaboration=one.collaboration, side=Side.CREATOR, actor=cast.creator_user,
            now=NOW + timedelta(days=2), reason="It is half done.",
        )  # fmt: skip
        draft(cast, one)
        delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
        publish(cast, one)
        [line] = get_report(one.collaboration.campaign, now=NOW).lines
        assert [shown.days_late for shown in line.pieces] == [-31]
        collect_results(now=MONTH_LATER)
        assert Outcome.objects.get().days_late == -31

    def test_a_month_that_is_missed_is_recorded_without_results(
        self, cast: Cast, settings: Settings
    ) -> None:
        settings.RESULT_CONNECTORS = {}
        published(cast)
        collect_results(now=MONTH_LATER + timedelta(days=6))
        assert (Outcome.objects.get().results, Outcome.objects.get().is_simulated) == ({}, False)

    def test_facts_are_those_known_at_the_agreement(self, cast: Cast) -> None:
        know(cast.creator, "instagram", 1_000, days=-2)
        know(cast.creator, "instagram", 5_000, days=1)
        published(cast)
        collect_results(now=MONTH_LATER)
        facts = Outcome.objects.get().account_facts
        assert (facts["followers"], facts["as_of"]) == (1_000, NOW.isoformat())
        assert facts["engagement_rate"] is None

    def test_computing_again_adds_nothing_and_nothing_is_changed(self, cast: Cast) -> None:
        one = published(cast)
        collect_results(now=MONTH_LATER)
        assert record_outcomes(deliverable_ids=[one.pk], now=MONTH_LATER) == 0
        with pytest.raises(InternalError), transaction.atomic():
            Outcome.objects.update(price_minor=1)

    def test_an_ended_collaboration_is_recorded_at_once(self, cast: Cast) -> None:
        deposit_cny(cast, 10**6)
        campaign = open_campaign(cast, budget_minor=None)
        one = fund_work(cast, campaign, cast.creator_user, cast.creator, 10_000)
        give_up(cast.creator_user, one)
        assert record_due_outcomes(now=NOW) == 0
        timers.fire_due(now=NOW + timedelta(days=14))
        assert record_due_outcomes(now=NOW + timedelta(days=14)) == 1
        outcome = Outcome.objects.get()
        assert (outcome.stage, outcome.state, outcome.published_at) == ("ended", "waived", None)

    def test_rows_for_posts_and_matches_say_what_was_measured(self, cast: Cast) -> None:
        know(cast.creator, "instagram", 1_000)
        published(cast)
        collect_results(now=NOW + timedelta(days=7))
        collect_results(now=MONTH_LATER)
        assert list(list_post_outcomes()) == []
        [post] = list_post_outcomes(simulated=True)
        assert post["provenance_30d"] == "simulated"
        assert post["views_30d"] > post["views_7d"] > 0
        assert post["likes_30d"] >= post["likes_7d"] > 0
        [match] = list_match_outcomes(simulated=True)
        assert (match["brief_version"], match["on_time"], match["delivered"]) == (1, 1, 0)
        assert next(list_price_outcomes(simulated=True))["price"] == 500


def test_what_is_exported_trains_the_price_model_and_a_report_costs_the_same(
    cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    settings.ARTIFACTS_DIR = tmp_path
    deposit_cny(cast, 10**9)
    campaign = open_campaign(cast, budget_minor=None)
    for number, (user, creator) in enumerate(many_creators(32), start=1):
        know(creator, "douyin", 10_000 * number)
        give_up(user, fund_work(cast, campaign, user, creator, 50_000 * number))
        if number == 1:
            queries = queries_of_report(campaign, lines=1)
    assert queries_of_report(campaign, lines=32) == queries == 8
    later = NOW + timedelta(days=14)
    timers.fire_due(now=later)
    record_due_outcomes(now=later)
    out, said = tmp_path / "price.csv", StringIO()
    call_command("export_outcomes", "price", "--out", str(out), "--json", stdout=said)
    assert json.loads(said.getvalue()) == {"task": "price", "file": str(out), "rows": 32}
    [first, *_] = csv.DictReader(out.open(encoding="utf-8"))
    assert (first["price_21_60s"], first["followers"], first["as_of"]) == (
        "500.00", "10000", NOW.isoformat(),
    )  # fmt: skip
    said = StringIO()
    call_command("train", "price", "--data", str(out), "--json", stdout=said)
    trained = json.loads(said.getvalue().splitlines()[-1])
    assert (trained["rows"], trained["metrics"]["median_ape"] > 0) == (32, True)


def test_nothing_to_export_is_said(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No outcomes are recorded"):
        call_command("export_outcomes", "match", "--out", str(tmp_path / "x.csv"))
    with pytest.raises(CommandError, match="price, match, plep"):
        call_command("export_outcomes", "niche", "--out", str(tmp_path / "x.csv"))
    assert not (tmp_path / "x.csv").exists()
