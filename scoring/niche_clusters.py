"""Find niche groups over the whole catalogue, without labels, and keep their names.

K-Means on the stored text vectors. Fitting happens outside any transaction and writes
nothing; then one transaction stores the run and moves everybody, so that a job killed or
cancelled anywhere leaves the groups as they were.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts.errors import Conflict, DomainError
from scoring.catalogue import Progress
from scoring.ml import niche_quality
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.keywords import FEWEST_CREATORS, extract_cluster_keywords
from scoring.ml.niche_clusters import (
    N_KEYWORDS,
    fit_centres,
    match_clusters,
    measure_options,
    name_clusters,
    nearest_centre,
)
from scoring.models import NicheCentre, NicheClustering, NicheGroup, NicheMembership
from scoring.models.niche_clusters import FEWEST_GROUPS, MOST_GROUPS
from scoring.niche_groups import newest_clustering
from scoring.niche_membership import assign_accounts, count_members
from scoring.niche_texts import CHUNK, GroupedTexts, count_without_text, hash_inputs, read_texts

AUTO: Final = "auto"
SEED: Final = 42
# Numbers of groups to choose from, for a catalogue that is large enough for them.
OPTIONS: Final = (2, 3, 5, 8, 12, 16, 24, 32, 40, 60, 80)
FEWEST_OPTION_OF_MANY: Final = 12
# Silhouettes this near to each other order nothing; the previous number then stays.
SILHOUETTE_NOISE: Final = 0.005
ACCOUNTS_PER_GROUP: Final = 5
# Of groups nobody asked for, none should be so small that its medians mean nothing.
ACCOUNTS_PER_CHOSEN_GROUP: Final = 20
KEYWORD_LENGTH: Final = 60
# A group goes on only with people: of everybody in the old one, the new one or both, this share
# is in both. Else a narrow group would take over the name of the wide one it lies in.
FEWEST_IN_COMMON: Final = 1 / 3


class BadGroupCount(DomainError):
    """The wanted number of groups cannot be made."""

    code = "bad_group_count"
    http_status = 422


class TooFewTexts(DomainError):
    """There is too little to read to find groups in."""

    code = "too_few_texts"
    http_status = 409


def cluster_niches(*, params: dict[str, Any], progress: Progress, now: datetime) -> dict[str, Any]:
    """Find groups, name them and put everybody into one. A job handler.

    The same vectors and settings as those of the newest run make no new one.

    :param params: {"k"?: a number or "auto", "seed"?: int}.
    :raises BadGroupCount: k is no number, or one this catalogue has too few accounts for.
    :raises TooFewTexts: fewer than ten different texts have a vector.
    :raises Conflict: another run ended in the meantime.
    """
    wanted, seed = read_group_count(params.get("k", AUTO)), int(params.get("seed", SEED))
    catalogue = read_texts(progress)
    most = _check_enough(catalogue, wanted)
    previous = newest_clustering()
    input_hash = hash_inputs(catalogue, f"{wanted or AUTO}|{seed}")
    if previous is not None and previous.input_hash == input_hash:
        progress.set_stage("Counting members")
        assigned = assign_accounts(run=previous)
        count_members(run=previous, now=now)
        progress.advance(len(catalogue))
        return _report(previous, unchanged=True, assigned=assigned)
    progress.set_stage("Choosing how many groups")
    k, silhouettes = _choose(catalogue, wanted, most, seed, previous)
    progress.set_stage(f"Finding {k} groups")
    centres = fit_centres(catalogue.vectors, n_clusters=k, random_state=seed)
    groups = nearest_centre(catalogue.vectors, centres)
    progress.set_stage("Measuring the groups")
    figures = niche_quality.measure_clusters(
        catalogue.vectors, groups, catalogue.declared, n_clusters=k, random_state=seed
    )
    keywords = _keywords(catalogue, groups, k)
    progress.set_stage("Storing the groups")
    run = NicheClustering(
        k=k,
        k_was_chosen=wanted is None,
        seed=seed,
        encoder_version=ENCODER_VERSION,
        input_hash=input_hash,
        accounts=len(catalogue),
        without_text=count_without_text(),
        figures={**figures, "silhouette_by_k": silhouettes},
        created_at=now,
    )
    assigned = _store(run, previous, centres, groups, keywords, catalogue, progress, now=now)
    return _report(run, unchanged=False, assigned=assigned)


def read_group_count(value: object) -> int | None:
    """A number of groups as people write it; None for "auto".

    :raises BadGroupCount: anything but "auto" and a whole number from 2 to 400.
    """
    if value in (None, AUTO):
        return None
    text = str(value).strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        number = int(text)
        if FEWEST_GROUPS <= number <= MOST_GROUPS:
            return number
    raise BadGroupCount(
        f"k is {text[:40]!r}; it must be “{AUTO}” or a whole number from {FEWEST_GROUPS} "
        f"to {MOST_GROUPS}."
    )


def _check_enough(catalogue: GroupedTexts, wanted: int | None) -> int:
    """The largest number of groups this catalogue can have."""
    different = len(set(catalogue.hashes))
    most = min(different // ACCOUNTS_PER_GROUP, MOST_GROUPS)
    if most < FEWEST_GROUPS:
        raise TooFewTexts(
            f"{FEWEST_GROUPS} groups need {FEWEST_GROUPS * ACCOUNTS_PER_GROUP} different texts "
            f"with a vector; there are {different}. Import creators, then embed the catalogue."
        )
    if wanted is not None and wanted > most:
        raise BadGroupCount(
            f"k is {wanted}; {different} different texts make at most {most} groups, "
            f"{ACCOUNTS_PER_GROUP} texts for each."
        )
    return most


def _choose(
    catalogue: GroupedTexts,
    wanted: int | None,
    most: int,
    seed: int,
    previous: NicheClustering | None,
) -> tuple[int, dict[str, float]]:
    """How many groups, and the silhouette of every number that was tried."""
    if wanted is not None:
        return wanted, {}
    sensible = max(len(set(catalogue.hashes)) // ACCOUNTS_PER_CHOSEN_GROUP, OPTIONS[1])
    options = {k for k in OPTIONS if k <= min(most, sensible)}
    if max(options) > FEWEST_OPTION_OF_MANY:
        # A handful of groups over a large catalogue says nothing about anybody.
        options = {k for k in options if k >= FEWEST_OPTION_OF_MANY}
    if previous is not None and previous.k <= min(most, sensible):
        options.add(previous.k)
    silhouettes = measure_options(catalogue.vectors, sorted(options), random_state=seed)
    best = max(silhouettes, key=lambda k: (silhouettes[k], -k))
    if previous is not None and previous.k in silhouettes:
        gain = silhouettes[best] - silhouettes[previous.k]
        best = best if gain > SILHOUETTE_NOISE else previous.k
    return best, {str(k): round(value, 4) for k, value in silhouettes.items()}


def _keywords(catalogue: GroupedTexts, groups: NDArray[np.intp], k: int) -> list[list[str]]:
    """Keywords a group, read from one text for each creator in it."""
    merged: dict[tuple[int, int], list[str]] = {}
    for creator_id, group, text in zip(
        catalogue.creator_ids, groups.tolist(), catalogue.texts, strict=True
    ):
        merged.setdefault((creator_id, group), []).append(text)
    found = extract_cluster_keywords(
        [" ".join(texts) for texts in merged.values()],
        np.array([group for _, group in merged]),
        k,
        N_KEYWORDS,
        fewest_texts=FEWEST_CREATORS,
    )
    return [[word[:KEYWORD_LENGTH] for word in words] for words in found]


@transaction.atomic
def _store(
    run: NicheClustering,
    previous: NicheClustering | None,
    centres: NDArray[np.float32],
    assignment: NDArray[np.intp],
    keywords: list[list[str]],
    catalogue: GroupedTexts,
    progress: Progress,
    *,
    now: datetime,
) -> int:
    """Write the run, its groups and everybody's membership; how many were put into a group."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('niche_clusters'))")
    newest = newest_clustering()
    if (newest and newest.pk) != (previous and previous.pk):
        raise Conflict("Another run stored its groups in the meantime; start this one again.")
    before = dict(NicheMembership.objects.values_list("entry_id", "group_id"))
    run.save()
    after = dict(zip(catalogue.entry_ids, assignment.tolist(), strict=True))
    continued = _continued_groups(previous, centres, before, after)
    groups = _name_groups(continued, keywords, now=now)
    NicheCentre.objects.bulk_create(
        NicheCentre(clustering=run, group=group, vector=centre, keywords=words)
        for group, centre, words in zip(groups, centres, keywords, strict=True)
    )
    assigned = 0
    for start in range(0, len(catalogue), CHUNK):
        chunk = catalogue.entry_ids[start : start + CHUNK]
        assigned += assign_accounts(run=run, entry_ids=chunk)
        progress.advance(len(chunk))
    assigned += assign_accounts(run=run)  # those that are not shown, and who came since
    count_members(run=run, now=now)
    run.figures["moved"] = _moved(before)
    run.figures["new_groups"] = run.k - len(continued)
    run.save(update_fields=["figures"])
    return assigned


def _continued_groups(
    previous: NicheClustering | None,
    centres: NDArray[np.float32],
    before: dict[int, int],
    after: dict[int, int],
) -> dict[int, NicheGroup]:
    """Which of the new centres continue a group of the previous run.

    :param before: the group's id by entry. :param after: the new centre's place by entry.
    """
    if previous is None:
        return {}
    old = list(previous.centres.select_related("group").order_by("pk"))
    matched = match_clusters(centres, np.array([centre.vector for centre in old]))
    both = Counter((place, before[entry]) for entry, place in after.items() if entry in before)
    was, now_is = Counter[int](), Counter[int]()
    for (place, group_id), count in both.items():
        was[group_id] += count
        now_is[place] += count
    continued = {}
    for new, place in matched.items():
        group = old[place].group
        common = both[new, group.pk]
        if common >= FEWEST_IN_COMMON * max(was[group.pk] + now_is[new] - common, 1):
            continued[new] = group
    return continued


def _name_groups(
    continued: dict[int, NicheGroup], keywords: list[list[str]], *, now: datetime
) -> list[NicheGroup]:
    """A group for each centre: the one it continues, or a new one named by its keywords."""
    names = name_clusters(
        keywords,
        {new: group.name for new, group in continued.items()},
        separator=" · ",
        words_in_name=(N_KEYWORDS,),
    )
    created = NicheGroup.objects.bulk_create(
        NicheGroup(name=name, created_at=now)
        for place, name in enumerate(names)
        if place not in continued
    )
    fresh = iter(created)
    return [continued.get(place) or next(fresh) for place in range(len(names))]


def _moved(before: dict[int, int]) -> float | None:
    """The share of those who were in a group before and are now in another one."""
    after = dict(NicheMembership.objects.values_list("entry_id", "group_id"))
    both = [entry_id for entry_id in before if entry_id in after]
    return niche_quality.moved_share(
        np.array([before[entry_id] for entry_id in both]),
        np.array([after[entry_id] for entry_id in both]),
    )


def _report(run: NicheClustering, *, unchanged: bool, assigned: int) -> dict[str, Any]:
    """What the job's page and the command show."""
    return {
        "run": run.pk,
        "groups": run.k,
        "k_was_chosen": run.k_was_chosen,
        "accounts": run.accounts,
        "without_text": run.without_text,
        "assigned": assigned,
        "unchanged": unchanged,
        "settings": {"seed": run.seed, "encoder_version": run.encoder_version},
        "figures": run.figures,
    }
