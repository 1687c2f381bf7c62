"""System checks: settings that are wrong or, in production, unsafe.

The settings themselves already refuse what is not a number or a URL at all.
``manage.py check`` and ``manage.py up`` show what is found here, one line each.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from campaigns.payments.providers.fake import FakeProvider

TAG = "fairground"
MIN_SECRET_KEY = 40
REDIS_SCHEMES = ("redis", "rediss", "unix")
BROKER_SCHEMES = (
    "redis",
    "rediss",
    "redis+socket",
    "sentinel",
    "amqp",
    "amqps",
    "pyamqp",
    "memory",
)
# Of these only the first group goes to a server; the rest needs no host.
EMAIL_SERVERS = ("smtp", "smtps", "submission", "submit")
EMAIL_SCHEMES = (*EMAIL_SERVERS, "console", "file", "memory", "dummy")
HOSTLESS = ("memory", *(scheme for scheme in EMAIL_SCHEMES if scheme not in EMAIL_SERVERS))

Found = Iterable[CheckMessage]


@register(TAG)
def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """All of this module's checks."""
    return [
        *(_check_production() if settings.PRODUCTION else ()),
        *_check_stores(),
        *_check_numbers(),
        *_check_artifacts(),
        *_check_payments(),
    ]


def _check_production() -> Found:
    """What a laptop may have and a public server may not."""
    if len(settings.SECRET_KEY) < MIN_SECRET_KEY:
        yield Error(
            f"SECRET_KEY is shorter than {MIN_SECRET_KEY} characters.",
            hint="Set it to a long random text and keep it: log-ins are signed with it.",
            id="fairground.E001",
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS must name the site's own host names.",
            hint="For instance ALLOWED_HOSTS=fairground.example.",
            id="fairground.E002",
        )
    if settings.DEBUG:
        yield Error(
            "DEBUG is on in production: error pages would show settings and data.",
            hint="Unset DEBUG.",
            id="fairground.E003",
        )
    if urlsplit(settings.SITE_URL).scheme != "https" or not urlsplit(settings.SITE_URL).hostname:
        yield Error(
            "SITE_URL must be the site's own address, beginning with https://.",
            hint="The links in e-mails lead there, for instance SITE_URL=https://fairground.example.",
            id="fairground.E004",
        )
    if settings.WEBHOOKS_TO_PRIVATE_ADDRESSES:
        yield Error(
            "WEBHOOKS_TO_PRIVATE_ADDRESSES is on: members could reach machines behind this one.",
            hint="Unset it; it is for trying webhooks on one's own machine.",
            id="fairground.E005",
        )
    for name, path in settings.RESULT_CONNECTORS.items():
        if path.startswith("campaigns.results.connectors.fake."):
            yield Error(
                f"RESULT_CONNECTORS has “{name}”, which makes figures up.",
                hint="Remove it: brands would pay by numbers that nobody measured.",
                id="fairground.E006",
            )
    if not settings.SECURE_SSL_REDIRECT:
        yield Warning(
            "SECURE_SSL_REDIRECT is off: log-ins may travel unencrypted.",
            hint="Unset it, or make sure the proxy in front redirects.",
            id="fairground.W001",
        )


def _check_stores() -> Found:
    """The databases' URLs, by their form only: whether they answer is ``/health/ready``."""
    engine = settings.DATABASES["default"].get("ENGINE", "")
    if engine.rpartition(".")[2] not in ("postgresql", "postgis"):
        yield Error(
            f"DATABASE_URL names a database Fairground cannot use ({engine or 'none'}).",
            hint="It needs PostgreSQL with pgvector: postgres://user:password@host:5432/name.",
            id="fairground.E010",
        )
    elif not settings.DATABASES["default"].get("NAME"):
        yield Error(
            "DATABASE_URL has no database name.",
            hint="Its form is postgres://user:password@host:5432/name.",
            id="fairground.E011",
        )
    yield from _check_url("REDIS_URL", settings.REDIS_URL, REDIS_SCHEMES, "E012")
    yield from _check_url("CELERY_BROKER_URL", settings.CELERY_BROKER_URL, BROKER_SCHEMES, "E013")
    if url := settings.EMAIL_URL:
        yield from _check_url("EMAIL_URL", url, EMAIL_SCHEMES, "E014")


def _check_url(name: str, url: str, schemes: tuple[str, ...], number: str) -> Found:
    """The text never holds the URL, which may hold a password."""
    problem = ""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises when it is no port)
    except ValueError:
        problem = "is not a URL"
    else:
        if parts.scheme not in schemes:
            problem = f"begins with {parts.scheme or 'nothing'}://, not one of {', '.join(schemes)}"
        elif parts.scheme in ("unix", "redis+socket"):
            problem = "" if parts.path.startswith("/") else "has no socket path"
        elif parts.scheme not in HOSTLESS and not parts.hostname:
            problem = "has no host"
    if problem:
        yield Error(f"{name} {problem}.", id=f"fairground.{number}")


def _check_numbers() -> Found:
    heartbeat, stale = settings.JOB_HEARTBEAT_SECONDS, settings.JOB_STALE_AFTER_SECONDS
    if heartbeat <= 0:
        yield Error("JOB_HEARTBEAT_SECONDS must be above 0.", id="fairground.E020")
    elif stale < 3 * heartbeat:
        yield Error(
            "JOB_STALE_AFTER_SECONDS must be at least three times JOB_HEARTBEAT_SECONDS.",
            hint="Otherwise a job that runs well is taken for dead and started twice.",
            id="fairground.E021",
        )
    if settings.OUTBOX_KEPT_DAYS < 4:
        yield Error(
            "OUTBOX_KEPT_DAYS must be at least 4.",
            hint="What failed is tried for three days.",
            id="fairground.E023",
        )
    if settings.SECURE_HSTS_SECONDS < 0:
        yield Error("SECURE_HSTS_SECONDS must not be negative.", id="fairground.E022")


def _check_artifacts() -> Found:
    if not settings.ARTIFACTS_DIR.is_dir():
        yield Error(
            f"The directory of models {settings.ARTIFACTS_DIR} does not exist.",
            hint="Unset FAIRGROUND_ARTIFACTS, or point it at a copy of scoring/artifacts.",
            id="fairground.E030",
        )


def _check_payments() -> Found:
    """Providers that can be loaded, one of them the default, none forgeable or playing."""
    for name, path in settings.PAYMENT_PROVIDERS.items():
        try:
            provider = import_string(path)
        except ImportError:
            yield Error(
                f"PAYMENT_PROVIDERS names {path} for “{name}”, which cannot be loaded.",
                hint="Its form is name=package.module.Class,name=….",
                id="fairground.E040",
            )
            continue
        if settings.PRODUCTION and issubclass(provider, FakeProvider):
            yield Error(
                f"The payment provider “{name}” moves no real money.",
                hint="Take it out of PAYMENT_PROVIDERS.",
                id="fairground.E042",
            )
        if provider.signature_header and not settings.PAYMENT_PROVIDER_SECRETS.get(name):
            yield Error(
                f"The payment provider “{name}” has no secret, so its reports are refused.",
                hint=f"Set PAYMENT_PROVIDER_SECRETS={name}=… to what it signs them with.",
                id="fairground.E043",
            )
    if settings.PAYMENT_PROVIDER not in settings.PAYMENT_PROVIDERS:
        yield Error(
            f"PAYMENT_PROVIDER is “{settings.PAYMENT_PROVIDER}”, which PAYMENT_PROVIDERS does "
            "not name.",
            hint=f"Known: {', '.join(sorted(settings.PAYMENT_PROVIDERS)) or 'none'}.",
            id="fairground.E041",
        )
