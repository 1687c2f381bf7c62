"""What the made-up brands looked at and opened: a simple rule, written out in docs/demo-market.md.

    liking(b, c)  = stated for a few niches of each brand, 0 for the others
    U(b, c)       = 2 liking + 0.4 q - 0.4 |log₁₀ followers - 4.6|,  q ~ N(0, 1) of the creator
    page          = liking + N(0, 0.6), the highest first; each place by lot with chance 0.15
    look(k)       = k^-0.7 for place k
    opened        ~ σ(2 (U - τ)), if looked at; τ is the brand's 85th percentile of U
    hidden        ~ 0.1, if looked at, not liked and below the brand's median of U

Shortlists, invitations and work together are not drawn here: the log reads those from the
stories, where they happened.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np

from accounts.models import Brand, Creator, SocialAccount, User
from marketplace.demo.market import Market
from scoring.ml.recommending.exploring import explore_page
from scoring.models import InteractionEvent

Kind = InteractionEvent.Kind

LIKINGS: Final[tuple[dict[str, float], ...]] = (
    {
        "skincare": 1.0, "makeup": 0.6, "outdoors": 0.9, "climbers": 0.5, "runners": 0.3,
        "bakers": 0.8, "cooking": 0.7,
    },
    {
        "gaming": 1.0, "comics": 0.6, "illustrators": 0.4, "home-decor": 0.9, "crafts-diy": 0.6,
        "architecture": 0.4,
    },
)  # fmt: skip
DAYS: Final = 120
SESSIONS: Final = 60
PAGE: Final = 20
EPSILON: Final = 0.15
_STREAM: Final = 20_260_901  # apart from every other draw of the same seed


def write_interactions(
    market: Market,
    accounts: Sequence[SocialAccount],
    *,
    brands: Sequence[Brand],
    owners: Sequence[User],
    now: dt.datetime,
) -> int:
    """Write the events of the last 120 days in one statement; how many.

    Nobody whose profile somebody claimed is hidden, so that the stories stay in sight.
    """
    rng = np.random.default_rng([market.seed, _STREAM])
    creator_ids, niches, followers = _facts_of(market, accounts)
    claimed = set(
        Creator.objects.filter(pk__in=creator_ids, user__isnull=False).values_list("pk", flat=True)
    )
    quality = rng.normal(size=len(creator_ids))
    rows: list[InteractionEvent] = []
    for brand, owner, likings in zip(brands, owners, LIKINGS, strict=True):
        liking = np.array([likings.get(niche, 0.0) for niche in niches])
        utility = 2.0 * liking + 0.4 * quality - 0.4 * np.abs(np.log10(followers) - 4.6)
        threshold, middle = np.quantile(utility, [0.85, 0.5])
        may_hide = (liking == 0) & (utility < middle)
        may_hide &= np.array([pk not in claimed for pk in creator_ids])
        for days_ago in np.sort(rng.uniform(0.1, DAYS, SESSIONS))[::-1]:
            scores = liking + rng.normal(0.0, 0.6, len(liking))
            page = explore_page(scores, size=PAGE, epsilon=EPSILON, rng=rng)
            shared: dict[str, Any] = {
                "brand": brand,
                "actor": owner,
                "surface": InteractionEvent.Surface.RECOMMENDED,
                "list_id": UUID(bytes=rng.bytes(16), version=4),
            }
            began = now - dt.timedelta(days=float(days_ago))
            for place, (row, chance) in enumerate(
                zip(page.rows, page.propensities, strict=True), start=1
            ):
                shared |= {"creator_id": creator_ids[row], "position": place}
                rows.append(
                    InteractionEvent(
                        kind=Kind.IMPRESSION, propensity=float(chance), at=began, **shared
                    )
                )
                for kind in _react(
                    rng, place, utility[row] - threshold, may_hide=bool(may_hide[row])
                ):
                    at = began + dt.timedelta(seconds=20 * place)
                    rows.append(InteractionEvent(kind=kind, at=at, **shared))
    InteractionEvent.objects.bulk_create(rows)
    return len(rows)


def _react(rng: np.random.Generator, place: int, above: float, *, may_hide: bool) -> list[Kind]:
    look, opens, hides = rng.random(3)
    if look > place**-0.7:
        return []
    if opens < 1.0 / (1.0 + np.exp(-2.0 * above)):
        return [Kind.CLICK, Kind.PROFILE_VIEW]
    return [Kind.HIDE] if may_hide and hides < 0.1 else []


def _facts_of(
    market: Market, accounts: Sequence[SocialAccount]
) -> tuple[list[int], list[str], np.ndarray]:
    """Id, niche and largest following of each creator, in the market's order."""
    written = iter(accounts)
    ids, niches, followers = [], [], []
    for creator in market.creators:
        own = [next(written) for _ in creator.accounts]
        ids.append(own[0].creator_id)
        niches.append(creator.person.niche.label)
        followers.append(max(float(one.followers[-1]) for one in creator.accounts))
    return ids, niches, np.array(followers)
