"""The table of trainable tasks: `train TASK` and `evaluate TASK` look here.

Modules are named, not imported, so that a command pays only for the task it runs.
Each module has a `TASK: TaskSpec`.
"""

from __future__ import annotations

from importlib import import_module

from accounts.errors import NotFound
from scoring.ml.tasks import TaskSpec

TASK_MODULES: dict[str, str] = {
    "authenticity": "scoring.ml.authenticity_training",
    "followers": "scoring.ml.follower_sample_training",
    "growth": "scoring.ml.growth_training",
    "engagement": "scoring.ml.engagement.training",
    "match": "scoring.ml.match.training",
    "niche": "scoring.ml.niche_training",
    "plep": "scoring.ml.plep.training",
    "price": "scoring.ml.prices.training",
    "recommend": "scoring.ml.recommending.training",
    "value": "scoring.ml.value.training",
}


class UnknownTask(NotFound):
    """No task of this name is in the table."""

    code = "unknown_task"


def get_task(name: str) -> TaskSpec:
    """:raises UnknownTask: with the names there are."""
    if name not in TASK_MODULES:
        raise UnknownTask(
            f"There is no task {name!r}; there are {', '.join(sorted(TASK_MODULES))}."
        )
    task = import_module(TASK_MODULES[name]).TASK
    assert isinstance(task, TaskSpec)
    return task
