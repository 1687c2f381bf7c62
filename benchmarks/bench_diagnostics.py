"""A diagnostics answer through the service and through HTTP, beside the bare work in it.

    OMP_NUM_THREADS=1 python -m benchmarks.bench_diagnostics [--rounds 60]

On a PostgreSQL of its own: an account with 60 counted posts. The bare work is encoding a caption
and `Booster.predict` of the three trees with the features ready. The service reads size and
history from the database, reckons the facts, predicts, names contributors, looks for suggestions
and checks the disclosure; HTTP is `POST /api/v1/ml/plep` by Django's test client, with session,
throttle, serializers and JSON. A live what-if is a second call with the hour changed: its caption
is known. In turns, every caption new; posts are synthetic: the time does not depend on whose they
are. The last line of stdout is one JSON object.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from benchmarks.bench_plep import captions
from benchmarks.scratch_server import scratch_server

POSTS = 60
LIMIT = 3.0


def make_account() -> Any:
    from django.utils import timezone

    from accounts.models import AccountMetric, Post, PostMetric, Provenance, SocialAccount, User
    from accounts.signup import complete_signup

    now = timezone.now()
    user = User.objects.create_user("bench@example.org", name="Bench")
    complete_signup(user=user, name="Bench", side="creator")
    account = SocialAccount.objects.create(creator=user.creator, platform="tiktok", handle="bench")
    AccountMetric.objects.create(
        account=account, day=now.date(), followers=54_000, provenance=Provenance.SIMULATED
    )
    texts = captions()
    for number in range(POSTS):
        at = now - timedelta(days=3 * number + 1)
        post = Post.objects.create(
            account=account, external_id=str(number), caption=next(texts), published_at=at
        )
        PostMetric.objects.create(
            post=post, observed_at=at, views=20_000, likes=900 + 37 * number, comments=20,
            shares=9, provenance=Provenance.SIMULATED, recorded_at=at,
        )  # fmt: skip
    return SocialAccount.objects.select_related("creator__user").get(pk=account.pk)


def measure(rounds: int) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from scoring import registry
    from scoring.ml.encoding import get_encoder
    from scoring.ml.plep.settings import LEVELS
    from scoring.planning_posts.diagnosing import diagnose, draft_of
    from scoring.planning_posts.drafts import PlannedPost
    from scoring.planning_posts.history import read_planner

    settings.ALLOWED_HOSTS = ["*"]
    account, texts = make_account(), captions()
    model, encode = registry.load("plep"), get_encoder().encode
    platform = model.platforms["tiktok"]
    soon = timezone.now() + timedelta(days=1)
    first = draft_of(read_planner(account, as_of=timezone.now()), PlannedPost(next(texts)))
    features = platform.features(model.facts_of([first], now=timezone.now(), encode=encode))
    client = Client()
    client.force_login(account.creator.user, "allauth.account.auth_backends.AuthenticationBackend")

    def bare(caption: str) -> None:
        encode([caption])
        for name in LEVELS:
            platform.boosters[name].predict(features, num_threads=1)

    def service(caption: str) -> None:
        now = timezone.now()
        post = PlannedPost(caption, (), "video", soon, 24.0)
        assert diagnose(planner=read_planner(account, as_of=now), post=post, now=now).prediction

    def what_if(caption: str) -> None:
        now = timezone.now()
        post = PlannedPost(caption, (), "video", soon, 24.0)
        change = {"planned_at": soon + timedelta(hours=5)}
        diagnose(planner=read_planner(account, as_of=now), post=post, now=now, changes=[change])

    def http(caption: str) -> None:
        body = {
            "account_id": account.pk,
            "caption": caption,
            "planned_at": soon.isoformat(),
            "duration_s": 24,
        }
        response = client.post("/api/v1/ml/plep", json.dumps(body), "application/json")
        assert response.status_code == 200, response.content

    runs: dict[str, Callable[[str], None]] = {"bare": bare, "service": service, "http": http}
    taken: dict[str, list[float]] = {name: [] for name in (*runs, "live_what_if")}
    order = np.random.default_rng(4)
    for turn in range(-3, rounds):
        for name in order.permutation(list(runs)):
            caption = next(texts)
            _timed(taken[name], runs[name], caption)
            if name == "service":
                _timed(taken["live_what_if"], what_if, caption)
        if turn < 0:
            for values in taken.values():
                values.clear()
    return _told(taken, rounds, f"plep/{model.version}")


def _timed(into: list[float], run: Callable[[str], None], caption: str) -> None:
    started = time.perf_counter()
    run(caption)
    into.append(1000 * (time.perf_counter() - started))


def _told(taken: dict[str, list[float]], rounds: int, version: str) -> dict[str, Any]:
    middles = {name: statistics.median(values) for name, values in taken.items()}
    result: dict[str, Any] = {"benchmark": "diagnostics", "rounds": rounds, "posts": POSTS}
    result |= {f"{name}_p50_ms": round(value, 2) for name, value in middles.items()}
    for name in ("service", "http", "live_what_if"):
        result[f"{name}_ratio_p50"] = round(middles[name] / middles["bare"], 3)
    result |= {
        "limit": LIMIT,
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "model_version": version,
        "passed": middles["service"] <= LIMIT * middles["bare"],
    }
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=60)
    arguments = parser.parse_args()
    with scratch_server():
        from django.conf import settings

        from marketplace.embedded import redis_server

        # throttles and sessions of HTTP keep their counts there
        redis = redis_server.start(settings.VAR_DIR, durable=False)
        try:
            result = measure(arguments.rounds)
        finally:
            redis_server.stop(redis)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
