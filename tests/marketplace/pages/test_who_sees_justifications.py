"""Price justifications against everybody, read row by row (`PEOPLE`)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.api.verify_throttle import VerifyThrottle
from scoring.justifying.links import make_token
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.scoring.justifying.frozen import justify, own_account

pytestmark = pytest.mark.django_db

GET = {
    "justifications":           (302, 403, 403, 403, 200, 200, 403),
    "justification_new":        (302, 403, 403, 403, 200, 200, 403),
    "justification":            (302, 404, 404, 404, 200, 404, 200),
    "justification_pdf":        (302, 404, 404, 404, 200, 404, 200),
    "justification_verify":     (200, 200, 200, 200, 200, 200, 200),
    "justification_verify_pdf": (200, 200, 200, 200, 200, 200, 200),
}  # fmt: skip
POST = {
    # Another creator's account is none of the choices.
    "justification_new":      (302, 403, 403, 403, 302, 422, 403),
    "justification_withdraw": (302, 404, 404, 404, 302, 404, 403),
    "justification_verify":   (405, 405, 405, 405, 405, 405, 405),
}  # fmt: skip


def test_who_reads_and_who_writes(
    cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VerifyThrottle.THROTTLE_RATES, "verify", "10000/min")
    account = own_account(cast, posts=0)
    made = justify(cast, account, now=timezone.now())
    token = make_token(made)
    arguments: dict[str, list[object]] = {
        "justification": [made.pk],
        "justification_pdf": [made.pk],
        "justification_withdraw": [made.pk],
        "justification_verify": [token],
        "justification_verify_pdf": [token],
    }
    body = {
        "piece": f"{account.pk}:reel", "asked": "900", "currency": "EUR", "days": "30",
        "act": "make",
    }  # fmt: skip
    for name, row in GET.items():
        see(reverse(name, args=arguments.get(name, [])), row, cast=cast, browse=browse)
    for name, row in POST.items():
        send(reverse(name, args=arguments.get(name, [])), row, body, cast=cast, browse=browse)


def test_ids_beyond_the_databases_integers_are_not_found(cast: Cast, browse: Browse) -> None:
    creator = browse(cast.creator_user)
    for name in ("justification", "justification_pdf"):
        assert creator.get(reverse(name, args=[10**30])).status_code == 404, name
    withdrawal = reverse("justification_withdraw", args=[10**30])
    assert creator.post(withdrawal).status_code == 404
    assert creator.get(withdrawal).status_code == 405
