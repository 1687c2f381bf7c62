"""The page of a collaboration and its acts against everybody (`seeing.PEOPLE`)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Contract, Offer
from tests.cast import Cast
from tests.marketplace.pages.collaborating import ask_to_cancel, reach
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send

pytestmark = pytest.mark.django_db

READ = (302, 200, 200, 404, 200, 404, 200)
GET = {
    "collaboration":              READ,
    "collaboration_contract":     READ,
    "collaboration_contract_pdf": READ,
}  # fmt: skip
# 409 is for those who may act, but not now; 403 for those who may not.
POST = {
    "collaboration_offer":            (302, 302, 403, 404, 302, 404, 403),
    "collaboration_accept":           (302, 409, 403, 404, 302, 404, 403),
    "collaboration_decline":          (403, 409, 403, 404, 302, 404, 403),
    "collaboration_withdraw":         (403, 302, 403, 404, 409, 404, 403),
    "collaboration_limit":            (302, 302, 403, 404, 302, 404, 403),
    "collaboration_sign":             (302, 302, 403, 404, 302, 404, 403),
    "collaboration_fund":             (403, 302, 403, 404, 403, 404, 403),
    "collaboration_draft":            (403, 403, 403, 404, 302, 404, 403),
    "collaboration_changes":          (403, 302, 403, 404, 403, 404, 403),
    "collaboration_approve":          (403, 302, 403, 404, 403, 404, 403),
    "collaboration_publish":          (403, 403, 403, 404, 302, 404, 403),
    "collaboration_verify":           (403, 302, 403, 404, 403, 404, 403),
    "collaboration_waive":            (403, 403, 403, 404, 302, 404, 403),
    "collaboration_cancel":           (403, 302, 403, 404, 302, 404, 403),
    "collaboration_agree_to_cancel":  (403, 409, 403, 404, 302, 404, 403),
    "collaboration_refuse_to_cancel": (403, 409, 403, 404, 302, 404, 403),
}  # fmt: skip
STAGE_OF = {
    "collaboration": "offered", "collaboration_contract": "agreed",
    "collaboration_contract_pdf": "agreed", "collaboration_offer": "invited",
    "collaboration_accept": "offered", "collaboration_decline": "invited",
    "collaboration_withdraw": "invited", "collaboration_limit": "offered",
    "collaboration_sign": "agreed", "collaboration_fund": "signed",
    "collaboration_changes": "drafted", "collaboration_approve": "drafted",
    "collaboration_publish": "approved", "collaboration_verify": "published",
}  # fmt: skip
PIECE = {"draft", "changes", "approve", "publish", "verify", "waive"}
OFFER = {
    "currency": "EUR", "revision_rounds": "2", "disclosure": "#ad", "usage_rights_months": "0",
    "exclusivity_days": "0", "pieces-TOTAL_FORMS": "1", "pieces-0-kind": "video",
    "pieces-0-platform": "instagram", "pieces-0-price": "500",
    "pieces-0-draft_due_on": "2090-01-01", "pieces-0-publish_by": "2090-01-02",
    "pieces-0-description": "A short video",
}  # fmt: skip
REASON = {"reason": "It does not fit."}


def prepare(name: str, cast: Cast) -> tuple[str, dict[str, str]]:
    """The address of a page or act where it is possible, and a form that works."""
    one = reach(cast, STAGE_OF.get(name, "active"), now=timezone.now())
    if "_to_cancel" in name:
        ask_to_cancel(cast, one, now=timezone.now())
    contract = Contract.objects.filter(collaboration=one).first()
    offer = Offer.objects.filter(collaboration=one).first()
    act = name.removeprefix("collaboration_")
    bodies = {
        "offer": OFFER,
        "accept": {"exact_hash": offer.terms_hash if offer else ""},
        "limit": {"limit": "500"},
        "sign": {"typed_name": "Ada", "exact_hash": contract.text_hash if contract else ""},
        "draft": {"text": "First cut"},
        "changes": {"own_item": "No music", **REASON},
        "publish": {"url": "https://example.org/v", "caption": "Routine #ad"},
    }
    arguments = [one.pk, 1] if act in PIECE else [one.pk]
    return reverse(name, args=arguments), bodies.get(act, REASON)


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse) -> None:
    address, _ = prepare(name, cast)
    see(address, GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse) -> None:
    address, body = prepare(name, cast)
    send(address, POST[name], body, cast=cast, browse=browse)
    assert browse(cast.moderator).get(address).status_code == 405


def test_ids_beyond_the_databases_integers_are_not_found(cast: Cast, browse: Browse) -> None:
    client = browse(cast.brand_owner)
    assert client.get(reverse("collaboration", args=[10**30])).status_code == 404
    one = reach(cast, "active", now=timezone.now())
    address = reverse("collaboration_approve", args=[one.pk, 10**30])
    assert client.post(address).status_code == 404
