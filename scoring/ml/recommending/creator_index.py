"""The whole catalogue as arrays: what scoring every creator for one brand reads.

A row is an account. A creator with several accounts has several rows and one identity;
what a brand did with the creator is said of the account with the most followers, `main`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scoring.ml.recommending.features import FeatureEncoder, size_band
from scoring.ml.recommending.tag_index import TagIndex

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FEWEST_ROWS: Final = 5


@dataclass(frozen=True)
class Coded:
    """A category of n rows: its values, and which one each row has (-1: unknown)."""

    values: list[str]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> Coded:
        """Empty texts are unknown."""
        place: dict[str, int] = {}
        codes = [place.setdefault(text, len(place)) if text else -1 for text in texts]
        return cls(list(place), np.array(codes, dtype=np.int32))

    def equal(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """Which rows have one of the values, without regard to case, (n,)."""
        folded = {text.casefold() for text in wanted}
        same = [code for code, value in enumerate(self.values) if value.casefold() in folded]
        return np.isin(self.codes, np.array(same, dtype=np.int32))


@dataclass(frozen=True)
class CreatorIndex:
    """Facts of n accounts as columns; NaN and -1 are unknown.

    :ivar vectors: (n, w) unit vectors of the texts, zeros where there is none.
    :ivar niches: (n, k) of 0 and 1, named by `niche_names`.
    """

    accounts: Ints
    entries: Ints
    creators: Ints
    vectors: Floats
    platforms: Coded
    locations: Coded
    followers: Floats
    engagement: Floats
    niches: sparse.csr_array
    niche_names: list[str]
    hashtags: TagIndex
    main: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.accounts)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays in bytes."""
        arrays = (
            self.accounts,
            self.entries,
            self.creators,
            self.vectors,
            self.platforms.codes,
            self.locations.codes,
            self.followers,
            self.engagement,
            self.main,
            self.niches.data,
            self.niches.indices,
            self.niches.indptr,
            self.hashtags.hashes,
            self.hashtags.rows,
        )
        return int(sum(array.nbytes for array in arrays))

    def rows_of(self, creators: Ints) -> Ints:
        """The main row of each creator, (c,); -1 where the catalogue has none."""
        own = np.flatnonzero(self.main)
        order = own[np.argsort(self.creators[own], kind="stable")]
        known = self.creators[order]
        if not len(known):
            return np.full(len(creators), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(known, creators), len(known) - 1)
        return np.where(known[place] == creators, order[place], -1)

    def sizes(self) -> Coded:
        """Half decades of followers, as `features.size_band` names them."""
        steps = np.floor(2 * np.log10(np.maximum(self.followers.astype(float), 1.0)))
        steps = np.where(self.followers >= 0, steps, np.nan)
        values, codes = np.unique(steps, return_inverse=True)
        known = [None if np.isnan(v) else size_band(10 ** (v / 2 + 1e-9)) for v in values]
        place: dict[str, int] = {}
        table = [place.setdefault(name, len(place)) if name else -1 for name in known]
        return Coded(list(place), np.array(table, dtype=np.int32)[codes])

    def fit_encoder(self) -> FeatureEncoder:
        """Columns for the values that five accounts or more have."""
        encoder = FeatureEncoder(fewest_rows=FEWEST_ROWS)
        encoder.names_ = sorted(
            name
            for name, rows in self._named().items()
            if int(np.count_nonzero(rows)) >= FEWEST_ROWS
        )
        encoder.width_ = self.vectors.shape[1]
        return encoder

    def named_rows(self, encoder: FeatureEncoder) -> sparse.csr_array:
        """The encoder's named columns of every row, (n, names), without the text.

        As `FeatureEncoder.transform` would give them, column by column.
        """
        named = self._named()
        columns = [named.get(name) for name in encoder.names_]
        cells: list[tuple[Ints, Ints]] = []
        tag = np.array([name.startswith("#") for name in encoder.names_], dtype=bool)
        for column, rows in enumerate(columns):
            if rows is not None:
                where = np.flatnonzero(rows)
                cells.append((where, np.full(len(where), column, dtype=np.int64)))
        shape = (len(self), len(encoder.names_))
        if not cells:
            return sparse.csr_array(shape)
        rows_, columns_ = (np.concatenate(part) for part in zip(*cells, strict=True))
        tags_of = np.bincount(rows_[tag[columns_]], minlength=len(self))
        data = np.where(tag[columns_], 1.0 / np.sqrt(np.maximum(tags_of[rows_], 1)), 1.0)
        return sparse.csr_array((data, (rows_, columns_)), shape=shape)

    def feature_rows(self, encoder: FeatureEncoder, rows: Ints) -> sparse.csr_array:
        """Named columns and text of some rows, (r, names + w)."""
        named = self.named_rows(encoder)[rows]
        return sparse.csr_array(sparse.hstack([named, sparse.csr_array(self.vectors[rows])]))

    def _named(self) -> Mapping[str, NDArray[np.bool_]]:
        """Name of each value → the rows that have it."""
        named: dict[str, NDArray[np.bool_]] = {}
        for category, coded in (
            ("platform", self.platforms),
            ("location", self.locations),
            ("size", self.sizes()),
        ):
            for code, value in enumerate(coded.values):
                named[f"{category}={value}"] = coded.codes == code
        columns = sparse.csc_array(self.niches)
        for column, name in enumerate(self.niche_names):
            rows = np.zeros(len(self), dtype=bool)
            rows[columns.indices[columns.indptr[column] : columns.indptr[column + 1]]] = True
            named[f"#{name.lower()}"] = rows
        return named
