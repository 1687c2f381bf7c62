"""Second stage: accounts as factors, scores and an order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray
from pgvector.django import CosineDistance

from scoring.matching.briefs import ReadBrief
from scoring.matching.creator_facts import Row, read_creators, read_rows, text_of
from scoring.matching.factors import MatchScore, explain
from scoring.ml.encoding import ENCODER_VERSION
from scoring.ml.match.factors import factor_values
from scoring.ml.match.facts import CreatorFacts
from scoring.models import SearchEntry

Floats = NDArray[np.float64]

# A percentile from 1,000 sampled accounts is off by at most 3 points nineteen times in
# twenty; smaller eligible sets are counted in full.
SAMPLE = 1_000


@dataclass(frozen=True)
class Candidates:
    """Entry ids (n,) and how near the texts are to the brief (n,), NaN without text."""

    ids: list[int]
    cosines: Floats

    def and_then(self, others: "Candidates") -> "Candidates":
        return Candidates(self.ids + others.ids, np.concatenate([self.cosines, others.cosines]))


@dataclass(frozen=True)
class Assessed:
    """Accounts in the order of the candidates, the sampled ones apart.

    ``factors``: name → (n,). ``reference``: scores of the sample, which percentiles are among.
    """

    brief: ReadBrief
    rows: list[Row]
    creators: list[CreatorFacts]
    factors: dict[str, Floats]
    scores: Floats
    order_values: Floats
    reference: Floats
    sampled_followers: list[int | None]

    def order(self, among: int) -> list[int]:
        """Of the first ``among`` places those by falling order value, one per creator.

        Ties by account id, so pages never overlap; a creator with several accounts has the one
        that fits best.
        """
        falling = sorted(
            range(among),
            key=lambda place: (-self.order_values[place], self.rows[place]["account_id"]),
        )
        best: dict[int, int] = {}
        for place in falling:
            best.setdefault(self.rows[place]["creator_id"], place)
        return list(best.values())

    def explain(self, places: Sequence[int]) -> list[MatchScore]:
        """The scores at these places in words."""
        at = np.array(places, dtype=int)
        return explain(
            self.brief.scorer,
            self.brief.facts,
            [self.rows[place] for place in places],
            [self.creators[place] for place in places],
            {name: column[at] for name, column in self.factors.items()},
            reference=self.reference,
        )


def measure(entries: QuerySet[SearchEntry], brief: ReadBrief) -> Candidates:
    """The entries in their own order, each with its cosine. One query."""
    rows = entries.annotate(
        distance=CosineDistance("embedding__vector", brief.vector.tolist())
    ).values_list("pk", "distance", "embedding__encoder_version")
    found = [(pk, d if version == ENCODER_VERSION else None) for pk, d, version in rows]
    return Candidates(
        [pk for pk, _ in found],
        np.array([np.nan if d is None else 1.0 - d for _, d in found], dtype=float),
    )


def sample_of(eligible: QuerySet[SearchEntry], brief: ReadBrief) -> Candidates:
    """All eligible entries, or a fixed random sample of them. One query."""
    return measure(eligible.order_by("sample_key")[:SAMPLE], brief)


def assess(brief: ReadBrief, candidates: Candidates, sample: Candidates) -> Assessed:
    """Candidates and sample read and scored together. At most two queries."""
    cosines = dict(zip(sample.ids, sample.cosines, strict=True))
    cosines |= dict(zip(candidates.ids, candidates.cosines, strict=True))
    rows = read_rows(list(cosines), brief=brief)
    place = {row["pk"]: number for number, row in enumerate(rows)}
    topics = brief.scorer.topic_values(
        brief.asked,
        [text_of(row) for row in rows],
        np.array([cosines[row["pk"]] for row in rows], dtype=float),
    )
    creators = read_creators(rows, brief=brief, topics=topics)
    known = factor_values(brief.facts, creators)
    factors = {name: column for name, column in known.items() if name in brief.scorer.weights}
    scores = brief.scorer.weighted_scores(factors) if rows else np.zeros(0)
    # An entry that vanished since it was found is in neither.
    ours = [place[pk] for pk in candidates.ids if pk in place]
    theirs = [place[pk] for pk in sample.ids if pk in place]
    at = np.array(ours, dtype=int)
    mine = {name: column[at] for name, column in factors.items()}
    return Assessed(
        brief=brief,
        rows=[rows[number] for number in ours],
        creators=[creators[number] for number in ours],
        factors=mine,
        scores=scores[at],
        order_values=brief.scorer.order_values(mine, scores[at]) if ours else np.zeros(0),
        reference=scores[np.array(theirs, dtype=int)],
        sampled_followers=[rows[number]["followers"] for number in theirs],
    )
