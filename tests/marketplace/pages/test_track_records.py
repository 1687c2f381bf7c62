"""Who reads whose track record, on pages and by the API."""

import pytest

from accounts.models import Creator
from campaigns.starting import apply_to_campaign
from campaigns.transparency import Figure
from marketplace.templatetags.track_records import figure_basis, figure_value
from tests.campaigns.conftest import NOW, open_campaign
from tests.cast import Cast
from tests.marketplace.api.conftest import Program
from tests.marketplace.pages.conftest import Browse

HOURS = Figure("answer_hours", "Time to answer", "hours", 3.0, 9)


@pytest.mark.django_db
def test_a_creators_record_is_read_by_themselves_brands_and_moderators(
    cast: Cast, browse: Browse
) -> None:
    page, address = f"/creators/{cast.creator.pk}/", f"creators/{cast.creator.pk}/track-record/"
    for user, seen in (
        (cast.creator_user, 200), (cast.brand_owner, 200), (cast.brand_viewer, 200),
        (cast.moderator, 200), (cast.other_creator_user, 403),
    ):  # fmt: skip
        assert Program(user).get(address)[0] == seen
        html = browse(user).get(page).content.decode()
        assert ("How they keep their word" in html) == (seen == 200)
        assert "Not enough yet" in html or seen == 403


@pytest.mark.django_db
def test_a_brands_record_is_read_by_its_team_creators_and_moderators(cast: Cast) -> None:
    address = f"brands/{cast.brand.pk}/track-record/"
    for user, seen in (
        (cast.brand_owner, 200), (cast.creator_user, 200), (cast.moderator, 200),
        (cast.other_owner, 404),
    ):  # fmt: skip
        assert Program(user).get(address)[0] == seen
    assert Program(None).get(address)[0] == 401
    assert Program(cast.creator_user).get(f"brands/{10**30}/track-record/")[0] == 404
    assert Program(cast.creator_user).get(address, since="x")[0] == 400


@pytest.mark.django_db
def test_the_answer_names_what_it_rests_on(cast: Cast) -> None:
    campaign = open_campaign(cast)
    creator = Creator.objects.create(display_name="Applicant")
    apply_to_campaign(campaign=campaign, creator=creator, actor=cast.moderator, now=NOW)
    status, answer = Program(cast.creator_user).get(f"brands/{cast.brand.pk}/track-record/")
    assert (status, answer["side"]) == (200, "brand")
    assert {figure["name"] for figure in answer["figures"]} >= {"answer_hours", "pay_hours"}
    assert all(figure["value"] is None for figure in answer["figures"])


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (3.0, "hours", "3 hours"),
        (1.0, "hours", "1 hour"),
        (60.0, "hours", "2.5 days"),
        (96.0, "hours", "4 days"),
        (0.915, "share", "92 %"),
        (0.42, "count", "0.4"),
        (None, "share", "not enough yet"),
    ],
)
def test_figures_are_written_in_words(value: float | None, unit: str, written: str) -> None:
    text = figure_value(Figure("x", "X", unit, value, 7))
    assert text.replace("\N{NO-BREAK SPACE}", " ") == written


def test_what_a_figure_rests_on_is_written_beside_it() -> None:
    share = Figure("x", "X", "share", 0.9, 12, 0.64, 0.98)
    text = figure_basis(share).replace("\N{NO-BREAK SPACE}", " ")
    assert text == "of 12, between 64 % and 98 %"
    assert figure_basis(HOURS) == "of 9"
