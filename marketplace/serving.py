"""How gunicorn serves Fairground: ``gunicorn --config python:marketplace.serving``."""

import threading
from typing import Any

import structlog

log = structlog.get_logger(__name__)

# A search of 500 characters of another script is 4,500 bytes of address; the default is 4,094.
limit_request_line = 8190


def post_worker_init(worker: Any) -> None:
    """Load the encoder and the models beside the first requests, not inside one of them.

    They take seconds to load; the first brief would otherwise wait for them.
    """
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    from scoring import registry
    from scoring.ml.encoding import get_encoder
    from scoring.models import Score

    try:
        get_encoder().encode(["warm"])
        for task in (*Score.Task.values, "match", "recommend"):
            registry.load(task)
    except Exception as error:  # A request that needs a model meets the error and explains it.
        log.warning("warm_up_failed", error=str(error))
