"""What safe messages cost: files made anew, warnings, and counting what is unread.

    python -m benchmarks.bench_messages [--messages 100000] [--rounds 9]

Pictures are noise over a gradient, made here; the peer is Pillow decoding and encoding the same
bytes with the same settings and no check. A PDF is compared with pikepdf opening and saving it in
this process, so the ratio is the price of a process of its own. Warnings are compared with one
search for one word. Unread messages are counted in a scratch database for a list of 50 threads,
among few messages and among many. Medians, taken in turn. The last line is one JSON object.
"""

import argparse
import io
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
THREADS, LISTED, FEW = 1_000, 50, 1_000
TEXT = (
    "Thank you for the draft! The first five seconds are strong. Could you say the product's name "
    "once more at the end, and put “ad” in front of the caption? The parcel with the second "
    "colour left today, order 4500 1234 5678. We would like to see the next cut by Friday. "
)
# One person's messages; each thread gets the same number, a hundredth of them unread.
FILL = """
INSERT INTO campaigns_message
    (collaboration_id, side, author_id, text, warnings, client_key, sent_at)
SELECT collaboration.id, 'brand', %(author)s, 'Hello', '[]', number::text, now()
FROM campaigns_collaboration AS collaboration CROSS JOIN generate_series(1, %(each)s) AS number
"""
MARK = """
INSERT INTO campaigns_readmark (collaboration_id, user_id, last_read_id, read_at)
SELECT collaboration_id, %(reader)s,
    (array_agg(id ORDER BY id))[greatest(1, (count(*) * 99 / 100)::int)], now()
FROM campaigns_message GROUP BY collaboration_id
"""


def compare(
    ours: Callable[[], object], peer: Callable[[], object], rounds: int, names: tuple[str, str]
) -> dict[str, float]:
    """Median milliseconds of each, in turn, and how many times the peer's ours is."""
    taken: tuple[list[float], list[float]] = ([], [])
    ours()
    peer()
    for _ in range(rounds):
        for act, times in zip((ours, peer), taken, strict=True):
            started = time.perf_counter()
            act()
            times.append(time.perf_counter() - started)
    own, other = (statistics.median(times) * 1_000 for times in taken)
    return {names[0]: round(own, 3), names[1]: round(other, 3), "ratio": round(own / other, 2)}


def photograph(width: int, height: int, form: str) -> bytes:
    from PIL import Image

    noise = Image.effect_noise((width, height), 40)
    picture = Image.merge("RGB", (noise, Image.linear_gradient("L").resize((width, height)), noise))
    out = io.BytesIO()
    picture.save(out, form, quality=90)
    return out.getvalue()


def measure_pictures(rounds: int) -> dict[str, dict[str, float]]:
    from PIL import Image

    from campaigns.images import QUALITY, clean_image

    found = {}
    for name, size, form in (
        ("jpeg_12_megapixels", (4_000, 3_000), "JPEG"),
        ("jpeg_1_megapixel", (1_200, 900), "JPEG"),
        ("webp_1_megapixel", (1_200, 900), "WEBP"),
        ("png_1_megapixel", (1_200, 900), "PNG"),
    ):
        data = photograph(*size, form)
        target, settings = ("PNG", {"compress_level": 4}) if form == "PNG" else ("JPEG", {})

        def bare(data: bytes = data, target: str = target, settings: Any = settings) -> None:
            Image.open(io.BytesIO(data)).save(
                io.BytesIO(), target, **({"quality": QUALITY} | settings)
            )

        def ours(data: bytes = data) -> None:
            clean_image(data)

        found[name] = compare(ours, bare, rounds, ("ours_ms", "pillow_ms"))
    return found


def measure_documents(rounds: int) -> dict[str, float]:
    import pikepdf
    from reportlab.pdfgen.canvas import Canvas

    from campaigns.pdfs import clean_pdf

    out = io.BytesIO()
    canvas = Canvas(out)
    for page in range(20):
        for line in range(40):
            canvas.drawString(50, 800 - 18 * line, f"{page}.{line} {TEXT[:80]}")
        canvas.showPage()
    canvas.save()
    data = out.getvalue()

    def bare() -> None:
        with pikepdf.open(io.BytesIO(data)) as document:
            document.save(io.BytesIO())

    return compare(lambda: clean_pdf(data), bare, rounds, ("ours_ms", "in_process_ms"))


def measure_warnings(rounds: int) -> dict[str, float]:
    import re

    from campaigns.message_warnings import find_warnings

    word = re.compile(r"\bpaypal\b", re.IGNORECASE)
    times = 200

    def ours() -> None:
        for _ in range(times):
            find_warnings(TEXT, contract_signed=False)

    def bare() -> None:
        for _ in range(times):
            word.search(TEXT)

    found = compare(ours, bare, rounds, ("ours_ms", "one_word_ms"))
    longest = (TEXT * 14)[:4_000]
    started = time.perf_counter()
    find_warnings(longest, contract_signed=False)
    return {
        "characters": len(TEXT),
        "messages_per_second": round(times / found["ours_ms"] * 1_000),
        "ratio_to_one_word": found["ratio"],
        "ms_of_4000_characters": round((time.perf_counter() - started) * 1_000, 2),
    }


def measure_unread(messages: int, rounds: int) -> dict[str, float]:
    from django.db import connection

    from accounts.models import Brand, Creator, User
    from campaigns.message_reading import unread_of
    from campaigns.models import Campaign, Collaboration

    author, reader = (User.objects.create_user(f"{name}@example.org") for name in ("a", "r"))
    brand = Brand.objects.create(name="Alder")
    campaign = Campaign.objects.create(brand=brand, title="Spring")
    creators = Creator.objects.bulk_create(
        Creator(display_name=f"Creator {number}") for number in range(THREADS)
    )
    threads = Collaboration.objects.bulk_create(
        Collaboration(campaign=campaign, creator=one, state="invited", started_by="brand")
        for one in creators
    )
    listed = [one.pk for one in threads[:: THREADS // LISTED]]

    def fill(total: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE campaigns_readmark, campaigns_message CASCADE")
            cursor.execute(FILL, {"author": author.pk, "each": max(1, total // THREADS)})
            cursor.execute(MARK, {"reader": reader.pk})
            cursor.execute("VACUUM ANALYZE campaigns_message, campaigns_readmark")

    def median() -> float:
        times = []
        for _ in range(20 * rounds):
            started = time.perf_counter()
            unread_of(reader, listed)
            times.append(time.perf_counter() - started)
        return round(statistics.median(times) * 1_000, 3)

    fill(FEW)
    few = median()
    fill(messages)
    many = median()
    nobody_read = User.objects.create_user("n@example.org")
    started = time.perf_counter()
    unread_of(nobody_read, listed)
    return {
        "messages": messages,
        "threads_listed": LISTED,
        "few_ms": few,
        "many_ms": many,
        "ratio": round(many / few, 2),
        "all_unread_ms": round((time.perf_counter() - started) * 1_000, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    from benchmarks.scratch import scratch_database

    found: dict[str, Any] = {
        "pictures": measure_pictures(asked.rounds),
        "documents": measure_documents(asked.rounds),
        "warnings": measure_warnings(asked.rounds),
    }
    with scratch_database():
        found["unread"] = measure_unread(asked.messages, asked.rounds)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
