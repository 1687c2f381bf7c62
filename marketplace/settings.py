"""All settings, in one file, read from the environment.

Every variable has a default that suits `bin/start` on a laptop; docs/settings.md
lists them. `marketplace/checks.py` refuses combinations that would be unsafe in
production.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
import structlog
from celery.schedules import crontab
from environs import Env, validate

from marketplace.embedded import addresses

# Model hubs are never asked: the weights come with a package (docs/decisions.md).
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

VAR_DIR: Path = env.path("FAIRGROUND_VAR", default=BASE_DIR / "var").resolve()
PRODUCTION = env.bool("FAIRGROUND_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)


def _local_secret_key() -> str:
    """A key kept in ``var`` so that log-ins survive a restart; production sets its own."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY: str = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else _local_secret_key())
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Applications -----------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "rules",
    "rest_framework",
    "drf_standardized_errors",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "django_cotton",
    "crispy_forms",
    "crispy_bootstrap5",
    "pgtrigger",
    "django_celery_beat",
    "django_prometheus",
    "django_structlog",
    "csp",
    "accounts",
    "campaigns",
    "scoring",
    "marketplace",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "marketplace.middleware.ServiceUnavailableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marketplace.context_processors.site",
            ],
        },
    }
]

# --- Stores -----------------------------------------------------------------

DATABASE_URL: str = env.str("DATABASE_URL", default="") or addresses.database_url(VAR_DIR)
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="") or addresses.redis_url(VAR_DIR)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "fairground",
    }
}

# --- Celery -----------------------------------------------------------------

_BROKER_DEFAULT = (
    addresses.broker_url_of(REDIS_URL)
    if env.str("REDIS_URL", default="")
    else addresses.broker_url(VAR_DIR)
)
CELERY_BROKER_URL: str = env.str("CELERY_BROKER_URL", default="") or _BROKER_DEFAULT
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "short"
CELERY_TASK_ROUTES = {
    "marketplace.tasks.run_job": {"queue": "long"},
    "marketplace.tasks.learn_recommendations": {"queue": "long"},
    "marketplace.tasks.relearn_recommendations": {"queue": "long"},
    "marketplace.tasks.check_alerts": {"queue": "long"},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A publish that cannot reach the broker fails at once; the Job row stays queued
# and the reaper sends it again, so nothing is lost and no page hangs.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,
    "socket_connect_timeout": 3,
    # kombu retries a refused connection whatever the policy above says.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
    "socket_timeout": 30,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "reap-stale-jobs": {"task": "marketplace.tasks.reap_stale_jobs", "schedule": 15.0},
    "deliver-outbox": {
        "task": "marketplace.tasks.deliver_outbox",
        "schedule": 10.0,
        # While no worker runs, one is as good as a thousand.
        "options": {"expire_seconds": 10},
    },
    # One that waited in the queue for as long as the next one takes to come is not needed.
    "fire-timers": {
        "task": "marketplace.tasks.fire_timers",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "remind-of-deadlines": {"task": "marketplace.tasks.remind_of_deadlines", "schedule": 600.0},
    "clean-outbox": {
        "task": "marketplace.tasks.clean_outbox",
        "schedule": crontab(hour=3, minute=20),
    },
    "sweep-payments": {"task": "marketplace.tasks.sweep_payments", "schedule": 30.0},
    "tell-unread-messages": {
        "task": "marketplace.tasks.tell_unread_messages",
        "schedule": 60.0,
    },
    "remove-unsent-attachments": {
        "task": "marketplace.tasks.remove_unsent_attachments",
        "schedule": 3_600.0,
    },
    # Names go on from month to month; in between new creators join the nearest group.
    "learn-prices": {
        "task": "marketplace.tasks.learn_prices",
        "schedule": crontab(day_of_week=1, hour=4, minute=25),
    },
    "cluster-niches": {
        "task": "marketplace.tasks.cluster_niches",
        "schedule": crontab(day_of_month=1, hour=4, minute=10),
    },
    # The day after the month's end, when the last counts of it have come in.
    "write-niche-reports": {
        "task": "marketplace.tasks.write_niche_reports",
        "schedule": crontab(day_of_month=2, hour=4, minute=40),
    },
    "rank-values": {
        "task": "marketplace.tasks.rank_values",
        "schedule": crontab(day_of_month=1, hour=4, minute=50),
    },
    "collect-results": {"task": "marketplace.tasks.collect_results", "schedule": 300.0},
    "clear-old-keys": {
        "task": "marketplace.tasks.clear_old_keys",
        "schedule": crontab(minute=20),
    },
    "thin-impressions": {
        "task": "marketplace.tasks.thin_impressions",
        "schedule": crontab(hour=3, minute=40),
    },
    "refresh-track-records": {
        "task": "marketplace.tasks.refresh_track_records",
        "schedule": crontab(minute=35),
    },
    "refresh-past-work": {
        "task": "marketplace.tasks.refresh_past_work",
        "schedule": crontab(minute=50),
    },
    "learn-recommendations": {
        "task": "marketplace.tasks.learn_recommendations",
        "schedule": crontab(minute="4-59/15"),
        # The next one learns what this one would have, so a full queue needs no second.
        "options": {"expires": 900},
    },
    # Facts come by imports, so a quarter of an hour is soon enough to be told of them.
    "check-alerts": {
        "task": "marketplace.tasks.check_alerts",
        "schedule": crontab(minute="7-59/15"),
        "options": {"expires": 900},
    },
    "relearn-recommendations": {
        "task": "marketplace.tasks.relearn_recommendations",
        "schedule": crontab(hour=1, minute=50),
    },
    "check-books": {
        "task": "marketplace.tasks.check_books",
        "schedule": crontab(hour=2, minute=40),
    },
}
JOB_HEARTBEAT_SECONDS = env.float("JOB_HEARTBEAT_SECONDS", default=2.0)
JOB_STALE_AFTER_SECONDS = env.float("JOB_STALE_AFTER_SECONDS", default=45.0)

# --- Who is who -------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "marketplace.forms.signup.SignupDetailsForm"
ACCOUNT_ADAPTER = "marketplace.account_adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "ACCOUNT_EMAIL_VERIFICATION", default="mandatory" if PRODUCTION else "optional"
)
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Fairground] "
HEADLESS_CLIENTS = ("app",)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

EMAIL_URL: str = env.str("EMAIL_URL", default="")
# Seconds: a mail server that hangs must not keep the outbox from everybody else.
EMAIL_TIMEOUT = 20
if EMAIL_URL:
    _email = env.dj_email_url("EMAIL_URL")
    globals().update(_email)
else:
    # Written to files, so that a self-hosted trial can read its own mail.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="fairground@localhost")

# --- Outbox -----------------------------------------------------------------

# Where the links of e-mails lead; `manage.py up` knows its own address.
SITE_URL: str = env.str("SITE_URL", default="" if PRODUCTION else "http://localhost:8000").rstrip(
    "/"
)
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.bool("WEBHOOKS_TO_PRIVATE_ADDRESSES", default=False)
OUTBOX_KEPT_DAYS = env.int("OUTBOX_KEPT_DAYS", default=90)

# --- API --------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.api.authentication.SessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["marketplace.api.bodies.StrictJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "marketplace.api.pagination.NewestFirst",
    "PAGE_SIZE": 20,
    "DEFAULT_SCHEMA_CLASS": "marketplace.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "marketplace.api.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["marketplace.api.throttling.UserThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "user": env.str("API_RATE", default="240/min"),
        "provider": env.str("PROVIDER_EVENTS_RATE", default="600/min"),
        "events": env.str("INTERACTION_EVENTS_RATE", default="60/min"),
        "verify": env.str("VERIFY_RATE", default="60/min"),
    },
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Fairground API",
    "DESCRIPTION": "Vetted, ranked and priced creators for a brief. Every number says why.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "PlatformEnum": "accounts.models.social.Platform",
        "CreatorStatusEnum": "accounts.models.social.Creator.Status",
        "CampaignStatusEnum": "campaigns.models.Campaign.Status",
        "PaceEnum": "accounts.models.outbox.NotificationPreference.Pace",
        "AlertKindEnum": "scoring.models.alerts.AlertVersion.Kind",
    },
}

# --- Pages ------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
NODE_MODULES = BASE_DIR / "assets" / "node_modules"
STATICFILES_DIRS = [BASE_DIR / "assets" / "own"] + [
    (name, NODE_MODULES / source)
    for name, source in (
        ("bootstrap", "bootstrap/dist"),
        ("echarts", "echarts/dist"),
        ("htmx", "htmx.org/dist"),
    )
    if (NODE_MODULES / source).exists()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = VAR_DIR / "media"
UPLOAD_DIR = VAR_DIR / "uploads"
# A brief of a megabyte is refused by its form, with a message, before this limit is met.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_TAGS = {40: "danger"}

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/", "/api/v1/docs"],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "marketplace.pages.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000 if PRODUCTION else 0)
if env.bool("BEHIND_PROXY", default=PRODUCTION):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

UNFOLD = {"SITE_TITLE": "Fairground moderation", "SITE_HEADER": "Fairground", "SHOW_HISTORY": True}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# --- Scores -----------------------------------------------------------------

ARTIFACTS_DIR: Path = env.path("FAIRGROUND_ARTIFACTS", default=BASE_DIR / "scoring" / "artifacts")

# The chance of each place of a list of recommendations to be filled by lot.
RECOMMEND_EPSILON = env.float(
    "RECOMMEND_EPSILON", default=0.1, validate=validate.Range(min=0.0, max=1.0)
)

# --- Money ------------------------------------------------------------------

# The fake provider moves no real money: marketplace/checks.py refuses it in production.
PAYMENT_PROVIDERS: dict[str, str] = env.dict(
    "PAYMENT_PROVIDERS",
    default={
        "manual": "campaigns.payments.providers.manual.ManualProvider",
        **({} if PRODUCTION else {"fake": "campaigns.payments.providers.fake.FakeProvider"}),
    },
)
# Hundredths of a percent: what the platform takes on top of a price, and the tax within that.
_share: dict[str, Any] = {"validate": validate.Range(min=0, max=10_000)}
PLATFORM_FEE_BASIS_POINTS = env.int("PLATFORM_FEE_BASIS_POINTS", default=1_000, **_share)
PLATFORM_FEE_TAX_BASIS_POINTS = env.int("PLATFORM_FEE_TAX_BASIS_POINTS", default=0, **_share)
PAYMENT_PROVIDER: str = env.str("PAYMENT_PROVIDER", default="manual" if PRODUCTION else "fake")
# What each provider signs its reports with.
PAYMENT_PROVIDER_SECRETS: dict[str, str] = env.dict(
    "PAYMENT_PROVIDER_SECRETS", default={} if PRODUCTION else {"fake": f"fake:{SECRET_KEY}"}
)

# --- Results ----------------------------------------------------------------

# What is asked for the figures of published pieces; both sides can state theirs without any.
RESULT_CONNECTORS: dict[str, str] = env.dict(
    "RESULT_CONNECTORS",
    default={} if PRODUCTION else {"fake": "campaigns.results.connectors.fake.FakeConnector"},
)

# --- Logs -------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if PRODUCTION else "console")
_SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_RENDERER: Any = (
    structlog.processors.JSONRenderer()
    if LOG_FORMAT == "json"
    # Plain, because the pretty form prints the variables of every frame, passwords included.
    else structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _RENDERER],
            "foreign_pre_chain": _SHARED_PROCESSORS,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "httpx": {"level": "WARNING"},
        "sentence_transformers": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        *_SHARED_PROCESSORS[1:],
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
