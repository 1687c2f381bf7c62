"""Growth on the creator's page, and the creator's explanation of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.growth_events import decide_event, declare_event
from accounts.models import GrowthEvent
from scoring import registry
from tests.cast import Cast
from tests.marketplace.growing import make_growing_account
from tests.marketplace.pages.conftest import Browse

pytestmark = pytest.mark.django_db
LINK = "https://example.org/programme"


def form(day: object, **changed: object) -> dict[str, object]:
    return {
        "kind": "tv", "starts_on": day, "ends_on": day, "evidence_url": LINK, "description": "",
        **changed,
    }  # fmt: skip


def test_the_creators_page_shows_the_spike_its_rules_and_the_way_to_explain_it(
    cast: Cast, browse: Browse
) -> None:
    account, day = make_growing_account(cast.creator)
    text = browse(cast.creator_user).get(f"/creators/{cast.creator.pk}/").content.decode()
    assert "risk of bought growth" in text
    assert "No cause is declared for it." in text
    assert f"{reverse('growth', args=[account.pk])}?starts_on={day}" in text
    assert f'id="growth-{account.pk}"' in text
    assert f'"day": "{day}", "explained": false' in text
    brand = browse(cast.brand_owner).get(f"/creators/{cast.creator.pk}/").content.decode()
    assert "unexplained" in brand
    assert "Explain this growth" not in brand


def test_an_account_without_counts_is_not_judged(cast: Cast, browse: Browse) -> None:
    cast.creator.accounts.create(platform="tiktok", handle="new")
    text = browse(cast.brand_owner).get(f"/creators/{cast.creator.pk}/").content.decode()
    assert "Not enough evidence: 0 follower counts are known" in text


def test_the_page_stands_without_a_model(
    cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_growing_account(cast.creator)

    def none(task: str, version: str | None = None) -> object:
        raise registry.NoActiveVersion("none")

    monkeypatch.setattr(registry, "load", none)
    response = browse(cast.brand_owner).get(f"/creators/{cast.creator.pk}/")
    assert response.status_code == 200
    text = response.content.decode()
    assert "no model for it is active" in text
    assert "Prices cannot be suggested now: no model for them is active." in text


def test_declaring_shows_the_cause_and_a_moderator_explains_the_spike(
    cast: Cast, browse: Browse
) -> None:
    account, day = make_growing_account(cast.creator)
    client, address = browse(cast.creator_user), reverse("growth", args=[account.pk])
    asked = client.get(f"{address}?starts_on={day}&ends_on={day}").content.decode()
    assert asked.count(f'value="{day}"') == 2
    assert client.post(address, form(day)).status_code == 302
    text = client.get(address).content.decode()
    assert "not yet looked at" in text
    assert "does not fit: reactions did not rise with it" in text
    event = GrowthEvent.objects.get()
    decide_event(
        event=event, accept=True, reasons="Seen.", actor=cast.moderator, now=timezone.now()
    )
    page = browse(cast.brand_owner).get(f"/creators/{cast.creator.pk}/").content.decode()
    assert "Explained by the television appearance a moderator accepted." in page
    assert "Moderator: Seen." in page
    assert f'href="{LINK}"' in page


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kind": "magic"}, "Select a valid choice"),
        ({"starts_on": "someday"}, "Enter a valid date"),
        ({"evidence_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"evidence_url": "", "description": "Trust me"}, "Give a link, or describe"),
        ({"description": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_a_form_that_cannot_be_used_says_why(
    cast: Cast, browse: Browse, changed: dict[str, object], told: str
) -> None:
    account, day = make_growing_account(cast.creator)
    address = reverse("growth", args=[account.pk])
    response = browse(cast.creator_user).post(address, form(day, **changed))
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not GrowthEvent.objects.exists()


def test_dates_in_the_future_and_twice_the_same_are_told_on_the_form(
    cast: Cast, browse: Browse
) -> None:
    account, day = make_growing_account(cast.creator)
    client, address = browse(cast.creator_user), reverse("growth", args=[account.pk])
    late = client.post(address, form(day, ends_on=day + timedelta(days=60)))
    assert "This is in the future" in late.content.decode()
    client.post(address, form(day))
    again = client.post(address, form(day))
    assert (again.status_code, GrowthEvent.objects.count()) == (422, 1)
    assert "declared for these days already" in again.content.decode()


def test_only_the_creator_declares_and_withdraws(cast: Cast, browse: Browse) -> None:
    account, day = make_growing_account(cast.creator)
    event = declare_event(
        account=account, actor=cast.creator_user, now=timezone.now(),
        kind="tv", starts_on=day, ends_on=day, evidence_url=LINK,
    )  # fmt: skip
    withdraw = reverse("growth_withdraw", args=[event.pk])
    other = browse(cast.other_creator_user)
    assert other.post(reverse("growth", args=[account.pk]), form(day)).status_code == 403
    assert other.post(withdraw).status_code == 403
    assert browse(cast.creator_user).post(withdraw).status_code == 302
    event.refresh_from_db()
    assert event.state == GrowthEvent.State.WITHDRAWN
    assert browse(cast.creator_user).post(withdraw).status_code == 302  # told, not done again
    assert browse(cast.creator_user).get(reverse("growth", args=[10**30])).status_code == 404


def test_an_explanation_is_shown_as_text(cast: Cast, browse: Browse) -> None:
    account, day = make_growing_account(cast.creator)
    hostile = "</script><script>alert(1)</script> a longer story about the television evening"
    browse(cast.creator_user).post(
        reverse("growth", args=[account.pk]), form(day, description=hostile)
    )
    text = browse(cast.brand_owner).get(f"/creators/{cast.creator.pk}/").content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;/script&gt;" in text
