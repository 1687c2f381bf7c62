"""Children kept running until they are told to stop.

``Supervisor`` starts children in the order they are added, restarts one that dies
after a pause that grows, gives up when one keeps dying, and stops all of them in
the opposite order.
"""

import contextlib
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from marketplace.embedded import processes
from marketplace.embedded.errors import StartError

Process = subprocess.Popen[bytes]

MAX_DEATHS = 5
DEATHS_WITHIN = 120.0
LONGEST_PAUSE = 15.0


@dataclass
class Child:
    """How to start and stop one child.

    :ivar start: returns once the child is up; raises ``StartError`` or ``OSError``.
    """

    name: str
    log: Path
    start: Callable[[], Process]
    stop: Callable[[Process], None]
    process: Process | None = None
    deaths: list[float] = field(default_factory=list)
    restart_at: float = 0.0


class Supervisor:
    """Runs children; ``say`` gets one line for each thing a person should know."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []

    def add(self, child: Child) -> None:
        """Start ``child`` and keep it.

        :raises StartError: if it does not start.
        """
        self.children.append(child)
        try:
            child.process = child.start()
        except OSError as error:
            raise StartError(f"{child.name} could not be started: {error}") from error

    def check(self) -> None:
        """Look after every child once; to be called a few times a second.

        :raises StartError: if one died ``MAX_DEATHS`` times in ``DEATHS_WITHIN`` seconds.
        """
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_death(child, now)
            if child.process is None and now >= child.restart_at:
                try:
                    child.process = child.start()
                except (StartError, OSError) as error:
                    self.say(f"{child.name}: {error}")
                    self._plan_restart(child, now)

    def stop(self) -> None:
        """Stop every child, the last one started first."""
        for child in reversed(self.children):
            if child.process is not None:
                with contextlib.suppress(OSError):
                    child.stop(child.process)
                child.process = None
        self.children.clear()

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        processes.kill_group(child.process.pid)  # a dead worker's pool must not live on
        child.process = None
        self._plan_restart(child, now)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        self.say(
            f"{child.name} stopped ({how}); starting it again in {child.restart_at - now:.0f} s. "
            f"Its log: {child.log}"
        )

    def _plan_restart(self, child: Child, now: float) -> None:
        child.deaths = [then for then in child.deaths if now - then < DEATHS_WITHIN] + [now]
        if len(child.deaths) >= MAX_DEATHS:
            lines = "\n".join(f"  {line}" for line in processes.last_lines(child.log))
            raise StartError(
                f"{child.name} stopped {len(child.deaths)} times in a row, so Fairground was "
                f"stopped; the last lines of {child.log}:\n{lines}"
            )
        child.restart_at = now + min(2.0 ** (len(child.deaths) - 1), LONGEST_PAUSE)
