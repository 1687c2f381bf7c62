"""What all brands did, as learning reads it, and what tells two readings apart."""

import hashlib
from dataclasses import fields
from datetime import datetime

import numpy as np

from accounts.models import Brand
from scoring.interactions.log import read_log
from scoring.ml.recommending.brand_wishes import Wishes
from scoring.ml.recommending.events import EventLog
from scoring.ml.recommending.learning import Behaviour
from scoring.recommendations.base import Base
from scoring.recommendations.wishes import list_wishes


def read_behaviour(base: Base, *, now: datetime) -> Behaviour:
    """Every event before ``now``, with the wishes of the brands that have any."""
    log, brand_ids, creator_ids = read_log(until=now)
    brands = Brand.objects.in_bulk(brand_ids.tolist())
    known = list_wishes(list(brands.values()), base.projection)
    wishes = dict(zip(brands, known, strict=True))
    return Behaviour(
        log=log,
        brands=brand_ids,
        creators=creator_ids,
        wishes=[wishes.get(pk, Wishes()) for pk in brand_ids.tolist()],
    )


def fingerprint_of(behaviour: Behaviour) -> str:
    """SHA-256 of the events, whatever their order: the same events teach nothing new."""
    log = behaviour.log
    brands, creators = behaviour.brands[log.brands], behaviour.creators[log.creators]
    order = np.lexsort((log.positions, log.kinds, creators, brands, log.days))
    digest = hashlib.sha256()
    for column in (brands, creators, *(getattr(log, one.name) for one in fields(EventLog)[2:])):
        digest.update(np.ascontiguousarray(column[order]).tobytes())
    return digest.hexdigest()
