"""A search without words: everybody who passes the limits, those with most followers first."""

from django.db.models import BigIntegerField, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from scoring.discovery.places import BY_FOLLOWERS, Place
from scoring.models import SearchEntry


def list_largest(
    entries: QuerySet[SearchEntry], *, after: Place | None, top: int
) -> list[tuple[Place, int]]:
    """(place, entry) of the next ``top`` creators, each with the largest account that passes.

    As deep as the catalogue. Unknown follower counts come last. Two queries.
    """
    largest = Coalesce(Max("followers"), -1, output_field=BigIntegerField())
    creators = entries.order_by().values("creator_id").annotate(largest=largest)
    if after is not None:
        seen = -int(after.value)
        creators = creators.filter(
            Q(largest__lt=seen) | Q(largest=seen, creator_id__gt=after.creator_id)
        )
    rows = list(creators.order_by("-largest", "creator_id")[:top])
    best = dict(
        entries.filter(creator_id__in=[row["creator_id"] for row in rows])
        .order_by("creator_id", F("followers").desc(nulls_last=True), "pk")
        .distinct("creator_id")
        .values_list("creator_id", "pk")
    )
    return [
        (
            Place(BY_FOLLOWERS, -float(row["largest"]), row["creator_id"]),
            best[row["creator_id"]],
        )
        for row in rows
        # Gone between the two queries.
        if row["creator_id"] in best
    ]
