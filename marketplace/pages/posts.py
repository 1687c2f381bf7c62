"""The page of one post: its counts over time, and what the engagement model says of them."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from accounts.models import Post
from marketplace.pages.people import user_of
from marketplace.pages.refusals import page
from scoring.access import post_for
from scoring.ml.engagement.series import METRICS
from scoring.models import PostScore
from scoring.post_selectors import list_post_score_history
from scoring.post_series import (
    FEWEST_OBSERVATIONS,
    Observations,
    observations_of,
    read_observations,
)

STEPS_SHOWN = 1_000
EARLIER_SHOWN = 20
LONG_PAUSE = 12
"""Times the typical step."""


@dataclass(frozen=True)
class Step:
    """What was added between two observations; None is unknown. ``window`` counts from 1."""

    starts_at: datetime
    ends_at: datetime
    added: list[float | None]
    window: int | None


@dataclass
class PostEngagement:
    """A post with its counts and the newest answer about them.

    ``observations`` are those the answer is about; without one, all that is known.
    """

    post: Post
    score: PostScore | None
    earlier: list[PostScore]
    observations: Observations | None
    newer: int

    @property
    def metrics(self) -> list[str]:
        counts = self.observations.counts if self.observations else {}
        return [metric for metric in METRICS if metric in counts]

    @cached_property
    def windows(self) -> list[dict[str, Any]]:
        return [
            {
                **window,
                "starts": parse_datetime(window["starts_at"]),
                "ends": parse_datetime(window["ends_at"]),
            }
            for window in (self.score.windows if self.score else [])
        ]

    @cached_property
    def steps(self) -> list[Step]:
        """In order of time; the last `STEPS_SHOWN` of them."""
        if self.observations is None:
            return []
        times, counts = self.observations.times, self.observations.counts
        windows = [(window["starts"], window["ends"]) for window in self.windows]
        first = max(0, len(times) - 1 - STEPS_SHOWN)
        return [
            Step(
                starts_at=times[place],
                ends_at=times[place + 1],
                added=[_added(counts[metric], place) for metric in self.metrics],
                window=_window_of(times[place], times[place + 1], windows),
            )
            for place in range(first, len(times) - 1)
        ]

    @property
    def is_hourly(self) -> bool:
        """Whether rates are told by the hour, as fits steps of up to six hours."""
        steps = sorted((step.ends_at - step.starts_at).total_seconds() for step in self.steps)
        return bool(steps) and steps[len(steps) // 2] <= 6 * 3600

    @cached_property
    def late_steps(self) -> int:
        """Steps at the end that would squeeze the chart: they begin with a long pause.

        A post is often counted by the hour for some days and once more weeks later.
        """
        steps = self.steps
        if len(steps) < FEWEST_OBSERVATIONS:
            return 0
        seconds = [(step.ends_at - step.starts_at).total_seconds() for step in steps]
        pause = LONG_PAUSE * sorted(seconds)[len(seconds) // 2]
        first = next((place for place, length in enumerate(seconds) if length > pause), len(steps))
        late = steps[first:]
        few = len(late) <= len(steps) // 10
        return len(late) if few and not any(step.window for step in late) else 0

    @property
    def chart(self) -> dict[str, Any]:
        """What `engagement-chart.js` draws: growth per hour or day at the end of every step."""
        steps, hours = self.steps, 1 if self.is_hourly else 24
        steps = steps[: len(steps) - self.late_steps]
        return {
            "unit": "per hour" if self.is_hourly else "per day",
            "times": [step.starts_at.isoformat() for step in steps]
            + [step.ends_at.isoformat() for step in steps[-1:]],
            "metrics": [
                {
                    "name": metric.capitalize(),
                    "key": metric,
                    "rates": [_rate(step, place, hours) for step in steps],
                }
                for place, metric in enumerate(self.metrics)
            ],
            "windows": [
                {name: window[name] for name in ("starts_at", "ends_at", "metrics")}
                for window in self.windows
            ],
        }

    @property
    def chart_words(self) -> str:
        """The chart for those who do not see it."""
        names = ", ".join(self.metrics)
        unit = "hour" if self.is_hourly else "day"
        marked = len(self.windows)
        shaded = "Nothing stands out."
        if marked:
            plural = "s" if marked > 1 else ""
            shaded = (
                f"{marked} window{plural} of hours that stand out: shaded here, listed in words "
                "on this page."
            )
        return f"Growth of {names} per {unit}. {shaded} The figures are in the table below."


@page
@require_safe
def post(request: HttpRequest, creator_id: int, post_id: int) -> HttpResponse:
    """The same page for brands and for the creator, like the creator's own."""
    user = user_of(request)
    found = post_for(user, post_id, creator_id=creator_id)
    context = {
        "creator": found.account.creator,
        "account": found.account,
        "is_own": found.account.creator.user_id == user.pk,
        "one": get_post_engagement(found, now=timezone.now()),
        "fewest": FEWEST_OBSERVATIONS,
        "steps_shown": STEPS_SHOWN,
    }
    return render(request, "creators/post.html", context)


def get_post_engagement(post: Post, *, now: datetime) -> PostEngagement:
    """Three queries."""
    scores = list(list_post_score_history(post.pk)[: EARLIER_SHOWN + 1])
    score = scores[0] if scores else None
    known = read_observations([post.pk], as_of=now).get(post.pk)
    judged = observations_of(score.inputs) if score else known
    newer = 0
    if score and known and judged:
        newer = sum(time > judged.times[-1] for time in known.times)
    return PostEngagement(
        post=post,
        score=score,
        earlier=scores[1:],
        observations=judged,
        newer=newer,
    )


def _added(values: Any, place: int) -> float | None:
    before, after = values[place], values[place + 1]
    return None if before is None or after is None else after - before


def _rate(step: Step, metric: int, hours: int) -> float | None:
    added = step.added[metric]
    if added is None:
        return None
    return round(added * hours * 3600 / (step.ends_at - step.starts_at).total_seconds(), 3)


def _window_of(
    starts_at: datetime, ends_at: datetime, windows: list[tuple[datetime, datetime]]
) -> int | None:
    for number, (starts, ends) in enumerate(windows, start=1):
        if starts < ends_at and starts_at < ends:
            return number
    return None
