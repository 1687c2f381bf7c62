"""What every test can ask for.

Django is set up here rather than by pytest-django's ini option, because the
settings must see this session's data directory, which does not exist before.
"""

import atexit
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if "marketplace.settings" in sys.modules:
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: tests/conftest.py sets it up itself.")
os.environ["HF_HUB_OFFLINE"] = "1"
# As many test processes run as there are cores: threads of each would only stand in line.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["DJANGO_SETTINGS_MODULE"] = "marketplace.settings"

from tests import chromium, embedded_services

VAR_DIR = embedded_services.choose_var_dir()
atexit.register(shutil.rmtree, VAR_DIR, ignore_errors=True)

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402

django.setup()
# Static files are looked for when asked for: listing them for every test client is slow.
settings.WHITENOISE_AUTOREFRESH = True
# Each process of a parallel run chooses its own directory, before it reads the settings.
del os.environ["DJANGO_SETTINGS_MODULE"]

pytest_plugins = ["tests.cast"]

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def services() -> Iterator[None]:
    """PostgreSQL and Redis; started when the first test that needs one asks."""
    with embedded_services.running(VAR_DIR):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: None) -> None:
    """Have the servers up before pytest-django makes its test database."""


@pytest.fixture(autouse=True)
def choices_of_this_catalogue(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forms keep the catalogue's choices for a minute, longer than a test has its catalogue."""
    yield
    if "services" in request.fixturenames:
        cache.delete_many(["known-countries", "known-languages", "known-niches"])


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The directory of real data; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs ../shared/data, which is not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser for ``playwright``'s ``executable_path``; skipped where there is none."""
    found = chromium.find()
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found
