"""Sampled followers: rows are only added, and only when they say something new."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from accounts.importing.appends import Added
from accounts.importing.inserting import as_json, insert_rows
from accounts.importing.rows import FollowerFact
from accounts.models import FollowerSample, Provenance, SampledFollower

SampleKey = tuple[int, date, str]
_TICK = timedelta(microseconds=1)


def add_followers(
    facts: Sequence[tuple[int, FollowerFact | None]], *, as_of: date, now: datetime
) -> list[Added]:
    """Add each account's followers to its sample of that day; one answer for each item.

    :param as_of: the day of samples that do not say theirs.
    At most 4 queries, none when no item has a follower.
    """
    answers = [Added() for _ in facts]
    wanted = [
        (place, (account, fact.taken_on or as_of, fact.method), fact)
        for place, (account, fact) in enumerate(facts)
        if fact is not None
    ]
    if not wanted:
        return answers
    samples = _samples({key for _, key, _ in wanted}, now=now)
    known = _known_followers(set(samples.values()), {fact.pseudonym for _, _, fact in wanted})
    rows: list[tuple[Any, ...]] = []
    for place, key, fact in wanted:
        own = samples[key], fact.pseudonym
        before = known.get(own)
        merged = {**(before[0] if before else {}), **fact.facts}
        if before and merged == before[0]:
            continue
        recorded_at = max(now, before[1] + _TICK) if before else now
        known[own] = merged, recorded_at
        rows.append((*own, as_json(merged), recorded_at))
        answers[place].new += before is None
        answers[place].corrected += before is not None
    insert_rows(SampledFollower, ["sample", "pseudonym", "facts", "recorded_at"], rows)
    return answers


def _samples(keys: set[SampleKey], *, now: datetime) -> dict[SampleKey, int]:
    accounts = {account for account, _, _ in keys}
    found = {
        (sample.account_id, sample.taken_on, sample.method): sample.pk
        for sample in FollowerSample.objects.filter(account_id__in=accounts)
    }
    new = sorted(keys - found.keys())
    inserted = insert_rows(
        FollowerSample,
        ["account", "taken_on", "method", "provenance", "recorded_at"],
        [(*key, Provenance.IMPORTED.value, now) for key in new],
        returning=["id", "account", "taken_on", "method"],
    )
    return found | {(account, day, method): pk for pk, account, day, method in inserted}


def _known_followers(
    samples: set[int], pseudonyms: set[str]
) -> dict[tuple[int, str], tuple[dict[str, Any], datetime]]:
    """The newest row of every follower that may be named again."""
    rows = (
        SampledFollower.objects.filter(sample_id__in=samples, pseudonym__in=pseudonyms)
        .order_by("recorded_at")
        .values_list("sample_id", "pseudonym", "facts", "recorded_at")
    )
    return {(sample, name): (facts, at) for sample, name, facts, at in rows}
