"""The pages of alerts: written, tried on the past, kept, read, paused, deleted; and by whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoring.alerting import keeping
from scoring.alerting.keeping import Channels
from scoring.alerting.terms import RuleTerms
from scoring.models import AlertFiring, AlertRule
from scoring.visibility import set_creator_status
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import Row, see, send
from tests.scoring.alerting.history import check, count, make_account, on

pytestmark = pytest.mark.django_db
FORM = {
    "name": "<b>Rise</b>", "kind": "threshold", "metric": "followers", "direction": "up",
    "threshold": "1000", "mode": "percent", "window_days": "", "cooldown_days": "7",
    "scope": "filters", "by_email": "on", "act": "keep",
}  # fmt: skip


@pytest.fixture
def rule(cast: Cast) -> AlertRule:
    return keeping.create_rule(
        brand=cast.brand, name="Rise", channels=Channels(), actor=cast.brand_owner, now=on(0),
        terms=RuleTerms(kind="threshold", metric="followers", threshold=1_000),
    )  # fmt: skip


def found(*names: str) -> None:
    accounts = [make_account(name) for name in names]
    for day, value in ((0, 900), (1, 1_100)):
        for account in accounts:
            count(account, day, value)
        check(day)


def test_a_rule_is_tried_kept_and_changed_without_scripts(cast: Cast, browse: Browse) -> None:
    client, new = browse(cast.brand_owner), reverse("alert_new", args=[cast.brand.pk])
    make_account("anna")
    form = client.get(new).content.decode()
    assert "Try it on the last 90 days" in form
    assert "Suggested price (money in whole units of its currency)" in form
    assert "minor units" not in form
    tried = client.post(new, FORM | {"act": "preview"})
    text = tried.content.decode()
    assert (tried.status_code, AlertRule.objects.exists()) == (200, False)
    assert "It would have fired 0 times in 90 days" in text
    assert "Nothing is known of this metric" in text
    kept = client.post(new, FORM)
    made = AlertRule.objects.get()
    assert kept.url == reverse("alert", args=[made.pk])
    page = client.get(kept.url).content.decode()
    assert "Followers: rises to 1k or more; everybody in the catalogue." in page
    assert "&lt;b&gt;Rise" in page
    again = client.post(new, FORM)
    assert (again.status_code, "of this name" in again.content.decode()) == (422, True)
    edit = reverse("alert_edit", args=[made.pk])
    assert 'value="1000"' in client.get(edit).content.decode()
    price = {"metric": "price", "currency": "EUR", "threshold": "12.50", "min_followers": "10k"}
    assert client.post(edit, FORM | price).status_code == 302
    assert keeping.current_version(made).threshold == 1_250
    assert keeping.current_version(made).number == 2
    assert 'value="12.5"' in client.get(edit).content.decode()
    text = client.get(reverse("alerts", args=[cast.brand.pk])).content.decode()
    assert "Suggested price in EUR: rises to €12.50 or more; from 10k followers." in text


def test_what_cannot_be_is_told_beside_its_field(cast: Cast, browse: Browse) -> None:
    client, new = browse(cast.brand_owner), reverse("alert_new", args=[cast.brand.pk])
    for changed in (
        {"threshold": "nan"}, {"threshold": "1e999"}, {"threshold": ""},
        {"metric": "risk", "threshold": "101"}, {"kind": "change", "window_days": "0"},
        {"kind": "change", "window_days": "1000000000"}, {"metric": "luck"},
        {"metric": "price", "currency": "XXX"}, {"kind": "entrant", "niche": "none"},
        {"scope": "named", "creators": "1 2 x"}, {"scope": "named", "creators": "9" * 18},
        {"scope": "named", "creators": " ".join(map(str, range(1, 10_001)))},
        {"scope": "shortlist"}, {"scope": "shortlist", "shortlist": "9" * 30},
        {"cooldown_days": str(10**30)}, {"name": "a\0"}, {"name": ""}, {"countries": "\0"},
        {"metric": "price", "currency": "EUR", "threshold": "1e300"},
    ):  # fmt: skip
        for act in ("keep", "preview"):
            response = client.post(new, FORM | changed | {"act": act})
            assert response.status_code == 422, changed
            assert "invalid-feedback" in response.content.decode(), changed
    assert not AlertRule.objects.exists()


def test_creators_are_named_as_people_name_them(cast: Cast, browse: Browse) -> None:
    client, new = browse(cast.brand_owner), reverse("alert_new", args=[cast.brand.pk])
    anna, berta = make_account("anna").creator, make_account("berta").creator
    typed = f"@ANNA, {berta.display_name}; {cast.creator.pk}\r\n{cast.other_creator.pk}, @anna"
    assert client.post(new, FORM | {"scope": "named", "creators": typed}).status_code == 302
    rule = AlertRule.objects.get()
    ids = tuple(sorted((anna.pk, berta.pk, cast.creator.pk, cast.other_creator.pk)))
    assert RuleTerms.of_version(keeping.current_version(rule)).creator_ids == ids
    edit = reverse("alert_edit", args=[rule.pk])
    shown = client.get(edit).context["form"]["creators"].value()
    assert f"#{anna.pk}" in shown
    named = {"scope": "named", "creators": shown, "name": "As shown"}
    assert client.post(edit, FORM | named).status_code == 302
    assert RuleTerms.of_version(keeping.current_version(rule)).creator_ids == ids
    twin = make_account("twin").creator
    twin.display_name = anna.display_name
    twin.save(update_fields=["display_name"])
    for typed, words in (
        ("@nobody", "No creator is called “@nobody”"),
        (anna.display_name, f"#{anna.pk} or "),
        ("9" * 19, "is too large for a number"),
        (", ".join(f"@x{n}" for n in range(60)), "At most 50 can be found by name"),
    ):
        response = client.post(new, FORM | {"scope": "named", "creators": typed})
        assert response.status_code == 422
        assert words in response.content.decode(), typed
    set_creator_status(creator=anna, status="suspended", actor=None, now=on(2))
    response = client.post(new, FORM | {"scope": "named", "creators": "@anna"})
    assert "No creator is called “@anna”" in response.content.decode()
    shown = client.get(edit).context["form"]["creators"].value()
    assert f"#{anna.pk}" in shown
    assert anna.display_name not in shown


def test_findings_say_why_and_leave_out_who_is_not_shown(
    cast: Cast, browse: Browse, rule: AlertRule
) -> None:
    found("anna", "berta")
    page = reverse("alert", args=[rule.pk])
    viewer = browse(cast.brand_viewer)
    text = viewer.get(page).content.decode()
    assert "Followers: 1.1k, before: 900 (limit 1k)" in text
    assert "version 1 of the alert" in text
    assert reverse("alert_act", args=[rule.pk, "pause"]) not in text
    berta = AlertFiring.objects.get(account__handle="berta").creator
    set_creator_status(creator=berta, status="suspended", actor=None, now=on(2))
    assert "berta" not in viewer.get(page).content.decode()
    client = browse(cast.brand_owner)
    assert "2 new" in client.get(reverse("alerts", args=[cast.brand.pk])).content.decode()

    def act(name: str) -> str:
        address = reverse("alert_act", args=[rule.pk, name])
        return client.post(address, follow=True).content.decode()

    assert "2 findings marked as seen" in act("seen")
    assert "seen by Olga Owner" in act("pause")
    assert "watches again" in act("resume")
    assert "The alert is deleted" in act("delete")
    assert client.get(page).status_code == 404


def test_lists_cost_the_same_however_long(cast: Cast, browse: Browse, rule: AlertRule) -> None:
    client = browse(cast.brand_viewer)

    def cost() -> tuple[int, ...]:
        counts = []
        for address in (
            reverse("alerts", args=[cast.brand.pk]), reverse("alert", args=[rule.pk]),
        ):  # fmt: skip
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return tuple(counts)

    found("anna")
    few = cost()
    found(*(f"n{number}" for number in range(4)))
    for number in range(3):
        keeping.create_rule(
            brand=cast.brand, name=f"More {number}", channels=Channels(),
            actor=cast.brand_owner, now=on(0),
            terms=RuleTerms(kind="threshold", metric="followers", threshold=number + 1),
        )  # fmt: skip
    assert cost() == few


GET: dict[str, Row] = {
    "alerts":     (302, 200, 200, 404, 404, 404, 404),
    "alert":      (302, 200, 200, 404, 404, 404, 404),
    "alert_new":  (302, 200, 403, 404, 404, 404, 404),
    "alert_edit": (302, 200, 403, 404, 404, 404, 404),
}  # fmt: skip
POST: dict[str, Row] = {
    "alert_new":  (302, 302, 403, 404, 404, 404, 404),
    "alert_edit": (302, 302, 403, 404, 404, 404, 404),
    "alert_act":  (302, 302, 403, 404, 404, 404, 404),
}  # fmt: skip


def test_who_sees_and_who_keeps_alerts(cast: Cast, browse: Browse, rule: AlertRule) -> None:
    def keys(name: str) -> list[int]:
        return [cast.brand.pk if name in ("alerts", "alert_new") else rule.pk]

    for name, row in GET.items():
        see(reverse(name, args=keys(name)), row, cast=cast, browse=browse)
    for name, row in POST.items():
        acts = [[one] for one in ("pause", "resume", "seen", "delete")]
        for act in acts if name == "alert_act" else [[]]:
            address = reverse(name, args=[*keys(name), *act])
            send(address, row, FORM | {"name": "Another"}, cast=cast, browse=browse)
    client = browse(cast.brand_owner)
    assert client.get(reverse("alert", args=[10**30])).status_code == 404
    assert client.post(reverse("alert_act", args=[rule.pk, "explode"])).status_code == 404
