"""The project package and every interface: pages, API, admin, tasks and commands."""

from marketplace.celery import app as celery_app

__all__ = ["celery_app"]
