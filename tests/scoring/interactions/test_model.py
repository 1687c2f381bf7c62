"""What the database itself refuses of an event."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from scoring.interactions.thinning import thin_impressions
from scoring.models import InteractionEvent
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def write(cast: Cast, **fields: object) -> InteractionEvent:
    given: dict[str, object] = {
        "brand": cast.brand,
        "actor": cast.brand_owner,
        "creator": cast.creator,
        "kind": "impression",
        "surface": "catalogue",
        "list_id": uuid4(),
        "position": 1,
        "at": NOW,
    }
    return InteractionEvent.objects.create(**(given | fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"position": 0},
        {"position": None},
        {"list_id": None},
        {"kind": "click", "list_id": None, "position": 3},
        {"kind": "invite"},
        {"propensity": 0.0},
        {"propensity": 1.01},
        {"propensity": float("nan")},
        {"kind": "click", "propensity": 0.5},
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(cast, **fields)


def test_a_key_is_one_event_of_a_brand(cast: Cast) -> None:
    key = uuid4()
    write(cast, key=key)
    write(cast, key=key, brand=cast.other_brand)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(cast, key=key)


def test_a_creator_is_shown_once_in_a_list(cast: Cast) -> None:
    one = write(cast)
    write(cast, list_id=one.list_id, kind="click")
    write(cast, list_id=one.list_id, kind="click")
    with pytest.raises(IntegrityError), transaction.atomic():
        write(cast, list_id=one.list_id, position=2)


def test_events_never_change_and_stay(cast: Cast) -> None:
    one = write(cast, at=timezone.now())
    one.position = 2
    with pytest.raises(DatabaseError), transaction.atomic():
        one.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        one.delete()
    click = write(cast, kind="click", at=timezone.now() - timedelta(days=900))
    with pytest.raises(DatabaseError), transaction.atomic():
        click.delete()


def test_who_leaves_takes_the_name_along(cast: Cast) -> None:
    one = write(cast, actor=cast.brand_viewer)
    cast.brand_viewer.delete()
    one.refresh_from_db()
    assert one.actor_id is None


def test_a_years_old_impressions_go_and_what_followed_stays(cast: Cast) -> None:
    now = timezone.now()
    for days, kind in ((400, "impression"), (366, "impression"), (364, "impression")):
        write(cast, kind=kind, at=now - timedelta(days=days))
    write(cast, kind="click", at=now - timedelta(days=400))
    assert thin_impressions(now=now, batch=1) == 2
    left = InteractionEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(left) == ["impression", "click"]
    assert thin_impressions(now=now) == 0
