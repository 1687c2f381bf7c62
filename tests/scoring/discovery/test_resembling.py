"""Creators like one creator, with a score whose parts are said."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Creator, SocialAccount
from scoring import entries
from scoring.discovery.likeness import WEIGHTS
from scoring.discovery.resembling import SimilarPage, similar_creators
from scoring.ml.match.limits import Limits
from scoring.models import EntryEmbedding, SearchEntry
from scoring.visibility import set_creator_status
from tests.scoring.catalogue import NOW, make_account

pytestmark = pytest.mark.django_db

Catalogue = dict[str, SocialAccount]


def handles(page: SimilarPage) -> list[str]:
    return [one.account.handle for one in page.results]


def test_the_score_is_the_mean_of_the_known_parts(catalogue: Catalogue) -> None:
    page = similar_creators(creator=catalogue["skin"].creator)
    assert page.basis == "text"
    assert handles(page)[0] == "video_shop"
    assert "skin" not in handles(page)
    for one in page.results:
        known = [part for part in one.parts if part.value is not None]
        total = sum(part.weight for part in known)
        mean = sum(part.weight * (part.value or 0.0) for part in known) / total
        assert one.score == pytest.approx(mean)
        assert [part.name for part in one.parts] == list(WEIGHTS)
    scores = [one.score for one in page.results]
    assert scores == sorted(scores, reverse=True)
    first = page.results[0]
    assert first.reasons[0].startswith("Text 0.")
    assert "Audience countries not known of both" in first.unknown


def test_it_finds_creators_on_other_platforms(catalogue: Catalogue) -> None:
    page = similar_creators(creator=catalogue["video_shop"].creator)
    assert page.results[0].account.platform == "tiktok"


def test_parts_are_said_with_their_figures(catalogue: Catalogue) -> None:
    skin, shop = (catalogue[name].pk for name in ("skin", "video_shop"))
    rows = SearchEntry.objects
    rows.filter(account=skin).update(
        niches=["beauty", "skincare", "travel"], followers=100_000,
        niche_weights={"beauty": 1.0, "skincare": 0.5},
        audience_countries={"China": 0.6, "Italy": 0.4},
    )  # fmt: skip
    rows.filter(account=shop).update(
        niches=["beauty", "travel"], followers=316_228,
        niche_weights={"beauty": 1.0, "skincare": 0.25}, audience_countries={"China": 0.9},
    )  # fmt: skip
    [one] = [
        one
        for one in similar_creators(creator=catalogue["skin"].creator).results
        if one.account.pk == shop
    ]
    parts = {part.name: part for part in one.parts}
    assert parts["niches"].value == pytest.approx(1.25 / 1.5)
    assert parts["niches"].text == "2 of 3 niches shared: beauty, travel"
    assert parts["size"].value == pytest.approx(0.75, abs=1e-4)
    assert parts["size"].text == "3.2 times the followers"
    assert parts["audience"].value == pytest.approx(0.6)
    assert parts["audience"].text == "Audience in the same countries: 60%"
    assert one.unknown == []


def test_all_accounts_of_the_creator_count_and_none_is_shown(catalogue: Catalogue) -> None:
    cook, streets = catalogue["vegan_cook"], catalogue["streets"]
    SocialAccount.objects.filter(pk=streets.pk).update(creator=cook.creator)
    entries.sync_entries(account_ids=[streets.pk])
    page = similar_creators(creator=cook.creator)
    assert not {"vegan_cook", "streets"} & set(handles(page))
    assert len({one.account.creator_id for one in page.results}) == len(page.results)


def test_whoever_is_not_shown_is_left_out(catalogue: Catalogue) -> None:
    shop = catalogue["video_shop"].creator
    set_creator_status(creator=shop, status=Creator.Status.SUSPENDED, actor=None, now=NOW)
    assert "video_shop" not in handles(similar_creators(creator=catalogue["skin"].creator))


def test_limits_hold(catalogue: Catalogue) -> None:
    page = similar_creators(
        creator=catalogue["skin"].creator, limits=Limits(platforms=["instagram"])
    )
    assert {one.account.platform for one in page.results} == {"instagram"}


def test_without_text_niches_decide_and_that_is_said(catalogue: Catalogue) -> None:
    SearchEntry.objects.filter(account=catalogue["silent"]).update(
        niches=["beauty"], niche_weights={"beauty": 1.0}
    )
    SearchEntry.objects.filter(account=catalogue["skin"]).update(
        niches=["beauty"], niche_weights={"beauty": 0.8}
    )
    page = similar_creators(creator=catalogue["silent"].creator)
    assert page.basis == "niches"
    assert "no text to compare" in page.notes[0]
    assert "skin" in handles(page)
    assert all(one.parts[0].value is None for one in page.results)
    assert all("beauty" in one.entry.niches for one in page.results)


def test_without_text_and_niches_it_abstains(catalogue: Catalogue) -> None:
    page = similar_creators(creator=catalogue["silent"].creator)
    assert page.results == []
    assert page.basis == ""
    assert "nothing says who is like them" in page.notes[0]
    alone = Creator.objects.create(display_name="No account")
    assert similar_creators(creator=alone).results == []


def test_a_vector_of_another_encoder_is_not_compared(catalogue: Catalogue) -> None:
    EntryEmbedding.objects.filter(entry__account=catalogue["skin"]).update(encoder_version="old")
    page = similar_creators(creator=catalogue["skin"].creator)
    assert page.basis in {"niches", ""}
    assert "skin" not in handles(similar_creators(creator=catalogue["video_shop"].creator))


def test_pages_repeat_and_lose_nobody(catalogue: Catalogue) -> None:
    creator = catalogue["weights"].creator
    whole = handles(similar_creators(creator=creator))
    walked: list[str] = []
    cursor = ""
    while True:
        page = similar_creators(creator=creator, top=2, cursor=cursor)
        walked += handles(page)
        if not (cursor := page.next_cursor):
            break
    assert walked == whole
    assert len(whole) == 6


def test_queries_do_not_grow_with_the_page(catalogue: Catalogue) -> None:
    make_account("another", bio="Strength training")
    counts = []
    for top in (1, 6):
        with CaptureQueriesContext(connection) as queries:
            similar_creators(creator=catalogue["weights"].creator, top=top)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
