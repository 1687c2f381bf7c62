"""Lists shown to somebody, for tests of what follows from them."""

from collections.abc import Sequence
from uuid import UUID

from accounts.models import Brand, Creator, User
from scoring.interactions.recording import Shown, record_list
from scoring.models import InteractionEvent
from tests.cast import NOW


def show(
    brand: Brand,
    actor: User,
    creators: Sequence[Creator],
    *,
    surface: str = InteractionEvent.Surface.CATALOGUE,
    **more: object,
) -> UUID:
    shown = [Shown(creator.pk, place) for place, creator in enumerate(creators, start=1)]
    asked = {"campaign": None, "now": NOW} | more
    return record_list(brand=brand, actor=actor, surface=surface, shown=shown, **asked)  # type: ignore[arg-type]
