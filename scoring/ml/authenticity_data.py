"""Labelled accounts: reading, removing duplicates, weighting, hiding facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from scoring.ml.authenticity_features import RAW_COLUMNS, clean_columns
from scoring.ml.tables import Layout, Table, TableError, concatenate, read_table

EVALUATION_ONLY: Final = "evaluation_only"
"""1 marks what moderators decided: a model is measured on it and never trained on it."""
LAYOUT: Final = Layout(
    numbers=(*RAW_COLUMNS, "is_fake", EVALUATION_ONLY),
    texts=("source", "platform"),
    needed_any=RAW_COLUMNS,
)
COLLECTION_OF: Final[Mapping[str, str]] = {
    "pellegrini2020open": "pellegrini2020",
    "pellegrini2020default": "pellegrini2020",
}
"""Two sources of one collector with about 130 accounts in both are one collection."""

CATALOGUE_FACTS: Final = ("followers", "bio_length", "is_verified", "like_rate", "comment_rate")
"""What is known of a creator from a catalogue that gives no more than these."""


@dataclass(frozen=True)
class LabelledAccounts:
    """Rows with a label; every array has the same length n."""

    columns: Mapping[str, np.ndarray]
    """Cleaned raw columns; average likes are already turned into the like rate."""
    labels: np.ndarray
    collections: np.ndarray
    groups: np.ndarray
    """Rows that agree on all counts share a group, so that they share a fold."""
    platforms: np.ndarray
    """Names as in the file, "unknown" where it has none."""

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: np.ndarray) -> LabelledAccounts:
        return LabelledAccounts(
            columns={name: values[rows] for name, values in self.columns.items()},
            labels=self.labels[rows],
            collections=self.collections[rows],
            groups=self.groups[rows],
            platforms=self.platforms[rows],
        )


def read_accounts(files: Sequence[Path]) -> tuple[Table, list[int]]:
    """Read files in the labelled layout; the second value is the rows of each.

    :raises TableError: see `read_table`; also a label other than 0, 1 or empty.
    """
    tables = []
    for path in files:
        table = read_table(path, LAYOUT)
        labels = table.number("is_fake")
        wrong = np.flatnonzero(~np.isnan(labels) & (labels != 0) & (labels != 1))
        if wrong.size:
            raise TableError(
                f"{path}, row {wrong[0] + 2}, column is_fake: {labels[wrong[0]]:g} is not a "
                "label; use 1 for fake, 0 for genuine, empty for unknown."
            )
        tables.append(table)
    return concatenate(tables, LAYOUT), [table.rows for table in tables]


def read_training_accounts(files: Sequence[Path]) -> tuple[Table, list[int]]:
    """`read_accounts` of files that a model may learn from.

    :raises TableError: also if a file holds moderators' decisions.
    """
    table, rows = read_accounts(files)
    if (table.number(EVALUATION_ONLY) == 1).any():
        raise TableError(
            f"Moderators' decisions (rows with {EVALUATION_ONLY} = 1) measure a model; they are "
            "not for training. Use them with evaluate."
        )
    return table, rows


def labelled_accounts(table: Table) -> LabelledAccounts:
    """The labelled rows of a table, without duplicates.

    Within a collection, rows equal in every column that all its sources know are one
    account; the row with most known facts stays. Where such rows disagree on the label
    none stays.
    """
    rows = np.flatnonzero(~np.isnan(table.number("is_fake")))
    columns = {name: table.number(name)[rows] for name in RAW_COLUMNS}
    sources = np.array([str(source or "unnamed") for source in table.text("source")[rows]])
    collections = np.array([COLLECTION_OF.get(source, source) for source in sources])
    labels = table.number("is_fake")[rows].astype(int)
    frame = pd.DataFrame(columns)
    keep = np.zeros(len(rows), dtype=bool)
    for collection in np.unique(collections):
        members = np.flatnonzero(collections == collection)
        keep[_unique_rows(frame, labels, sources, members)] = True
    chosen = np.flatnonzero(keep)
    counts = frame.iloc[chosen][["followers", "following", "posts", "bio_length"]]
    columns = clean_columns({name: values[chosen] for name, values in columns.items()})
    columns["avg_likes"] = np.full(len(chosen), np.nan)
    return LabelledAccounts(
        columns=columns,
        labels=labels[chosen],
        collections=collections[chosen],
        groups=counts.groupby(list(counts.columns), dropna=False).ngroup().to_numpy(),
        platforms=np.array([str(p or "unknown") for p in table.text("platform")[rows[chosen]]]),
    )


def balanced_weights(
    labels: np.ndarray, collections: np.ndarray, size_exponent: float = 0.5
) -> np.ndarray:
    """Weights under which both classes of a collection weigh the same, mean 1, shape (n,).

    A collection of n rows weighs n ** size_exponent, so that one large collection does
    not drown the rest. Balanced classes keep a collection's base rate out of the model.
    """
    weights = np.zeros(len(labels))
    for collection in np.unique(collections):
        of_collection = collections == collection
        size = of_collection.sum() ** size_exponent
        for label in (0, 1):
            cell = of_collection & (labels == label)
            if cell.any():
                weights[cell] = size / cell.sum()
    return weights / weights.mean()


def cap_collections(
    accounts: LabelledAccounts, limit: int, generator: np.random.Generator
) -> LabelledAccounts:
    """At most `limit` rows of each collection, at random."""
    kept = []
    for collection in np.unique(accounts.collections):
        members = np.flatnonzero(accounts.collections == collection)
        if len(members) > limit:
            members = generator.choice(members, limit, replace=False)
        kept.append(np.sort(members))
    return accounts.take(np.concatenate(kept))


def hide_facts(
    columns: Mapping[str, np.ndarray], generator: np.random.Generator
) -> dict[str, np.ndarray]:
    """Hide each fact of a row with a probability drawn per row from 0 to 0.9."""
    rows = len(next(iter(columns.values())))
    share = generator.uniform(0.0, 0.9, size=rows)
    return {
        name: np.where(generator.random(rows) < share, np.nan, values)
        for name, values in columns.items()
    }


def catalogue_view(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same rows with only what a creator catalogue knows."""
    return {
        name: values if name in CATALOGUE_FACTS else np.full(len(values), np.nan)
        for name, values in columns.items()
    }


def _unique_rows(
    frame: pd.DataFrame, labels: np.ndarray, sources: np.ndarray, members: np.ndarray
) -> np.ndarray:
    part = frame.iloc[members]
    known_to_all = [
        name for name in frame.columns if part[name].notna().groupby(sources[members]).any().all()
    ]
    keys = part.groupby(known_to_all, dropna=False).ngroup().to_numpy()
    table = pd.DataFrame(
        {"row": members, "key": keys, "label": labels[members], "known": part.notna().sum(axis=1)}
    )
    agreeing = table[table.groupby("key")["label"].transform("nunique") == 1]
    best = agreeing.sort_values(["known", "row"], ascending=[False, True]).drop_duplicates("key")
    return np.sort(best["row"].to_numpy())
