"""Everything a price is justified with, gathered from the services that know it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from accounts.models import Creator, SocialAccount
from scoring.justifying.audiences import audience_section
from scoring.justifying.costs import cost_section
from scoring.justifying.documents import Document, Section
from scoring.justifying.performance import performance_section
from scoring.justifying.prices import price_section
from scoring.justifying.recent_posts import read_recent_posts
from scoring.justifying.trust import authenticity_section, track_record_section
from scoring.justifying.values import value_section
from scoring.pricing.deliverables import label_of

NICHES: Final = 4
OPTIONAL: Final = {
    "value": "Market value",
    "audience": "Audience",
    "track_record": "Track record on Fairground",
}
"""What a creator may leave out; the document says that they did."""


def gather_document(
    *,
    account: SocialAccount,
    deliverable: str,
    asked_minor: int,
    currency: str,
    note: str,
    left_out: Collection[str],
    expires_at: datetime,
    now: datetime,
) -> Document:
    """The document as the figures stand ``now``; nothing is written. ``account.creator`` must be
    loaded."""
    creator = account.creator
    performance = performance_section(account, read_recent_posts(account, as_of=now), as_of=now)
    priced = price_section(
        account, deliverable, asked_minor=asked_minor, currency=currency, now=now
    )
    sections = [
        priced.section,
        _optional("value", left_out) or value_section(account),
        performance,
        cost_section(performance, asked_minor=asked_minor, currency=currency),
        authenticity_section(account, as_of=now),
        _optional("audience", left_out) or audience_section(account),
        _optional("track_record", left_out) or track_record_section(creator, as_of=now),
    ]
    return Document(
        made_at=now.isoformat(),
        expires_at=expires_at.isoformat(),
        creator=creator.display_name,
        platform=account.get_platform_display(),
        handle=account.handle,
        is_simulated=creator.is_simulated,
        is_flagged=creator.status == Creator.Status.FLAGGED,
        deliverable=deliverable,
        deliverable_label=label_of(deliverable, account.platform),
        asked_minor=asked_minor,
        currency=currency,
        note=note,
        verdict=priced.verdict,
        sections=sections,
        about=_about(account),
    )


def _optional(name: str, left_out: Collection[str]) -> Section | None:
    if name not in left_out:
        return None
    return Section(name=name, title=OPTIONAL[name], is_left_out=True)


def _about(account: SocialAccount) -> str:
    """``Italy · verified by Instagram · says it is about: vegan food, baking``."""
    niches = ", ".join(name.replace("-", " ") for name in account.declared_niches[:NICHES])
    parts = [
        account.country,
        f"verified by {account.get_platform_display()}" if account.is_verified else "",
        f"says it is about: {niches}" if niches else "",
    ]
    return " · ".join(part for part in parts if part)
