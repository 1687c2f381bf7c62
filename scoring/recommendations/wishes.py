"""What a brand says it looks for: its description and its latest briefs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accounts.models import Brand
from campaigns.models import Brief
from scoring.matching.brief_text import brief_niches, encode_brief
from scoring.ml.encoding import is_empty
from scoring.ml.recommending.brand_wishes import Wishes
from scoring.ml.recommending.features import size_band
from scoring.ml.recommending.words import SHORTEST_NAME, written_together

BRIEFS_READ: Final = 3
HASHTAG = re.compile(r"#(\w{2,60})")


def wishes_of(brand: Brand, projection: NDArray[np.float64]) -> Wishes:
    """One query, and what of the texts was not encoded before."""
    return list_wishes([brand], projection)[0]


def list_wishes(brands: Sequence[Brand], projection: NDArray[np.float64]) -> list[Wishes]:
    """In the order of the brands. One query."""
    briefs: dict[int, list[Brief]] = defaultdict(list)
    latest = (
        Brief.objects.filter(campaign__brand__in=brands)
        .order_by("campaign_id", "-version")
        .distinct("campaign_id")
        .select_related("campaign")
    )
    for brief in sorted(latest, key=lambda one: (one.created_at, one.pk), reverse=True):
        briefs[brief.campaign.brand_id].append(brief)
    return [_wishes(brand, briefs[brand.pk][:BRIEFS_READ], projection) for brand in brands]


def _wishes(brand: Brand, briefs: Sequence[Brief], projection: NDArray[np.float64]) -> Wishes:
    texts = [text for text in (brand.description, *(b.text for b in briefs)) if not is_empty(text)]
    vectors = [encode_brief(text) for text in texts]
    niches = [name for brief in briefs for name in brief.niches]
    if not niches:
        read = zip(texts, vectors, strict=True)
        niches = [name for text, vector in read for name in brief_niches(text, vector)]
    middles = [_middle(brief) for brief in briefs]
    return Wishes(
        vector=_mean(vectors, projection),
        locations=_once(brief.country for brief in briefs),
        niches=_once(niches),
        hashtags=_once([*_own_tag(brand), *(t.lower() for x in texts for t in HASHTAG.findall(x))]),
        sizes=_once(size_band(value) or "" for value in middles),
    )


def _own_tag(brand: Brand) -> list[str]:
    """The brand's name as a hashtag: who writes it posts about the brand already."""
    name = written_together(brand.name)
    return [name] if len(name) >= SHORTEST_NAME else []


def _mean(
    vectors: Sequence[NDArray[np.float32]], projection: NDArray[np.float64]
) -> NDArray[np.float32] | None:
    if not vectors:
        return None
    low = np.mean(vectors, axis=0) @ projection
    return np.asarray(low / max(float(np.linalg.norm(low)), 1e-12), dtype=np.float32)


def _middle(brief: Brief) -> float | None:
    """The size a brief asks for: the geometric middle of its limits, or the one it has."""
    limits = [value for value in (brief.min_followers, brief.max_followers) if value]
    return float(np.exp(np.mean(np.log(limits)))) if limits else None


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
