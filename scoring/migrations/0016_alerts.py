"""Alert rules and what they fired on."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("scoring", "0015_niche_reports")]

    operations: list[Operation] = []
