"""The providers this installation uses, by name (`settings.PAYMENT_PROVIDERS`)."""

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.errors import DomainError
from campaigns.payments.providers.base import Provider


class UnknownProvider(DomainError):
    code = "unknown_provider"


def provider_called(name: str) -> Provider:
    """:raises UnknownProvider: if the settings name no such provider."""
    if name not in settings.PAYMENT_PROVIDERS:
        known = ", ".join(sorted(settings.PAYMENT_PROVIDERS))
        raise UnknownProvider(
            f"There is no payment provider “{name[:20]}”. Use one of: {known}.",
            details={"providers": sorted(settings.PAYMENT_PROVIDERS)},
        )
    return import_string(settings.PAYMENT_PROVIDERS[name])()


def default_provider() -> str:
    """The name of the provider for those who name none."""
    return settings.PAYMENT_PROVIDER
