"""Making, freezing and withdrawing price justifications."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction

from accounts.errors import Forbidden
from accounts.models import AccountMetric, AuditEntry, Provenance, SocialAccount
from campaigns.hiring import CreatorNotHireable
from scoring.justifying import making
from scoring.justifying.documents import hash_of, read_document
from scoring.justifying.making import (
    AlreadyWithdrawn,
    JustificationRefused,
    TooManyJustifications,
    preview_justification,
    withdraw_justification,
)
from scoring.justifying.reading import changes_since
from scoring.justifying.wording import interval_words, value_words
from scoring.models import MarketValue, PriceJustification, ValuationRun
from scoring.visibility import set_creator_status
from tests.cast import NOW, Cast
from tests.scoring.justifying.frozen import DAY, add_post, justify, own_account

pytestmark = pytest.mark.django_db


def test_it_freezes_what_is_measured_with_intervals_and_an_audit_row(cast: Cast) -> None:
    made = justify(cast, own_account(cast), note=" Two rounds of changes.\r\nBest, C. ", days=14)
    document = read_document(made.document)
    assert made.document_hash == hash_of(made.document)
    assert made.is_whole
    assert document.to_text() == made.document
    assert document.note == "Two rounds of changes.\nBest, C."
    assert made.expires_at == NOW + 14 * DAY
    figures = document.figures()
    views = figures["performance", "views"]
    assert (views.value, views.low, views.high) == (4_500, 1_000, 8_000)
    assert "counts imported (8)" in views.source
    assert views.as_of == "2026-02-28"
    rate = figures["performance", "engagement_rate"]
    assert rate.value == pytest.approx(450 / 20_000)
    growth = figures["performance", "growth"]
    assert growth.value == pytest.approx(20 / 18 - 1, abs=1e-6)
    cost = figures["costs", "per_thousand_views"]
    assert cost.value == pytest.approx(120_000 * 1_000 / 4_500, abs=1e-3)
    assert (cost.low, cost.high) == (15_000, 120_000)
    assert figures["authenticity", "risk"].unknown == "The account has not been checked yet."
    record = document.section("track_record")
    assert record is not None
    assert record.unknown.startswith("No collaboration")
    entry = AuditEntry.objects.get(verb="price_justification.made")
    assert (entry.actor, entry.data["hash"]) == (cast.creator_user, made.document_hash)


def test_the_market_is_compared_in_words_or_it_says_why_not(cast: Cast) -> None:
    cook = read_document(justify(cast, own_account(cast)).document)
    assert cook.verdict == "" or cook.verdict.startswith("Asked €1,200")
    account = SocialAccount.objects.create(
        creator=cast.creator, platform="douyin", handle="carla", country="China"
    )
    AccountMetric.objects.create(
        account=account, day=NOW.date() - DAY, followers=80_000, engagement_rate=0.05,
        extra={"expected_views": 30_000}, provenance=Provenance.IMPORTED, recorded_at=NOW - DAY,
    )  # fmt: skip
    sold = {"deliverable": "video_21_60s", "asked_minor": 90_000}
    priced = read_document(justify(cast, account, currency="CNY", **sold).document)
    figure = priced.figures()["price", "suggested"]
    assert figure.value is not None
    assert figure.low is not None
    assert figure.low <= figure.value
    assert figure.model_version.startswith("price/")
    assert "not learned from" in figure.interval
    assert priced.verdict.startswith("Asked CN¥900")
    abroad = read_document(justify(cast, account, currency="EUR", **sold).document)
    section = abroad.section("price")
    assert section is not None
    assert abroad.verdict == ""
    assert "no recent rate to EUR" in section.sentences[0]
    assert abroad.figures()["price", "suggested"] == figure


def test_a_value_comes_with_its_rank_interval_and_formula(cast: Cast) -> None:
    account = own_account(cast, posts=0)
    run = ValuationRun.objects.create(
        as_of=NOW - DAY, formula_version="value-1", model_version="value/v1",
        leagues={"real:EUR": 1_200}, completed_at=NOW,
    )  # fmt: skip
    MarketValue.objects.create(
        run=run, account=account, platform="instagram", simulated=False, league="real:EUR",
        currency="EUR", value=84_321.5, low=60_000, high=120_000, rank=17, rank_low=9,
        rank_high=40, band=12, parts={"authenticity": {"value": 0.9, "low": 0.8, "high": 1.0}},
    )  # fmt: skip
    section = read_document(justify(cast, account).document).section("value")
    assert section is not None
    value, rank = section.figure("value"), section.figure("rank")
    assert value is not None
    assert (value_words(value), interval_words(value)) == ("€843", "€600 to €1,200")
    assert (value.model_version, value.as_of[:10]) == ("value/v1", "2026-02-28")
    assert rank is not None
    assert (rank.value, rank.low, rank.high) == (17, 9, 40)
    assert "1,200 accounts" in rank.label
    assert section.figure("authenticity") is not None
    assert "band 12" in section.sentences[0]


def test_young_posts_estimates_and_simulated_counts_are_left_out(cast: Cast) -> None:
    account = own_account(cast, posts=3)
    add_post(account, views=10**6, days_ago=2)
    add_post(account, views=10**6, days_ago=20, provenance=Provenance.ESTIMATED)
    add_post(account, views=10**6, days_ago=21, provenance=Provenance.SIMULATED)
    figure = read_document(justify(cast, account).document).figures()["performance", "views"]
    assert (figure.value, figure.low, figure.simulated) == (2_000, None, False)
    assert "fewer than six" in figure.interval


def test_an_account_of_which_nothing_is_known_still_has_a_document(cast: Cast) -> None:
    account = own_account(cast, posts=0)
    account.metrics.all().delete()
    document = read_document(justify(cast, account).document)
    for figure in document.figures().values():
        assert figure.value is None, figure
        assert figure.unknown, figure


def test_it_says_what_the_creator_left_out(cast: Cast) -> None:
    made = justify(cast, own_account(cast), left_out=["track_record", "audience"])
    document = read_document(made.document)
    left_out = {part.name for part in document.sections if part.is_left_out}
    assert left_out == {"track_record", "audience"}
    assert not any(section in left_out for section, _ in document.figures())


def test_later_figures_change_nothing_in_it_and_are_told_as_changes(cast: Cast) -> None:
    account = own_account(cast)
    made = justify(cast, account)
    assert changes_since(made, now=NOW) == []
    for days in range(1, 8):
        add_post(account, views=90_000, days_ago=days + 4, counted_after=4)
    later = NOW + DAY
    told = {change.label: change for change in changes_since(made, now=later)}
    assert told["Views of a post, median"].then == "4,500 (1,000 to 8,000)"
    assert told["Views of a post, median"].now.startswith("8,000")
    assert "Followers" not in told
    made.refresh_from_db()
    assert made.is_whole


BAD: list[tuple[str, object]] = [
    ("asked_minor", 0), ("asked_minor", -5), ("asked_minor", 10**11), ("asked_minor", 10**400),
    ("currency", "XXX"), ("currency", ""), ("deliverable", "short_video"),
    ("deliverable", "x" * 500), ("note", "x" * 501), ("note", "a\x00b"),
    ("note", "a\x1b[31mb"), ("note", "a\x85b"), ("note", "\ud800"),
    ("days", 0), ("days", 91), ("left_out", ["performance"]),
]  # fmt: skip


def test_bad_input_is_refused_by_name(cast: Cast) -> None:
    account = own_account(cast, posts=0)
    for field, value in BAD:
        with pytest.raises(JustificationRefused) as refusal:
            justify(cast, account, **{field: value})
        assert refusal.value.field == field
    assert not PriceJustification.objects.exists()


def test_only_the_creator_makes_and_withdraws(cast: Cast) -> None:
    account = own_account(cast, posts=0)
    made = justify(cast, account)
    for actor in (cast.other_creator_user, cast.brand_owner, cast.moderator):
        with pytest.raises(Forbidden):
            justify(cast, account, actor=actor)
        with pytest.raises(Forbidden):
            withdraw_justification(justification=made, actor=actor, now=NOW)


def test_suspended_creators_make_none(cast: Cast) -> None:
    account = own_account(cast, posts=0)
    set_creator_status(creator=cast.creator, status="suspended", actor=cast.moderator, now=NOW)
    with pytest.raises(CreatorNotHireable):
        justify(cast, account)


def test_live_ones_are_limited_and_withdrawn_ones_make_room(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_LIVE", 2)
    monkeypatch.setattr(making, "MOST_A_DAY", 3)
    account = own_account(cast, posts=0)
    first = justify(cast, account)
    justify(cast, account)
    with pytest.raises(TooManyJustifications):
        justify(cast, account)
    withdraw_justification(justification=first, actor=cast.creator_user, now=NOW)
    justify(cast, account)
    with pytest.raises(TooManyJustifications):
        justify(cast, account, now=NOW + timedelta(days=30, hours=-1))
    justify(cast, account, now=NOW + timedelta(days=31))


def test_withdrawing_is_done_once_and_keeps_the_row(cast: Cast) -> None:
    made = justify(cast, own_account(cast, posts=0))
    withdrawn = withdraw_justification(justification=made, actor=cast.creator_user, now=NOW)
    assert withdrawn.withdrawn_at == NOW
    assert AuditEntry.objects.filter(verb="price_justification.withdrawn").count() == 1
    with pytest.raises(AlreadyWithdrawn):
        withdraw_justification(justification=made, actor=cast.creator_user, now=NOW + DAY)


def test_the_database_keeps_it_as_it_was(cast: Cast) -> None:
    made = justify(cast, own_account(cast, posts=0))
    for change in ({"document": "{}"}, {"asked_minor": 1}, {"expires_at": NOW + 400 * DAY}):
        with pytest.raises(InternalError), transaction.atomic():
            PriceJustification.objects.filter(pk=made.pk).update(**change)


def test_a_preview_is_what_is_frozen_and_writes_nothing(cast: Cast) -> None:
    account = own_account(cast)
    shown = preview_justification(
        account=account, deliverable="reel", asked_minor=120_000, currency="EUR",
        actor=cast.creator_user, now=NOW,
    )  # fmt: skip
    assert not PriceJustification.objects.exists()
    made = read_document(justify(cast, account).document)
    assert made == shown
