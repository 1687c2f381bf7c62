"""What a connector to a platform is asked, and what it may answer.

It may fail, answer for some points only, late, twice, out of order, or with counts that fall:
each point is asked for again until it has a measured observation or its grace has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaigns.horizons import Horizon
from campaigns.results.observed import Observed


class ConnectorUnavailable(Exception):
    """No answer for any of the points asked for. Ask again."""


@dataclass(frozen=True)
class Asked:
    """A point at which a publication's counts are wanted; ``tries`` counts this one too.

    ``handle`` and ``external_id`` name account and post on the platform; the handle is empty
    where the account is not known.
    """

    deliverable_id: int
    horizon: Horizon
    due_at: datetime
    published_at: datetime
    platform: str
    url: str
    external_id: str
    handle: str
    tries: int


class Connector(Protocol):
    name: str

    def collect(self, points: Sequence[Asked], *, now: datetime) -> Sequence[Observed]:
        """The counts of these publications as they stand; points without an answer are left out.

        Called outside of any transaction, at most a few hundred points at once. Provenance is
        ``measured`` for figures of the platform's own API, ``estimated`` for anything else.

        :raises ConnectorUnavailable: if nobody answers.
        """
