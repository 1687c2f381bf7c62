"""The Chromium that browser tests drive; ``python -m tests.chromium`` prints its path."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PLAYWRIGHT = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")


@functools.cache
def find() -> Path | None:
    """The system's Chromium, else the one playwright installed, else nothing.

    It is asked for its version: on Ubuntu ``chromium-browser`` can be a stub.
    """
    system = [Path(path) for name in _NAMES if (path := shutil.which(name))]
    for candidate in (*system, *_of_playwright()):
        try:
            subprocess.run([candidate, "--version"], check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError):
            continue
        return candidate
    return None


def _of_playwright() -> list[Path]:
    asked = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    roots = [Path(root).expanduser() for root in ((asked,) if asked else _PLAYWRIGHT)]
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/*/MacOS/Chromium")
    return sorted(
        (found for root in roots for pattern in patterns for found in root.glob(pattern)),
        reverse=True,
    )


if __name__ == "__main__":
    if (path := find()) is None:
        sys.exit(1)
    print(path)
