"""Formulas of campaign reports, version by version."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0011_shortlists")]

    operations: list[Operation] = []
