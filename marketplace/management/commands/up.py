"""``manage.py up``: the whole product in one terminal, until Ctrl-C."""

import contextlib
import os
import signal
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.jobs import start_job
from accounts.models import Creator, Job, User
from marketplace.demo.cast import DEMO_LOGINS
from marketplace.embedded import addresses, directories, leftovers, lock, preflight, product
from marketplace.embedded.errors import StartError
from marketplace.embedded.supervisor import Supervisor
from scoring.selectors import get_catalogue_state

LOOK_EVERY = 0.5
_END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _Stop(BaseException):
    """Ctrl-C, a request to end, or the terminal is gone."""


class Command(BaseCommand):
    help = "Start Fairground: database, Redis, worker, scheduler and web server, until Ctrl-C."
    requires_system_checks: list[str] = []  # run below, where a failure is one line

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--no-demo", action="store_true", help="do not make the demo market")

    def handle(self, *args: Any, **options: Any) -> None:
        _raise_on_signals()
        try:
            self.run(**options)
        except _Stop:
            return
        except StartError as error:
            self.complain(str(error))
        except OperationalError as error:
            self.complain(f"The database failed: {str(error).strip().splitlines()[0]}")
        except OSError as error:
            self.complain(f"{error.strerror}: {error.filename}" if error.filename else str(error))
        sys.exit(1)

    def run(self, *, host: str, port: int, no_demo: bool, **_: Any) -> None:
        """Start everything, say so, and look after it until a signal comes."""
        began = time.monotonic()
        supervisor = Supervisor(self.say)
        var = settings.VAR_DIR
        directories.make_var(var)
        with contextlib.ExitStack() as stack:
            stack.enter_context(lock.only_one(var))
            # Also when start-up fails half way, everything ends before the lock is given up.
            stack.callback(self.stop, supervisor, var)
            if stopped := leftovers.stop(var):
                self.say(f"Stopped {stopped} processes that an earlier, killed run had left.")
            preflight.check_port(host, port)
            preflight.check_disk(var)
            self.check_settings()
            self.start_stores(supervisor, var)
            self.prepare_data(no_demo=no_demo)
            # Of the children, whose e-mails lead back here.
            os.environ.setdefault("SITE_URL", address_of(host, port))
            for queue in ("short", "long"):
                supervisor.add(product.worker(var, settings.BASE_DIR, queue))
            supervisor.add(product.beat(var, settings.BASE_DIR))
            web = product.web(var, settings.BASE_DIR, host=host, port=port)
            supervisor.add(web)
            product.wait_until_web_answers(web, host=host, port=port)
            self.say(self.welcome(var, host, port, time.monotonic() - began))
            connection.close()  # nothing here asks the database from now on
            while True:
                supervisor.check()
                time.sleep(LOOK_EVERY)

    def check_settings(self) -> None:
        """:raises StartError: naming the first setting that is wrong."""
        for problem in checks.run_checks():
            if problem.is_serious():
                raise StartError(" ".join(f"{problem.msg} {problem.hint or ''}".split()))

    def start_stores(self, supervisor: Supervisor, var: Path) -> None:
        """Try the servers the environment names, then start those it does not name."""
        own_database = addresses.database_url(var) == settings.DATABASE_URL
        own_redis = addresses.redis_url(var) == settings.REDIS_URL
        if not own_database:
            preflight.check_database(connection.get_connection_params())
        if not own_redis:
            preflight.check_redis(settings.REDIS_URL)
        if settings.CELERY_BROKER_URL not in (settings.REDIS_URL, addresses.broker_url(var)):
            preflight.check_broker(settings.CELERY_BROKER_URL)
        if own_database:
            self.say("Starting PostgreSQL …")
            supervisor.add(product.database(var))
        if own_redis:
            supervisor.add(product.redis(var))

    def prepare_data(self, *, no_demo: bool) -> None:
        self.say("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
        if not no_demo and not Creator.objects.exists():
            self.say("Making the demo market …")
            call_command("seed_demo")
        state = get_catalogue_state()
        if state.scored < state.accounts:  # an import or a seeding was cut short
            start_job(
                kind=Job.Kind.REFRESH,
                title="Embed and score what is new",
                params={},
                owner=None,
                now=timezone.now(),
            )

    def welcome(self, var: Path, host: str, port: int, seconds: float) -> str:
        address = address_of(host, port)
        lines = ["", f"Fairground is running at {address}/ ({seconds:.0f} s)", ""]
        if logins := _demo_logins():
            lines += ["Demo log-ins:"]
            lines += [f"  {role:<16} {email:<32} {password}" for role, email, password in logins]
            lines += [""]
        lines += [
            f"Moderation: {address}/admin/",
            f"Logs:       {addresses.log_dir(var)}/*.log",
            "Stop:       Ctrl-C",
        ]
        if host not in LOOPBACK and "ALLOWED_HOSTS" not in os.environ:
            name = urlsplit(address).hostname
            lines += [f"From other machines: set ALLOWED_HOSTS=<this machine's name>,{name}"]
        return "\n".join([*lines, ""])

    def stop(self, supervisor: Supervisor, var: Path) -> None:
        _ignore_signals()  # a second Ctrl-C must not cut the stopping short
        if supervisor.children:
            self.say("Stopping …")
        supervisor.stop()
        leftovers.stop(var)  # a child whose start was interrupted before it was noted

    def say(self, text: str) -> None:
        with contextlib.suppress(OSError):  # the terminal may be gone
            self.stdout.write(text)
            self.stdout.flush()

    def complain(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self.stderr.write(text)
            self.stderr.flush()


def address_of(host: str, port: int) -> str:
    """The address a browser on this machine uses; a wildcard is only one to listen on."""
    name = "localhost" if host in (*LOOPBACK, "0.0.0.0", "::") else host  # noqa: S104
    return f"http://{name}:{port}"


def _raise_on_signals() -> None:
    """Have each signal that means "end" raise ``_Stop`` where the program is.

    A shell that starts a program in the background has it ignore SIGINT; that is
    overruled, for Ctrl-C is documented. ``nohup``'s ignored SIGHUP is respected.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        _ignore_signals()
        raise _Stop

    for number in _END_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


def _ignore_signals() -> None:
    for number in _END_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _demo_logins() -> list[tuple[str, str, str]]:
    """Those that exist: there are none after ``--no-demo`` or once they were removed."""
    users = User.objects.filter(email__in=[email for _, email, _ in DEMO_LOGINS])
    existing = set(users.values_list("email", flat=True))
    return [login for login in DEMO_LOGINS if login[1] in existing]
