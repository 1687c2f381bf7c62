"""What a draft can be expected to get, why, and what a change of it would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from accounts.models import Platform
from scoring import registry
from scoring.ml.plep.answers import NoPrediction, PlepPrediction, Suggestion, WhatIf
from scoring.ml.plep.counterfactuals import compare, suggest
from scoring.ml.plep.drafts import Draft
from scoring.ml.plep.model import SPELLINGS, PlepModel
from scoring.planning_posts.disclosures import DisclosureCheck, check_disclosure
from scoring.planning_posts.drafts import PlannedPost, change_post, check_post
from scoring.planning_posts.history import Planner
from scoring.planning_posts.vectors import encode

TASK: Final = "plep"
MOST_CHANGES: Final = 10
NO_MODEL: Final = "no_model_for_platform"
NOTHING_KNOWN: Final = "nothing_known_of_account"


@dataclass(frozen=True)
class Abstention:
    """No prediction, and why: ``code`` for programs, ``reason`` for people."""

    code: str
    reason: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """How often such ranges were right on posts the model had not seen.

    ``observed`` is the share of ``posts`` inside the range, ``nominal`` what was meant; the error
    is that of the log, so exp of it is the factor by which the middle was off.
    """

    nominal: float
    observed: float
    posts: int
    mean_error: float
    with_history: bool

    @property
    def sentence(self) -> str:
        kind = "with" if self.with_history else "without"
        return (
            f"Of {self.posts:,} later posts by other creators {kind} earlier posts, "
            f"{self.observed:.0%} came out inside such a range; it aims at {self.nominal:.0%}."
        )


@dataclass(frozen=True)
class Diagnosis:
    """The answer about one draft; ``what_ifs`` are in the order of the changes asked about."""

    planner: Planner
    post: PlannedPost
    answer: PlepPrediction | Abstention
    record: Record | None
    usual: float | None
    what_ifs: tuple[WhatIf, ...]
    suggestions: tuple[Suggestion, ...]
    disclosure: DisclosureCheck
    model_version: str
    as_of: datetime

    @property
    def prediction(self) -> PlepPrediction | None:
        return self.answer if isinstance(self.answer, PlepPrediction) else None

    @property
    def abstention(self) -> Abstention | None:
        return self.answer if isinstance(self.answer, Abstention) else None


def diagnose(
    *,
    planner: Planner,
    post: PlannedPost,
    now: datetime,
    changes: Sequence[Mapping[str, Any]] = (),
    advise: bool = True,
    agreed: str = "",
    version: str = "",
) -> Diagnosis:
    """Answer about a draft and about changes of it; nothing is stored.

    Each caption is encoded once, and not at all if this process has seen it. No query.

    :param changes: fields of `PlannedPost` with other values; each is compared with ``post``.
    :param advise: whether to look for changes worth suggesting.
    :param agreed: words of disclosure that a contract asks for.
    :param version: of the model, default the active one.
    :raises DraftFieldRefused: see `check_post`; in a change as ``what_if.0.caption``.
    :raises NoActiveVersion, ModelUnreadable: if there is no model to ask.
    """
    check_post(post, now=now)
    changed = [change_post(post, change) for change in changes]
    for place, one in enumerate(changed):
        check_post(one, now=now, prefix=f"what_if.{place}.")
    # a moment of this very minute was let through above
    as_of = min([now, *(p.planned_at for p in (post, *changed) if p.planned_at is not None)])
    version = version or registry.active_version(TASK)
    model: PlepModel = registry.load(TASK, version)
    draft = draft_of(planner, post)
    asked = [_as_model_has_it(change) for change in changes]
    before, what_ifs = compare(model, draft, asked, now=as_of, encode=encode)
    moment = post.planned_at or now
    found = isinstance(before, PlepPrediction)
    return Diagnosis(
        planner=planner,
        post=post,
        answer=_answer(before, model, planner, post),
        record=_record(version, planner, moment) if found else None,
        usual=planner.usual(moment),
        what_ifs=tuple(one for one in what_ifs if isinstance(one, WhatIf)),
        suggestions=tuple(
            one
            for one in (suggest(model, draft, now=as_of, encode=encode) if found and advise else ())
            if _discloses_no_less(post, one.change)
        ),
        disclosure=check_disclosure(post.caption, post.hashtags, agreed=agreed),
        model_version=f"{TASK}/{version}",
        as_of=now,
    )


def draft_of(planner: Planner, post: PlannedPost) -> Draft:
    """A draft in the words of the model."""
    return Draft(
        platform=planner.platform,
        planned_at=post.planned_at,
        caption=post.caption or None,
        hashtags=post.hashtags,
        duration_s=post.duration_s,
        kind=post.kind or None,
        image=post.picture,
        followers=planner.followers,
        following=planner.following,
        history=planner.history,
    )


def _as_model_has_it(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change in the model's words, where what is not said is None."""
    return {
        name: (value or None) if name in ("caption", "kind") else value
        for name, value in change.items()
    }


def _answer(
    told: PlepPrediction | NoPrediction, model: PlepModel, planner: Planner, post: PlannedPost
) -> PlepPrediction | Abstention:
    if isinstance(told, NoPrediction):
        if planner.platform in model.platforms:
            return Abstention(NOTHING_KNOWN, told.reason, told.notes)
        known = ", ".join(SPELLINGS[name] for name in model.platforms)
        name = Platform(planner.platform).label if planner.platform in Platform.values else "there"
        return Abstention(
            NO_MODEL,
            f"No posts on {name} were learned from, so nothing can be predicted. There are models "
            f"for {known}.",
        )
    notes = list(told.notes)
    if planner.is_simulated:
        notes.insert(0, "This account and its posts are simulated: the figures are about nobody.")
    unlearned = model.platforms[told.platform].settings.unlearned
    if post.duration_s is not None and "duration_s" in unlearned:
        notes.append("Durations are not in the data learned from and change nothing here.")
    return replace(told, notes=tuple(notes))


def _discloses_no_less(post: PlannedPost, change: Mapping[str, Any]) -> bool:
    """No advice takes the words of disclosure out, whatever they cost."""
    if not check_disclosure(post.caption, post.hashtags).found:
        return True
    caption = change.get("caption", post.caption) or ""
    return bool(check_disclosure(caption, change.get("hashtags", post.hashtags)).found)


def _record(version: str, planner: Planner, moment: datetime) -> Record | None:
    """What training measured on later posts by other creators, of the same kind of creator."""
    warm = bool(planner.posts_before(moment))
    slices = registry.get_metadata(TASK, version)["metrics_by_slice"]
    part = slices.get(f"{planner.platform}/later/{'with_history' if warm else 'cold_start'}", {})
    if any(part.get(name) is None for name in ("coverage", "nominal_coverage", "mae_log")):
        return None
    return Record(
        nominal=part["nominal_coverage"],
        observed=part["coverage"],
        posts=int(part["posts"]),
        mean_error=part["mae_log"],
        with_history=warm,
    )
