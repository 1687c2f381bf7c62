"""Many threads that start at the same moment, each with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from accounts.errors import DomainError

Job = Callable[[], Any]


def run_at_once(jobs: Sequence[Job]) -> list[Any]:
    """What each returned, or the named refusal it met, in the order of the jobs.

    Anything else that is raised, such as a deadlock, is raised here.
    """
    results: list[Any] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def work(place: int, job: Job) -> None:
        try:
            start.wait(timeout=30)
            results[place] = job()
        except DomainError as refusal:
            results[place] = refusal
        except BaseException as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=item) for item in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, DomainError):
            raise result
    return results


def refusals(results: Sequence[Any]) -> dict[str, int]:
    """How many were refused, by the code of the refusal."""
    codes = [result.code for result in results if isinstance(result, DomainError)]
    return {code: codes.count(code) for code in sorted(set(codes))}
