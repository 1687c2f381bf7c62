"""What moderators and the finance desk may see and decide of campaigns and their money.

Money is let go by the finance desk; a moderator who is in both groups may do both, though
never in one and the same decision.
"""

from django.db import migrations

from marketplace.migrations import permissions_of

MODERATORS = "Moderators"
FINANCE = "Finance desk"
MAY = {
    MODERATORS: {
        ("campaigns", "campaignsubmission"): ["view", "change"],
        ("campaigns", "brieftemplate"): ["view"],
        ("campaigns", "dispute"): ["view", "decide"],
        ("campaigns", "review"): ["view", "hide"],
        ("accounts", "outboxdelivery"): ["view", "change"],
        ("accounts", "outboxevent"): ["view"],
        ("accounts", "webhookendpoint"): ["view"],
        ("campaigns", "collaboration"): ["view"],
        ("campaigns", "messagereport"): ["view", "change"],
        ("campaigns", "payment"): ["view"],
        ("campaigns", "bookscheck"): ["view"],
    },
    FINANCE: {
        ("campaigns", "dispute"): ["view", "confirm"],
        ("accounts", "brand"): ["view"],
        ("accounts", "creator"): ["view"],
        ("accounts", "auditentry"): ["view"],
        ("campaigns", "collaboration"): ["view"],
        ("campaigns", "payment"): ["view", "change"],
        ("campaigns", "paymentattempt"): ["view"],
        ("campaigns", "providerevent"): ["view"],
        ("campaigns", "ledgeraccount"): ["view"],
        ("campaigns", "operation"): ["view"],
        ("campaigns", "posting"): ["view"],
        ("campaigns", "bookscheck"): ["view"],
    },
}


def give(apps, schema_editor):
    for name, table in MAY.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*permissions_of(apps, table))


def take_back(apps, schema_editor):
    for name, table in MAY.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.remove(*permissions_of(apps, table))


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0003_post_score_permission"),
        ("campaigns", "0009_fee_tax"),
        ("accounts", "0007_idempotency"),
    ]

    operations = [migrations.RunPython(give, take_back)]
