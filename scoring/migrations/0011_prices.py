"""Market prices, rates of exchange and what was learned from them."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("scoring", "0010_half_precision_index")]

    operations: list[Operation] = []
