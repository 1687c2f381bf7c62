"""The Celery application: short work and long work on separate queues."""

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

app = Celery("fairground")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = (Queue("short"), Queue("long"))
app.autodiscover_tasks(["marketplace"])
