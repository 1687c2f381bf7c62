"""One clear line for the mistakes that end any command before it has begun.

Standard library only: one of these mistakes is that nothing else is installed.
"""

import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
OWN_PACKAGES = ("accounts", "campaigns", "marketplace", "scoring", "tests", "benchmarks")


def explain(error: Exception) -> str | None:
    """What to tell the person who ran the command, or nothing where a traceback says more."""
    kind = type(error)
    if isinstance(error, ModuleNotFoundError):
        package = (error.name or "").partition(".")[0]
        if package in OWN_PACKAGES:
            return None
        _have_packages_installed_again()
        return f"The package {package} is missing; run bin/start again, it installs the missing."
    if kind.__module__.startswith("environs"):
        return str(error)
    if kind.__name__ == "ImproperlyConfigured":
        if any(module in str(error) for module in ("MySQLdb", "oracledb", "cx_Oracle")):
            return "DATABASE_URL must name a PostgreSQL: postgres://user:password@host:5432/name."
        return " ".join(str(error).split())
    if isinstance(error, OSError) and not _settings_are_loaded():
        return f"The settings cannot be read: {error.strerror}: {error.filename} (FAIRGROUND_VAR?)"
    return None


def _settings_are_loaded() -> bool:
    return "marketplace.settings" in sys.modules


def _have_packages_installed_again() -> None:
    """Forget that they were: ``bin/start`` looks at these files."""
    for stamp in (BASE_DIR / ".venv").glob("*requirements.installed"):
        stamp.unlink(missing_ok=True)
