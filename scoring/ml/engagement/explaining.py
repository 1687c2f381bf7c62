"""Flagged windows with a sentence of figures each, and signed reasons in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from scoring.ml.engagement.answers import FlaggedWindow
from scoring.ml.engagement.series import METRICS, EngagementSeries

BRIDGED_STEPS: Final = 1
"""In hourly series, windows with no more steps than this between them are one window."""
MOST_WINDOWS: Final = 20
LEAST_EXCESS: Final = 1.5
"""A metric stands out when it came in this many times faster than in the rest of the series."""
EQUAL_FACTORS: Final = 1.25
QUIET_SHARE: Final = 0.6


@dataclass(frozen=True)
class _Gain:
    """What a metric gained in a window of `hours`, and per hour outside suspicious steps."""

    metric: str
    gained: float
    hours: float
    usual_rate: float

    @property
    def rate(self) -> float:
        return self.gained / self.hours if self.hours else 0.0

    @property
    def factor(self) -> float:
        """How many times faster than usual it came at least: three comments prove little."""
        sure = max(self.gained - 2.0 * (self.gained + 1.0) ** 0.5, 0.0)
        if not sure or not self.hours:
            return 0.0
        return sure / self.hours / self.usual_rate if self.usual_rate > 0 else float("inf")


def flagged_windows(
    series: EngagementSeries, step_probabilities: np.ndarray, window_from: float
) -> tuple[FlaggedWindow, ...]:
    """Windows in the order of time; of more than twenty the likeliest stay.

    If no step reaches `window_from`, the likeliest one is the only window.
    """
    if np.isnan(step_probabilities).all():
        return ()
    likely = np.nan_to_num(step_probabilities) >= window_from
    if not likely.any():
        likely[np.nanargmax(step_probabilities)] = True
    spans = _spans(likely, BRIDGED_STEPS if series.is_subdaily else 0)
    if len(spans) > MOST_WINDOWS:
        best = sorted(spans, key=lambda span: -np.nanmax(step_probabilities[span]))
        spans = sorted(best[:MOST_WINDOWS], key=lambda span: span.start)
    return tuple(_window(series, span, likely, step_probabilities) for span in spans)


def _spans(likely: np.ndarray, bridged: int) -> list[slice]:
    places = np.flatnonzero(likely)
    breaks = np.flatnonzero(np.diff(places) > bridged + 1)
    firsts = np.concatenate([places[:1], places[breaks + 1]])
    lasts = np.concatenate([places[breaks], places[-1:]])
    return [slice(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]


def _window(
    series: EngagementSeries, span: slice, likely: np.ndarray, probabilities: np.ndarray
) -> FlaggedWindow:
    gains = [_gain(series, metric, span, likely) for metric in series.known_metrics()]
    fastest = sorted(gains, key=lambda gain: -_comparable(gain.factor))
    outstanding = [gain for gain in fastest if gain.gained > 0 and gain.factor >= LEAST_EXCESS]
    named = outstanding or fastest[:1]
    # a count that rose with the one that stands out most is part of it, a smaller one is not
    named = [gain for gain in named if gain.factor >= named[0].factor / 4]
    return FlaggedWindow(
        first=span.start,
        last=span.stop - 1,
        starts=float(series.hours[span.start]),
        ends=float(series.hours[span.stop]),
        metrics=tuple(m for m in METRICS if m in {gain.metric for gain in named}),
        pattern=_pattern(series, span, gains, likely),
        score=float(np.nanmax(probabilities[span])),
        sentence=_sentence(series, span, gains, named, likely),
    )


def _comparable(factor: float) -> float:
    return min(factor, 1e9)


def _gain(series: EngagementSeries, metric: str, span: slice, likely: np.ndarray) -> _Gain:
    increments, hours = series.increments(metric), series.step_hours
    known = ~np.isnan(increments)
    others = known & ~likely
    if not others.any():  # everything is suspicious: compare with the rest all the same
        others = known.copy()
        others[span] = False
    gained = float(increments[span][known[span]].sum())
    time = float(hours[span][known[span]].sum())
    usual = float(increments[others].sum() / hours[others].sum()) if others.any() else 0.0
    return _Gain(metric, gained, time, usual)


def _pattern(series: EngagementSeries, span: slice, gains: list[_Gain], likely: np.ndarray) -> str:
    """The pattern of document 002 that the window looks most like; a reading aid, not a test."""
    steps = span.stop - span.start
    factors = [_comparable(gain.factor) for gain in gains if gain.usual_rate > 0]
    high = [factor for factor in factors if factor >= LEAST_EXCESS]
    if series.is_subdaily and _recurs_daily(series, likely):
        return "off_peak_bursts"
    if high and len(high) < len(factors) and max(high) > 2 * min(factors):
        return "disconnected"
    if len(high) >= 2 and max(high) <= EQUAL_FACTORS * min(high):
        return "lockstep"
    if high and steps <= max(2, round(0.1 * len(likely))):
        return "sudden_spike"
    return "temporal_inconsistency"


def _recurs_daily(series: EngagementSeries, likely: np.ndarray) -> bool:
    """Whether suspicious steps of at least three days lie in the same third of the day."""
    middle = series.hours[:-1][likely] + series.step_hours[likely] / 2
    if len(np.unique(np.floor(middle / 24.0))) < 3:
        return False
    around = np.exp(2j * np.pi * (middle % 24.0) / 24.0).mean()
    return bool(np.abs(around) >= QUIET_SHARE)


def _sentence(
    series: EngagementSeries,
    span: slice,
    gains: list[_Gain],
    named: list[_Gain],
    likely: np.ndarray,
) -> str:
    when = format_span(series.time_of(span.start), series.time_of(span.stop))
    by_metric = {gain.metric: gain for gain in gains}
    first = named[0]
    views = by_metric.get("views")
    if first.metric != "views" and views is not None and first.factor > 1.5 * views.factor:
        return f"{when}: {_out_of_proportion(series, first, views, likely)}"
    if first.metric == "views" and len(named) == 1 and "likes" in by_metric:
        likes = by_metric["likes"]
        if likes.factor < first.factor / 1.5:
            return f"{when}: {_unloved(first, likes)}"
    told = " and ".join(filter(None, (_rise(gain) for gain in named[:2])))
    return f"{when}: {told}."


def _out_of_proportion(
    series: EngagementSeries, gain: _Gain, views: _Gain, likely: np.ndarray
) -> str:
    came = f"{gain.gained:,.0f} {gain.metric} came with {views.gained:,.0f} views"
    if gain.usual_rate > 0 and views.usual_rate > 0:
        usual = 1000 * gain.usual_rate / views.usual_rate
        return f"{came}; otherwise there were {_figure(usual)} {gain.metric} per 1,000 views."
    return f"{came}; in the rest of the series no {gain.metric} were added."


def _unloved(views: _Gain, likes: _Gain) -> str:
    told = f"{views.gained:,.0f} views came with {likes.gained:,.0f} likes"
    if likes.usual_rate > 0 and views.usual_rate > 0:
        usual = 1000 * likes.usual_rate / views.usual_rate
        return f"{told}; otherwise there were {_figure(usual)} likes per 1,000 views."
    return f"{told}."


def _rise(gain: _Gain) -> str:
    told = f"{gain.gained:,.0f} {gain.metric} came"
    if gain.usual_rate <= 0:
        return told
    if 24 * gain.rate < 2:
        return told
    unit, scale = ("an hour", 1.0) if gain.usual_rate >= 1 else ("a day", 24.0)
    return (
        f"{told}, {_figure(scale * gain.rate)} {unit} instead of "
        f"{_figure(scale * gain.usual_rate)} in the rest of the series"
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def format_span(starts: datetime, ends: datetime) -> str:
    """Such as "3 Mar 2025 03:00–05:00 UTC" or "3 Mar 2025 22:00 – 4 Mar 2025 01:00 UTC"."""
    if starts.date() == ends.date():
        return f"{_day(starts)} {starts:%H:%M}–{ends:%H:%M} UTC"
    if (starts.hour, starts.minute, ends.hour, ends.minute) == (0, 0, 0, 0):
        return f"{_day(starts)} – {_day(ends)}"
    return f"{_day(starts)} {starts:%H:%M} – {_day(ends)} {ends:%H:%M} UTC"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
