"""Ids as clients write them: 34, "34", "infl_34" or "acct_34"."""

import re
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts import access
from accounts.errors import NotFound
from accounts.models import SocialAccount, User

CREATOR_PREFIXES = ("infl", "influencer", "creator", "user")
ACCOUNT_PREFIXES = ("acct", "account")
CAMPAIGN_PREFIXES = ("camp", "campaign", "brief")


class NoAccountThere(NotFound):
    code = "no_account_on_platform"


@dataclass(frozen=True)
class Named:
    """A number and the word before it, "" if it came alone."""

    prefix: str
    pk: int

    @property
    def is_account(self) -> bool:
        return self.prefix in ACCOUNT_PREFIXES


def _pattern(prefixes: tuple[str, ...]) -> str:
    return rf"^((?:{'|'.join(prefixes)})_)?([0-9]{{1,18}})$"


class IdField(serializers.Field):
    """An id as a number or as text with one of the field's prefixes."""

    prefixes: tuple[str, ...] = ()
    default_error_messages = {
        "invalid": "{value} is no id. Send a number such as 34, or {example}.",
    }

    def to_internal_value(self, data: Any) -> Named:
        text = str(data) if isinstance(data, int) and not isinstance(data, bool) else data
        match = re.match(_pattern(self.prefixes), text) if isinstance(text, str) else None
        # fullmatch and not "$", which also accepts a line's end
        if match is None or match.end() != len(text):
            example = " or ".join(f"“{prefix}_34”" for prefix in self.prefixes[:1])
            self.fail("invalid", value=repr(data)[:60], example=example)
        return Named((match[1] or "").rstrip("_"), int(match[2]))

    def to_representation(self, value: Any) -> Any:
        return value


def _schema(prefixes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "oneOf": [
            {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
            {"type": "string", "pattern": _pattern(prefixes)},
        ]
    }


@extend_schema_field(_schema(CREATOR_PREFIXES + ACCOUNT_PREFIXES))
class InfluencerIdField(IdField):
    """A creator (34, "infl_34") or one account of theirs ("acct_12")."""

    prefixes = CREATOR_PREFIXES + ACCOUNT_PREFIXES


@extend_schema_field(_schema(CAMPAIGN_PREFIXES))
class CampaignIdField(IdField):
    """A campaign: 12 or "camp_12"."""

    prefixes = CAMPAIGN_PREFIXES


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
            {"type": "string", "minLength": 1, "maxLength": 100},
        ],
    }
)
class AnyIdField(serializers.Field):
    """A client's own id: sent back as it came."""

    default_error_messages = {"invalid": "Send a number of at most 18 digits, or a short text."}

    def to_internal_value(self, data: Any) -> int | str:
        if isinstance(data, str) and 1 <= len(data) <= 100 and "\x00" not in data:
            return data
        if isinstance(data, int) and not isinstance(data, bool) and 0 <= data < 10**18:
            return data
        self.fail("invalid")
        raise AssertionError  # fail() always raises

    def to_representation(self, value: Any) -> Any:
        return value


def accounts_named(user: User, named: Named, *, platform: str = "") -> list[SocialAccount]:
    """The accounts an id stands for: one account, or all those of a creator.

    :raises NotFound: if the user may not see it, or it has no account on the platform.
    """
    if named.is_account:
        accounts = [access.account_for(user, named.pk)]
    else:
        creator = access.creator_for(user, named.pk)
        accounts = list(creator.accounts.select_related("creator").order_by("pk"))
    found = [account for account in accounts if platform in ("", account.platform)]
    if not found:
        raise NoAccountThere(
            f"No account on {platform} is known here for this id."
            if platform
            else "This creator has no account here yet."
        )
    return found
