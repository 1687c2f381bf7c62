"""What pages record of lists and visits, and of whom."""

import re

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Brand, Creator, Membership
from marketplace.pages.showing import ListShown, Surface, show_list
from scoring.models import InteractionEvent
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse, make_creators

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(InteractionEvent.objects.order_by("pk").values_list("kind", flat=True))


def open_creator(client: Client, creator: Creator, **query: str) -> None:
    assert client.get(reverse("creator", args=[creator.pk]), query).status_code == 200


def test_a_list_is_recorded_and_its_links_lead_back_to_it(cast: Cast, browse: Browse) -> None:
    first, second = make_creators(2)
    owner = browse(cast.brand_owner)
    html = owner.get(reverse("creators")).content.decode()
    rows = list(InteractionEvent.objects.order_by("position"))
    assert [row.creator for row in rows[:2]] == [second, first]
    assert {row.surface for row in rows} == {"catalogue"}
    assert {(row.brand, row.actor) for row in rows} == {(cast.brand, cast.brand_owner)}
    links = re.findall(r'href="(/creators/\d+/\?list=[^"]+)"', html)
    assert len(links) == len(rows)
    assert owner.get(links[1]).status_code == 200
    click, view = InteractionEvent.objects.exclude(kind="impression").order_by("pk")
    assert (click.kind, view.kind) == ("click", "profile_view")
    assert {(one.creator, one.position, one.list_id) for one in (click, view)} == {
        (first, 2, rows[0].list_id)
    }


def test_the_same_page_within_half_an_hour_is_one_list(cast: Cast, browse: Browse) -> None:
    make_creators(3)
    owner = browse(cast.brand_owner)
    for _ in range(3):
        owner.get(reverse("creators"))
    assert len(kinds()) == 5  # with the two of the cast
    owner.get(reverse("creators"), {"country": "Italy"})
    assert len(kinds()) == 8
    assert InteractionEvent.objects.values("list_id").distinct().count() == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"User-Agent": "SomeBot/2.1 (+https://example.org/bot)"},
    ],
)
def test_what_nobody_looks_at_is_not_counted(
    cast: Cast, browse: Browse, headers: dict[str, str]
) -> None:
    [creator] = make_creators(1)
    owner = browse(cast.brand_owner)
    for address in (reverse("creators"), reverse("creator", args=[creator.pk])):
        assert owner.get(address, headers=headers).status_code == 200
        assert owner.head(address).status_code == 200
    assert kinds() == []


@pytest.mark.parametrize("person", ["brand_viewer", "creator_user", "moderator"])
def test_others_leave_no_trace(cast: Cast, browse: Browse, person: str) -> None:
    [creator] = make_creators(1)
    client = browse(getattr(cast, person))
    html = client.get(reverse("creators")).content.decode()
    open_creator(client, creator)
    assert kinds() == []
    assert "?list=" not in html


def test_a_moderator_in_a_team_and_ones_own_profile_leave_no_trace(
    cast: Cast, browse: Browse
) -> None:
    for user in (cast.moderator, cast.creator_user):
        Membership.objects.create(brand=cast.brand, user=user, role="manager", created_at=NOW)
    browse(cast.moderator).get(reverse("creators"))
    open_creator(browse(cast.creator_user), cast.creator)
    assert kinds() == []
    open_creator(browse(cast.creator_user), cast.other_creator)
    assert kinds() == ["profile_view"]


def test_a_visit_without_a_list_has_no_position_and_counts_once(cast: Cast, browse: Browse) -> None:
    owner = browse(cast.brand_owner)
    for query in ({}, {}, {"list": "no uuid"}, {"list": "00000000-0000-4000-8000-000000000000"}):
        open_creator(owner, cast.creator, **query)
    [view] = InteractionEvent.objects.all()
    assert (view.kind, view.surface, view.position, view.list_id) == (
        "profile_view", "profile", None, None,
    )  # fmt: skip


def test_coming_back_without_the_list_is_the_same_visit(cast: Cast, browse: Browse) -> None:
    owner = browse(cast.brand_owner)
    owner.get(reverse("creators"))
    row = InteractionEvent.objects.get(creator=cast.creator)
    for query in ({"list": str(row.list_id)}, {}, {"list": str(row.list_id)}):
        open_creator(owner, cast.creator, **query)
    assert [kind for kind in kinds() if kind != "impression"] == ["click", "profile_view"]


def test_a_list_of_another_brand_is_ignored(cast: Cast, browse: Browse) -> None:
    browse(cast.other_owner).get(reverse("creators"))
    theirs = InteractionEvent.objects.get(creator=cast.creator)
    open_creator(browse(cast.brand_owner), cast.creator, list=str(theirs.list_id))
    [own] = InteractionEvent.objects.filter(brand=cast.brand)
    assert (own.kind, own.list_id) == ("profile_view", None)


def test_of_several_brands_only_a_list_says_which(cast: Cast, browse: Browse) -> None:
    Membership.objects.create(
        brand=cast.other_brand, user=cast.brand_owner, role="manager", created_at=NOW
    )
    owner = browse(cast.brand_owner)
    owner.get(reverse("creators"))
    open_creator(owner, cast.creator)
    assert kinds() == []
    request = RequestFactory().get("/")
    request.user = cast.brand_owner
    asked = {"surface": Surface.RECOMMENDED, "creator_ids": [cast.creator.pk]}
    shown = show_list(request, brand=Brand.objects.get(name="Birch"), **asked)  # type: ignore[arg-type]
    open_creator(owner, cast.creator, list=str(shown.list_id))
    assert kinds() == ["impression", "click", "profile_view"]
    assert {one.brand.name for one in InteractionEvent.objects.select_related("brand")} == {"Birch"}


def test_later_pages_and_chances_are_kept(cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.user = cast.brand_owner
    shown = show_list(
        request,
        surface=Surface.RECOMMENDED,
        creator_ids=[cast.creator.pk, cast.other_creator.pk],
        propensities=[0.9, 0.05],
        first_position=21,
        brand=cast.brand,
    )
    rows = InteractionEvent.objects.order_by("position").values_list("position", "propensity")
    assert list(rows) == [(21, 0.9), (22, 0.05)]
    assert shown.query == f"?list={shown.list_id}"
    assert ListShown(campaign_id=3).query == "?campaign=3"
    assert ListShown().query == ""


def test_a_list_costs_two_queries(cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.user, brand = cast.brand_owner, cast.brand
    ids = [creator.pk for creator in make_creators(24)]
    with CaptureQueriesContext(connection) as captured:
        show_list(request, surface=Surface.SEARCH, creator_ids=ids, brand=brand)
    assert len([one for one in captured if "SAVEPOINT" not in one["sql"]]) == 2
