"""A process that lets due timers fire, so settling what was published, and may die after it.

python -m tests.worker.settling_process 2026-03-05T12:00:00+00:00 [die]
"""

import os
import signal
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from campaigns import timers  # noqa: E402

if __name__ == "__main__":
    timers.fire_due(now=datetime.fromisoformat(sys.argv[1]))
    if "die" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)
