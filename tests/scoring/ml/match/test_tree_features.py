import numpy as np

from scoring.ml.match.factors import FACTORS
from scoring.ml.match.shares import similarity_to_group
from scoring.ml.match.tree_features import COLUMNS, GROUPS, RISING, by_factor, reach, tree_features


def table(**factors: float) -> tuple[np.ndarray, np.ndarray]:
    values = np.full((1, len(FACTORS)), np.nan)
    asked = np.zeros((1, len(FACTORS)), dtype=bool)
    for name, value in factors.items():
        values[0, FACTORS.index(name)] = value
        asked[0, FACTORS.index(name)] = True
    return values, asked


def test_reach_is_the_product_of_the_shares_inside() -> None:
    values, asked = table(
        age=similarity_to_group(0.5), gender=similarity_to_group(0.8), audience_country=0.25
    )
    assert np.isclose(reach(values, asked)[0], 0.5 * 0.8 * 0.25)
    values, asked = table(gender=similarity_to_group(0.8))
    assert np.isclose(reach(values, asked)[0], 0.8)


def test_an_unknown_share_leaves_reach_unknown() -> None:
    assert np.isnan(reach(*table(age=np.nan, gender=0.5)))[0]


def test_columns_have_a_name_and_a_direction_each() -> None:
    assert tree_features(*table(age=0.5)).shape[1] == len(COLUMNS) == len(RISING)


def test_contributions_of_columns_are_kept_when_they_become_those_of_factors() -> None:
    contributions = np.arange(1.0, len(COLUMNS) + 1)[None]
    for factors in ({"age": 0.3, "gender": 0.2}, {}, {"topic": 0.1}):
        _, asked = table(**factors)
        parts = by_factor(contributions, asked)
        assert parts.shape == (1, len(FACTORS))
        assert np.isclose(parts.sum(), contributions.sum())
    _, asked = table(age=0.3)
    parts, plain = by_factor(contributions, asked)[0], contributions[0]
    assert parts[GROUPS[0]] == plain[GROUPS[0]] + plain[len(FACTORS) + GROUPS[0]] + plain[-1]
