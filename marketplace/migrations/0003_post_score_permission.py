"""Let moderators read the scores of posts at the desk."""

from django.db import migrations

MODERATORS = "Moderators"
MODEL = "postscore"


def _permission(apps):
    ContentType = apps.get_model("contenttypes", "ContentType")
    # Django itself makes permissions only after the last migration has run.
    content_type, _ = ContentType.objects.get_or_create(app_label="scoring", model=MODEL)
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=f"view_{MODEL}",
        defaults={"name": "Can view post score"},
    )
    return permission


def allow(apps, schema_editor):
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=MODERATORS)
    group.permissions.add(_permission(apps))


def forbid(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name=MODERATORS):
        group.permissions.remove(_permission(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0002_case_permissions"),
        ("scoring", "0003_post_scores"),
    ]

    operations = [migrations.RunPython(allow, forbid)]
