"""Wrong settings are found, and named without their secrets."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from marketplace.checks import check_settings

PROVIDERS = {"manual": "campaigns.payments.providers.manual.ManualProvider"}
FAKE = "campaigns.payments.providers.fake.FakeProvider"
SAFE: dict[str, Any] = {
    "PRODUCTION": True,
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": ["fairground.example"],
    "DEBUG": False,
    "SECURE_SSL_REDIRECT": True,
    "SITE_URL": "https://fairground.example",
    "WEBHOOKS_TO_PRIVATE_ADDRESSES": False,
    "RESULT_CONNECTORS": {},
    "PAYMENT_PROVIDERS": PROVIDERS,
    "PAYMENT_PROVIDER": "manual",
}


def found(settings: Settings, **values: Any) -> list[str]:
    for name, value in values.items():
        setattr(settings, name, value)
    return [message.id or "" for message in check_settings(None)]


def test_the_defaults_are_right(settings: Settings) -> None:
    assert found(settings) == []


def test_a_safe_production_is_right(settings: Settings) -> None:
    assert found(settings, **SAFE) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "short", "fairground.E001"),
        ("ALLOWED_HOSTS", [], "fairground.E002"),
        ("ALLOWED_HOSTS", ["*"], "fairground.E002"),
        ("DEBUG", True, "fairground.E003"),
        ("SECURE_SSL_REDIRECT", False, "fairground.W001"),
        ("SITE_URL", "", "fairground.E004"),
        ("SITE_URL", "http://fairground.example", "fairground.E004"),
        ("SITE_URL", "https://", "fairground.E004"),
        ("WEBHOOKS_TO_PRIVATE_ADDRESSES", True, "fairground.E005"),
        (
            "RESULT_CONNECTORS",
            {"fake": "campaigns.results.connectors.fake.FakeConnector"},
            "fairground.E006",
        ),
        ("PAYMENT_PROVIDERS", {**PROVIDERS, "fake": FAKE}, "fairground.E042"),
    ],
)
def test_production_refuses_what_a_laptop_may_have(
    settings: Settings, name: str, value: Any, expected: str
) -> None:
    unsafe = {**SAFE, name: value}

    assert found(settings, **unsafe) == [expected]
    assert found(settings, **{**unsafe, "PRODUCTION": False}) == []


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}, "fairground.E010"),
        ("DATABASES", {"default": {}}, "fairground.E010"),
        (
            "DATABASES",
            {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": ""}},
            "fairground.E011",
        ),
        ("REDIS_URL", "http://cache", "fairground.E012"),
        ("REDIS_URL", "redis://", "fairground.E012"),
        ("REDIS_URL", "redis://cache:port", "fairground.E012"),
        ("REDIS_URL", "unix://relative", "fairground.E012"),
        ("CELERY_BROKER_URL", "unix:///run/redis.sock", "fairground.E013"),
        ("CELERY_BROKER_URL", "nonsense", "fairground.E013"),
        ("EMAIL_URL", "nonsense", "fairground.E014"),
        ("EMAIL_URL", "smtp://", "fairground.E014"),
        ("JOB_HEARTBEAT_SECONDS", 0, "fairground.E020"),
        ("JOB_STALE_AFTER_SECONDS", 1, "fairground.E021"),
        ("SECURE_HSTS_SECONDS", -1, "fairground.E022"),
        ("OUTBOX_KEPT_DAYS", 3, "fairground.E023"),
        ("ARTIFACTS_DIR", Path("/nowhere"), "fairground.E030"),
        ("PAYMENT_PROVIDERS", {"fake": "nowhere.Provider"}, "fairground.E040"),
        ("PAYMENT_PROVIDER", "stripe", "fairground.E041"),
        ("PAYMENT_PROVIDER_SECRETS", {}, "fairground.E043"),
        ("PAYMENT_PROVIDER_SECRETS", {"fake": ""}, "fairground.E043"),
    ],
)
def test_a_wrong_setting_is_found(settings: Settings, name: str, value: Any, expected: str) -> None:
    assert found(settings, **{name: value}) == [expected]


@pytest.mark.parametrize("url", ["amqp://u:p@mq:5672/v", "rediss://cache:6380/1", "memory://"])
def test_brokers_of_every_kind_are_accepted(settings: Settings, url: str) -> None:
    assert found(settings, CELERY_BROKER_URL=url) == []


def test_the_message_holds_no_password(settings: Settings) -> None:
    settings.REDIS_URL = "http://:secret@cache"
    settings.CELERY_BROKER_URL = "redis://:secret@cache:port"

    assert not any("secret" in str(message) for message in check_settings(None))
