"""Import posts from a CSV file: docs/importing.md has the layouts."""

from accounts.importing.layout import Kind
from marketplace.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import posts from a CSV file, plain or gzipped."
    kind = Kind.POSTS
