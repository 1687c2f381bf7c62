"""From a published deliverable to its post among the creator's facts, and five points in time."""

import re
from datetime import datetime

from accounts.models import Post, SocialAccount
from campaigns.horizons import Horizon, due_at
from campaigns.models import CollectionPoint, Deliverable, Publication
from campaigns.results.addresses import Address, read_address

CAPTION_CHARACTERS = 10_000
HASHTAG = re.compile(r"#(\w{1,150})")


def schedule_collection(*, deliverable: Deliverable, caption: str, now: datetime) -> Publication:
    """Keep where it was published and plan the five looks at it; twice changes nothing.

    Called inside the publishing, which holds the deliverable's lock. Seven queries.
    """
    address = read_address(deliverable.url)
    account = _account_of(deliverable, address)
    publication, is_new = Publication.objects.get_or_create(
        deliverable=deliverable,
        defaults={
            "url": deliverable.url,
            "external_id": address.external_id,
            "account": account,
            "post": _post_of(account, address, deliverable, caption, now) if account else None,
            "published_at": now,
        },
    )
    if is_new:
        CollectionPoint.objects.bulk_create(
            CollectionPoint(deliverable=deliverable, horizon=horizon, due_at=due, ask_at=due)
            for horizon in Horizon
            for due in [due_at(horizon, published_at=now)]
        )
    return publication


def _account_of(deliverable: Deliverable, address: Address) -> SocialAccount | None:
    """The creator's own account at that address, if it can be told which it is."""
    if not address.platform:
        return None
    collaboration = deliverable.collaboration
    own = list(
        SocialAccount.objects.filter(
            creator=collaboration.creator_id, platform=address.platform
        ).order_by("pk")
    )
    if address.handle:
        wanted = address.handle.casefold()
        return next((one for one in own if one.handle.lstrip("@").casefold() == wanted), None)
    agreed = [one for one in own if one.pk == collaboration.account_id]
    return agreed[0] if agreed else own[0] if len(own) == 1 else None


def _post_of(
    account: SocialAccount, address: Address, deliverable: Deliverable, caption: str, now: datetime
) -> Post:
    """The post, as it was imported before or new."""
    caption = caption.replace("\x00", "")[:CAPTION_CHARACTERS]
    post, _ = Post.objects.get_or_create(
        account=account,
        external_id=address.external_id,
        defaults={
            "kind": deliverable.kind[:20],
            "caption": caption,
            "hashtags": list(dict.fromkeys(HASHTAG.findall(caption))),
            "published_at": now,
            "created_at": now,
        },
    )
    return post
