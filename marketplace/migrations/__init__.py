"""What the migrations of the desk's groups share."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def permissions_of(apps: Any, table: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Any]:
    """Permissions by ``(app label, model): [actions]``; made here, since Django makes them only
    after the last migration has run."""
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
