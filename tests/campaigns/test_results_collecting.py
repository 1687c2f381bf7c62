"""From a publication to five looks at it: asked for, taken, missed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from pytest_django import Settings

from accounts.models import Post, PostMetric, SocialAccount
from campaigns import delivering
from campaigns.horizons import Horizon, Provenance
from campaigns.models import CollectionPoint, Deliverable, Observation, Publication
from campaigns.results.collecting import collect_results
from campaigns.results.observed import Observed
from campaigns.results.taking import ObservationsRefused, Taken, take_observations
from campaigns.states import Side
from tests.campaigns.conftest import NOW
from tests.campaigns.test_contracts_and_work import draft, piece, publish, start_work
from tests.cast import Cast

pytestmark = pytest.mark.django_db
REEL = "https://www.instagram.com/carla/reel/Cxyz_1/"
AFTER = {
    Horizon.HOUR: timedelta(hours=1),
    Horizon.DAY: timedelta(days=1),
    Horizon.THREE_DAYS: timedelta(days=3),
    Horizon.WEEK: timedelta(days=7),
    Horizon.MONTH: timedelta(days=30),
}


def published(cast: Cast, url: str = REEL) -> Deliverable:
    one = piece(start_work(cast, 50_000))
    draft(cast, one)
    delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
    return publish(cast, one, url=url, caption="My routine #ad #skin")


def states() -> dict[str, str]:
    return dict(CollectionPoint.objects.values_list("horizon", "state"))


def take(one: Deliverable, after: timedelta, *, source: str = "csv", **counts: int | None) -> Taken:
    provenance = Provenance(counts.pop("provenance", Provenance.CREATOR))  # type: ignore[arg-type]
    observed = Observed(
        deliverable_id=one.pk, observed_at=NOW + after, counts=counts, provenance=provenance
    )
    return take_observations([observed], source=source, actor=None, now=NOW + timedelta(days=60))


class TestPublishing:
    def test_it_plans_five_looks(self, cast: Cast) -> None:
        published(cast)
        planned = dict(CollectionPoint.objects.values_list("horizon", "due_at"))
        assert planned == {horizon.value: NOW + after for horizon, after in AFTER.items()}
        assert set(states().values()) == {"due"}

    def test_it_links_the_post_of_the_account_in_the_address(self, cast: Cast) -> None:
        account = SocialAccount.objects.create(
            creator=cast.creator, platform="instagram", handle="Carla"
        )
        SocialAccount.objects.create(creator=cast.creator, platform="instagram", handle="other")
        published(cast)
        found = Publication.objects.get()
        assert (found.account, found.external_id) == (account, "Cxyz_1")
        assert found.post is not None
        assert (found.post.caption, found.post.hashtags) == ("My routine #ad #skin", ["ad", "skin"])

    def test_a_post_imported_before_is_the_same_post(self, cast: Cast) -> None:
        account = SocialAccount.objects.create(
            creator=cast.creator, platform="instagram", handle="carla"
        )
        post = Post.objects.create(account=account, external_id="Cxyz_1")
        published(cast)
        assert Publication.objects.get().post == post

    @pytest.mark.parametrize(
        "url", ["https://example.org/v/1", "https://www.instagram.com/somebody/reel/Cxyz_1/"]
    )
    def test_an_address_that_is_not_theirs_leads_to_no_account(self, cast: Cast, url: str) -> None:
        SocialAccount.objects.create(creator=cast.creator, platform="instagram", handle="carla")
        published(cast, url)
        assert Publication.objects.get().account is None
        assert not Post.objects.exists()


class TestCollecting:
    def test_what_is_due_is_asked_for_once(self, cast: Cast) -> None:
        published(cast)
        assert collect_results(now=NOW + timedelta(minutes=59)).asked == 0
        report = collect_results(now=NOW + timedelta(hours=1, minutes=3))
        assert (report.asked, report.stored) == (1, 1)
        assert states()["1h"] == "collected"
        assert collect_results(now=NOW + timedelta(hours=1, minutes=3)).asked == 0
        found = Observation.objects.get()
        assert (found.provenance, found.source) == ("simulated", "fake")

    def test_what_was_measured_reaches_the_creators_facts(self, cast: Cast) -> None:
        SocialAccount.objects.create(creator=cast.creator, platform="instagram", handle="carla")
        published(cast)
        collect_results(now=NOW + timedelta(hours=1))
        metric = PostMetric.objects.get()
        assert metric.provenance == "simulated"
        assert metric.views == Observation.objects.get().views

    def test_a_point_past_its_grace_is_missed_and_has_no_values(self, cast: Cast) -> None:
        published(cast, f"{REEL}#fake=never")
        collect_results(now=NOW + timedelta(hours=3))
        assert states()["1h"] == "due"
        collect_results(now=NOW + timedelta(hours=3, minutes=1))
        point = CollectionPoint.objects.get(horizon="1h")
        assert (point.state, point.observation, point.ask_at) == ("missed", None, None)

    def test_one_that_fails_hinders_no_other_and_is_asked_again(self, cast: Cast) -> None:
        published(cast, f"{REEL}#fake=error")
        collect_results(now=NOW + timedelta(hours=1))
        point = CollectionPoint.objects.get(horizon="1h")
        assert (point.state, point.asked) == ("due", 1)
        assert "does not answer" in point.message
        assert collect_results(now=NOW + timedelta(hours=1, minutes=4)).asked == 0
        assert collect_results(now=NOW + timedelta(hours=1, minutes=5)).asked == 1

    def test_late_answers_come_on_a_later_try(self, cast: Cast) -> None:
        published(cast, f"{REEL}#fake=late")
        for minutes in (60, 65, 75):
            collect_results(now=NOW + timedelta(minutes=minutes))
        assert states()["1h"] == "collected"

    def test_partial_answers_leave_the_rest_unknown(self, cast: Cast) -> None:
        published(cast, f"{REEL}#fake=partial")
        collect_results(now=NOW + timedelta(hours=1))
        found = Observation.objects.get()
        assert found.views is not None
        assert (found.reach, found.shares) == (None, None)

    def test_duplicates_are_taken_once(self, cast: Cast) -> None:
        published(cast, f"{REEL}#fake=duplicates")
        collect_results(now=NOW + timedelta(hours=1))
        assert Observation.objects.count() == 1

    def test_an_earlier_look_that_comes_later_finds_its_place(self, cast: Cast) -> None:
        published(cast, f"{REEL}#fake=out_of_order")
        collect_results(now=NOW + timedelta(hours=1))
        assert Observation.objects.count() == 2
        assert not any(Observation.objects.values_list("warnings", flat=True))

    @pytest.mark.parametrize(("scenario", "words"), [("falls", "Fewer views"), ("likes", "likes")])
    def test_what_is_implausible_is_kept_with_a_warning(
        self, cast: Cast, scenario: str, words: str
    ) -> None:
        published(cast, f"{REEL}#fake={scenario}")
        for after in (timedelta(days=1), timedelta(days=3)):
            collect_results(now=NOW + after)
        assert words in " ".join(Observation.objects.latest("pk").warnings)

    def test_without_a_connector_points_are_missed_all_the_same(
        self, cast: Cast, settings: Settings
    ) -> None:
        settings.RESULT_CONNECTORS = {}
        published(cast)
        report = collect_results(now=NOW + timedelta(days=40))
        assert (report.asked, report.missed) == (0, 5)


class TestTaking:
    def test_the_same_again_changes_nothing(self, cast: Cast) -> None:
        one = published(cast)
        assert len(take(one, timedelta(hours=1), views=10).stored) == 1
        again = take(one, timedelta(hours=1), views=10)
        assert (again.stored, len(again.known)) == ([], 1)
        assert Observation.objects.count() == 1

    def test_other_values_for_the_same_moment_are_refused(self, cast: Cast) -> None:
        one = published(cast)
        take(one, timedelta(hours=1), views=10)
        with pytest.raises(ObservationsRefused) as refused:
            take(one, timedelta(hours=1), views=11)
        assert (refused.value.code, refused.value.http_status) == ("other_values_kept", 409)
        assert Observation.objects.get().views == 10

    def test_what_a_side_states_is_no_fact_of_the_account(self, cast: Cast) -> None:
        SocialAccount.objects.create(creator=cast.creator, platform="instagram", handle="carla")
        take(published(cast), timedelta(hours=1), views=10)
        assert not PostMetric.objects.exists()

    def test_measured_goes_before_stated_and_stated_does_not_stop_the_asking(
        self, cast: Cast
    ) -> None:
        one = published(cast)
        take(one, timedelta(hours=1), views=99_999)
        point = CollectionPoint.objects.get(horizon="1h")
        assert (point.state, point.source, point.ask_at) == ("collected", "csv", point.due_at)
        collect_results(now=NOW + timedelta(hours=1, minutes=10))
        point.refresh_from_db()
        assert (point.source, point.ask_at) == ("fake", None)

    def test_a_missed_point_is_filled_when_its_figures_come_after_all(self, cast: Cast) -> None:
        one = published(cast, f"{REEL}#fake=never")
        collect_results(now=NOW + timedelta(days=2))
        assert states()["1h"] == "missed"
        take(one, timedelta(hours=1), views=10)
        assert states()["1h"] == "collected"

    @pytest.mark.parametrize(
        ("after", "counts", "attr"),
        [
            (timedelta(hours=1), {}, "views"),
            (timedelta(hours=1), {"views": -1}, "views"),
            (timedelta(hours=1), {"likes": 10**12}, "likes"),
            (timedelta(days=90), {"views": 1}, "observed_at"),
            (timedelta(days=-8), {"views": 1}, "observed_at"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, cast: Cast, after: timedelta, counts: dict[str, int], attr: str
    ) -> None:
        one = published(cast)
        with pytest.raises(ObservationsRefused) as refused:
            take(one, after, **counts)
        assert refused.value.problems[0].attr == attr
        assert not Observation.objects.exists()

    def test_a_piece_that_is_not_published_has_no_results(self, cast: Cast) -> None:
        with pytest.raises(ObservationsRefused) as refused:
            take(piece(start_work(cast, 50_000)), timedelta(hours=1), views=1)
        assert refused.value.code == "not_published"

    def test_the_database_keeps_observations_as_they_are(self, cast: Cast) -> None:
        take(published(cast), timedelta(hours=1), views=10)
        with pytest.raises(InternalError), transaction.atomic():
            Observation.objects.update(views=11)
        with pytest.raises(IntegrityError), transaction.atomic():
            CollectionPoint.objects.filter(horizon="7d").update(state="collected")
