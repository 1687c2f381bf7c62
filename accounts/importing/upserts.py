"""Accounts and posts: created when new, changed only in what the file says and differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q

from accounts.importing.layouts.metrics_videos import UNATTRIBUTED
from accounts.models import Creator, Platform, Post, SocialAccount

M = TypeVar("M", bound=Model)
AccountKey = tuple[str, str]
PostKey = tuple[int, str]

ACCOUNT_FIELDS = [
    "full_name",
    "bio",
    "hashtags",
    "declared_niches",
    "country",
    "is_verified",
    "is_private",
    "is_business",
    "has_picture",
    "has_link",
    "opened_on",
    "updated_at",
]
POST_FIELDS = ["kind", "caption", "hashtags", "published_at", "duration_s"]


@dataclass(slots=True)
class Written:
    """A row of the database and what this import did to it."""

    pk: int
    created: bool = False
    updated: bool = False


def upsert_accounts(
    wanted: Mapping[AccountKey, dict[str, Any]], *, now: datetime
) -> dict[AccountKey, Written]:
    """Give every key an account that has at least the given facts. At most 3 queries."""
    known = {(account.platform, account.handle): account for account in _accounts(wanted)}
    written = {key: Written(account.pk) for key, account in known.items()}
    changed: list[SocialAccount] = []
    for key, account in known.items():
        # A handle that was real stays real, whatever a masked file says.
        facts = {name: value for name, value in wanted[key].items() if name != "handle_is_hash"}
        if _apply(account, facts):
            changed.append(account)
            written[key].updated = True
    new = [key for key in wanted if key not in known]
    creators = Creator.objects.bulk_create([_creator(key, now=now) for key in new])
    created = [
        SocialAccount(
            creator=creator,
            platform=platform,
            handle=handle,
            created_at=now,
            **wanted[platform, handle],
        )
        for creator, (platform, handle) in zip(creators, new, strict=True)
    ]
    for account in changed:
        _insert_again(account)
    for account in changed + created:
        account.updated_at = now
    SocialAccount.objects.bulk_create(
        changed + created,
        update_conflicts=True,
        unique_fields=["platform", "handle"],
        update_fields=ACCOUNT_FIELDS,
    )
    for account in created:
        written[account.platform, account.handle] = Written(account.pk, created=True)
    return written


def upsert_posts(
    wanted: Mapping[PostKey, dict[str, Any]], *, now: datetime
) -> dict[PostKey, Written]:
    """Give every account and external id a post with at least these facts. At most 2 queries."""
    if not wanted:
        return {}
    known = {
        (post.account_id, post.external_id): post
        for post in Post.objects.filter(
            account_id__in={account for account, _ in wanted},
            external_id__in={external for _, external in wanted},
        )
    }
    # Two accounts may each have posts of the batch whose ids the other has too.
    known = {key: post for key, post in known.items() if key in wanted}
    written = {key: Written(post.pk) for key, post in known.items()}
    changed = []
    for key, post in known.items():
        if _apply(post, wanted[key]):
            changed.append(_insert_again(post))
            written[key].updated = True
    created = [
        Post(account_id=account, external_id=external, created_at=now, **facts)
        for (account, external), facts in wanted.items()
        if (account, external) not in known
    ]
    Post.objects.bulk_create(
        changed + created,
        update_conflicts=True,
        unique_fields=["account", "external_id"],
        update_fields=POST_FIELDS,
    )
    for post in created:
        written[post.account_id, post.external_id] = Written(post.pk, created=True)
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


def _creator(key: AccountKey, *, now: datetime) -> Creator:
    """A profile nobody claimed yet, named for what is known: a masked handle says nothing."""
    platform, handle = key
    if handle == UNATTRIBUTED:
        # Closed, so that no list shows a creator that does not exist.
        name, status = "YouTube videos of unknown channels", Creator.Status.CLOSED
    else:
        name, status = f"{Platform(platform).label} creator {handle[:12]}", Creator.Status.ACTIVE
    return Creator(display_name=name, status=status, created_at=now)


def _apply(row: Model, facts: Mapping[str, Any]) -> bool:
    """Set what differs; True if anything did."""
    differing = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, facts[name])
    return bool(differing)


def _insert_again(row: M) -> M:
    """Make a loaded row fit for INSERT … ON CONFLICT on its natural key."""
    row.pk = None
    row._state.adding = True
    return row
