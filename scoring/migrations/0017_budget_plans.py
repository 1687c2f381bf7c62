"""Budget plans of campaigns."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("scoring", "0016_alerts")]

    operations: list[Operation] = []
