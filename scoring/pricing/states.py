"""What was learned from this site's own prices, shared by all processes through the database."""

import threading
from collections.abc import Sequence
from typing import Any, Final

import structlog
from django.db import connection

from scoring.ml.prices.model import PriceModel
from scoring.models import PriceModelState
from scoring.pricing.quoting import MarketQuoter

PREFIX: Final = "market-"
HELD: Final = 4

log = structlog.get_logger(__name__)

_quoters: dict[tuple[str, int], MarketQuoter | None] = {}
_lock = threading.Lock()


def version_of(state_id: int) -> str:
    """The version a score names: ``price/market-3``."""
    return f"price/{PREFIX}{state_id}"


def state_id_of(version: str) -> int | None:
    """The state behind ``market-3``; None for an artefact's version such as ``v2``."""
    number = version.removeprefix(PREFIX)
    return int(number) if version.startswith(PREFIX) and number.isdigit() else None


def get_serving(*, simulated: bool) -> MarketQuoter | None:
    """The newest state that answers and is intact. One query when it is loaded already."""
    states = PriceModelState.objects.filter(is_simulated=simulated).order_by("-pk")
    for pk, serves in states.values_list("pk", "serves")[:HELD]:
        quoter = load_state(pk) if serves else None
        if quoter is not None:
            return quoter
    return None


def load_state(pk: int) -> MarketQuoter | None:
    """The model of a state; None, and a line in the log, if there is none or it is damaged."""
    key = (str(connection.settings_dict["NAME"]), pk)
    if key in _quoters:
        return _quoters[key]
    state = PriceModelState.objects.filter(pk=pk).first()
    quoter = None if state is None else _read(state)
    if quoter is not None:
        with _lock:
            for other in sorted(k for k in _quoters if k[0] == key[0])[: -HELD + 1]:
                del _quoters[other]
            _quoters[key] = quoter
    return quoter


def list_states(*, limit: int = 20) -> Sequence[PriceModelState]:
    """The newest states without their files, for pages. One query."""
    return list(PriceModelState.objects.defer("files").order_by("-pk")[:limit])


def markets_of(model: PriceModel) -> list[dict[str, Any]]:
    """What a model can answer for, JSON-ready, with its figures on creators not learned from."""
    return [
        {
            "platform": settings.platform,
            "currency": settings.currency,
            "deliverables": list(settings.vocabulary.deliverables),
            "prices": settings.counts.prices,
            "creators": settings.counts.creators,
            "first_day": settings.first_day,
            "last_day": settings.last_day,
            "figures": dict(settings.figures),
        }
        for settings in (market.settings for market in model.markets.values())
    ]


def _read(state: PriceModelState) -> MarketQuoter | None:
    if not state.is_intact:
        log.error("price_state_damaged", state=state.pk)
        return None
    model = PriceModel.from_files(state.files, version=state.version)
    return MarketQuoter(model, version=version_of(state.pk))
