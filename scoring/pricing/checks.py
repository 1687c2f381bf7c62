"""Whether ranges held the prices that were agreed after they could be shown.

A check is computed as of just before the agreement: with the facts recorded by then and the
model that answered then. So nothing has to be remembered of who looked at what, and anybody can
compute a check again.
"""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from scoring.models import PriceCheck


@dataclass(frozen=True)
class Held:
    """``held`` of ``prices`` agreed later lay in their ranges."""

    held: int
    prices: int

    @property
    def share(self) -> float | None:
        return self.held / self.prices if self.prices else None


INSIDE = Q(price_minor__gte=F("low_minor"), price_minor__lte=F("high_minor"))


def count_held(*, simulated: bool, platform: str) -> Held:
    """Of all agreements on a platform. One query."""
    counts = PriceCheck.objects.filter(is_simulated=simulated, platform=platform).aggregate(
        held=Count("pk", filter=INSIDE), prices=Count("pk")
    )
    return Held(**counts)
