"""The catalogue that retrieval is measured on: real creators, and as many more as are asked for.

Real: the texts of ../shared/data/creators.csv.gz. Beyond their number, generated: a real creator
chosen at random with their country, platform and niches, and their vector plus Gaussian noise of
length 0.7, made unit length again. A generated creator then has a median cosine of 0.82 with its
model and about 0.67 with others of the same model, as near as a real creator's nearest (0.64).
Without the file: random clusters, whose niche is the cluster.
"""

import csv
import gzip
import hashlib
import io
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "creators.csv.gz"
NOISE = 0.7
SEED = 7
CHUNK = 5_000


@dataclass(frozen=True)
class Catalogue:
    """Row n is entry n + 1 of the database; ``chance`` is uniform in 0–100 and tells nothing."""

    vectors: NDArray[np.float32]
    niches: list[list[str]]
    countries: list[str]
    platforms: list[str]
    chance: NDArray[np.float64]
    source: str


def read_catalogue(rows: int) -> Catalogue:
    real = _read_real() if SHARED.exists() else _make_clusters(min(rows, 26_771))
    generator = np.random.default_rng(SEED)
    count = len(real.countries)
    models = np.arange(min(rows, count))
    vectors = real.vectors[models]
    if rows > count:
        more = generator.integers(0, count, rows - count)
        noise = generator.normal(scale=NOISE / np.sqrt(384), size=(len(more), 384))
        made = real.vectors[more] + noise.astype(np.float32)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        vectors, models = np.concatenate([vectors, made]), np.concatenate([models, more])
    return Catalogue(
        vectors=np.ascontiguousarray(vectors, dtype=np.float32),
        niches=[real.niches[model] for model in models],
        countries=[real.countries[model] for model in models],
        platforms=[real.platforms[model] for model in models],
        chance=generator.uniform(0, 100, rows),
        source=real.source + (f", {rows - count} of {rows} generated" if rows > count else ""),
    )


def fill(catalogue: Catalogue) -> None:
    """Write the rows that search reads, without the HNSW index. Seconds for 200,000."""
    from django.db import connection

    from scoring import embedding
    from scoring.ml.encoding import ENCODER_VERSION
    from scoring.ml.match.limits import country_key

    keys = {name: country_key(name) for name in set(catalogue.countries) if name}
    rows = len(catalogue.countries)
    embedding.drop_index()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_creator (id, display_name, status, is_simulated, created_at) "
            "SELECT n, 'Creator ' || n, 'active', false, now() FROM generate_series(1, %s) n",
            [rows],
        )
        cursor.execute(
            "INSERT INTO accounts_socialaccount (id, creator_id, platform, handle, full_name, bio, "
            "hashtags, declared_niches, country, handle_is_hash, created_at, updated_at) "
            "SELECT n, n, platform, 'h' || n, '', '', '{}', '{}', country, false, now(), now() "
            "FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS a(platform, country, n)",
            [catalogue.platforms, catalogue.countries],
        )
        cursor.execute(
            "INSERT INTO scoring_searchentry (id, account_id, creator_id, platform, country, "
            "country_key, language, language_basis, is_visible, audience_countries, niches, risk, "
            "risk_level, price_currency, sample_key, updated_at) "
            "SELECT n, n, n, platform, country, key, '', '', true, '{}', "
            "string_to_array(niches, ';'), chance, '', '', random(), now() FROM unnest("
            "%s::text[], %s::text[], %s::text[], %s::text[], %s::float8[]) WITH ORDINALITY "
            "AS a(platform, country, key, niches, chance, n)",
            [
                catalogue.platforms,
                catalogue.countries,
                [keys.get(name, "") for name in catalogue.countries],
                [";".join(niches) for niches in catalogue.niches],
                catalogue.chance.tolist(),
            ],
        )
        for start in range(0, rows, CHUNK):
            cursor.copy_expert(
                "COPY scoring_entryembedding (entry_id, vector, encoder_version, text_hash) "
                "FROM STDIN WITH (FORMAT binary)",
                _binary_rows(catalogue.vectors[start : start + CHUNK], start, ENCODER_VERSION),
            )
        cursor.execute(
            "VACUUM ANALYZE accounts_creator, scoring_searchentry, scoring_entryembedding"
        )


def _binary_rows(vectors: NDArray[np.float32], start: int, version: str) -> io.BytesIO:
    """PostgreSQL's binary COPY format; a vector is its length, two empty bytes and its floats."""
    out = io.BytesIO()
    out.write(b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0))
    size, name = vectors.shape[1], version.encode()
    for place, vector in enumerate(vectors.astype(">f4"), start=start + 1):
        floats = vector.tobytes()
        out.write(struct.pack("!hiqi", 4, 8, place, 4 + len(floats)))
        out.write(struct.pack("!hh", size, 0) + floats)
        out.write(struct.pack("!i", len(name)) + name + struct.pack("!i", 0))
    out.write(struct.pack("!h", -1))
    out.seek(0)
    return out


def _read_real() -> Catalogue:
    with gzip.open(SHARED, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [f"{row['bio'].strip()} {row['hashtags'].replace(';', ' ')}".strip() for row in rows]
    return Catalogue(
        vectors=encode_kept([text or "-" for text in texts]),
        niches=[[name for name in row["niches"].split(";") if name] for row in rows],
        countries=[row["location"] for row in rows],
        platforms=[row["platform"] for row in rows],
        chance=np.zeros(len(rows)),
        source=SHARED.name,
    )


def encode_kept(texts: list[str]) -> NDArray[np.float32]:
    """Encode, or read what an earlier run encoded, kept in the temporary directory."""
    from scoring.ml.encoding import ENCODER_VERSION, get_encoder

    digest = hashlib.sha256("\n".join([ENCODER_VERSION, *texts]).encode()).hexdigest()[:16]
    kept = Path(tempfile.gettempdir()) / f"fairground-vectors-{digest}.npy"
    if kept.exists():
        return np.load(kept)
    vectors = get_encoder().encode(texts)
    np.save(kept, vectors)
    return vectors


def _make_clusters(rows: int) -> Catalogue:
    generator = np.random.default_rng(SEED)
    clusters = generator.integers(0, 100, rows)
    centres = generator.normal(size=(100, 384))
    points = centres[clusters] + generator.normal(size=(rows, 384))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    countries = np.array(["Germany", "Peru", "Japan", "Italy"])[generator.integers(0, 4, rows)]
    return Catalogue(
        vectors=points.astype(np.float32),
        niches=[[f"niche-{cluster}"] for cluster in clusters],
        countries=countries.tolist(),
        platforms=["instagram"] * rows,
        chance=np.zeros(rows),
        source="clustered random vectors (no ../shared)",
    )
