"""A process that delivers what is due once, as the worker's task does: to be killed midway.

python -m tests.worker.delivering_process
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from accounts.notifying.delivering import deliver_due  # noqa: E402
from marketplace.mails.composing import SiteComposer  # noqa: E402

if __name__ == "__main__":
    deliver_due(composer=SiteComposer(), now=timezone.now())
