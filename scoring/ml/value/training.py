"""Fitting and judging the coefficients of the market value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from scoring.ml import artifacts
from scoring.ml.tables import Table, TableError, read_table
from scoring.ml.tasks import Answer, Evaluation, TaskSpec
from scoring.ml.value.evidence import Evidence
from scoring.ml.value.files import (
    CATALOGUE,
    PRICED_DELIVERABLE,
    PRICED_ON,
    PRICES,
    CreatorPosts,
    kind_of,
    read_creator_posts,
)
from scoring.ml.value.fitting import (
    Within,
    measure_within,
    prior_from_posts,
    prior_from_rates,
    prior_of_others,
)
from scoring.ml.value.formula import FORMULA_VERSION, OTHER, Coefficients, Formula, Prior, RateLine
from scoring.ml.value.prediction import (
    PREDICTION_METRICS,
    cross_forecast,
    forecast,
    prediction_figures,
)
from scoring.ml.value.ranked import RANKING_METRICS, compare, explain, ranking_figures
from scoring.ml.value.rates import Priced, TooFewPrices, fit_rate
from scoring.ml.value.valuing import SETTINGS_FILE, ValueModel

FEW: Final = 2
FOLDS: Final = 5
MINOR: Final = 100  # of the yuan, the one currency of the training data
LICENCES: Final = {
    "videos_douyin.csv.gz": "none stated (noir-madlax/GoodGame, 565edbe)",
    "rates_douyin.csv.gz": "none stated (noir-madlax/GoodGame, 565edbe)",
    "videos_tiktok.csv.gz": "none stated (thienphucle/IE403.P21_Social_Media_Data_Mining, 8826c75)",
    "posts_instagram.csv.gz": "MIT as stated by the repository (Ken-05/InfluencerSphere, 19d0354)",
    "creators.csv.gz": "none stated for the data (inBeat/inbeat-website, 8f53c63)",
}
PROTOCOL: Final = (
    "the last 30 % of each creator's posts, from the earlier ones and priors of other creators' "
    "earlier posts (5 folds over creators), largest collection"
)


def train(
    files: Sequence[Path], out_dir: Path, *, random_state: int, trained_at: datetime
) -> dict[str, Any]:
    """Fit priors and going rates, judge the engagement part on later posts, write the artefact.

    Files may hold posts, a catalogue of creators with engagement rates, and asking prices.

    :raises TableError: unreadable files, or no platform to fit a prior for.
    """
    rows: list[int] = []
    posts: dict[str, CreatorPosts] = {}
    sources: dict[str, str] = {}
    catalogues: list[tuple[str, Table]] = []
    prices: list[tuple[str, Table]] = []
    for path in files:
        kind = kind_of(path)
        if kind == "posts":
            read, parts = read_creator_posts(path)
            rows.append(read)
            for part in parts:
                posts[part.platform], sources[part.platform] = part, path.name
        elif kind in ("catalogue", "prices"):
            table = read_table(path, CATALOGUE if kind == "catalogue" else PRICES)
            rows.append(table.rows)
            (catalogues if kind == "catalogue" else prices).append((path.name, table))
        else:
            raise TableError(f"{path.name} is a ranking: values are compared with it, not fitted.")
    formula = Formula()
    withins = {name: found for name, part in posts.items() if (found := measure_within(part))}
    priors: dict[str, Prior] = {}
    for name, table in catalogues:
        priors |= _catalogue_priors(table, withins, formula, name)
    for name, part in posts.items():
        if name in withins and name not in priors:
            prior = prior_from_posts(part, withins[name], formula, source=sources[name])
            priors |= {} if prior is None else {name: prior}
    if not priors:
        raise TableError("No platform has enough creators with posts to fit a prior on.")
    priors[OTHER] = prior_of_others(list(priors.values()))
    model = ValueModel(Coefficients(formula, priors))
    rates = {}
    for name, table in prices:
        rate = _douyin_rate(table, posts.get("douyin"), model, name, random_state)
        rates[rate.market] = rate
    coefficients = Coefficients(formula, priors, rates)
    slices = {
        name: _judge(part, formula, random_state) for name, part in posts.items() if name in withins
    }
    largest = max(slices, key=lambda name: len(posts[name].logs)) if slices else None
    metrics = {**dict.fromkeys(RANKING_METRICS), **(slices[largest] if largest else {})}
    return artifacts.save_artifact(
        out_dir,
        task=TASK.name,
        files={SETTINGS_FILE: artifacts.document_to_bytes(coefficients.to_json())},
        metadata=artifacts.Metadata(
            algorithm="stated formula: empirical Bayes engagement × going rate × authenticity × "
            "consistency, bootstrap over posts",
            feature_set=f"value-formula-{FORMULA_VERSION}",
            trained_at=trained_at,
            random_state=random_state,
            data=[
                artifacts.DataSource.from_file(
                    path, rows=count, licence=LICENCES.get(path.name, "not stated")
                )
                for path, count in zip(files, rows, strict=True)
            ],
            metrics=metrics,
            metrics_by_slice={
                **slices,
                **{f"rate/{name}": _rate_figures(rate) for name, rate in rates.items()},
            },
            feature_importance={},
            holdout=TASK.holdout(PROTOCOL, files=files, metrics=metrics) if largest else None,
        ),
    )


def evaluate(model: ValueModel, file: Path) -> Evaluation:
    """A published ranking is compared with; of posts the later are predicted from the earlier.

    Without scores, or posts of known creator, time and engagement, there is nothing to judge by
    and every figure is unknown.

    :raises TableError: the file is neither.
    """
    if kind_of(file) == "ranking":
        found = compare(model, file)
        return Evaluation(rows=len(found.names), metrics=ranking_figures(found))
    if kind_of(file) != "posts":
        raise TableError(f"{file.name} has neither a published ranking nor posts with their times.")
    rows, parts = read_creator_posts(file)
    if not parts:
        return Evaluation(rows=rows, metrics=dict.fromkeys(PREDICTION_METRICS))
    part = max(parts, key=lambda one: len(one.logs))
    everybody = np.arange(len(part))
    return Evaluation(
        rows=rows,
        metrics=prediction_figures(
            forecast(part, everybody, model.coefficients),
            forecast(part, everybody, model.coefficients, history=FEW),
            model.formula.nominal_coverage,
        ),
    )


def answers(model: ValueModel, file: Path) -> Iterable[Answer]:
    """Of a published ranking: each account's value, ranks and what moved it.

    :raises TableError: the file is no published ranking.
    """
    found = compare(model, file) if kind_of(file) == "ranking" else None
    if found is None or "market_influence_score" not in found.table.columns:
        raise TableError(f"{file.name} has no column market_influence_score to compare with.")
    return explain(found)


def _catalogue_priors(
    table: Table, withins: Mapping[str, Within], formula: Formula, source: str
) -> dict[str, Prior]:
    priors: dict[str, Prior] = {}
    for platform in sorted(set(table.text("platform"))):
        rows = table.text("platform") == platform
        if platform in withins:
            found = prior_from_rates(
                table.number("followers")[rows],
                table.number("engagement_rate")[rows],
                withins[platform],
                formula,
                source=source,
            )
            priors |= {} if found is None else {platform: found}
    return priors


def _douyin_rate(
    table: Table, posts: CreatorPosts | None, model: ValueModel, source: str, random_state: int
) -> RateLine:
    """The line of asking prices over what the formula predicts for the same creators.

    :raises TableError: too few creators with a price and known engagement.
    """
    names, followers = table.text("creator_id"), table.number("followers")
    known = {name: place for place, name in enumerate(posts.names)} if posts else {}
    places = [known.get(name) for name in names]
    logs = [np.zeros(0)]
    ages = [np.zeros(0)]
    counts = []
    newest = float(posts.times.max()) if posts else 0.0
    for place in places:
        part = posts.of(place) if posts is not None and place is not None else slice(0, 0)
        counts.append(part.stop - part.start)
        if posts is not None:
            logs.append(posts.logs[part])
            ages.append(newest - posts.times[part])
    n = len(names)
    unknown = np.full(n, np.nan)
    # The price list has medians; the formula lowers means by this factor to get at those.
    prior = model.coefficients.prior("douyin")
    medians = table.number("median_interactions_30d") * np.exp(prior.within_sd**2 / 2.0)
    valued = model.value(
        Evidence(
            keys=np.arange(n, dtype=np.uint64),
            platforms=np.full(n, "douyin", dtype=object),
            markets=np.full(n, "", dtype=object),
            followers=followers,
            engagement_rate=unknown,
            average_engagement=medians,
            risk=unknown,
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(int),
            engagement=np.expm1(np.concatenate(logs)),
            ages=np.concatenate(ages),
        )
    )
    priced = Priced(
        prices=table.number("price_21_60s") * MINOR,
        engagement=valued.value,
        followers=followers,
        days=np.full(n, PRICED_ON, dtype=object),
    )
    try:
        return fit_rate(
            priced, market="douyin", currency="CNY", deliverable=PRICED_DELIVERABLE,
            source=source, formula=model.formula, random_state=random_state,
        )  # fmt: skip
    except TooFewPrices as error:
        raise TableError(f"{source}: {error}") from error


def _judge(posts: CreatorPosts, formula: Formula, random_state: int) -> dict[str, float | None]:
    found = cross_forecast(posts, formula, folds=FOLDS, random_state=random_state, history=None)
    few = cross_forecast(posts, formula, folds=FOLDS, random_state=random_state, history=FEW)
    if found is None:
        return dict.fromkeys(PREDICTION_METRICS)
    return dict(prediction_figures(found, few, formula.nominal_coverage))


def _rate_figures(rate: RateLine) -> dict[str, float | None]:
    return {"creators": float(rate.creators), "scatter_log": rate.scatter}


TASK: Final = TaskSpec(
    name="value",
    metric_names=(*RANKING_METRICS, *PREDICTION_METRICS),
    primary_metric="mae_log",
    higher_is_better=False,
    train=train,
    load=ValueModel.from_artifact,
    evaluate=evaluate,
    answers=answers,
)
