"""The children that make up a running Fairground, and how each is started and stopped."""

import http.client
import os
import signal
import sys
import time
from pathlib import Path

from marketplace.embedded import addresses, leftovers, postgres, processes, redis_server
from marketplace.embedded.errors import StartError
from marketplace.embedded.supervisor import Child, Process

WEB_TIMEOUT = 60.0
# Celery's polite shutdown waits for its tasks; a long one is cut short and delivered again.
WORKER_GRACE = 8.0


def database(var: Path) -> Child:
    return Child(
        name="PostgreSQL",
        log=addresses.log_dir(var) / "postgres.log",
        start=lambda: postgres.start(var),
        stop=postgres.stop,
    )


def redis(var: Path) -> Child:
    return Child(
        name="Redis",
        log=addresses.log_dir(var) / "redis.log",
        start=lambda: redis_server.start(var),
        stop=redis_server.stop,
    )


def worker(var: Path, base: Path, queue: str) -> Child:
    """One process for one queue, so that long work never keeps the short waiting.

    One long job at a time: the encoder uses every core by itself.
    """
    return _python_child(
        f"Worker {queue}",
        var,
        base,
        *("-m", "celery", "-A", "marketplace", "worker"),
        *("--queues", queue, "--concurrency", "1", "--pool", "prefork"),
        *("--hostname", f"{queue}@%h"),
        *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        signals=(signal.SIGTERM, signal.SIGQUIT),
        grace=WORKER_GRACE,
        death_signal=signal.SIGQUIT,
    )


def beat(var: Path, base: Path) -> Child:
    return _python_child(
        "Scheduler",
        var,
        base,
        *("-m", "celery", "-A", "marketplace", "beat", "--pidfile=", "--loglevel", "INFO"),
    )


def web(var: Path, base: Path, *, host: str, port: int) -> Child:
    return _python_child(
        "Web server",
        var,
        base,
        *("-m", "gunicorn", "marketplace.wsgi:application"),
        *("--config", "python:marketplace.serving"),
        *("--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
        *("--timeout", "120", "--graceful-timeout", "5", "--no-control-socket"),
    )


def wait_until_web_answers(child: Child, *, host: str, port: int) -> None:
    """:raises StartError: if the web server dies or says nothing for ``WEB_TIMEOUT`` seconds."""
    deadline = time.monotonic() + WEB_TIMEOUT
    # A wildcard is an address to listen on, not to call.
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while child.process is not None and child.process.poll() is None:
        connection = http.client.HTTPConnection(target, port, timeout=5)
        try:
            connection.request("GET", "/health/live", headers={"Host": "localhost"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    lines = "\n".join(f"  {line}" for line in processes.last_lines(child.log))
    raise StartError(f"The web server did not start; the last lines of {child.log}:\n{lines}")


def _python_child(
    name: str,
    var: Path,
    base: Path,
    *arguments: str,
    signals: tuple[signal.Signals, ...] = (signal.SIGTERM,),
    grace: float = 10.0,
    death_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    log = addresses.log_dir(var) / f"{name.lower().replace(' ', '-')}.log"

    def start() -> Process:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
            "FAIRGROUND_VAR": str(var),
            "PYTHONUNBUFFERED": "1",
            leftovers.MARK: str(var),
        }
        return processes.spawn(
            [sys.executable, *arguments],
            log=log,
            cwd=base,
            env=environment,
            death_signal=death_signal,
        )

    return Child(
        name=name,
        log=log,
        start=start,
        stop=lambda process: processes.stop(process, signals=signals, grace=grace),
    )
