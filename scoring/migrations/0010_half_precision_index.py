"""The HNSW index over half-precision vectors, built beside the old one while both are read.

Concurrently, so that searching and embedding go on. A build that was cut short leaves an invalid
index behind; it is dropped first, so the migration can simply be run again.
"""

import pgvector.django.indexes
from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models.functions import Cast
from pgvector.django import HalfVectorField


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("scoring", "0009_niche_clusters")]

    operations = [
        migrations.RunSQL(
            'DROP INDEX CONCURRENTLY IF EXISTS "entry_embedding_half"', migrations.RunSQL.noop
        ),
        AddIndexConcurrently(
            model_name="entryembedding",
            index=pgvector.django.indexes.HnswIndex(
                OpClass(
                    Cast("vector", HalfVectorField(dimensions=384)), name="halfvec_cosine_ops"
                ),
                ef_construction=128,
                m=16,
                name="entry_embedding_half",
            ),
        ),
        RemoveIndexConcurrently(model_name="entryembedding", name="entry_embedding_hnsw"),
    ]
