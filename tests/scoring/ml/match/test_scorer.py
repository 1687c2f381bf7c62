from pathlib import Path

import numpy as np
import pytest

from scoring.ml.match import factors, outcome_tables
from scoring.ml.match.explaining import explain_matches
from scoring.ml.match.factors import FACTORS, STATED_WEIGHTS, factor_values
from scoring.ml.match.facts import (
    CampaignFacts,
    CreatorFacts,
    read_audience,
    read_wished_ages,
    read_wished_countries,
)
from scoring.ml.match.fitting import (
    factors_of,
    order_pairs,
    score_pairs,
    stated_scores,
)
from scoring.ml.match.measuring import intervals, order_figures, outcome_figures
from scoring.ml.match.pairs import Market, Pairs, groups_of, simulate_pairs
from scoring.ml.match.scorer import MatchScorer
from scoring.ml.match.simulation import Noise
from scoring.ml.tables import TableError
from tests.scoring.ml.match.conftest import fit_small

CAMPAIGN = CampaignFacts(
    ages=read_wished_ages(["18-34"]),
    genders=["female"],
    countries=read_wished_countries(["UK", "US"]),
    niches=["skincare"],
    category="beauty",
    budget_minor=100_000,
)
KNOWN = CreatorFacts(
    topic=0.8,
    audience=read_audience(
        ages={"18-24": 0.5, "25-34": 0.4, "35-44": 0.1},
        genders={"female": 0.8, "male": 0.2},
        countries={"United Kingdom": 0.7, "France": 0.2},
    ),
    niches={"skincare": 1.0},
    engagement=0.9,
    engagement_rate=0.048,
    completed=9,
    accepted=10,
    repeated_pictures=0.1,
    repeated_captions=0.0,
    risk=12.0,
    collaborations_in_category=4,
    collaborations=10,
    price_low_minor=60_000,
    price_minor=90_000,
)
UNKNOWN = CreatorFacts(topic=0.8)


def test_stated_weights_sum_to_one() -> None:
    assert sum(STATED_WEIGHTS.values()) == pytest.approx(1.0)


def test_a_campaign_is_scored_only_by_what_it_asks_for() -> None:
    asked = factor_values(CampaignFacts(), [KNOWN])
    assert set(asked) == {"topic", "engagement", "completion", "quality", "authenticity"}
    assert {"age", "gender", "audience_country", "niche", "experience", "price"} <= set(
        factor_values(CAMPAIGN, [KNOWN])
    )


def test_missing_facts_are_missing() -> None:
    values = factor_values(CAMPAIGN, [UNKNOWN])
    assert values["topic"][0] == 0.8
    assert all(np.isnan(column[0]) for name, column in values.items() if name != "topic")


def test_the_score_beats_the_stated_weights_on_new_creators_and_campaigns(
    scorer: MatchScorer, market: dict[str, Pairs]
) -> None:
    test, training = market["test"], market["training"]
    learned = outcome_figures(score_pairs(scorer, test), test)
    line = np.polyfit(stated_scores(training), training.outcomes, 1)
    stated = outcome_figures(np.polyval(line, stated_scores(test)), test)
    assert learned["rmse"] < 0.8 * stated["rmse"]
    assert learned["rank_correlation"] > stated["rank_correlation"] + 0.1
    best = outcome_figures(test.signal, test)["rank_correlation"]
    assert best > learned["rank_correlation"]


def test_the_order_finds_the_best_outcomes(scorer: MatchScorer, market: dict[str, Pairs]) -> None:
    test = market["test"]
    chance = np.random.default_rng(0).random(len(test))
    ordered = order_figures(order_pairs(scorer, test), test)
    assert ordered["ndcg_at_10"] > order_figures(chance, test)["ndcg_at_10"] + 0.2


def test_a_batch_is_scored_as_its_rows_are(scorer: MatchScorer, market: dict[str, Pairs]) -> None:
    rows = groups_of(market["test"].campaigns)[0]
    together = factors_of(market["test"], rows)
    for row in range(0, len(rows), 7):
        alone = {name: column[row : row + 1] for name, column in together.items()}
        assert scorer.weighted_scores(alone)[0] == scorer.weighted_scores(together)[row]
        assert scorer.order_values(alone)[0] == scorer.order_values(together)[row]


def test_the_same_seed_gives_the_same_market_and_scorer() -> None:
    tiny = Market(
        {"training": 40, "validation": 4}, {"training": 60, "validation": 40},
        {"training": 10, "validation": 10},
    )  # fmt: skip
    one, two = (simulate_pairs(5, tiny, Noise()) for _ in range(2))
    np.testing.assert_array_equal(one["training"].values, two["training"].values)
    first, second = fit_small(one), fit_small(two)
    assert first.score_trees.model_to_string() == second.score_trees.model_to_string()
    assert first.settings == second.settings


def test_more_of_what_is_wanted_never_lowers_the_score(
    scorer: MatchScorer, market: dict[str, Pairs]
) -> None:
    rows = groups_of(market["test"].campaigns)[1]
    given = factors_of(market["test"], rows)
    before = scorer.weighted_scores(given)
    for name in ("topic", "engagement", "authenticity"):
        better = {**given, name: np.minimum(given[name] + 0.3, 1.0)}
        assert (scorer.weighted_scores(better) >= before - 1e-9).all()


def test_scores_are_shares_and_nothing_known_is_zero(scorer: MatchScorer) -> None:
    good, bad, none = scorer.weighted_scores(
        factor_values(CAMPAIGN, [KNOWN, UNKNOWN, CreatorFacts()])
    )
    assert 1 >= good > bad >= 0
    assert none == 0.0


def test_with_few_facts_only_the_stated_formula_speaks(scorer: MatchScorer) -> None:
    sparse = {"topic": np.array([0.2, 0.9]), "engagement": np.array([1.0, 0.0])}
    stated = scorer.stated.weighted_scores(sparse)
    expected = scorer.settings.stated_intercept + scorer.settings.stated_slope * stated
    np.testing.assert_allclose(scorer.weighted_scores(sparse), np.clip(expected, 0, 1))


def test_contributions_and_base_sum_to_the_score(
    scorer: MatchScorer, market: dict[str, Pairs]
) -> None:
    given = factors_of(market["test"], groups_of(market["test"].campaigns)[2])
    base, parts = scorer.decompose(given)
    total = base + sum(parts.values())
    np.testing.assert_allclose(np.clip(total, 0, 1), scorer.weighted_scores(given), atol=1e-9)


def test_an_explanation_says_what_is_good_and_what_is_not_known(scorer: MatchScorer) -> None:
    both = [KNOWN, UNKNOWN]
    known, unknown = explain_matches(scorer, CAMPAIGN, both, factor_values(CAMPAIGN, both))
    assert "Niche alignment with skincare: strong (100%)" in known.positive_factors
    assert any("4.8%" in text for text in known.positive_factors)
    assert "Fake-follower risk 12 of 100" in known.positive_factors
    assert any("United Kingdom" in factor.text or "Britain" in factor.text
               for factor in known.factors)  # fmt: skip
    assert "Audience by country: only 90% of the audience is known" in known.concerns
    assert "Ages of the audience unknown" in unknown.concerns
    assert "Fake-follower risk unknown: not enough evidence" in unknown.concerns
    assert known.percentile > unknown.percentile
    for one in (known, unknown):
        assert not set(one.positive_factors) & set(one.concerns)
        total = one.base + sum(factor.contribution for factor in one.factors)
        assert min(max(total, 0), 1) == pytest.approx(one.score)


def test_percentiles_are_among_the_reference_given(scorer: MatchScorer) -> None:
    values = factor_values(CAMPAIGN, [KNOWN])
    [one] = explain_matches(scorer, CAMPAIGN, [KNOWN], values, reference=np.zeros(10))
    assert one.percentile == 100
    assert explain_matches(scorer, CAMPAIGN, [], {}) == []


def test_an_impossible_audience_is_a_concern_and_not_a_crash() -> None:
    audience = read_audience(ages={"18-24": 0.9, "25-34": 0.9}, genders={"female": 1.0})
    assert audience.ages is None
    assert audience.genders is not None
    assert audience.notes == (
        "Audience by age left out: The shares sum to 1.80; they should sum to 1 (or to 100 %).",
    )


def test_every_factor_has_words() -> None:
    from scoring.ml.match import wording

    assert set(wording.KNOWN) == set(wording.UNKNOWN) == set(factors.SPECS)


def test_outcome_files_come_back_as_they_were(
    scorer: MatchScorer, market: dict[str, Pairs], tmp_path: Path
) -> None:
    path = tmp_path / "outcomes.csv"
    outcome_tables.write_outcomes(market["test"], path)
    assert outcome_tables.has_outcomes(path)
    again = outcome_tables.read_outcomes(path)
    assert len(again) == len(market["test"])
    figures = outcome_figures(score_pairs(scorer, again), again)
    expected = outcome_figures(score_pairs(scorer, market["test"]), market["test"])
    assert figures["rmse"] == pytest.approx(expected["rmse"], abs=2e-3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("campaign_id,outcome\na,0.5\na,0.6\n", "none of the factors"),
        ("campaign_id,outcome,topic\na,0.5,7\na,0.6,0.1\n", "row 2: topic is 7"),
        ("campaign_id,outcome,topic\na,0.5,0.1\nb,0.6,0.1\n", "two outcomes"),
    ],
)
def test_bad_outcome_files_are_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=words):
        outcome_tables.read_outcomes(path)


def test_no_factor_is_the_outcome_in_disguise(market: dict[str, Pairs]) -> None:
    """A leak would show as a single factor that nearly orders a campaign by itself."""
    test = market["test"]
    for column, name in enumerate(FACTORS):
        filled = np.nan_to_num(test.values[:, column], nan=0.5)
        assert outcome_figures(filled, test)["rank_correlation"] < 0.7, name


def test_intervals_hold_their_figure(market: dict[str, Pairs], scorer: MatchScorer) -> None:
    test = market["test"]
    scores = score_pairs(scorer, test)
    point, ends = outcome_figures(scores, test), intervals(outcome_figures, scores, test, 1)
    for name in point:
        assert ends[f"{name}_low"] < point[name] < ends[f"{name}_high"]
