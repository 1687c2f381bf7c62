"""The connectors this installation asks for figures, by name (`settings.RESULT_CONNECTORS`)."""

from django.conf import settings
from django.utils.module_loading import import_string

from campaigns.results.connectors.base import Connector


def connectors() -> dict[str, Connector]:
    """Name → connector, in the order they are asked. None is needed: both sides can state."""
    return {name: import_string(path)() for name, path in settings.RESULT_CONNECTORS.items()}
