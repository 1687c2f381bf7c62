"""Every page about campaigns against everybody, read row by row (`seeing.PEOPLE`)."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from campaigns.copying import save_template
from tests.campaigns.full_briefs import FULL, draft, opened
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send

pytestmark = pytest.mark.django_db

GET = {
    "campaigns":         (302, 200, 200, 200, 200, 200, 200),
    "campaign_settings": (302, 200, 200, 404, 404, 404, 404),
    # Without a name; whom it is about makes no difference to who may ask.
    "why_not":           (302, 422, 422, 404, 404, 404, 404),
    "brief_templates":   (302, 200, 200, 200, 200, 200, 200),
    "creator_invite":    (302, 200, 403, 200, 403, 403, 403),
    "open_campaigns":    (302, 403, 403, 403, 200, 200, 200),
    "open_campaign":     (302, 403, 403, 403, 200, 200, 200),
}  # fmt: skip
POST = {
    "campaign_settings":     (403, 422, 403, 404, 404, 404, 404),
    "campaign_move":         (302, 302, 403, 404, 404, 404, 404),
    "campaign_copy":         (302, 302, 403, 404, 404, 404, 404),
    "campaign_template":     (302, 302, 403, 404, 404, 404, 404),
    "brief_template_start":  (302, 302, 403, 404, 404, 404, 404),
    "brief_template_delete": (302, 302, 403, 404, 404, 404, 404),
    # Somebody else's campaign is none of the choices.
    "creator_invite":        (403, 302, 403, 422, 403, 403, 403),
    "open_campaign":         (403, 403, 403, 403, 302, 302, 403),
}  # fmt: skip


@pytest.fixture
def address(cast: Cast) -> tuple[Callable[[str], str], dict[str, dict[str, str]]]:
    """The address of each page, about the brand owner's, and what is sent to it."""
    in_draft, taking = draft(cast), opened(cast, apply_by=None)
    template = save_template(
        brand=cast.brand, name="Launches", terms=FULL, actor=cast.brand_owner, now=NOW
    )
    arguments: dict[str, list[object]] = {
        "campaign_settings": [in_draft.pk],
        "why_not": [in_draft.pk],
        "campaign_move": [in_draft.pk, "submit"],
        "campaign_copy": [in_draft.pk],
        "campaign_template": [in_draft.pk],
        "brief_template_start": [template.pk],
        "brief_template_delete": [template.pk],
        "creator_invite": [cast.creator.pk],
        "open_campaign": [taking.pk],
    }
    bodies = {
        "campaign_settings": {"text": " "},
        "campaign_template": {"name": "Summer"},
        "creator_invite": {"campaign": str(taking.pk), "message": "Hello"},
        "open_campaign": {"message": "Hello"},
    }
    return (lambda name: reverse(name, args=arguments.get(name, []))), bodies


Address = tuple[Callable[[str], str], dict[str, dict[str, str]]]


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Address) -> None:
    see(address[0](name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Address) -> None:
    send(address[0](name), POST[name], address[1].get(name, {}), cast=cast, browse=browse)


@pytest.mark.parametrize("name", sorted(POST.keys() - GET.keys()))
def test_what_changes_something_refuses_get(
    name: str, cast: Cast, browse: Browse, address: Address
) -> None:
    assert browse(cast.brand_owner).get(address[0](name)).status_code == 405


def test_ids_beyond_the_databases_integers_are_not_found(cast: Cast, browse: Browse) -> None:
    owner, creator = browse(cast.brand_owner), browse(cast.creator_user)
    for name in ("campaign_settings", "creator_invite"):
        assert owner.get(reverse(name, args=[10**30])).status_code == 404, name
    assert creator.get(reverse("open_campaign", args=[10**30])).status_code == 404
    for name in ("brief_template_start", "brief_template_delete", "campaign_copy"):
        assert owner.post(reverse(name, args=[10**30])).status_code == 404, name
