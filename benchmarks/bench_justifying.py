"""Price justifications: gathering and freezing one, its PDF, and checking it by its link.

    python -m benchmarks.bench_justifying [--rounds 30]

On a PostgreSQL of its own, in this process, without HTTP. Simulated: one Douyin account with
thirty counted posts, so that the shipped price model answers. Other work on the machine slows all
of it. The last line of stdout is one JSON object: milliseconds, median and 95th percentile.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.scratch_server import scratch_server

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
POSTS = 30
DAY = timedelta(days=1)


def make_account() -> Any:
    from accounts.models import AccountMetric, Creator, Post, PostMetric, SocialAccount

    creator = Creator.objects.create(display_name="Somebody", is_simulated=True)
    account = SocialAccount.objects.create(creator=creator, platform="douyin", handle="somebody")
    for days in range(60, 0, -1):
        AccountMetric.objects.create(
            account=account, day=(NOW - days * DAY).date(), followers=80_000 - 100 * days,
            engagement_rate=0.05, extra={"expected_views": 30_000}, provenance="simulated",
            recorded_at=NOW - days * DAY,
        )  # fmt: skip
    for number in range(POSTS):
        at = NOW - (10 + number) * DAY
        post = Post.objects.create(account=account, external_id=str(number), published_at=at)
        PostMetric.objects.create(
            post=post, observed_at=at + 7 * DAY, recorded_at=at + 7 * DAY, provenance="simulated",
            views=20_000 + 997 * number, likes=1_000 + 31 * number, comments=40 + number,
        )  # fmt: skip
    return account


def timed(act: Callable[[int], object], rounds: int) -> dict[str, float]:
    """The first call, which loads models and fonts, is left out."""
    act(0)
    taken = []
    for number in range(1, rounds + 1):
        start = time.perf_counter()
        act(number)
        taken.append(1_000 * (time.perf_counter() - start))
    return {
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


def measure(rounds: int) -> dict[str, Any]:
    from scoring.justifying.links import make_token
    from scoring.justifying.making import make_justification
    from scoring.justifying.pdf import justification_pdf
    from scoring.justifying.reading import verify

    account = make_account()
    made: list[Any] = []

    def make(number: int) -> None:
        # A month apart, so that no limit is met.
        made.append(
            make_justification(
                account=account, deliverable="video_21_60s", asked_minor=90_000, currency="CNY",
                actor=None, now=NOW + number * 31 * DAY,
            )
        )  # fmt: skip

    figures: dict[str, Any] = {"make": timed(make, rounds)}
    one = made[0]
    token = make_token(one)
    figures["pdf"] = timed(lambda _: justification_pdf(one), rounds)
    figures["verify"] = timed(lambda _: verify(token, now=NOW), rounds)
    figures["document_bytes"] = len(one.document.encode())
    figures["pdf_bytes"] = len(justification_pdf(one))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with scratch_server():
        print(json.dumps({"benchmark": "justifying", **measure(options.rounds)}))


if __name__ == "__main__":
    main()
