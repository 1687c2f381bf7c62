"""Let moderators see and decide cases; a creator's status is theirs no longer to set freely."""

from django.db import migrations

MODERATORS = "Moderators"
GIVEN = {
    ("accounts", "moderationcase"): ["view", "change"],
    ("accounts", "casefinding"): ["view"],
    ("accounts", "caseevent"): ["view"],
    ("accounts", "caseevidence"): ["view"],
    ("accounts", "appeal"): ["view"],
    ("scoring", "evaluationlabel"): ["view"],
}
TAKEN = {("accounts", "creator"): ["change"]}


def permissions_of(apps, table):
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for (app_label, model), actions in table.items():
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        name = apps.get_model(app_label, model)._meta.verbose_name
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {name}"},
            )
            yield permission


def give(apps, schema_editor):
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=MODERATORS)
    group.permissions.add(*permissions_of(apps, GIVEN))
    group.permissions.remove(*permissions_of(apps, TAKEN))


def take_back(apps, schema_editor):
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=MODERATORS)
    group.permissions.remove(*permissions_of(apps, GIVEN))
    group.permissions.add(*permissions_of(apps, TAKEN))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_moderation_cases"),
        ("scoring", "0002_evaluation_labels"),
        ("marketplace", "0001_moderators_group"),
    ]

    operations = [migrations.RunPython(give, take_back)]
