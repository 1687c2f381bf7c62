"""Import comments from a CSV file: docs/importing.md has the layout."""

from accounts.importing.layout import Kind
from marketplace.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import comments under posts from a CSV file, plain or gzipped."
    kind = Kind.COMMENTS
