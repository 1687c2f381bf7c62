"""Every stored fact reaches the list: as a figure where it is known, as a concern where not."""

from typing import Any

import pytest

from accounts.models import AudienceSnapshot, Comment, Post, Provenance, SocialAccount
from campaigns.terms import BriefTerms
from scoring import registry
from scoring.catalogue import Quiet, refresh_catalogue
from scoring.matching import MatchScore, match_accounts, rank_creators
from scoring.models import MatchFacts
from tests.scoring.catalogue import NOW, make_catalogue

pytestmark = pytest.mark.django_db

BRIEF = BriefTerms(
    text="A gentle vegan skincare line for sensitive skin looks for honest beauty routines.",
    audience={"age": ["18-24"], "gender": ["female"], "countries": ["DE"], "interests": ["Skin"]},
    values=["cruelty-free cosmetics"],
    niches=["skincare"],
    category="Skin Care",
    budget_minor=50_000,
    budget_currency="EUR",
)


@pytest.fixture
def accounts() -> dict[str, SocialAccount]:
    made = make_catalogue()
    for name, female in (("skin", 0.8), ("runner", 1.9)):
        AudienceSnapshot.objects.create(
            account=made[name], day=NOW.date(), provenance=Provenance.CREATOR,
            age={"18-24": 0.5, "25-34": 0.5}, gender={"female": female, "male": 0.2},
            countries={"Germany": 0.6, "AT": 0.4}, interests={"skin": 1.0},
        )  # fmt: skip
    for place in range(12):
        Post.objects.create(
            account=made["skin"], external_id=str(place),
            caption=f"My routine number {place} for calm skin, what is yours today?",
        )  # fmt: skip
        Comment.objects.create(
            account=made["skin"], external_id=str(place), provenance=Provenance.IMPORTED,
            text=f"I love what Glow did for my skin, it is wonderful and works so well {place}",
        )  # fmt: skip
    refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    MatchFacts.objects.filter(entry__account=made["skin"]).update(
        accepted=4, completed=3, collaborations=4, worked_in={"skin-care": 2}
    )
    return made


def matched(account: SocialAccount) -> tuple[MatchScore, dict[str, Any]]:
    found = match_accounts(terms=BRIEF, accounts=[account], now=NOW, brand_names=["Glow"])
    match = found[account.pk]
    return match, {factor.name: factor for factor in match.factors}


def test_known_facts_speak_with_their_figures(accounts: dict[str, SocialAccount]) -> None:
    match, factors = matched(accounts["skin"])
    words = {name: factor.text for name, factor in factors.items()}
    assert "50% of the audience is aged 18–24" in words["age"]
    assert "80% of the audience is female" in words["gender"]
    assert "Germany 60%" in words["audience_country"]
    assert words["completion"] == "3 of 4 past collaborations completed"
    assert words["experience"] == "2 of 4 past collaborations in Skin Care"
    assert factors["sentiment"].value > 0.7
    assert factors["quality"].value is not None
    assert factors["tone"].value is not None
    assert factors["values"].value is not None
    assert match.base + sum(one.contribution for one in match.factors) == pytest.approx(match.score)


def test_what_is_unknown_stays_unknown_and_is_a_concern(
    accounts: dict[str, SocialAccount],
) -> None:
    match, factors = matched(accounts["guitarist"])
    for name in ("age", "gender", "audience_country", "interests", "completion", "quality",
                 "tone", "experience", "sentiment"):  # fmt: skip
        assert factors[name].value is None, name
        assert factors[name].text in match.concerns, name


def test_an_audience_that_cannot_be_is_left_out_with_the_reason(
    accounts: dict[str, SocialAccount],
) -> None:
    match, factors = matched(accounts["runner"])
    assert factors["gender"].value is None
    assert factors["age"].value is not None
    assert any("Audience by gender left out" in text for text in match.concerns)


def test_a_list_and_a_single_match_agree(accounts: dict[str, SocialAccount]) -> None:
    listed = rank_creators(terms=BRIEF, now=NOW, brand_names=["Glow"]).results
    alone, _ = matched(accounts["skin"])
    [ours] = [one.match for one in listed if one.account.pk == accounts["skin"].pk]
    assert (ours.score, ours.percentile) == (pytest.approx(alone.score), alone.percentile)


def test_version_one_answers_behind_the_same_calls(
    accounts: dict[str, SocialAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    load = registry.load

    def rolled_back(task: str, version: str | None = None) -> Any:
        return load(task, "v1" if task == "match" else version)

    monkeypatch.setattr(registry, "load", rolled_back)
    match, factors = matched(accounts["skin"])
    assert match.version == "match/v1"
    assert factors.keys() == {
        "topic", "niche", "authenticity", "engagement", "audience_country", "price",
    }  # fmt: skip
    assert sum(one.contribution for one in match.factors) == pytest.approx(match.score)
    assert rank_creators(terms=BRIEF, now=NOW).match_version == "match/v1"
