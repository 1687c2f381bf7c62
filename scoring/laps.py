"""How long each stage of an answer took, as answers tell it."""

import time


class Clock:
    """Milliseconds by stage; each lap begins where the one before ended."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(1000 * (now - self._last), 3)
        self._last = now
