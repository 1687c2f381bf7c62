"""Which reviews somebody reads: their own, and all that are published and not hidden."""

from dataclasses import dataclass

from django.db.models import Avg, Count, IntegerField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.models import Brand, Creator
from campaigns.models import Collaboration, Review
from campaigns.review_terms import ASPECTS
from campaigns.states import Side

SHOWN = 10


@dataclass(frozen=True)
class Reputation:
    """What others say of somebody. ``average`` is None and ``aspects`` empty without reviews.

    ``aspects`` are (label, mean of 1 to 5) of those that were rated; ``latest`` are at most
    `SHOWN`, the newest first.
    """

    count: int
    average: float | None
    aspects: list[tuple[str, float]]
    latest: list[Review]


def shown_reviews() -> QuerySet[Review]:
    return Review.objects.filter(published_at__isnull=False, hidden_at=None)


def reviews_visible_to(side: Side, collaboration: Collaboration) -> list[Review]:
    """Of one collaboration: a side reads its own at once, the other's when it is published.

    Moderators read as the public does, and hidden ones as well. One query.
    """
    return [
        review
        for review in collaboration.reviews.order_by("side")
        if review.side == side or review.published_at is not None
    ]


def reputation_of_creator(creator: Creator) -> Reputation:
    """What brands say of a creator's work. Two queries, or one without reviews."""
    return _reputation(
        shown_reviews().filter(side=Side.BRAND, collaboration__creator=creator), Side.BRAND
    )


def reputation_of_brand(brand: Brand) -> Reputation:
    """What creators say of a brand. Queries as `reputation_of_creator`."""
    return _reputation(
        shown_reviews().filter(side=Side.CREATOR, collaboration__campaign__brand=brand),
        Side.CREATOR,
    )


def _reputation(reviews: QuerySet[Review], side: Side) -> Reputation:
    means = {
        f"of_{key}": Avg(Cast(KeyTextTransform(key, "aspects"), IntegerField()))
        for key in ASPECTS[side]
    }
    total = reviews.order_by().aggregate(count=Count("pk"), average=Avg("rating"), **means)
    if not total["count"]:
        return Reputation(0, None, [], [])
    return Reputation(
        count=total["count"],
        average=round(total["average"], 1),
        aspects=[
            (label, round(total[f"of_{key}"], 1))
            for key, label in ASPECTS[side].items()
            if total[f"of_{key}"] is not None
        ],
        latest=list(
            reviews.select_related(
                "collaboration__campaign__brand", "collaboration__creator"
            ).order_by("-published_at", "-pk")[:SHOWN]
        ),
    )
