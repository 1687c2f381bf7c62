"""Accounts and posts: created when new, changed only in what the file says and differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from accounts.importing.inserting import insert_rows
from accounts.importing.layouts.metrics_videos import UNATTRIBUTED
from accounts.models import Creator, Platform, Post, SocialAccount

AccountKey = tuple[str, str]
PostKey = tuple[int, str]

# What a file may say of a row, and what the row has when it says nothing.
ACCOUNT_DEFAULTS: dict[str, Any] = {
    "full_name": "",
    "bio": "",
    "hashtags": [],
    "declared_niches": [],
    "country": "",
    "is_verified": None,
    "is_private": None,
    "is_business": None,
    "has_picture": None,
    "has_link": None,
    "opened_on": None,
}
POST_DEFAULTS: dict[str, Any] = {
    "kind": "",
    "caption": "",
    "hashtags": [],
    "published_at": None,
    "duration_s": None,
}
_ACCOUNT_KEY = ["platform", "handle"]
_ACCOUNT_FIELDS = ["creator", *_ACCOUNT_KEY, "handle_is_hash", "created_at", "updated_at"]
_POST_KEY = ["account", "external_id"]
_POST_FIELDS = [*_POST_KEY, "created_at"]


@dataclass(slots=True)
class Written:
    """A row of the database and what this import did to it."""

    pk: int
    created: bool = False
    updated: bool = False


def upsert_accounts(
    wanted: Mapping[AccountKey, dict[str, Any]], *, now: datetime
) -> dict[AccountKey, Written]:
    """Give every key an account that has at least the given facts. At most 4 queries."""
    written: dict[AccountKey, Written] = {}
    rows = []
    for account in _accounts(wanted):
        key = account.platform, account.handle
        # A handle that was real stays real, whatever a masked file says.
        facts = {name: value for name, value in wanted[key].items() if name != "handle_is_hash"}
        written[key] = Written(account.pk, updated=_differs(account, facts))
        if written[key].updated:
            own = account.creator_id, *key, account.handle_is_hash, account.created_at, now
            rows.append((*own, *_merged(account, facts, ACCOUNT_DEFAULTS)))

    new = [key for key in wanted if key not in written]
    creators = insert_rows(
        Creator,
        ["display_name", "status", "is_simulated", "created_at"],
        [(*_name_and_status(key), False, now) for key in new],
        returning=["id"],
    )
    for (creator,), key in zip(creators, new, strict=True):
        facts = wanted[key]
        own = creator, *key, facts.get("handle_is_hash", False), now, now
        rows.append((*own, *(facts.get(name, value) for name, value in ACCOUNT_DEFAULTS.items())))

    found = insert_rows(
        SocialAccount,
        [*_ACCOUNT_FIELDS, *ACCOUNT_DEFAULTS],
        rows,
        key=_ACCOUNT_KEY,
        update=[*ACCOUNT_DEFAULTS, "updated_at"],
        returning=["id", *_ACCOUNT_KEY, "creator"],
    )
    spare = {creator for (creator,) in creators}
    for pk, platform, handle, creator in found:
        mine = creator in spare
        spare.discard(creator)
        written.setdefault((platform, handle), Written(pk, created=mine, updated=not mine))
    if spare:
        # Somebody else created an account since it was looked for: it has its creator.
        Creator.objects.filter(pk__in=spare).delete()
    return written


def upsert_posts(
    wanted: Mapping[PostKey, dict[str, Any]], *, now: datetime
) -> dict[PostKey, Written]:
    """Give every account and external id a post with at least these facts. At most 2 queries."""
    if not wanted:
        return {}
    written: dict[PostKey, Written] = {}
    rows = []
    for post in Post.objects.filter(
        account_id__in={account for account, _ in wanted},
        external_id__in={external for _, external in wanted},
    ):
        key = post.account_id, post.external_id
        if key not in wanted:
            # Of one account of the batch, with the id of another one's post.
            continue
        written[key] = Written(post.pk, updated=_differs(post, wanted[key]))
        if written[key].updated:
            rows.append((*key, post.created_at, *_merged(post, wanted[key], POST_DEFAULTS)))
    for key, facts in wanted.items():
        if key not in written:
            values = (facts.get(name, value) for name, value in POST_DEFAULTS.items())
            rows.append((*key, now, *values))
    found = insert_rows(
        Post,
        [*_POST_FIELDS, *POST_DEFAULTS],
        rows,
        key=_POST_KEY,
        update=list(POST_DEFAULTS),
        returning=["id", *_POST_KEY],
    )
    for pk, account, external in found:
        written.setdefault((account, external), Written(pk, created=True))
    return written


def handles_of_videos(external_ids: Iterable[str], *, platform: str) -> dict[str, str]:
    """Whose the known posts with these ids are; the longest known wins. One query."""
    return dict(
        Post.objects.filter(account__platform=platform, external_id__in=set(external_ids))
        .order_by("-account_id")
        .values_list("external_id", "account__handle")
    )


def _accounts(keys: Iterable[AccountKey]) -> Sequence[SocialAccount]:
    by_platform: dict[str, list[str]] = {}
    for platform, handle in keys:
        by_platform.setdefault(platform, []).append(handle)
    where = Q(pk__in=[])
    for platform, handles in by_platform.items():
        where |= Q(platform=platform, handle__in=handles)
    return list(SocialAccount.objects.filter(where))


def _name_and_status(key: AccountKey) -> tuple[str, str]:
    """For a profile nobody claimed yet: what is known of it; a masked handle says nothing."""
    platform, handle = key
    if handle == UNATTRIBUTED:
        # Closed, so that no list shows a creator that does not exist.
        return f"{Platform(platform).label} posts of unknown accounts", Creator.Status.CLOSED.value
    return f"{Platform(platform).label} creator {handle[:12]}", Creator.Status.ACTIVE.value


def _differs(row: Model, facts: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in facts.items())


def _merged(row: Model, facts: Mapping[str, Any], names: Iterable[str]) -> Iterable[Any]:
    return (facts.get(name, getattr(row, name)) for name in names)
