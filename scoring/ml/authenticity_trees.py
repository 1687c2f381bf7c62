"""The boosted trees of the authenticity model, quick for one account at a time."""

from __future__ import annotations

import ctypes
import threading
import weakref
from collections.abc import Sequence

import lightgbm as lgb
import numpy as np
from lightgbm.basic import _LIB

from scoring.ml.authenticity_features import KNOWN_FEATURES


class TreeMember:
    """A booster that reads its columns from `KNOWN_FEATURES` by name.

    Safe to share between threads.
    """

    def __init__(self, booster: lgb.Booster) -> None:
        self.booster = booster
        self.places = np.array([KNOWN_FEATURES.index(name) for name in booster.feature_name()])
        self._single = _SingleRowPredictor(booster, len(self.places))
        self._single_places = [int(place) for place in self.places]

    def raw_scores(self, features: np.ndarray, threads: int) -> np.ndarray:
        """Log-odds, shape (n,), of features of shape (len(KNOWN_FEATURES), n)."""
        rows = np.ascontiguousarray(features[self.places].T)
        return np.asarray(self.booster.predict(rows, raw_score=True, num_threads=threads))

    def raw_score_of_one(self, features: Sequence[float]) -> float:
        """Log-odds of one account from its `KNOWN_FEATURES`; equals `raw_scores` exactly."""
        return self._single.raw_score([features[place] for place in self._single_places])

    def contributions(self, features: np.ndarray, threads: int) -> np.ndarray:
        """SHAP values per known feature, shape (n, len(KNOWN_FEATURES)); unread ones are 0."""
        rows = np.ascontiguousarray(features[self.places].T)
        values = self.booster.predict(rows, pred_contrib=True, num_threads=threads)
        spread = np.zeros((features.shape[1], len(KNOWN_FEATURES)))
        spread[:, self.places] = np.asarray(values)[:, :-1]
        return spread


class _SingleRowPredictor:
    """`LGBM_BoosterPredictForMatSingleRowFast` of LightGBM's C API.

    `Booster.predict` spends four fifths of its time on one row preparing the call; this
    prepares it once. https://lightgbm.readthedocs.io/en/stable/C-API.html
    """

    def __init__(self, booster: lgb.Booster, columns: int) -> None:
        self._booster = booster  # owns the handle the configuration points to
        self._lock = threading.Lock()  # one buffer for all callers
        self._row = (ctypes.c_double * columns)()
        self._score = ctypes.c_double()
        self._config = ctypes.c_void_p()
        self._arguments = (
            self._config,
            ctypes.byref(self._row),
            ctypes.byref(ctypes.c_int64()),
            ctypes.byref(self._score),
        )
        float64, raw_score, all_rounds = 1, 1, -1
        failed = _LIB.LGBM_BoosterPredictForMatSingleRowFastInit(
            booster._handle,
            ctypes.c_int(raw_score),
            ctypes.c_int(0),
            ctypes.c_int(all_rounds),
            ctypes.c_int(float64),
            ctypes.c_int32(columns),
            ctypes.c_char_p(b"num_threads=1"),
            ctypes.byref(self._config),
        )
        if failed:
            raise RuntimeError("LightGBM does not take this model for single rows")
        weakref.finalize(self, _LIB.LGBM_FastConfigFree, ctypes.c_void_p(self._config.value))

    def raw_score(self, row: Sequence[float]) -> float:
        with self._lock:
            self._row[:] = row  # type: ignore[call-overload]
            if _LIB.LGBM_BoosterPredictForMatSingleRowFast(*self._arguments):
                raise RuntimeError("LightGBM could not predict a row")
            return self._score.value
