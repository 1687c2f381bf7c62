"""Hiding creators from one brand."""

from datetime import timedelta

import pytest

from accounts.models import Creator
from scoring.interactions.errors import CreatorNotShown
from scoring.interactions.hiding import (
    hidden_creator_ids,
    hide_creator,
    hidings_of,
    list_hidden,
    unhide_creator,
)
from scoring.models import InteractionEvent
from tests.cast import NOW, Cast
from tests.scoring.interactions.listing import show

pytestmark = pytest.mark.django_db


def hide(cast: Cast, creator: Creator, *, minutes: int = 0, **more: object) -> bool:
    now = NOW + timedelta(minutes=minutes)
    return hide_creator(brand=cast.brand, creator=creator, actor=cast.brand_owner, now=now, **more)  # type: ignore[arg-type]


def test_hidden_is_for_one_brand_and_until_shown_again(cast: Cast) -> None:
    assert hide(cast, cast.creator)
    assert not hide(cast, cast.creator, minutes=1)
    assert hidden_creator_ids(cast.brand) == {cast.creator.pk}
    assert hidden_creator_ids(cast.other_brand) == set()
    for minutes, was_hidden in ((2, True), (3, False)):
        now = NOW + timedelta(minutes=minutes)
        assert was_hidden is unhide_creator(
            brand=cast.brand, creator=cast.creator, actor=cast.brand_owner, now=now
        )
    assert hidden_creator_ids(cast.brand) == set()
    assert hide(cast, cast.creator, minutes=4)
    assert hidden_creator_ids(cast.brand, among=[cast.creator.pk]) == {cast.creator.pk}
    assert hidden_creator_ids(cast.brand, among=[cast.other_creator.pk]) == set()
    assert InteractionEvent.objects.count() == 3


def test_a_hide_remembers_its_place(cast: Cast) -> None:
    list_id = show(cast.brand, cast.brand_owner, [cast.other_creator, cast.creator])
    hide(cast, cast.creator, list_id=list_id)
    assert InteractionEvent.objects.get(kind="hide").position == 2
    elsewhere = show(cast.brand, cast.brand_owner, [cast.creator])
    with pytest.raises(CreatorNotShown):
        hide(cast, cast.other_creator, list_id=elsewhere)


def test_the_list_names_who_hid_and_leaves_out_who_is_gone(cast: Cast) -> None:
    hide(cast, cast.creator)
    hide(cast, cast.other_creator, minutes=1)
    listed = list_hidden(cast.brand)
    assert [(one.creator, one.by) for one in listed] == [
        (cast.other_creator, cast.brand_owner),
        (cast.creator, cast.brand_owner),
    ]
    Creator.objects.filter(pk=cast.creator.pk).update(status="closed")
    assert [one.creator for one in list_hidden(cast.brand)] == [cast.other_creator]


def test_each_brand_of_a_person_has_its_own_word(cast: Cast) -> None:
    hide(cast, cast.creator)
    both = [cast.brand, cast.other_brand]
    assert [one.hidden_at for one in hidings_of(cast.creator, brands=both)] == [NOW, None]
