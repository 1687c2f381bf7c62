"""Filtered vector search: full pages, no lost recall, on either road."""

import numpy as np
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Creator, SocialAccount
from campaigns.terms import BriefTerms
from scoring import embedding, entries
from scoring.matching import retrieval
from scoring.matching.limits import limits_of
from scoring.matching.retrieval import (
    SearchTooSlow,
    eligible_entries,
    exact_up_to,
    nearest_entries,
    planner,
)
from scoring.ml.encoding import ENCODER_VERSION
from scoring.models import EntryEmbedding, SearchEntry

pytestmark = pytest.mark.django_db

ROWS = 600
QUERY = np.eye(1, 384, dtype=np.float32)[0]


@pytest.fixture
def catalogue() -> list[SearchEntry]:
    """Accounts of 1…ROWS followers."""
    creators = Creator.objects.bulk_create(
        [Creator(display_name=f"Creator {n}") for n in range(ROWS)]
    )
    SocialAccount.objects.bulk_create(
        [
            SocialAccount(creator=creator, platform="tiktok", handle=f"h{n}", country="Peru")
            for n, creator in enumerate(creators)
        ]
    )
    entries.sync_entries()
    rows = list(SearchEntry.objects.order_by("account_id"))
    for followers, row in enumerate(rows, start=1):
        row.followers, row.risk = followers, followers % 100
    SearchEntry.objects.bulk_update(rows, ["followers", "risk"])
    return rows


@pytest.fixture
def embedded(catalogue: list[SearchEntry]) -> list[SearchEntry]:
    """The same accounts with random directions, all different."""
    vectors = np.random.default_rng(3).normal(size=(ROWS, 384)).astype(np.float32)
    vectors[:, 0] += 1.0
    EntryEmbedding.objects.bulk_create(
        EntryEmbedding(entry=row, vector=vector, encoder_version=ENCODER_VERSION)
        for row, vector in zip(catalogue, vectors, strict=True)
    )
    return catalogue


def search(terms: BriefTerms, *, depth: int, exact: bool) -> list[int]:
    rows = eligible_entries(limits_of(terms))
    found = nearest_entries(rows, vector=QUERY, depth=depth, eligible=0, exact=exact)
    assert (np.diff(found.cosines) <= 1e-9).all()
    return found.ids


@pytest.mark.parametrize("limit", [ROWS, ROWS // 2, ROWS // 10, ROWS // 100, 2])
def test_index_walk_finds_full_pages_and_what_the_exact_scan_finds(
    embedded: list[SearchEntry], limit: int
) -> None:
    terms = BriefTerms(text="any", max_followers=limit)
    exact = search(terms, depth=50, exact=True)
    walked = search(terms, depth=50, exact=False)
    assert len(exact) == len(walked) == min(50, limit)
    assert len(set(exact[:10]) & set(walked[:10])) >= 0.9 * min(10, limit)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    limit=st.integers(0, ROWS + 10),
    depth=st.integers(1, ROWS + 10),
    exact=st.sampled_from([True, False, None]),
    direction=st.integers(0, 383),
)
def test_a_page_is_never_shorter_than_who_is_eligible(
    embedded: list[SearchEntry], limit: int, depth: int, exact: bool | None, direction: int
) -> None:
    entries = eligible_entries(limits_of(BriefTerms(text="any", max_followers=limit)))
    vector = -np.eye(384, dtype=np.float32)[direction]
    eligible = entries.count()
    found = nearest_entries(entries, vector=vector, depth=depth, eligible=eligible, exact=exact)
    assert len(set(found.ids)) == len(found.ids) == min(depth, eligible)
    assert (np.diff(found.cosines) <= 1e-9).all()


def test_what_is_exact_grows_with_the_catalogue_up_to_a_ceiling() -> None:
    small, large = (exact_up_to(rows, depth=300) for rows in (26_771, 200_000))
    assert 4_000 < small < 7_000 < large < 20_000
    assert exact_up_to(10**8, depth=300) == retrieval.EXACT_UP_TO
    assert exact_up_to(None, depth=300) > 10**9


def plans(exact: bool) -> str:
    """How PostgreSQL would read the ten nearest."""
    entries = SearchEntry.objects.filter(is_visible=True)
    with planner(exact=exact, depth=10):
        return retrieval.in_order(entries, vector=QUERY, exact=exact)[:10].explain()


def test_each_road_is_really_taken(embedded: list[SearchEntry]) -> None:
    assert embedding.INDEX.name in plans(exact=False)
    assert embedding.INDEX.name not in plans(exact=True)


def test_without_the_index_every_search_is_exact(
    embedded: list[SearchEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "EXACT_UP_TO", 10)
    entries = eligible_entries(limits_of(BriefTerms(text="any")))
    walked = nearest_entries(entries, vector=QUERY, depth=20, eligible=ROWS)
    embedding.drop_index()
    scanned = nearest_entries(entries, vector=QUERY, depth=20, eligible=ROWS)
    assert (walked.exact, scanned.exact) == (False, True)
    assert scanned.ids == search(BriefTerms(text="any"), depth=20, exact=True)
    assert search(BriefTerms(text="any"), depth=20, exact=False) == scanned.ids


def test_a_walk_that_ends_early_is_finished_by_an_exact_scan(
    embedded: list[SearchEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "EF_SEARCH", 60)
    entries = eligible_entries(limits_of(BriefTerms(text="any", max_followers=40)))
    found = nearest_entries(entries, vector=QUERY, depth=40, eligible=40, exact=False)
    assert (len(found.ids), found.exact) == (40, True)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.django_db(transaction=True)
def test_no_setting_outlives_a_search(embedded: list[SearchEntry], exact: bool) -> None:
    search(BriefTerms(text="any"), depth=10, exact=exact)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_sort = off")
    before = read_settings()
    search(BriefTerms(text="any"), depth=10, exact=exact)
    assert read_settings() == before
    with transaction.atomic():
        search(BriefTerms(text="any"), depth=10, exact=exact)
        assert read_settings() == before
        Creator.objects.create(display_name="written after a search")
    assert read_settings() == before
    assert Creator.objects.filter(display_name="written after a search").exists()
    with connection.cursor() as cursor:
        cursor.execute("RESET enable_sort")


def test_a_search_that_fails_leaves_no_setting_and_a_usable_transaction(
    embedded: list[SearchEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    search(BriefTerms(text="any"), depth=10, exact=True)
    before = read_settings()
    monkeypatch.setattr(retrieval, "TIMEOUT_MS", 1)
    with pytest.raises(SearchTooSlow):
        search_often(50)  # One of them takes longer than a millisecond.
    assert read_settings() == before


def search_often(times: int) -> None:
    for _ in range(times):
        search(BriefTerms(text="any"), depth=ROWS, exact=True)


def read_settings() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings")
        return dict(cursor.fetchall())


def test_a_vector_of_another_encoder_is_never_compared(embedded: list[SearchEntry]) -> None:
    stale = embedded[0].embedding
    stale.encoder_version = "another encoder"
    stale.save(update_fields=["encoder_version"])
    for exact in (True, False):
        assert embedded[0].pk not in search(BriefTerms(text="any"), depth=ROWS, exact=exact)


@pytest.mark.parametrize(
    ("terms", "count"),
    [
        ({"platform": "tiktok"}, ROWS),
        ({"platform": "youtube"}, 0),
        ({"country": "peru"}, ROWS),
        ({"country": "PE"}, ROWS),
        ({"country": "Chile"}, 0),
        ({"min_followers": ROWS}, 1),
        ({"max_followers": 10}, 10),
        ({"max_risk": 0}, ROWS // 100),
        ({"niches": ["yoga"]}, 0),
    ],
)
def test_each_filter_is_a_hard_limit(
    catalogue: list[SearchEntry], terms: dict[str, object], count: int
) -> None:
    assert eligible_entries(limits_of(BriefTerms(text="any", **terms))).count() == count  # type: ignore[arg-type]


def test_an_unknown_fact_does_not_pass_a_limit_on_it(catalogue: list[SearchEntry]) -> None:
    SearchEntry.objects.update(followers=None, risk=None)
    assert eligible_entries(limits_of(BriefTerms(text="any", min_followers=0))).count() == 0
    assert eligible_entries(limits_of(BriefTerms(text="any", max_risk=100))).count() == 0
    assert eligible_entries(limits_of(BriefTerms(text="any"))).count() == ROWS


def test_a_budget_refuses_only_prices_known_to_exceed_it(catalogue: list[SearchEntry]) -> None:
    SearchEntry.objects.filter(followers__lte=10).update(price_low_minor=200, price_currency="CNY")
    SearchEntry.objects.filter(followers=1).update(price_low_minor=100)
    terms = BriefTerms(text="any", budget_minor=150, budget_currency="CNY")
    assert eligible_entries(limits_of(terms)).count() == ROWS - 9


def test_suspended_creators_are_not_eligible(catalogue: list[SearchEntry]) -> None:
    creator = Creator.objects.get(pk=catalogue[0].creator_id)
    creator.status = Creator.Status.SUSPENDED
    creator.save(update_fields=["status"])
    entries.sync_entries(account_ids=[catalogue[0].account_id])
    assert eligible_entries(limits_of(BriefTerms(text="any"))).count() == ROWS - 1
