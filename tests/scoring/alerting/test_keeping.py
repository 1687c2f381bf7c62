"""Rules are refused by name, kept in versions, and tell their people once a day."""

import math
from typing import Any

import pytest
from django.core import mail

from accounts.errors import NotFound
from accounts.models import AuditEntry, Membership, NotificationPreference, OutboxEvent, User
from accounts.notifying.delivering import deliver_due
from accounts.notifying.preferences import next_digest, set_paces
from accounts.notifying.webhooks import add_endpoint
from marketplace.mails.composing import SiteComposer
from scoring.alerting import keeping, telling
from scoring.alerting.backtesting import backtest
from scoring.alerting.keeping import Channels, RuleNameTaken, TooManyRules
from scoring.alerting.terms import RuleRejected, RuleTerms
from scoring.models import AlertRule
from tests.cast import Cast
from tests.scoring.alerting.history import check, count, make_account, on

pytestmark = pytest.mark.django_db
RISE = RuleTerms(kind="threshold", metric="followers", threshold=1_000)


def make(cast: Cast, terms: RuleTerms = RISE, *, name: str = "Rise", **channels: bool) -> AlertRule:
    return keeping.create_rule(
        brand=cast.brand, name=name, terms=terms, channels=Channels(**channels),
        actor=cast.brand_owner, now=on(0),
    )  # fmt: skip


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("kind", {"kind": "miracle"}),
    ("metric", {"metric": "luck"}),
    ("threshold", {"metric": "risk", "threshold": 100.5}),
    ("threshold", {"threshold": math.nan}),
    ("threshold", {"threshold": math.inf}),
    ("threshold", {"threshold": None}),
    ("direction", {"direction": "sideways"}),
    ("cooldown_days", {"cooldown_days": 0}),
    ("window_days", {"kind": "change", "window_days": 0}),
    ("window_days", {"kind": "change", "window_days": 10**9}),
    ("threshold", {"kind": "change", "window_days": 7, "threshold": 0}),
    ("threshold", {"kind": "change", "window_days": 7, "threshold": 101, "direction": "down"}),
    ("metric", {"kind": "change", "metric": "risk_level", "window_days": 7, "threshold": 1}),
    ("currency", {"metric": "price", "currency": "XXX"}),
    ("niche", {"kind": "entrant", "niche": "quidditch"}),
    ("niches", {"niches": ("n\0",)}),
    ("countries", {"countries": ("Atlantis",)}),
    ("platforms", {"platforms": ("myspace",)}),
    ("max_followers", {"min_followers": 9, "max_followers": 8}),
    ("min_followers", {"min_followers": -1}),
    ("creator_ids", {"scope": "named", "creator_ids": tuple(range(1, 10_001))}),
    ("creator_ids", {"scope": "named", "creator_ids": (10**15,)}),
    ("creator_ids", {"scope": "named"}),
    ("shortlist_id", {"scope": "shortlist", "shortlist_id": 10**30}),
    ("shortlist_id", {"scope": "shortlist"}),
]


def test_what_cannot_be_a_rule_is_refused_by_the_name_of_its_entry(cast: Cast) -> None:
    for attr, changed in REFUSED:
        with pytest.raises(RuleRejected) as refusal:
            make(cast, RuleTerms(**{**RISE.__dict__, **changed}))
        assert (refusal.value.attr, changed) == (attr, changed)
    for name in ("", " ", "x" * 81, "a\0b", "a\u202eb"):
        with pytest.raises(RuleRejected):
            make(cast, name=name)
    assert not AlertRule.objects.exists()


def test_names_are_unique_and_rules_are_few(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make(cast, name="<b>Rise</b>")
    with pytest.raises(RuleNameTaken):
        make(cast, name="<B>rise</b>")
    monkeypatch.setattr(keeping, "MOST_RULES", 1)
    with pytest.raises(TooManyRules):
        make(cast, name="Second")


def test_what_somebody_deleted_meanwhile_is_not_found(cast: Cast) -> None:
    rule, actor = make(cast), cast.brand_owner
    keeping.delete_rule(rule=AlertRule.objects.get(pk=rule.pk), actor=actor)
    with pytest.raises(NotFound):
        keeping.delete_rule(rule=rule, actor=actor)
    with pytest.raises(NotFound):
        keeping.pause_rule(rule=rule, actor=actor)
    with pytest.raises(NotFound):
        keeping.change_rule(
            rule=rule, name="Rise", terms=RISE, channels=Channels(), actor=actor, now=on(0)
        )


def test_a_change_is_a_version_and_an_unchanged_rule_is_not(cast: Cast) -> None:
    rule = make(cast)
    given = {"rule": rule, "channels": Channels(), "actor": cast.brand_owner, "now": on(1)}
    keeping.change_rule(name="Named anew", terms=RISE, **given)
    assert rule.versions.count() == 1
    keeping.change_rule(
        name="Named anew", terms=RuleTerms(**{**RISE.__dict__, "threshold": 2_000}), **given
    )
    assert list(rule.versions.values_list("number", "is_live", "threshold")) == [
        (2, True, 2_000.0), (1, False, 1_000.0),
    ]  # fmt: skip
    assert RuleTerms.of_version(keeping.current_version(rule)).threshold == 2_000
    keeping.delete_rule(rule=rule, actor=cast.brand_owner)
    verbs = AuditEntry.objects.filter(verb__startswith="alert.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "alert.created", "alert.changed", "alert.changed", "alert.deleted",
    ]  # fmt: skip


def test_a_days_findings_are_one_mail_and_every_check_tells_the_webhooks(cast: Cast) -> None:
    manager = User.objects.create_user("manager@example.org", name="Max")
    Membership.objects.create(brand=cast.brand, user=manager, role=Membership.Role.MANAGER)
    set_paces(user=manager, paces={"alerts": "at_once"})
    add_endpoint(
        owner=cast.brand, url="https://example.org/", kinds=["alert"], actor=cast.brand_owner,
        now=on(0),
    )  # fmt: skip
    make(cast, by_webhook=True)
    accounts = {name: make_account(name) for name in ("anna", "berta")}
    for account in accounts.values():
        count(account, 0, 900)
    check(0)
    for minutes, account in enumerate(accounts.values()):
        count(account, 1, 1_000)
        check(1, minutes=30 + minutes)
    fired = OutboxEvent.objects.filter(kind="alert.fired").order_by("created_at")
    assert [one.payload["findings"] for one in fired] == [1, 1]
    assert fired[0].payload["firings"][0]["creator"] == accounts["anna"].creator_id
    deliver_due(composer=SiteComposer(), now=on(1))
    assert [one.to for one in mail.outbox] == [["manager@example.org"]] * 2, "one who asked for it"
    mail.outbox.clear()
    Membership.objects.filter(user=manager).delete()
    deliver_due(composer=SiteComposer(), now=next_digest(on(1)))
    (sent,) = mail.outbox
    assert sent.to == ["olga.owner@example.org"]
    assert "2 findings of the alerts of Alder" in sent.body
    assert sent.body.count("Followers: 1k, before: 900 (limit 1k)") == 2
    assert sent.body.index("Rise\n- anna") < sent.body.index("- berta")
    assert f"/brand/{cast.brand.pk}/alerts/" in sent.body


def test_whoever_wants_no_mail_gets_none_and_payloads_are_bounded(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    NotificationPreference.objects.create(user=cast.brand_owner, category="alerts", pace="never")
    monkeypatch.setattr(telling, "MOST_IN_PAYLOAD", 2)
    make(cast, by_webhook=True)
    accounts = [make_account(f"n{number}") for number in range(4)]
    for day, value in ((0, 900), (1, 1_000)):
        for account in accounts:
            count(account, day, value)
        check(day)
    (event,) = OutboxEvent.objects.filter(kind="alert.fired")
    assert (len(event.payload["firings"]), event.payload["left_out"]) == (2, 2)
    deliver_due(composer=SiteComposer(), now=next_digest(on(1)))
    assert mail.outbox == []


def test_the_backtest_says_what_it_knows_and_warns(cast: Cast) -> None:
    make_account("unknown")
    nobody = backtest(brand=cast.brand, terms=RISE, now=on(0))
    assert (nobody.fired, nobody.known_days, nobody.accounts_in_scope) == (0, 0, 1)
    assert "Nothing is known" in nobody.warnings[0]
    anna = make_account("anna")
    for day, value in enumerate((900, 950, 990)):
        count(anna, day, value)
    count(anna, 4, 995, minutes=6 * 24 * 60)
    tried = backtest(brand=cast.brand, terms=RISE, now=on(20), days=21)
    assert (tried.fired, tried.known_days, tried.days, tried.late) == (0, 4, 21, 1)
    assert not any("never" in warning for warning in tried.warnings), "too little is known"
    known = backtest(brand=cast.brand, terms=RISE, now=on(4), days=5)
    assert known.warnings == ["It would never have fired: the threshold may be out of reach."]
    assert any("4 of 21 days" in warning for warning in tried.warnings)
    italy = RuleTerms(**{**RISE.__dict__, "threshold": 950, "countries": ("italy",)})
    found = backtest(brand=cast.brand, terms=italy, now=on(20), days=21)
    assert [(one.name, one.value) for one in found.examples] == [("anna", 950.0)]
    assert found.weeks[0] == (on(0).date(), 1)
    assert found.matching_now == 1
    tokyo = RuleTerms(**{**RISE.__dict__, "countries": ("Japan",)})
    assert "Nobody passes" in backtest(brand=cast.brand, terms=tokyo, now=on(20)).warnings[0]
