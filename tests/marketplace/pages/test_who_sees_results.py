"""Results and reports against everybody, read row by row (`seeing.PEOPLE`)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from campaigns import delivering
from campaigns.models import CampaignPlan, Collaboration, Observation
from campaigns.results.collecting import collect_results
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import piece
from tests.campaigns.test_results_collecting import REEL, published
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send

pytestmark = pytest.mark.django_db

GET = {
    "collaboration_results": (302, 200, 200, 404, 200, 404, 200),
    "campaign_report":       (302, 200, 200, 404, 404, 404, 404),
    "campaign_report_csv":   (302, 200, 200, 404, 404, 404, 404),
}  # fmt: skip
POST = {
    "collaboration_results": (302, 302, 403, 404, 302, 404, 403),
    "campaign_report":       (302, 302, 403, 404, 404, 404, 404),
}  # fmt: skip
LOOK = {"deliverable": "1", "observed_at": "2026-03-02T12:00", "views": "1200", "likes": "80"}
BODIES = {
    "collaboration_results": LOOK,
    "campaign_report": {"reach": "1000", "spend": "500.00", "currency": "EUR"},
}


@pytest.fixture
def work(cast: Cast) -> Collaboration:
    collaboration = published(cast).collaboration
    collect_results(now=NOW + timedelta(hours=1))
    return collaboration


@pytest.fixture
def address(work: Collaboration) -> Callable[[str], str]:
    def of(name: str) -> str:
        about = work.pk if name.startswith("collaboration") else work.campaign_id
        return reverse(name, args=[about])

    return of


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    see(address(name), GET[name], cast=cast, browse=browse)


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse, address: Callable[[str], str]) -> None:
    send(address(name), POST[name], BODIES[name], cast=cast, browse=browse)


def test_ids_beyond_the_databases_integers_are_not_found(cast: Cast, browse: Browse) -> None:
    for name in GET:
        address = reverse(name, args=[10**30])
        assert browse(cast.brand_owner).get(address).status_code == 404, name


@pytest.mark.parametrize(
    ("role", "status"), [("reviewer", 302), ("manager", 302), ("finance", 403), ("viewer", 403)]
)
def test_who_may_state_for_the_brand(
    cast: Cast, browse: Browse, address: Callable[[str], str], role: str, status: int
) -> None:
    colleague = User.objects.create_user("colleague@example.org")
    Membership.objects.create(brand=cast.brand, user=colleague, role=role)
    page = browse(colleague).get(address("collaboration_results")).content.decode()
    assert ("Enter figures" in page) == (status == 302)
    answer = browse(colleague).post(address("collaboration_results"), LOOK)
    assert answer.status_code == status
    assert Observation.objects.filter(provenance="brand").exists() == (status == 302)


def test_a_creator_enters_figures_beside_what_is_measured(
    cast: Cast, browse: Browse, address: Callable[[str], str]
) -> None:
    client = browse(cast.creator_user)
    client.post(address("collaboration_results"), LOOK)
    page = client.get(address("collaboration_results")).content.decode()
    assert "Stated by the creator" in page
    assert "Simulated" in page
    assert "1,200" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"views": "", "likes": ""}, "Give at least one figure"),
        ({"views": "-1"}, "greater than or equal to 0"),
        ({"deliverable": "2"}, "Select a valid choice"),
        ({"observed_at": "2199-01-01T00:00"}, "has not come yet"),
        ({"observed_at": "soon"}, "Enter a valid date/time"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field(
    cast: Cast,
    browse: Browse,
    address: Callable[[str], str],
    changes: dict[str, str],
    words: str,
) -> None:
    answer = browse(cast.creator_user).post(address("collaboration_results"), {**LOOK, **changes})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Observation.objects.filter(provenance="creator").exists()


def upload(text: str, **fields: str) -> dict[str, object]:
    return {"file": SimpleUploadedFile("figures.csv", text.encode()), **fields}


TABLE = "deliverable,observed_at,views\n1,2026-03-02 12:00,1200\n1,2026-03-03 12:00,1100\n"


def test_a_table_is_taken_whole_and_again_without_effect(
    cast: Cast, browse: Browse, address: Callable[[str], str]
) -> None:
    client, page = browse(cast.creator_user), address("collaboration_results")
    checked = client.post(page, upload(TABLE, dry_run="on"), follow=True).content.decode()
    assert "2 looks could be taken" in checked
    assert not Observation.objects.filter(source="csv").exists()
    taken = client.post(page, upload(TABLE), follow=True).content.decode()
    assert "2 looks taken, 1 with a warning" in taken
    assert "Fewer views (1,100)" in taken
    again = client.post(page, upload(TABLE), follow=True).content.decode()
    assert "0 looks taken, 2 known before" in again


def test_a_table_with_a_bad_row_is_refused_whole(
    cast: Cast, browse: Browse, address: Callable[[str], str]
) -> None:
    text = f"{TABLE}7,2026-03-03 12:00,<b>\n"
    answer = browse(cast.creator_user).post(address("collaboration_results"), upload(text))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Row 4, views" in page
    assert "&lt;b&gt;" in page
    assert not Observation.objects.filter(source="csv").exists()


def test_missing_is_shown_as_missing(cast: Cast, browse: Browse) -> None:
    one = published(cast, f"{REEL}#fake=never")
    collect_results(now=NOW + timedelta(days=2))
    address = reverse("collaboration_results", args=[one.collaboration_id])
    page = browse(cast.creator_user).get(address).content.decode()
    assert page.count("Missing") == 2


def test_the_plan_stands_beside_what_came(
    cast: Cast, browse: Browse, address: Callable[[str], str], work: Collaboration
) -> None:
    delivering.verify(
        deliverable=piece(work), side=Side.BRAND, actor=cast.brand_owner, now=timezone.now()
    )
    client = browse(cast.brand_owner)
    client.post(address("campaign_report"), BODIES["campaign_report"])
    assert CampaignPlan.objects.get().spend_minor == 50_000
    page = client.get(address("campaign_report")).content.decode()
    for words in ("1 of 1", "on time", "€500", "100\N{NO-BREAK SPACE}%", "1 of 5"):
        assert words in page, words
    table = client.get(address("campaign_report_csv")).content.decode()
    assert "500.00,50.00,1,0,4,simulated" in table


@pytest.mark.parametrize(
    ("changes", "words"), [({"reach": "0"}, "greater"), ({"spend": "-1"}, "greater")]
)
def test_a_plan_that_cannot_be_is_refused(
    cast: Cast,
    browse: Browse,
    address: Callable[[str], str],
    changes: dict[str, str],
    words: str,
) -> None:
    body = {**BODIES["campaign_report"], **changes}
    answer = browse(cast.brand_owner).post(address("campaign_report"), body)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CampaignPlan.objects.exists()


def test_the_page_of_a_collaboration_costs_the_same_whatever_was_seen(
    cast: Cast, browse: Browse, address: Callable[[str], str]
) -> None:
    client, page = browse(cast.creator_user), address("collaboration_results")
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    client.post(page, upload(TABLE))
    client.get(page)
    with CaptureQueriesContext(connection) as more:
        client.get(page)
    assert len(more) == len(few)
