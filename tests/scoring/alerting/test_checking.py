"""What a check fires on, once, and what it leaves alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Brand, Creator, SocialAccount
from scoring.alerting.backtesting import backtest
from scoring.alerting.keeping import Channels, change_rule, create_rule, pause_rule, resume_rule
from scoring.alerting.terms import RuleTerms
from scoring.interactions.hiding import hide_creator
from scoring.models import AlertFiring, AlertReading, AlertRule, SearchEntry
from scoring.visibility import set_creator_status
from tests.cast import Cast
from tests.scoring.alerting.history import BEGIN, check, count, make_account, on, score

pytestmark = pytest.mark.django_db
RISE = RuleTerms(kind="threshold", metric="followers", threshold=1_000, cooldown_days=3)


def rule(cast: Cast, terms: RuleTerms = RISE, *, name: str = "Rise", day: int = 0) -> AlertRule:
    return create_rule(
        brand=cast.brand, name=name, terms=terms, channels=Channels(), actor=cast.brand_owner,
        now=on(day),
    )  # fmt: skip


def fired(found: AlertRule | None = None) -> list[tuple[str, int, float]]:
    rows = AlertFiring.objects.order_by("day", "account__handle")
    rows = rows.filter(rule=found) if found else rows
    return [(one.account.handle, (one.day - BEGIN.date()).days, one.value) for one in rows]


def live(account: SocialAccount, values: list[int | None], *, first: int = 0) -> None:
    for day, value in enumerate(values, start=first):
        if value is not None:
            count(account, day, value)
        check(day)


def test_a_rule_fires_on_crossing_and_not_while_it_holds(cast: Cast) -> None:
    made = rule(cast)
    live(make_account("anna"), [900, 1_000, 1_100, 1_200, 990, 1_010])
    assert fired(made) == [("anna", 1, 1_000.0), ("anna", 5, 1_010.0)]
    first = AlertFiring.objects.earliest("day")
    assert (first.previous, first.version.number, first.brand) == (900, 1, cast.brand)


def test_a_first_reading_crosses_nothing_unless_those_who_match_were_asked_for(cast: Cast) -> None:
    anna = make_account("anna")
    count(anna, 0, 5_000)
    rule(cast)
    asked = rule(cast, RuleTerms(**{**RISE.__dict__, "include_matching": True}), name="All")
    check(0)
    assert (fired(), AlertFiring.objects.get().rule) == ([("anna", 0, 5_000.0)], asked)
    assert AlertFiring.objects.get().matched_already
    check(1)
    assert len(fired()) == 1, "only once, at its beginning"


def test_a_fall_is_a_crossing_downward(cast: Cast) -> None:
    made = rule(cast, RuleTerms(**{**RISE.__dict__, "direction": "down"}))
    live(make_account("anna"), [1_200, 1_001, 1_000, 999])
    assert fired(made) == [("anna", 2, 1_000.0)]


def test_the_pause_after_a_finding_is_kept_across_accounts_and_versions(cast: Cast) -> None:
    made = rule(cast)
    creator = Creator.objects.create(display_name="Anna")
    first, second = make_account("a1", creator=creator), make_account("a2", creator=creator)
    for day, (one, other) in enumerate([(900, 900), (1_000, 1_000), (900, 900), (1_100, 900)]):
        count(first, day, one)
        count(second, day, other)
        check(day)
    assert fired(made) == [("a1", 1, 1_000.0)], "one for a creator, and none within three days"
    changed = RuleTerms(**{**RISE.__dict__, "threshold": 1_050, "cooldown_days": 1})
    change_rule(
        rule=made, name="Rise", terms=changed, channels=Channels(), actor=cast.brand_owner,
        now=on(4),
    )  # fmt: skip
    count(first, 4, 1_000)
    check(4)
    count(first, 5, 1_200)
    check(5)
    versions = AlertFiring.objects.order_by("day").values_list(
        "version__number", "version__threshold"
    )
    assert list(versions) == [(1, 1_000.0), (2, 1_050.0)], "the first is still explained"


def test_a_check_that_is_run_again_adds_nothing(cast: Cast) -> None:
    made, anna = rule(cast), make_account("anna")
    live(anna, [900, 1_000])
    for minutes in (30, 45):
        assert check(1, minutes=minutes).fired == 0
    count(anna, 1, 1_001, minutes=50)
    assert check(1, minutes=60).readings == 1, "the day is corrected, and was told already"
    assert fired(made) == [("anna", 1, 1_000.0)]


def test_what_happened_while_no_check_ran_is_still_a_crossing(cast: Cast) -> None:
    made, anna = rule(cast), make_account("anna")
    live(anna, [900])
    for day, value in ((1, 1_000), (2, 1_010), (3, 1_020)):
        count(anna, day, value)
    check(3)
    assert fired(made) == [("anna", 3, 1_020.0)]


def test_an_old_reading_fires_nothing(cast: Cast) -> None:
    made, anna = rule(cast), make_account("anna")
    live(anna, [900])
    count(anna, 1, 1_500)
    check(40)
    assert fired(made) == []


def test_who_is_not_shown_does_not_fire(cast: Cast) -> None:
    made = rule(cast)
    seen, hidden, gone = (make_account(name) for name in ("seen", "hidden", "suspended"))
    hide_creator(brand=cast.brand, creator=hidden.creator, actor=cast.brand_owner, now=on(0))
    set_creator_status(creator=gone.creator, status="suspended", actor=None, now=on(0))
    for day, value in enumerate((900, 1_000)):
        for account in (seen, hidden, gone):
            count(account, day, value)
        check(day)
    assert fired(made) == [("seen", 1, 1_000.0)]
    assert backtest(brand=cast.brand, terms=RISE, now=on(1)).fired == 1
    assert backtest(brand=cast.other_brand, terms=RISE, now=on(1)).fired == 2


def test_a_change_is_counted_from_the_reading_a_window_ago(cast: Cast) -> None:
    made = rule(cast, RuleTerms(
        kind="change", metric="followers", mode="percent", window_days=3, threshold=10,
    ))  # fmt: skip
    live(make_account("anna"), [1_000, 1_000, 1_000, 1_000, 1_040, 1_060, 1_120, 1_130])
    (found,) = AlertFiring.objects.filter(rule=made)
    assert ((found.day - BEGIN.date()).days, found.value) == (6, pytest.approx(12.0))
    assert (found.level, found.base, found.previous) == (1_120, 1_000, pytest.approx(6.0))
    fall = rule(cast, RuleTerms(
        kind="change", metric="followers", mode="absolute", direction="down", window_days=3,
        threshold=200,
    ), name="Fall", day=8)  # fmt: skip
    live(make_account("berta"), [1_000, 1_000, 1_000, 1_000, 950, 700], first=8)
    assert fired(fall) == [("berta", 13, -300.0)]


def test_risk_is_a_moderators_word_where_there_is_one(cast: Cast) -> None:
    made = rule(cast, RuleTerms(kind="threshold", metric="risk", threshold=70))
    level = rule(cast, RuleTerms(kind="threshold", metric="risk_level", threshold=3), name="Level")
    anna = make_account("anna")
    for day, (value, name) in enumerate([(40, "low"), (80, "high")]):
        score(anna, day, "authenticity", value, level=name)
        check(day)
    assert (fired(made), fired(level)) == ([("anna", 1, 80.0)], [("anna", 1, 3.0)])
    assert AlertFiring.objects.filter(rule=made).get().model_version == "authenticity/v1"


def test_who_is_new_in_a_niche_is_told_and_who_was_there_before_is_not(cast: Cast) -> None:
    anna, berta = make_account("anna"), make_account("berta")

    def label(account: SocialAccount, day: int, **weights: float) -> None:
        labels = [{"name": name, "probability": p} for name, p in weights.items()]
        score(account, day, "niche", 0.5, details={"labels": labels, "chosen": []})

    label(anna, -1, travel=0.9)
    label(berta, -1, food=0.8)
    SearchEntry.objects.filter(account=anna).update(niches=["travel"])
    made = rule(cast, RuleTerms(kind="entrant", niche="Travel"))
    check(0)
    assert fired(made) == []
    label(berta, 1, food=0.5, travel=0.6)
    carla = make_account("carla")
    SocialAccount.objects.filter(pk=carla.pk).update(created_at=on(1))
    label(carla, 1, travel=0.7)
    check(1)
    assert fired(made) == [("berta", 1, 60.0), ("carla", 1, 70.0)]
    tried = backtest(
        brand=cast.brand, terms=RuleTerms(kind="entrant", niche="travel"), now=on(1), days=2
    )
    assert {one.handle for one in tried.examples} == {"berta", "carla"}


def test_a_paused_rule_watches_nothing_and_begins_anew(cast: Cast) -> None:
    made, anna = rule(cast), make_account("anna")
    live(anna, [900])
    pause_rule(rule=made, actor=cast.brand_owner)
    live(anna, [1_000], first=1)
    assert not AlertReading.objects.exists()
    resume_rule(rule=made, actor=cast.brand_owner, now=on(2))
    live(anna, [1_100, 900, 1_000], first=2)
    assert fired(made) == [("anna", 4, 1_000.0)]


def test_statements_grow_neither_with_rules_nor_with_creators(cast: Cast) -> None:
    def statements(day: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert check(day).fired
        return len(captured)

    accounts = [make_account("first")]
    rule(cast)
    live(accounts[0], [900])
    count(accounts[0], 1, 1_000)
    few = statements(1)
    accounts += [make_account(f"more{number}") for number in range(5)]
    for number in range(8):
        terms = RuleTerms(kind="threshold", metric="followers", threshold=1_000 + number)
        rule(cast, terms, name=f"Rule {number}", day=1)
    for account in accounts:
        count(account, 2, 900)
    check(2)
    for account in accounts:
        count(account, 6, 2_000)
    assert statements(6) == few
    assert AlertFiring.objects.count() == 1 + 6 * 9


# The window of the rule, its direction, and up to three accounts with gaps in what is known.
_SERIES = st.lists(st.one_of(st.none(), st.integers(0, 20)), min_size=9, max_size=9)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    series=st.lists(_SERIES, min_size=1, max_size=3),
    shape=st.sampled_from([
        {"kind": "threshold"}, {"kind": "threshold", "direction": "down"},
        {"kind": "change", "mode": "absolute", "window_days": 1},
        {"kind": "change", "mode": "percent", "window_days": 3},
        {"kind": "change", "mode": "absolute", "window_days": 3, "direction": "down"},
    ]),
    threshold=st.integers(1, 15),
    cooldown=st.integers(1, 6),
)  # fmt: skip
def test_replaying_day_by_day_finds_what_the_backtest_finds(
    cast: Cast, series: list[list[int | None]], shape: dict[str, Any], threshold: int, cooldown: int
) -> None:
    with transaction.atomic():
        brand: Brand = cast.brand
        terms = RuleTerms(metric="followers", threshold=threshold, cooldown_days=cooldown, **shape)
        creator = Creator.objects.create(display_name="Two accounts")
        accounts = [
            make_account(f"replayed{n}", creator=creator if n < 2 else None)
            for n in range(len(series))
        ]
        made = rule(cast, terms, name="Replayed", day=-1)
        for day in range(9):
            for account, values in zip(accounts, series, strict=True):
                if values[day] is not None:
                    count(account, day, values[day])
            check(day)
        tried = backtest(brand=brand, terms=terms, now=on(8) + timedelta(hours=1), days=9)
        live_found = {(handle, day) for handle, day, _ in fired(made)}
        replayed = {(one.handle, (one.day - BEGIN.date()).days) for one in tried.examples}
        assert replayed == live_found
        assert tried.fired == len(live_found) == sum(n for _, n in tried.weeks)
        transaction.set_rollback(True)
