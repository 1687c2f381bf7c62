#!/usr/bin/env python
"""Fairground's command line: ``python manage.py help`` lists every command."""

import os
import sys

from marketplace.embedded.explaining import explain


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except Exception as error:
        if (line := explain(error)) is None:
            raise
        sys.exit(line)


if __name__ == "__main__":
    main()
