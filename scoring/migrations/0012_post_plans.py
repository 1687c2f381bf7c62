"""Drafts of posts and what was predicted of them."""

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("scoring", "0011_prices")]

    operations: list[Operation] = []
