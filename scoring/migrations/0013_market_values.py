"""Market values, run by run."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("scoring", "0012_post_plans")]

    operations: list[Operation] = []
