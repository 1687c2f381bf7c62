"""Double-blind reviews of completed work.

Each side writes once; neither sees the other's before both are in or the time is over, so that
none is an answer to the other. Then both appear, on the profile of whom they are about.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict, DomainError, Forbidden
from accounts.models import User
from campaigns.models import Collaboration, Review
from campaigns.moving import OTHER_SIDE, NotInThisState, lock, move, record
from campaigns.review_terms import ASPECTS, RATINGS, REVIEW_CHARACTERS
from campaigns.states import Side, State
from campaigns.wording import checked_text

MAY_HIDE = "campaigns.hide_review"


class NotReviewable(NotInThisState):
    code = "not_reviewable"


class AlreadyReviewed(Conflict):
    code = "already_reviewed"
    message = "Your side has written its review; it cannot be changed."


class RatingRefused(DomainError):
    code = "rating_refused"


class NotYetPublished(Conflict):
    code = "not_yet_published"
    message = "Only a published review can be hidden."


@transaction.atomic
def write_review(
    *,
    collaboration: Collaboration,
    rating: int,
    text: str,
    side: Side,
    actor: User,
    now: datetime,
    aspects: Mapping[str, int] | None = None,
) -> Review:
    """Review the other side, once. With the second review both appear, and it is closed.

    :param aspects: {key of `review_terms.ASPECTS` for this side: 1 to 5}; each may be left out.
    :raises NotReviewable: unless the work is completed and its 14 days run.
    :raises AlreadyReviewed: if this side has written.
    :raises RatingRefused, TextUnusable: as named.
    """
    text = checked_text(text, longest=REVIEW_CHARACTERS)
    rated = _checked_ratings(rating, aspects or {}, side)
    locked = lock(collaboration)
    _check_reviewable(locked, now=now)
    if locked.reviews.filter(side=side).exists():
        raise AlreadyReviewed
    review = Review.objects.create(
        collaboration=locked, side=side, author=actor, rating=rating, aspects=rated, text=text,
        written_at=now,
    )  # fmt: skip
    locked.acting_side, locked.updated_at = OTHER_SIDE[side], now
    locked.save(update_fields=["acting_side", "updated_at"])
    record(locked, "review_written", side=side, actor=actor, now=now, before=State(locked.state))
    if locked.reviews.count() == len(OTHER_SIDE):
        close(collaboration=locked, now=now)
        review.refresh_from_db()
    return review


@transaction.atomic
def close(*, collaboration: Collaboration, now: datetime, reason: str = "") -> Collaboration:
    """Close completed work and show its reviews. Raises as `moving.move`."""
    closed = move(collaboration, "close", side=Side.SYSTEM, actor=None, now=now, reason=reason)
    publish_reviews(closed, now=now)
    return closed


def publish_reviews(collaboration: Collaboration, *, now: datetime) -> int:
    """Show what was written; called where nobody can write any more. Returns how many."""
    published = collaboration.reviews.filter(published_at=None).update(published_at=now)
    if published:
        record(
            collaboration, "reviews_published", side=Side.SYSTEM, actor=None, now=now,
            before=State(collaboration.state), data={"reviews": published},
        )  # fmt: skip
    return published


@transaction.atomic
def hide_review(*, review: Review, reason: str, actor: User, now: datetime) -> Review:
    """Take an abusive review off every page; both sides read why. Hidden ones stay hidden.

    :raises Forbidden: without the right. :raises NotYetPublished: before it appears.
    :raises TextUnusable: without a reason.
    """
    if not (actor.is_staff and actor.has_perm(MAY_HIDE)):
        raise Forbidden("You may not hide reviews.")
    reason = checked_text(reason, longest=REVIEW_CHARACTERS, field="reason")
    collaboration = lock(Collaboration(pk=review.collaboration_id))
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.published_at is None:
        raise NotYetPublished
    if locked.hidden_at is not None:
        return locked
    locked.hidden_at, locked.hidden_by, locked.hidden_reason = now, actor, reason
    locked.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    record(
        collaboration, "review_hidden", side=Side.MODERATOR, actor=actor, now=now,
        before=State(collaboration.state), reason=reason, data={"side": locked.side},
    )  # fmt: skip
    audit.record(actor=actor, verb="review.hidden", subject=locked, data={"reason": reason})
    return locked


def is_reviewable(collaboration: Collaboration, *, now: datetime) -> bool:
    """Whether its time for reviews runs. No queries."""
    due = collaboration.deadline_at
    return collaboration.state == State.COMPLETED and due is not None and now < due


def _check_reviewable(collaboration: Collaboration, *, now: datetime) -> None:
    if not is_reviewable(collaboration, now=now):
        raise NotReviewable(
            "A review is written once the work is completed, within 14 days and while no "
            f"dispute is open. This collaboration is {State(collaboration.state).label.lower()}.",
            details={"state": collaboration.state, "possible_in": [State.COMPLETED.value]},
        )


def _checked_ratings(rating: int, aspects: Mapping[str, int], side: Side) -> dict[str, int]:
    if unknown := sorted(set(aspects) - set(ASPECTS[side])):
        raise RatingRefused(
            f"“{unknown[0][:40]}” is nothing your side rates: {', '.join(ASPECTS[side])}.",
            details={"field": "aspects"},
        )
    for name, value in {"rating": rating, **aspects}.items():
        if isinstance(value, bool) or not isinstance(value, int) or value not in RATINGS:
            field = "rating" if name == "rating" else "aspects"
            raise RatingRefused("A rating is a whole number from 1 to 5.", details={"field": field})
    return dict(aspects)
