"""What creators add to their own open case."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import CaseEvidence, ModerationCase, User
from scoring.moderation.errors import StepNotPossible, TooMuchEvidence
from scoring.moderation.moving import lock_case
from scoring.moderation.wording import checked_links, checked_text

MAX_PIECES = 10


@transaction.atomic
def add_evidence(
    *, case: ModerationCase, text: str, links: Sequence[str], actor: User, now: datetime
) -> CaseEvidence:
    """Add words and links, which nobody can change later.

    :raises StepNotPossible: if the case is decided; an appeal is the way then.
    :raises TooMuchEvidence: beyond `MAX_PIECES`.
    :raises TextUnusable: or `LinkUnusable`, if something in it cannot be kept.
    """
    text, kept = checked_text(text), checked_links(links)
    locked = lock_case(case)
    if not locked.is_under_review:
        raise StepNotPossible("The case is decided, so nothing can be added. You can appeal.")
    if locked.evidence.count() >= MAX_PIECES:
        raise TooMuchEvidence(f"{MAX_PIECES} pieces of evidence are kept, and all are there.")
    evidence = CaseEvidence.objects.create(
        case=locked, text=text, links=kept, submitted_by=actor, submitted_at=now
    )
    audit.record(
        actor=actor, verb="case.evidence_added", subject=locked, data={"evidence": evidence.pk}
    )
    return evidence
