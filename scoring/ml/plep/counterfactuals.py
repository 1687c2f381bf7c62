"""What a change of a draft would change, and which changes can be suggested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from scoring.ml.plep.answers import NoPrediction, PlepPrediction, Suggestion, WhatIf
from scoring.ml.plep.captions import without_hashtags
from scoring.ml.plep.drafts import Draft, change_draft
from scoring.ml.plep.explaining import in_words
from scoring.ml.plep.features import columns_of
from scoring.ml.plep.model import PlepModel
from scoring.ml.plep.paired import CHANGES
from scoring.ml.plep.platform_model import PlatformModel
from scoring.ml.plep.settings import PlatformSettings
from scoring.ml.plep.vectors import Encode, encode_texts

SMALLEST_SUGGESTED: Final = 1.03
"""A change is suggested from three per cent more, at the low end of its interval."""

FEWEST_POSTS_IN_AN_HOUR: Final = 100
MOST_SUGGESTIONS: Final = 3


def what_if(
    model: PlepModel,
    draft: Draft,
    change: Mapping[str, Any],
    *,
    now: datetime,
    encode: Encode = encode_texts,
) -> WhatIf | NoPrediction:
    """Compare the draft with itself changed; the creator, history and model stay the same.

    :param change: new values of fields in `drafts.CHANGEABLE`.
    :raises DraftRefused: see `change_draft` and `check_draft`.
    """
    return compare(model, draft, [change], now=now, encode=encode)[1][0]


def suggest(
    model: PlepModel, draft: Draft, *, now: datetime, encode: Encode = encode_texts
) -> list[Suggestion]:
    """Changes of hour, duration and hashtags whose interval lies above no change, best first.

    Only hours and durations that the training posts had are tried. Often there is none: an
    empty list says that the data supports no advice for this draft.
    """
    platform = model.platforms.get(draft.platform.strip().lower())
    if platform is None:
        return []
    effects = platform.settings.effects
    tried = [
        (text, change)
        for kind, text, change in _candidates(draft, platform.settings, now)
        if kind in effects and effects[kind].low > 0
    ]
    if not tried:
        return []
    _, answers = compare(model, draft, [change for _, change in tried], now=now, encode=encode)
    best: dict[str, Suggestion] = {}
    for (text, change), answer in zip(tried, answers, strict=True):
        if isinstance(answer, NoPrediction) or answer.low is None or answer.expected is None:
            continue
        kind = next(iter(change))
        before = best.get(kind)
        if answer.low >= SMALLEST_SUGGESTED and (
            before is None or answer.expected > (before.what_if.expected or 0.0)
        ):
            words = f"{text}: {in_words(float(np.log(answer.expected)))}"
            best[kind] = Suggestion(words, dict(change), answer)
    ranked = sorted(best.values(), key=lambda one: -(one.what_if.expected or 0.0))
    return ranked[:MOST_SUGGESTIONS]


def compare(
    model: PlepModel,
    draft: Draft,
    changes: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    encode: Encode = encode_texts,
) -> tuple[PlepPrediction | NoPrediction, list[WhatIf | NoPrediction]]:
    """The answer about a draft, and `what_if` of each change, in one go.

    :raises DraftRefused: see `what_if`.
    """
    drafts = [draft, *(change_draft(draft, change) for change in changes)]
    facts = model.facts_of(drafts, now=now, encode=encode)
    answers = model.answer(drafts, facts)
    before = answers[0]
    if isinstance(before, NoPrediction):
        return before, [before for _ in changes]
    platform = model.platforms[before.platform]
    features = platform.features(facts)
    found: list[WhatIf | NoPrediction] = []
    for change, row, after in zip(changes, features[1:], answers[1:], strict=True):
        if isinstance(after, NoPrediction):
            found.append(after)
        else:
            steps = _steps(platform, features[0], row)
            found.append(_what_if(platform.settings, tuple(change), steps, before, after))
    return before, found


def _steps(model: PlatformModel, before: np.ndarray, after: np.ndarray) -> dict[str, float]:
    """What each kind of change adds to the log of the middle, put in place one by one.

    A last step holds what else moves with them, as the days since the post before.
    """
    rows = [before]
    for names in CHANGES.values():
        row = rows[-1].copy()
        row[columns_of(names)] = after[columns_of(names)]
        rows.append(row)
    middles = model.middles(np.array([*rows, after]))
    return dict(zip([*CHANGES, "history"], np.diff(middles), strict=True))


def _what_if(
    settings: PlatformSettings,
    changed: tuple[str, ...],
    steps: Mapping[str, float],
    before: PlepPrediction,
    after: PlepPrediction,
) -> WhatIf:
    predicted = float(np.exp(sum(steps.values())))
    reason = _not_learned(settings, changed, steps)
    if reason:
        return WhatIf(changed, predicted, None, None, None, False, reason, before, after)
    low = middle = high = 0.0
    for kind, step in steps.items():
        if kind in settings.effects and step:
            effect = settings.effects[kind]
            ends = sorted((effect.low * step, effect.high * step))
            low, middle, high = low + ends[0], middle + effect.share * step, high + ends[1]
    supported = bool(low > 0 or high < 0)
    return WhatIf(
        changed=changed,
        predicted=predicted,
        low=float(np.exp(low)),
        expected=float(np.exp(middle)),
        high=float(np.exp(high)),
        supported=supported,
        reason=None if supported else "The interval includes no change at all.",
        before=before,
        after=after,
    )


def _not_learned(
    settings: PlatformSettings, changed: tuple[str, ...], steps: Mapping[str, float]
) -> str | None:
    unknown = [name for name in changed if name in settings.unlearned]
    if unknown:
        return f"Not in the data learned from: {', '.join(unknown)}."
    unpaired = [kind for kind in CHANGES if steps[kind] and kind not in settings.effects]
    if unpaired:
        return (
            f"Too few posts of one creator that differ in {', '.join(unpaired)} to say how much of "
            "the predicted difference comes about."
        )
    return None


def _candidates(
    draft: Draft, settings: PlatformSettings, now: datetime
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if draft.planned_at is not None:
        start = draft.planned_at
        for hours in range(-23, 24):
            moment = (start + timedelta(hours=hours)).astimezone(UTC)
            hour = moment.hour
            # another weekday would be another change
            if moment.date() != start.astimezone(UTC).date() or moment < now or not hours:
                continue
            if settings.hours[hour] >= FEWEST_POSTS_IN_AN_HOUR:
                yield "planned_at", f"Publish from {hour:02d}:00 UTC", {"planned_at": moment}
    if draft.duration_s is not None:
        for seconds in settings.durations:
            yield "duration_s", f"Make it {seconds:.0f} seconds long", {"duration_s": seconds}
    caption = without_hashtags(draft.caption)
    if draft.hashtags or caption != (draft.caption or ""):
        bare: dict[str, Any] = {"hashtags": (), "caption": caption}
        yield "hashtags", "Leave the hashtags out", bare
