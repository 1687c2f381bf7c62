"""Double-blind reviews: written once, seen together, hidden with a reason."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import Error, transaction

from accounts.errors import DomainError, Forbidden
from accounts.models import AuditEntry
from campaigns import timers
from campaigns.models import Collaboration, Review
from campaigns.review_reading import (
    reputation_of_brand,
    reputation_of_creator,
    reviews_visible_to,
)
from campaigns.reviews import (
    AlreadyReviewed,
    NotReviewable,
    NotYetPublished,
    RatingRefused,
    hide_review,
    write_review,
)
from campaigns.states import Side
from campaigns.wording import TextUnusable
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import start_work
from tests.campaigns.test_disputes import (
    RESUME,
    at_once,
    complete,
    decide,
    dispute_of,
    moderator,
    settle,
)
from tests.cast import Cast

CLOSES = NOW + timedelta(days=14)


def write(cast: Cast, collaboration: Collaboration, side: Side, **given: Any) -> Review:
    fields: dict[str, Any] = {"rating": 4, "text": "Good to work with.", "now": NOW, **given}
    actor = cast.brand_owner if side is Side.BRAND else cast.creator_user
    return write_review(collaboration=collaboration, side=side, actor=actor, **fields)


@pytest.mark.django_db
class TestWriting:
    def test_the_first_stays_unseen(self, cast: Cast) -> None:
        done = complete(cast, 50_000)
        written = write(cast, done, Side.BRAND, aspects={"quality": 5, "timeliness": 3})
        done.refresh_from_db()
        assert (done.state, done.acting_side, written.published_at) == (
            "completed", "creator", None,
        )  # fmt: skip
        assert reviews_visible_to(Side.BRAND, done) == [written]
        for side in (Side.CREATOR, Side.MODERATOR):
            assert reviews_visible_to(side, done) == []
        assert reputation_of_creator(cast.creator).count == 0
        event = done.events.get(name="review_written")
        assert "4" not in str(event.data) + event.reason
        assert AuditEntry.objects.filter(verb="collaboration.review_written").count() == 1

    def test_the_second_shows_both_and_closes(self, cast: Cast) -> None:
        done = complete(cast, 50_000)
        write(cast, done, Side.BRAND, aspects={"quality": 5})
        write(cast, done, Side.CREATOR, rating=2)
        done.refresh_from_db()
        assert (done.state, done.acting_side, done.deadline_at) == ("closed", "", None)
        assert len(reviews_visible_to(Side.CREATOR, done)) == 2
        of_creator, of_brand = reputation_of_creator(cast.creator), reputation_of_brand(cast.brand)
        assert (of_creator.count, of_creator.average) == (1, 4.0)
        assert of_creator.aspects == [("Quality of the work", 5.0)]
        assert (of_brand.average, of_brand.aspects) == (2.0, [])
        assert of_brand.latest[0].side == Side.CREATOR

    def test_the_end_of_the_window_shows_one_alone(self, cast: Cast) -> None:
        done = complete(cast, 50_000)
        write(cast, done, Side.CREATOR)
        assert timers.fire_due(now=CLOSES).fired == 1
        assert Review.objects.get().published_at == CLOSES
        with pytest.raises(NotReviewable):
            write(cast, done, Side.BRAND, now=CLOSES)
        assert done.events.get(name="reviews_published").data == {"reviews": 1}

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"rating": 0}, RatingRefused),
            ({"rating": 6}, RatingRefused),
            ({"rating": True}, RatingRefused),
            ({"rating": "5"}, RatingRefused),
            ({"aspects": {"quality": 0}}, RatingRefused),
            ({"aspects": {"payment": 5}}, RatingRefused),
            ({"text": " "}, TextUnusable),
            ({"text": "x" * 2_001}, TextUnusable),
            ({"now": CLOSES}, NotReviewable),
        ],
    )
    def test_refusals(self, cast: Cast, given: dict[str, Any], error: type[DomainError]) -> None:
        done = complete(cast, 50_000)
        with pytest.raises(error):
            write(cast, done, Side.BRAND, **given)
        assert not Review.objects.exists()

    def test_not_before_the_work_is_completed(self, cast: Cast) -> None:
        with pytest.raises(NotReviewable):
            write(cast, start_work(cast, 50_000), Side.BRAND)

    def test_once_and_never_changed(self, cast: Cast) -> None:
        done = complete(cast, 50_000)
        written = write(cast, done, Side.BRAND)
        with pytest.raises(AlreadyReviewed):
            write(cast, done, Side.BRAND, rating=1)
        for change in (
            lambda: Review.objects.update(rating=5),
            lambda: Review.objects.update(text="Better."),
            lambda: written.delete(),
        ):
            with pytest.raises(Error), transaction.atomic():
                change()


@pytest.mark.django_db
class TestDisputes:
    def test_a_dispute_stops_the_window_and_gives_it_back(self, cast: Cast) -> None:
        done = complete(cast, 50_000)
        write(cast, done, Side.BRAND)
        dispute = dispute_of(cast, done, Side.CREATOR, now=NOW + timedelta(days=6))
        with pytest.raises(NotReviewable):
            write(cast, done, Side.CREATOR, now=NOW + timedelta(days=7))
        assert timers.fire_due(now=CLOSES).fired == 0
        back = decide(dispute, RESUME, NOW + timedelta(days=16))
        assert back.deadline_at == CLOSES + timedelta(days=10)
        write(cast, done, Side.CREATOR, now=CLOSES + timedelta(days=9))
        done.refresh_from_db()
        assert done.state == "closed"

    def test_a_settlement_ends_the_window(self, cast: Cast) -> None:
        done = complete(cast, 50_000)
        write(cast, done, Side.CREATOR)
        decide(dispute_of(cast, done), settle(piece_1=10_000))
        assert Review.objects.get().published_at is not None


@pytest.mark.django_db
class TestHiding:
    def test_a_hidden_one_is_on_no_page(self, cast: Cast) -> None:
        done, mira = complete(cast, 50_000), moderator()
        written = write(cast, done, Side.BRAND)
        with pytest.raises(NotYetPublished):
            hide_review(review=written, reason="Abuse.", actor=mira, now=NOW)
        write(cast, done, Side.CREATOR)
        for actor in (cast.creator_user, cast.moderator):
            with pytest.raises(Forbidden):
                hide_review(review=written, reason="Abuse.", actor=actor, now=NOW)
        with pytest.raises(TextUnusable):
            hide_review(review=written, reason=" ", actor=mira, now=NOW)
        hide_review(review=written, reason="Abuse.", actor=mira, now=NOW)
        again = hide_review(review=written, reason="Twice.", actor=mira, now=NOW)
        assert again.hidden_reason == "Abuse."
        assert reputation_of_creator(cast.creator).count == 0
        assert reputation_of_brand(cast.brand).count == 1
        assert done.events.get(name="review_hidden").reason == "Abuse."


@pytest.mark.django_db(transaction=True)
def test_both_sides_at_once_close_it_once(cast: Cast) -> None:
    done = complete(cast, 50_000)
    sides = [Side.BRAND, Side.CREATOR] * 3
    answers = at_once([partial(write, cast, done, side) for side in sides])
    assert answers.count("Review") == 2
    assert set(answers) <= {"Review", "AlreadyReviewed", "NotReviewable"}
    assert done.events.filter(name="close").count() == 1
    assert Review.objects.filter(published_at__isnull=False).count() == 2
