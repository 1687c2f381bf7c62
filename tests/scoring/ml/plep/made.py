"""Made posts with planted effects, and vectors for them without the encoder."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from scoring.ml.plep import posts
from scoring.ml.plep.core import Examples
from scoring.ml.plep.features import gather_facts

START = datetime(2025, 1, 1, tzinfo=UTC)


def encode(texts):
    """Vectors that depend on the text alone: letter counts folded into 384 places."""
    found = np.zeros((len(texts), 384))
    for row, text in enumerate(texts):
        for letter in text:
            found[row, ord(letter) % 384] += 1.0
        found[row] /= max(np.linalg.norm(found[row]), 1.0)
    return found


def made_posts(creators=70, each=9, seed=0) -> pd.DataFrame:
    """TikTok rows: followers and a level of the creator, evenings (18-21 UTC) 2.7 times better."""
    generator = np.random.default_rng(seed)
    rows = []
    for creator in range(creators):
        size = generator.normal(10, 1.5)
        level = size * 0.7 + generator.normal(0, 0.7)
        for number in range(each):
            hour = int(generator.integers(0, 24))
            at = START + timedelta(days=12 * number + int(generator.integers(0, 2)), hours=hour)
            value = level + (1.0 if 18 <= hour < 22 else 0.0) + generator.normal(0, 0.35)
            likes = round(float(np.exp(value)))
            rows.append(
                {
                    "platform": "tiktok",
                    "creator_id": f"c{creator}",
                    "creator_followers": round(float(np.exp(size))),
                    "video_id": f"v{creator}-{number}",
                    "caption": f"post {number} of many" + ("?" if number % 2 else " ✨"),
                    "hashtags": "fun;daily" if number % 3 else None,
                    "published_at": f"{at:%Y-%m-%d %H:%M:%S}",
                    "duration_s": float(generator.integers(8, 60)),
                    "views": likes * 10,
                    "likes": likes,
                    "comments": likes // 20,
                    "shares": likes // 30,
                }
            )
    return pd.DataFrame(rows)


def write(frame: pd.DataFrame, folder, name="videos.csv"):
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def examples_from(path) -> Examples:
    found = posts.read_posts(path).posts
    vectors = np.array([encode([caption])[0] for caption in found.captions])
    facts = gather_facts(found, vectors)
    return Examples(facts, posts.log_engagement(found), found.creators, found.times)
