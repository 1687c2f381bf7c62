"""Shortlists, comparisons and availability against everybody, read row by row (`PEOPLE`)."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from campaigns.models import Campaign
from campaigns.shortlist_notes import write_note
from campaigns.shortlists import archive_shortlist
from tests.campaigns.shortlisting import a_list, an_entry, bring_in
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send

pytestmark = pytest.mark.django_db

GET = {
    "shortlists":     (302, 200, 200, 200, 200, 200, 200),
    "shortlist":      (302, 200, 200, 404, 404, 404, 404),
    "shortlist_file": (302, 200, 200, 404, 404, 404, 404),
    "compare":        (302, 200, 200, 200, 200, 200, 200),
    "availability":   (302, 403, 403, 403, 200, 403, 403),
}  # fmt: skip
POST = {
    "shortlists":            (302, 302, 403, 302, 403, 403, 403),
    # Somebody else's list is none of the choices: told above the page the form was on.
    "shortlist_add":         (302, 302, 403, 302, 403, 403, 403),
    "shortlist_change":      (302, 302, 403, 404, 404, 404, 404),
    "shortlist_archive":     (302, 302, 403, 404, 404, 404, 404),
    "shortlist_restore":     (302, 302, 403, 404, 404, 404, 404),
    "shortlist_remove":      (302, 302, 403, 404, 404, 404, 404),
    "shortlist_vote":        (302, 302, 403, 404, 404, 404, 404),
    "shortlist_note":        (403, 302, 403, 404, 404, 404, 404),
    "shortlist_note_delete": (302, 302, 403, 404, 404, 404, 404),
    "availability":          (302, 403, 403, 403, 302, 403, 403),
}  # fmt: skip
REVIEWER = {
    "shortlists": 403, "shortlist_add": 403, "shortlist_change": 403, "shortlist_archive": 403,
    "shortlist_restore": 403, "shortlist_remove": 403, "shortlist_vote": 302,
    "shortlist_note": 302, "shortlist_note_delete": 403,
}  # fmt: skip
FINANCE = REVIEWER | {"shortlist_vote": 403, "shortlist_note": 403}

Address = tuple[Callable[[str], str], dict[str, dict[str, str]]]


@pytest.fixture
def address(cast: Cast) -> Address:
    """The address of each page, about the brand owner's, and what is sent to it."""
    entry = an_entry(cast)
    put_away = archive_shortlist(shortlist=a_list(cast, "Old"), actor=cast.brand_owner, now=NOW)
    note = write_note(entry=entry, text="Calm", actor=cast.brand_owner, now=NOW)
    arguments: dict[str, list[object]] = {
        "shortlist": [entry.shortlist_id],
        "shortlist_file": [entry.shortlist_id],
        "shortlist_change": [entry.shortlist_id],
        "shortlist_archive": [entry.shortlist_id],
        "shortlist_restore": [put_away.pk],
        "shortlist_remove": [entry.pk],
        "shortlist_vote": [entry.pk],
        "shortlist_note": [entry.pk],
        "shortlist_note_delete": [note.pk],
        "availability": [cast.creator.pk],
    }
    bodies = {
        "shortlists": {"name": "New"},
        "shortlist_add": {"creator": str(cast.creator.pk), "shortlist": str(entry.shortlist_id)},
        "shortlist_change": {"name": "New"},
        "shortlist_vote": {"value": "1"},
        "shortlist_note": {"text": "Good"},
        "availability": {"accepts_work": "yes"},
    }
    return (lambda name: reverse(name, args=arguments.get(name, []))), bodies


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Address) -> None:
    see(address[0](name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Address) -> None:
    send(address[0](name), POST[name], address[1].get(name, {}), cast=cast, browse=browse)


@pytest.mark.parametrize(("role", "row"), [("reviewer", REVIEWER), ("finance", FINANCE)])
def test_what_others_of_the_team_may_do(
    role: str, row: dict[str, int], cast: Cast, browse: Browse, address: Address
) -> None:
    client = browse(bring_in(cast, role))
    for name in ("shortlists", "shortlist", "shortlist_file"):
        assert client.get(address[0](name)).status_code == 200, name
    for name, expected in row.items():
        sent = client.post(address[0](name), address[1].get(name, {}))
        assert sent.status_code == expected, name


@pytest.mark.parametrize("name", sorted(POST.keys() - GET.keys()))
def test_what_changes_something_refuses_get(
    name: str, cast: Cast, browse: Browse, address: Address
) -> None:
    assert browse(cast.brand_owner).get(address[0](name)).status_code == 405


def test_ids_beyond_the_databases_integers_are_not_found(cast: Cast, browse: Browse) -> None:
    owner = browse(cast.brand_owner)
    for name in ("shortlist", "shortlist_file", "availability"):
        assert owner.get(reverse(name, args=[10**30])).status_code == 404, name
    for name in POST.keys() - {"shortlists", "shortlist_add", "availability"}:
        assert owner.post(reverse(name, args=[10**30])).status_code == 404, name


def test_somebody_elses_campaign_is_not_compared_with(
    cast: Cast, browse: Browse, campaign: Campaign
) -> None:
    query = {"id": cast.creator.pk, "campaign": campaign.pk}
    row = (302, 200, 200, 404, 404, 404, 404)
    address = f"{reverse('compare')}?id={query['id']}&campaign={query['campaign']}"
    see(address, row, cast=cast, browse=browse)
