"""Work over the whole catalogue, in chunks, each of which may be the last.

Every function finds what is still to do from the rows themselves. So it can be
cancelled or killed anywhere and started again: nothing is done twice or lost.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from django.db import connection

from accounts.models import SocialAccount
from scoring import embedding, entries, niche_membership
from scoring.features.match_facts import sync_match_facts
from scoring.features.match_work import sync_past_work
from scoring.post_scoring import score_posts
from scoring.post_selectors import list_due_posts
from scoring.rescoring import SCORED_TASKS, score_accounts

SCORE_CHUNK = 1_000
POST_CHUNK = 64


class Progress(Protocol):
    """How work reports and learns that it should stop; `accounts.jobs.JobProgress` is one."""

    def set_total(self, total: int) -> None: ...
    def set_stage(self, stage: str) -> None: ...
    def advance(self, count: int = 1) -> None: ...


class Quiet:
    """Progress nobody watches."""

    def set_total(self, total: int) -> None: ...
    def set_stage(self, stage: str) -> None: ...
    def advance(self, count: int = 1) -> None: ...


def embed_catalogue(*, params: dict[str, Any], progress: Progress, now: datetime) -> dict[str, Any]:
    """Embed every account whose text has no vector yet. ``params``: {"account_ids"?}."""
    entries.sync_entries(account_ids=params.get("account_ids"))
    todo = embedding.list_unembedded(account_ids=params.get("account_ids"))
    progress.set_stage("Embedding texts")
    progress.set_total(len(todo))
    return {"embedded": embedding.embed_accounts(account_ids=todo, advance=progress.advance)}


def score_catalogue(*, params: dict[str, Any], progress: Progress, now: datetime) -> dict[str, Any]:
    """Score every account and post; unchanged facts write nothing.

    ``params``: {"account_ids"?, "tasks"?}; all tasks when none is named,
    and no post when one is.
    """
    entries.sync_entries(account_ids=params.get("account_ids"))
    posts = [] if "tasks" in params else _due_posts(params, now=now)
    progress.set_total(len(posts) + _accounts(params).count())
    return {
        **_check_posts(posts, progress=progress, now=now),
        **_score(params, progress=progress, now=now),
    }


def refresh_catalogue(
    *, params: dict[str, Any], progress: Progress, now: datetime
) -> dict[str, Any]:
    """Embed what is new, check posts, then score: what every import is followed by.

    Last, who is new or has a new text joins the nearest niche group.
    """
    entries.sync_entries(account_ids=params.get("account_ids"))
    todo = embedding.list_unembedded(account_ids=params.get("account_ids"))
    posts = _due_posts(params, now=now)
    progress.set_total(len(todo) + len(posts) + _accounts(params).count())
    progress.set_stage("Embedding texts")
    return {
        "embedded": embedding.embed_accounts(account_ids=todo, advance=progress.advance),
        **_check_posts(posts, progress=progress, now=now),
        **_score(params, progress=progress, now=now),
        "niche_groups_assigned": niche_membership.refresh_memberships(now=now),
    }


def _due_posts(params: dict[str, Any], *, now: datetime) -> list[int]:
    return list_due_posts(account_ids=params.get("account_ids"), as_of=now)


def _check_posts(post_ids: list[int], *, progress: Progress, now: datetime) -> dict[str, Any]:
    """Before the accounts, whose risk reads what their posts say."""
    if post_ids:
        progress.set_stage("Checking engagement over time")
    written = flagged = 0
    for first in range(0, len(post_ids), POST_CHUNK):
        chunk = post_ids[first : first + POST_CHUNK]
        report = score_posts(post_ids=chunk, now=now)
        written += report.written
        flagged += report.flagged
        progress.advance(len(chunk))
    return {"posts_checked": written, "posts_flagged": flagged}


def _score(params: dict[str, Any], *, progress: Progress, now: datetime) -> dict[str, Any]:
    progress.set_stage("Scoring accounts")
    written = unchanged = 0
    tasks = params.get("tasks", SCORED_TASKS)
    for chunk in _chunked(params):
        report = score_accounts(accounts=chunk, now=now, tasks=tasks)
        written += report.written
        unchanged += report.unchanged
        progress.advance(len(chunk))
    entries.rank_engagement()
    if "tasks" not in params:
        progress.set_stage("Reading audiences and captions")
        sync_match_facts(account_ids=params.get("account_ids"), advance=lambda: progress.advance(0))
        sync_past_work(now=now)
    _analyze_tables()
    return {"scores_written": written, "scores_unchanged": unchanged}


def _accounts(params: dict[str, Any]) -> Any:
    accounts = SocialAccount.objects.order_by("pk")
    ids = params.get("account_ids")
    return accounts if ids is None else accounts.filter(pk__in=ids)


def _chunked(params: dict[str, Any]) -> Iterator[list[SocialAccount]]:
    """Chunks by rising id, each its own query, so that no cursor outlives a commit."""
    last = 0
    while chunk := list(_accounts(params).filter(pk__gt=last)[:SCORE_CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _analyze_tables() -> None:
    """Tell the planner what the tables now hold; filters on a fresh import depend on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE scoring_searchentry, scoring_entryembedding, scoring_matchfacts, "
            "scoring_score, scoring_postscore"
        )
