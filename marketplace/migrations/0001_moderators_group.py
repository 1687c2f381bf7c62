"""The group that lets a staff user look through the moderation desk.

Lives here, above all apps, because it names models of each of them. Permissions are made
here too: Django makes them only after the last migration has run.
"""

from django.db import migrations

MODERATORS = "Moderators"
PERMISSIONS = {
    ("accounts", "user"): ["view"],
    ("accounts", "brand"): ["view"],
    ("accounts", "membership"): ["view"],
    ("accounts", "creator"): ["view", "change"],
    ("accounts", "socialaccount"): ["view"],
    ("accounts", "job"): ["view"],
    ("accounts", "auditentry"): ["view"],
    ("campaigns", "campaign"): ["view"],
    ("campaigns", "brief"): ["view"],
    ("scoring", "score"): ["view"],
}


def add_group(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    group, _ = Group.objects.get_or_create(name=MODERATORS)
    for (app_label, model), actions in PERMISSIONS.items():
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        name = apps.get_model(app_label, model)._meta.verbose_name
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {name}"},
            )
            group.permissions.add(permission)


def remove_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=MODERATORS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("accounts", "0001_people_facts_and_jobs"),
        ("campaigns", "0001_campaigns_and_briefs"),
        ("scoring", "0001_scores_and_search"),
    ]

    operations = [migrations.RunPython(add_group, remove_group)]
