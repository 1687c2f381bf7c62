"""Niche groups against everybody: all who are logged in read, moderators find anew."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Job
from scoring.catalogue import Quiet
from scoring.niche_clusters import cluster_niches
from scoring.niche_groups import list_groups, list_typical_members
from tests.cast import NOW, Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.scoring.niche_catalogue import make_silent, make_topics

pytestmark = pytest.mark.django_db

GET = {
    "niches": (302, 200, 200, 200, 200, 200, 200),
    "niche":  (302, 200, 200, 200, 200, 200, 200),
}  # fmt: skip
POST = {
    "niches_find": (302, 403, 403, 403, 403, 403, 302),
}


@pytest.fixture
def group_id(db: None) -> int:
    make_topics("cooking", "lifting")
    cluster_niches(params={"k": 2}, progress=Quiet(), now=NOW)
    return list_groups().groups[0].id


@pytest.mark.parametrize("name", GET)
def test_get(name: str, cast: Cast, browse: Browse, group_id: int) -> None:
    see(reverse(name, args=[group_id] if name == "niche" else []), GET[name], cast=cast,
        browse=browse)  # fmt: skip


@pytest.mark.parametrize("name", POST)
def test_post(name: str, cast: Cast, browse: Browse) -> None:
    send(reverse(name), POST[name], {"k": "3"}, cast=cast, browse=browse)


def test_the_list_shows_groups_and_how_sure_they_are(
    cast: Cast, browse: Browse, group_id: int
) -> None:
    group = list_groups().groups[0]
    page = browse(cast.brand_viewer).get(reverse("niches")).content.decode()
    assert group.name in page
    assert "8 creators · 75 % Instagram · 25 % TikTok" in page.replace("\xa0", " ")
    assert "silhouette" in page
    assert reverse("niches_find") not in page
    assert reverse("niches_find") in browse(cast.moderator).get(reverse("niches")).content.decode()


def test_a_group_shows_its_typical_members_and_their_pages_name_it(
    cast: Cast, browse: Browse, group_id: int
) -> None:
    client = browse(cast.brand_owner)
    page = client.get(reverse("niche", args=[group_id])).content.decode()
    assert page.count('href="/creators/') >= 8
    member = list_typical_members(group_id)[0]
    profile = client.get(reverse("creator", args=[member.creator_id])).content.decode()
    assert "Niche group found without labels" in profile
    assert reverse("niche", args=[group_id]) in profile
    silent = client.get(reverse("creator", args=[make_silent().creator_id])).content.decode()
    assert "without labels" not in silent


def test_a_groups_words_are_searched_with(cast: Cast, browse: Browse, group_id: int) -> None:
    client = browse(cast.brand_owner)
    page = client.get(reverse("niche", args=[group_id])).content.decode()
    [address] = re.findall(rf'href="({reverse("creator_search")}\?[^"]+)"', page)
    found = client.get(unescape(address))
    assert found.context["form"]["q"].value()
    assert found.context["found"].results


def test_there_is_a_page_before_the_first_run(cast: Cast, browse: Browse) -> None:
    page = browse(cast.brand_owner).get(reverse("niches"))
    assert (page.status_code, "No groups yet" in page.content.decode()) == (200, True)


@pytest.mark.parametrize("group", [0, 4_711, 2**63, 10**40])
def test_an_unknown_group_is_not_found(
    cast: Cast, browse: Browse, group_id: int, group: int
) -> None:
    assert browse(cast.brand_owner).get(f"/niches/{group}/").status_code == 404


@pytest.mark.parametrize("k", ["1", "many", "4000", "1e3", "\x00", "9" * 400])
def test_a_bad_number_of_groups_is_refused_and_starts_nothing(
    cast: Cast, browse: Browse, k: str
) -> None:
    answer = browse(cast.moderator).post(reverse("niches_find"), {"k": k})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not Job.objects.exists()


def test_finding_anew_is_one_job_however_often_it_is_asked(cast: Cast, browse: Browse) -> None:
    client = browse(cast.moderator)
    for _ in range(2):
        client.post(reverse("niches_find"), {"k": ""})
    job = Job.objects.get()
    assert (job.kind, job.params, job.owner) == ("cluster", {}, cast.moderator)
    assert client.get(reverse("jobs")).content.decode().count("Find niche groups") >= 2


def test_the_lists_cost_a_fixed_number_of_queries(
    cast: Cast, browse: Browse, django_assert_max_num_queries, group_id: int
) -> None:
    client = browse(cast.brand_owner)
    client.get(reverse("niches"))
    with django_assert_max_num_queries(9):
        client.get(reverse("niches"))
    with django_assert_max_num_queries(9):
        client.get(reverse("niche", args=[group_id]))


def test_a_groups_date_does_not_wait_for_the_run(cast: Cast, browse: Browse, group_id: int) -> None:
    cluster_niches(params={"k": 2}, progress=Quiet(), now=NOW + timedelta(days=1))
    assert list_groups().groups[0].counted_at == NOW + timedelta(days=1)
