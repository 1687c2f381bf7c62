"""What one brand chose before, to say why somebody alike is recommended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from accounts.models import Brand
from campaigns.models import Collaboration, ShortlistEntry
from campaigns.states import LIVE, State
from scoring.ml.recommending.creator_index import CreatorIndex
from scoring.models import InteractionEvent

LATEST: Final = 100
DONE: Final = (State.COMPLETED, State.CLOSED, State.SETTLED)
AGREED: Final = (*DONE, State.AGREED, State.SIGNED, State.ACTIVE, State.CANCEL_REQUESTED)


@dataclass(frozen=True)
class Chosen:
    """Creator → the strongest thing the brand did, in words after "you"; and who works now."""

    verbs: Mapping[int, str]
    working: frozenset[int]
    worked: frozenset[int]

    def rows(self, index: CreatorIndex) -> tuple[NDArray[np.int64], list[str]]:
        """Rows of the catalogue and the verb of each."""
        creators = np.array(list(self.verbs), dtype=np.int64)
        place = index.rows_of(creators)
        inside = place >= 0
        verbs = [verb for verb, known in zip(self.verbs.values(), inside, strict=True) if known]
        return place[inside], verbs


def chosen_by(brand: Brand) -> Chosen:
    """Three queries, over the latest hundred of each kind."""
    events = InteractionEvent.objects.filter(brand=brand, kind=InteractionEvent.Kind.IDEAL)
    listed = ShortlistEntry.objects.filter(shortlist__brand=brand, removed_at=None)
    together = list(
        Collaboration.objects.filter(brand=brand)
        .order_by("-pk")
        .values_list("creator_id", "state", "started_by")
    )
    verbs: dict[int, str] = {}
    for pk in listed.order_by("-pk").values_list("creator_id", flat=True)[:LATEST]:
        verbs[pk] = "shortlisted"
    for pk in events.order_by("-pk").values_list("creator_id", flat=True)[:LATEST]:
        verbs[pk] = "named as ideal"
    for pk, state, started_by in reversed(together[:LATEST]):
        if state in AGREED:
            verbs[pk] = "worked with" if state in DONE else "agreed with"
        elif started_by == "brand":
            verbs[pk] = "invited"
    return Chosen(
        verbs=verbs,
        working=frozenset(pk for pk, state, _ in together if state in LIVE),
        worked=frozenset(pk for pk, state, _ in together if state in DONE),
    )
