"""A PostgreSQL of the benchmark's own, with an empty, migrated database.

Figures then do not depend on what else a configured server holds or does, and its settings
are those that `bin/start` runs with. Must be entered before Django is set up.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_server() -> Iterator[None]:
    """Set Django up on a fresh server under the temporary directory; removed at the end."""
    var = Path(tempfile.mkdtemp(prefix="fg-bench-"))
    os.environ["FAIRGROUND_VAR"] = str(var)
    os.environ["DJANGO_SETTINGS_MODULE"] = "marketplace.settings"
    os.environ.pop("DATABASE_URL", None)
    (var / "static").mkdir()
    import django

    django.setup()
    from marketplace.embedded import postgres
    from marketplace.embedded.directories import make_var

    make_var(var)
    server = postgres.start(var, durable=False)
    try:
        from benchmarks.scratch import scratch_database

        with scratch_database():
            yield
    finally:
        postgres.stop(server)
        shutil.rmtree(var, ignore_errors=True)
