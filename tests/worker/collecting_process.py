"""A process that collects results as of a moment.

python -m tests.worker.collecting_process 2026-03-01T13:00:00+00:00
"""

import os
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from campaigns.results.collecting import collect_results  # noqa: E402

if __name__ == "__main__":
    collect_results(now=datetime.fromisoformat(sys.argv[1]))
