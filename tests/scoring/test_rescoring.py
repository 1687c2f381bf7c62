from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import AccountMetric, Provenance, SocialAccount
from scoring.catalogue import Quiet, embed_catalogue, refresh_catalogue, score_catalogue
from scoring.models import EntryEmbedding, Score, SearchEntry
from scoring.reproducing import recompute_score
from scoring.rescoring import rescore_account, score_accounts
from scoring.selectors import current_scores, get_catalogue_state
from tests.scoring.catalogue import DAY, NOW, make_account, make_catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts() -> dict[str, SocialAccount]:
    return make_catalogue()


def test_refresh_embeds_and_scores_every_account(accounts: dict[str, SocialAccount]) -> None:
    state = get_catalogue_state()
    assert (state.accounts, state.embedded, state.scored) == (8, 7, 8)
    scores = current_scores([account.pk for account in accounts.values()])
    assert {task for mine in scores.values() for task in mine} == set(Score.Task.values)
    risk = scores[accounts["skin"].pk]["authenticity"]
    assert 0 <= risk.value <= 100
    assert risk.level in {"low", "medium", "high"}
    assert risk.reasons
    assert all(reason["text"] and reason["effect"] for reason in risk.reasons)


def test_an_account_without_text_abstains_from_niches(accounts: dict[str, SocialAccount]) -> None:
    niche = Score.objects.get(account=accounts["silent"], task="niche")
    assert niche.abstained
    assert niche.abstain_reason
    assert SearchEntry.objects.get(account=accounts["silent"]).niche_weights is None


def test_prices_exist_only_where_there_is_a_market(accounts: dict[str, SocialAccount]) -> None:
    priced = Score.objects.get(account=accounts["video_shop"], task="price")
    assert priced.currency == "CNY"
    assert 0 < priced.low <= priced.value <= priced.high
    unpriced = Score.objects.get(account=accounts["skin"], task="price")
    assert unpriced.abstained
    assert "comparable" in unpriced.abstain_reason.lower()


def test_scoring_again_writes_nothing(accounts: dict[str, SocialAccount]) -> None:
    before = Score.objects.count()
    report = refresh_catalogue(params={}, progress=Quiet(), now=NOW + timedelta(days=1))
    assert (report["embedded"], report["scores_written"]) == (0, 0)
    assert Score.objects.count() == before


def test_a_new_fact_writes_a_new_score_and_keeps_the_old(
    accounts: dict[str, SocialAccount],
) -> None:
    account = accounts["skin"]
    later = NOW + timedelta(days=2)
    AccountMetric.objects.create(
        account=account,
        day=later.date(),
        followers=900_000,
        engagement_rate=0.0001,
        provenance=Provenance.MEASURED,
        recorded_at=later,
    )
    rescore_account(account=account, now=later)
    history = Score.objects.filter(account=account, task="authenticity").order_by("created_at")
    assert [score.inputs["followers"] for score in history] == [30_000, 900_000]
    assert SearchEntry.objects.get(account=account).followers == 900_000


def test_one_task_alone_leaves_the_others_as_they_were(accounts: dict[str, SocialAccount]) -> None:
    shop = accounts["video_shop"]
    entry = SearchEntry.objects.get(account=shop)
    AccountMetric.objects.create(
        account=shop,
        day=DAY + timedelta(days=9),
        followers=9_000,
        provenance=Provenance.MEASURED,
        recorded_at=NOW + timedelta(days=9),
    )
    score_catalogue(
        params={"tasks": ["authenticity"]}, progress=Quiet(), now=NOW + timedelta(days=10)
    )
    assert Score.objects.filter(account=shop, task="authenticity").count() == 2
    assert Score.objects.filter(account=shop, task="price").count() == 1
    after = SearchEntry.objects.get(account=shop)
    assert (after.price_minor, after.niches) == (entry.price_minor, entry.niches)


def test_a_task_never_scored_leaves_its_search_columns_empty() -> None:
    account = make_account("new", bio="slow bread")
    score_catalogue(params={"tasks": ["authenticity"]}, progress=Quiet(), now=NOW)
    entry = SearchEntry.objects.get(account=account)
    assert (entry.price_minor, entry.niche_weights, entry.niches) == (None, None, [])


def test_as_of_reads_nothing_recorded_later(accounts: dict[str, SocialAccount]) -> None:
    account = accounts["skin"]
    later = NOW + timedelta(days=2)
    AccountMetric.objects.create(
        account=account, day=DAY, followers=5, provenance=Provenance.MEASURED, recorded_at=later
    )
    report = score_accounts(accounts=[account], now=later, as_of=NOW)
    assert report.written == 0
    assert score_accounts(accounts=[account], now=later).written > 0


def test_a_batch_scores_what_its_accounts_score_alone(accounts: dict[str, SocialAccount]) -> None:
    together = {
        (score.account_id, score.task): (score.value, score.snapshot_hash)
        for score in Score.objects.all()
    }
    # Scores are protected against updates, not against starting over.
    Score.objects.all().delete()
    for account in accounts.values():
        score_accounts(accounts=[account], now=NOW)
    alone = {
        (score.account_id, score.task): (score.value, score.snapshot_hash)
        for score in Score.objects.all()
    }
    assert alone == together


def test_every_score_is_reproduced_from_its_snapshot(accounts: dict[str, SocialAccount]) -> None:
    for score in Score.objects.all():
        answer = recompute_score(score.pk)
        assert answer.is_exact, (score, answer.differences)


def test_a_tampered_snapshot_is_noticed(accounts: dict[str, SocialAccount]) -> None:
    score = Score.objects.filter(task="authenticity").latest("pk")
    forged = Score(
        **{field.attname: getattr(score, field.attname) for field in Score._meta.concrete_fields}
    )
    forged.pk, forged.inputs = None, {**score.inputs, "followers": 1.0}
    forged.save()
    assert not recompute_score(forged.pk).is_exact


def test_scores_cannot_be_rewritten_in_the_database(accounts: dict[str, SocialAccount]) -> None:
    with (
        pytest.raises(DatabaseError, match="Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE scoring_score SET value = 0")


def test_changed_text_is_embedded_again_and_only_that(accounts: dict[str, SocialAccount]) -> None:
    account = accounts["guitarist"]
    before = EntryEmbedding.objects.get(entry__account=account).text_hash
    account.bio = "Now I only talk about gardens and flowers"
    account.save(update_fields=["bio"])
    assert embed_catalogue(params={}, progress=Quiet(), now=NOW) == {"embedded": 1}
    assert EntryEmbedding.objects.get(entry__account=account).text_hash != before


def test_queries_do_not_grow_with_the_catalogue(django_assert_max_num_queries: object) -> None:
    from django.test.utils import CaptureQueriesContext

    make_catalogue()
    with CaptureQueriesContext(connection) as few:
        score_catalogue(params={}, progress=Quiet(), now=NOW)
    for n in range(20):
        make_account(f"more_{n}", bio="Knitting and wool")
    embed_catalogue(params={}, progress=Quiet(), now=NOW)
    score_catalogue(params={}, progress=Quiet(), now=NOW)
    with CaptureQueriesContext(connection) as many:
        score_catalogue(params={}, progress=Quiet(), now=NOW)
    assert len(many) == len(few)


def test_a_newer_row_that_knows_less_hides_nothing(accounts: dict[str, SocialAccount]) -> None:
    account = accounts["skin"]
    later = NOW + timedelta(days=2)
    AccountMetric.objects.create(
        account=account,
        day=later.date(),
        followers=31_000,
        provenance=Provenance.MEASURED,
        recorded_at=later,
    )
    rescore_account(account=account, now=later)
    entry = SearchEntry.objects.get(account=account)
    assert (entry.followers, entry.engagement_rate) == (31_000, pytest.approx(0.06))
    newest = Score.objects.filter(account=account, task="authenticity").latest("created_at")
    assert newest.inputs["followers"] == 31_000
    assert newest.inputs["like_rate"] is not None
