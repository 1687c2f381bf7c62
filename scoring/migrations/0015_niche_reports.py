"""Niches month by month."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("scoring", "0014_price_justifications")]

    operations: list[Operation] = []
