"""Pages of price justifications: preview, make, list, verify, withdraw."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.api.verify_throttle import VerifyThrottle
from scoring.justifying.links import make_token
from scoring.justifying.making import withdraw_justification
from scoring.models import PriceJustification
from scoring.visibility import set_creator_status
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.scoring.justifying.frozen import add_post, justify, own_account

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script> <b>bold</b>'


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VerifyThrottle.THROTTLE_RATES, "verify", "10000/min")


def sent(account_id: int, **more: object) -> dict[str, object]:
    return {
        "piece": f"{account_id}:reel", "asked": "1200", "currency": "EUR", "days": "30",
        "note": "", "shown": ["value", "audience", "track_record"], "act": "make", **more,
    }  # fmt: skip


def verify_page(client: Client, one: PriceJustification) -> str:
    return client.get(reverse("justification_verify", args=[make_token(one)])).content.decode()


def test_a_preview_shows_the_document_and_makes_nothing(cast: Cast, browse: Browse) -> None:
    account, creator = own_account(cast), browse(cast.creator_user)
    address = reverse("justification_new")
    html = creator.post(address, sent(account.pk, act="preview", note=HOSTILE)).content.decode()
    assert "A preview: nothing is made yet" in html
    assert "4,500" in html
    assert "1,000 to 8,000" in html
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert not PriceJustification.objects.exists()
    answer = creator.post(address, sent(account.pk, note=HOSTILE))
    made = PriceJustification.objects.get()
    assert answer.url == reverse("justification", args=[made.pk])


def test_the_public_page_says_what_it_is_and_counts_others_only(cast: Cast, browse: Browse) -> None:
    made = justify(cast, own_account(cast), now=timezone.now(), note=HOSTILE)
    stranger = browse(None)
    answer = stranger.get(reverse("justification_verify", args=[make_token(made)]))
    html = answer.content.decode()
    assert "Genuine and valid" in html
    assert made.document_hash in html
    assert "<script>alert" not in html
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "Since then" not in html
    assert "Since then" in verify_page(browse(cast.brand_viewer), made)
    verify_page(browse(cast.creator_user), made)
    made.refresh_from_db()
    assert made.views == 2


def test_nothing_about_money_earned_or_other_creators_is_on_it(cast: Cast, browse: Browse) -> None:
    own_account(cast)
    other = justify(cast, own_account(cast, handle="second"), now=timezone.now())
    html = verify_page(browse(None), other).lower()
    for word in ("earned", "payout", "wallet", cast.creator_user.email, "carla_cooks"):
        assert word not in html, word


def test_withdrawn_suspended_and_wrong_links_show_no_figures(cast: Cast, browse: Browse) -> None:
    account, now = own_account(cast), timezone.now()
    gone, kept = justify(cast, account, now=now), justify(cast, account, now=now)
    withdraw_justification(justification=gone, actor=cast.creator_user, now=now)
    stranger = browse(None)
    html = verify_page(stranger, gone)
    assert "<h1>Withdrawn</h1>" in html
    assert "1,200" not in html
    set_creator_status(creator=cast.creator, status="suspended", actor=cast.moderator, now=now)
    html = verify_page(stranger, kept)
    assert "No longer shown" in html
    assert "1,200" not in html
    paper = reverse("justification_verify_pdf", args=[make_token(kept)])
    assert stranger.get(paper).status_code == 404
    true = make_token(kept)
    forged = true[:-1] + ("A" if true[-1] != "A" else "B")
    pages = {
        stranger.get(reverse("justification_verify", args=[token])).content
        for token in ("1-x", forged, "9" * 40, f"999-{'a' * 43}", "\x00", "é")
    }
    assert len(pages) == 1, "each wrong link has the same answer"


def test_a_flag_that_came_later_is_told(cast: Cast, browse: Browse) -> None:
    made = justify(cast, own_account(cast), now=timezone.now())
    set_creator_status(
        creator=cast.creator, status="flagged", actor=cast.moderator, now=timezone.now()
    )
    assert "flagged this profile since" in verify_page(browse(None), made)


BAD = [
    ("asked", "0"), ("asked", "-3"), ("asked", "1000000000"), ("asked", "1e400"),
    ("asked", "NaN"), ("currency", "XXX"), ("piece", "1:reel"), ("piece", "x"),
    ("days", "91"), ("days", "0"), ("note", "x" * 501), ("note", "a\x00b"),
    ("shown", ["performance"]),
]  # fmt: skip


def test_bad_input_is_shown_at_its_field(cast: Cast, browse: Browse) -> None:
    account, creator = own_account(cast, posts=0), browse(cast.creator_user)
    for field, value in BAD:
        body = sent(account.pk, **{field: value})
        answer = creator.post(reverse("justification_new"), body)
        assert answer.status_code == 422, (field, value)
        assert list(answer.context["form"].errors) == [field]
    assert not PriceJustification.objects.exists()


def test_the_list_costs_the_same_however_long_it_is(cast: Cast, browse: Browse) -> None:
    account, creator = own_account(cast, posts=0), browse(cast.creator_user)
    assert "No justification yet" in creator.get(reverse("justifications")).content.decode()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert creator.get(reverse("justifications")).status_code == 200
        return len(asked)

    justify(cast, account)
    first = queries()
    for _ in range(3):
        justify(cast, account, now=timezone.now())
    assert queries() == first
    html = creator.get(reverse("justifications")).content.decode()
    assert html.count("expired ") == 1
    assert html.count("valid until") == 3
    assert (
        "No account to justify"
        in browse(cast.other_creator_user).get(reverse("justifications")).content.decode()
    )


def test_the_creators_page_tells_what_changed(cast: Cast, browse: Browse) -> None:
    account = own_account(cast)
    made = justify(cast, account, now=timezone.now())
    for days in range(5, 17):
        add_post(account, views=50_000, days_ago=days, counted_after=4)
    html = browse(cast.creator_user).get(reverse("justification", args=[made.pk])).content.decode()
    assert "Performance: Views of a post, median" in html
    assert "4,500 (1,000 to 8,000)" in html
    assert reverse("justification_verify", args=[make_token(made)]) in html


def test_who_asks_too_often_waits(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, browse: Browse
) -> None:
    monkeypatch.setitem(VerifyThrottle.THROTTLE_RATES, "verify", "1/min")
    stranger = browse(None)
    address = reverse("justification_verify", args=["1-x"])
    asked = {"REMOTE_ADDR": "192.0.2.77"}
    assert stranger.get(address, **asked).status_code == 404
    answer = stranger.get(address, **asked)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
