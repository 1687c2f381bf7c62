import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import SocialAccount
from campaigns.terms import BriefRejected, BriefTerms
from scoring.matching import NotScoredYet, Ranking, match_account, rank_creators
from tests.scoring.catalogue import NOW, make_account, make_catalogue

pytestmark = pytest.mark.django_db

SKINCARE = "A gentle vegan skincare line for sensitive skin looks for honest beauty routines."


@pytest.fixture
def accounts() -> dict[str, SocialAccount]:
    return make_catalogue()


def handles(ranking: Ranking) -> list[str]:
    return [result.account.handle for result in ranking.results]


def rank(text: str = SKINCARE, **filters: object) -> Ranking:
    return rank_creators(terms=BriefTerms(text=text, **filters), top=20, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "best"),
    [
        (SKINCARE, "skin"),
        ("Home gym equipment for strength training", "weights"),
        ("A new camera for photography in the city at night", "streets"),
        ("Acoustic guitars for people who write their own songs", "guitarist"),
        ("Light shoes for running long mountain trails", "runner"),
        ("Plant based cooking classes with vegan recipes", "vegan_cook"),
    ],
)
def test_the_creator_the_brief_is_about_comes_first(
    accounts: dict[str, SocialAccount], text: str, best: str
) -> None:
    assert handles(rank(text))[0] == best


def test_order_scores_and_ranks_agree(accounts: dict[str, SocialAccount]) -> None:
    ranking = rank()
    scores = [result.match.score for result in ranking.results]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert [result.rank for result in ranking.results] == list(range(1, len(scores) + 1))
    assert ranking.results[0].match.percentile > 80 > ranking.results[-1].match.percentile
    assert ranking.eligible == 8


def test_each_result_says_why(accounts: dict[str, SocialAccount]) -> None:
    best = rank().results[0]
    assert best.risk is not None
    assert best.price is not None
    assert any("to the brief: strong" in text for text in best.match.positive_factors)
    contributed = sum(factor.contribution for factor in best.match.factors)
    assert best.match.base + contributed == pytest.approx(best.match.score)


def test_filters_are_hard_limits(accounts: dict[str, SocialAccount]) -> None:
    assert handles(rank(platform="tiktok")) == ["skin", "guitarist"]
    assert set(handles(rank(country="germany"))) == {"skin", "streets"}
    assert set(handles(rank(min_followers=20_000, max_followers=30_000))) == {"weights", "skin"}
    assert handles(rank(platform="youtube")) == []


def test_missing_facts_are_concerns(accounts: dict[str, SocialAccount]) -> None:
    [best, _] = rank(country="Germany", budget_minor=100_000, budget_currency="EUR").results
    assert "Countries of the audience unknown" in best.match.concerns
    assert "Price unknown: no comparable market data" in best.match.concerns


def test_pages_follow_each_other_without_gap_or_overlap(accounts: dict[str, SocialAccount]) -> None:
    terms = BriefTerms(text=SKINCARE)
    whole = handles(rank_creators(terms=terms, top=7, now=NOW))
    first = handles(rank_creators(terms=terms, top=4, now=NOW))
    second = handles(rank_creators(terms=terms, top=4, offset=4, now=NOW))
    assert first + second == whole


def test_a_creator_appears_once_with_the_better_account(
    accounts: dict[str, SocialAccount],
) -> None:
    other = make_account("skin_twin", bio="Skincare routines for sensitive skin")
    other.creator = accounts["skin"].creator
    other.save(update_fields=["creator"])
    from scoring.catalogue import Quiet, refresh_catalogue

    refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    creators = [result.account.creator_id for result in rank().results]
    assert len(creators) == len(set(creators))


def test_match_account_agrees_with_the_list(accounts: dict[str, SocialAccount]) -> None:
    listed = rank().results[0]
    alone = match_account(terms=BriefTerms(text=SKINCARE), account=listed.account, now=NOW)
    assert alone.score == pytest.approx(listed.match.score, abs=1e-6)
    assert alone.percentile == listed.match.percentile


def test_match_account_says_when_an_account_is_not_scored_yet() -> None:
    with pytest.raises(NotScoredYet):
        match_account(terms=BriefTerms(text=SKINCARE), account=make_account("new"), now=NOW)


def test_the_same_brief_gives_the_same_list(accounts: dict[str, SocialAccount]) -> None:
    assert [r.match for r in rank().results] == [r.match for r in rank().results]


def test_queries_are_constant_in_the_length_of_the_list(
    accounts: dict[str, SocialAccount],
) -> None:
    terms = BriefTerms(text=SKINCARE)
    rank_creators(terms=terms, top=1, now=NOW)
    with CaptureQueriesContext(connection) as one:
        rank_creators(terms=terms, top=1, now=NOW)
    with CaptureQueriesContext(connection) as many:
        rank_creators(terms=terms, top=7, now=NOW)
    assert len(one) == len(many)


def test_a_brief_in_another_language_is_ranked_with_a_warning(
    accounts: dict[str, SocialAccount],
) -> None:
    ranking = rank("我们寻找在家做饭的创作者")
    assert ranking.results
    assert any("English" in note for note in ranking.notes)


def test_a_wordless_brief_is_refused(accounts: dict[str, SocialAccount]) -> None:
    with pytest.raises(BriefRejected):
        rank("🎉🎉🎉")


def test_an_empty_catalogue_answers_with_an_empty_list() -> None:
    ranking = rank()
    assert (ranking.results, ranking.eligible) == ([], 0)
