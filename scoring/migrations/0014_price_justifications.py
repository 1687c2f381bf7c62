"""What a creator shows a brand to justify a price."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("scoring", "0013_market_values")]

    operations: list[Operation] = []
