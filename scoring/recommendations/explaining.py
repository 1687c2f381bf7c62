"""Why a creator is recommended, in sentences with the figures they rest on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accounts.models import SocialAccount
from scoring.ml.recommending.brand_wishes import Wishes
from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.ml.recommending.learned import BrandScores, Learned, places_of
from scoring.models import SearchEntry
from scoring.recommendations.liking import Chosen

# Below this two texts are hardly about the same thing.
ALIKE: Final = 0.5
FAINT: Final = 0.15
# Of fewer brands nothing is told: it would say what a single one did.
FEWEST_BRANDS: Final = 3


@dataclass(frozen=True)
class Explainer:
    """All that the sentences of one page read; made once a page."""

    index: CreatorIndex
    wishes: Wishes
    scores: BrandScores
    chosen: Chosen
    learned: Learned | None
    epsilon: float

    def reasons(
        self, row: int, account: SocialAccount, entry: SearchEntry, *, by_lot: bool, among: int
    ) -> list[str]:
        """The strongest first; what is unknown is not mentioned."""
        sentences = []
        if by_lot:
            sentences.append(
                f"Shown to try something new: this place was drawn by lot, with chance "
                f"{100 * self.epsilon:.0f} %, from {among:,} candidates"
            )
        sentences += self._alike(row, entry)
        cosine = self._likeness(row)
        if cosine is not None and cosine >= FAINT:
            sentences.append(f"Similarity of the text to your description and briefs: {cosine:.2f}")
        if self.learned is not None:
            sentences += self._learned(row)
        return [*sentences, self._points(row, account, entry)]

    def concerns(self, row: int, account: SocialAccount, entry: SearchEntry) -> list[str]:
        sentences = []
        if account.creator_id in self.chosen.worked:
            sentences.append("You worked with this creator before")
        if not self.index.vectors[row].any():
            sentences.append("There is no text to compare")
        elif (cosine := self._likeness(row)) is not None and cosine < FAINT:
            sentences.append(
                f"The text hardly resembles your description and briefs (similarity {cosine:.2f})"
            )
        if entry.engagement_rate is None:
            sentences.append("The engagement rate is not known")
        if entry.risk_level == "high" and entry.risk is not None:
            sentences.append(f"High fake-follower risk: {entry.risk:.0f} of 100")
        return sentences

    def _likeness(self, row: int) -> float | None:
        """Cosine with what the brand wrote; None where either has no text."""
        if self.wishes.vector is None or not self.index.vectors[row].any():
            return None
        return float(self.scores.columns["cosine"][row])

    def _alike(self, row: int, entry: SearchEntry) -> list[str]:
        """Whom the brand chose and who posts about the same, by what the brand did."""
        rows, verbs = self.chosen.rows(self.index)
        own = self.index.vectors[row]
        if not len(rows) or not own.any():
            return []
        similar = self.index.vectors[rows] @ own
        groups: dict[str, list[float]] = defaultdict(list)
        for place in np.flatnonzero((similar >= ALIKE) & (rows != row)):
            groups[verbs[place]].append(float(similar[place]))
        niche = self._shared_niche(row, rows[(similar >= ALIKE) & (rows != row)], entry)
        best = sorted(groups.items(), key=lambda one: (-len(one[1]), -max(one[1])))[:2]
        return [_alike_sentence(verb, found, niche) for verb, found in best]

    def _shared_niche(self, row: int, others: NDArray[np.int64], entry: SearchEntry) -> str:
        """The niche of this creator that most of the others have too; "" without any."""
        if not len(others):
            return ""
        own = self.index.niches[[row]].indices
        counts = np.asarray(self.index.niches[others][:, own].sum(axis=0)).ravel()
        if not len(own) or not counts.max():
            return ""
        return readable(self.index.niche_names[own[int(counts.argmax())]])

    def _learned(self, row: int) -> list[str]:
        assert self.learned is not None
        factor = self.scores.columns["factor"]
        place = 1 + int((factor > factor[row]).sum())
        sentences = [f"Place {place:,} of {len(factor):,} by what brands' choices taught"]
        [known] = places_of(self.index.creators[[row]], self.learned.creators)
        if known >= 0 and self.learned.chosen[known] >= FEWEST_BRANDS:
            chosen, shown = int(self.learned.chosen[known]), int(self.learned.shown[known])
            sentences.append(f"Chosen by {chosen:,} of the {shown:,} brands that met this creator")
        return sentences

    def _points(self, row: int, account: SocialAccount, entry: SearchEntry) -> str:
        """Document 004's rating, part by part."""
        points, parts = self.scores.points, []
        if points.category[row]:
            shared = sorted(
                {n.casefold() for n in entry.niches} & {n.casefold() for n in self.wishes.niches}
            )
            named = listed([readable(n) for n in shared])
            parts.append(f"{points.category[row]:.0f} for {named}")
        if points.location[row]:
            parts.append(f"{points.location[row]:.0f} for {entry.country}")
        if count := int(points.hashtags[row]):
            tags = {tag.casefold() for tag in account.hashtags}
            shared = [tag for tag in self.wishes.hashtags if tag.casefold() in tags]
            named = " ".join(f"#{tag}" for tag in shared[:3])
            parts.append(f"{count} for shared hashtag{'s' if count != 1 else ''} such as {named}")
        if entry.engagement_rate is not None:
            rate = f"{entry.engagement_rate:.1%}".replace("%", " %")
            parts.append(f"{points.engagement[row]:.2f} for {rate} engagement")
        total = float(points.total[row])
        return f"{total:.2f} points" + (f": {', '.join(parts)}" if parts else "")


def _alike_sentence(verb: str, similarities: Sequence[float], niche: str) -> str:
    several = len(similarities) > 1
    who = f"{len(similarities)} creators you {verb}" if several else f"1 creator you {verb}"
    does = f"Posts about {niche} like" if niche else "Writes like"
    how = f"similarity {'up to ' if several else ''}{max(similarities):.2f}"
    return f"{does} {who} ({how})"


def readable(niche: str) -> str:
    return niche.replace("_", " ").strip().lower()


def listed(names: Sequence[str]) -> str:
    """ "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
