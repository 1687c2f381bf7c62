"""``/health/live`` and ``/health/ready`` for load balancers, probes and monitors.

Own code rather than django-health-check, whose view answers with the ``repr`` of
each exception (addresses and user names in it) and is asynchronous, which a WSGI
server runs on a loop of its own for every request.
"""

import contextlib
import threading
import time
from collections.abc import Callable

import psycopg2
import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.celery import app

TIMEOUT = 2
# Anybody may ask, and each answer costs three connections: once in this time is enough.
KEEP_SECONDS = 1.0

_lock = threading.Lock()
_last: tuple[float, dict[str, str]] | None = None


def check_database() -> None:
    """:raises psycopg2.Error: if it does not answer a query in time."""
    parameters = {
        **connection.get_connection_params(),
        "connect_timeout": TIMEOUT,
        "options": f"-c statement_timeout={TIMEOUT * 1000}",
    }
    # Django adds objects only its own connection class understands.
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    with contextlib.closing(psycopg2.connect(**parameters)) as probe:
        probe.cursor().execute("SELECT 1")


def check_redis() -> None:
    """:raises redis.RedisError: if it does not answer in time."""
    with contextlib.closing(
        redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT
        )
    ) as client:
        client.ping()


def check_worker() -> None:
    """:raises TimeoutError: if no Celery worker answers in time; other errors of the broker."""
    # A connection of its own: one from the pool may have died with the last broker.
    limits = {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT}
    with app.connection_for_write(connect_timeout=TIMEOUT, transport_options=limits) as broker:
        answers = app.control.broadcast(
            "ping", reply=True, limit=1, timeout=TIMEOUT, connection=broker
        )
    if not answers:
        raise TimeoutError


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "redis": check_redis,
    "worker": check_worker,
}


def examine() -> dict[str, str]:
    """``ok`` or what is wrong, for each part; at most ``KEEP_SECONDS`` old.

    The text names the kind of error only: its message may hold addresses and names.
    """
    global _last
    with _lock:
        if _last is None or time.monotonic() - _last[0] > KEEP_SECONDS:
            _last = (time.monotonic(), {name: _result(check) for name, check in CHECKS.items()})
        return dict(_last[1])


def _result(check: Callable[[], None]) -> str:
    try:
        check()
    except TimeoutError:
        return "no answer"
    except Exception as error:  # whatever a broker's library raises, this must answer
        return f"error: {type(error).__name__}"
    return "ok"


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 while this process answers at all: when it does not, restart it."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when every part answers, else 503 and what is wrong.

    ``?without=worker`` leaves a part out: pages are worth serving without a worker.
    """
    left_out = set(request.GET.get("without", "").split(","))
    results = {name: said for name, said in examine().items() if name not in left_out}
    healthy = all(said == "ok" for said in results.values())
    return JsonResponse(results, status=200 if healthy else 503)


def urls() -> list[URLPattern]:
    """To be included as ``path("health/", include(health.urls()))``."""
    return [path("live", live, name="health_live"), path("ready", ready, name="health_ready")]
