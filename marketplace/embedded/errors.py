"""The one exception of the launcher."""


class StartError(Exception):
    """Fairground cannot start or go on; the text is one line for the person who started it."""
