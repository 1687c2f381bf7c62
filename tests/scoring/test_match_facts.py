"""What only matches read of accounts: audiences, captions, pictures and past work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AudienceSnapshot, Post, PostMetric, Provenance, SocialAccount
from campaigns.briefs import revise_brief
from campaigns.models import Brief
from campaigns.states import State
from campaigns.terms import BriefTerms
from scoring.entries import sync_entries
from scoring.features.match_facts import sync_match_facts
from scoring.features.match_work import sync_past_work
from scoring.models import MatchFacts
from tests.cast import Cast
from tests.marketplace.pages.collaborating import reach
from tests.scoring.catalogue import NOW, make_account

pytestmark = pytest.mark.django_db

CAPTIONS = [
    f"Today I cook {dish} with you, slowly and with what the market had!"
    for dish in ("leeks", "plums", "rye bread", "a stew", "noodles", "beans")
]


def post(account: SocialAccount, *captions: str, pictures: tuple[str, ...] = ()) -> None:
    known = account.posts.count()
    for place, caption in enumerate(captions, start=known):
        made = Post.objects.create(
            account=account,
            external_id=str(place),
            caption=caption,
            published_at=NOW - timedelta(days=place),
        )
        if pictures:
            PostMetric.objects.create(
                post=made,
                observed_at=NOW,
                provenance=Provenance.IMPORTED,
                extra={"picture_hash": pictures[place]},
            )


def sync() -> int:
    sync_entries()
    return sync_match_facts()


def facts_of(account: SocialAccount) -> MatchFacts:
    return MatchFacts.objects.get(entry__account=account)


def test_the_latest_audience_is_kept_as_it_was_observed() -> None:
    account = make_account("cook", bio="I cook")
    for days, share in ((9, 0.2), (1, 0.7)):
        AudienceSnapshot.objects.create(
            account=account,
            day=(NOW - timedelta(days=days)).date(),
            age={"18-24": share, "25-34": 1 - share},
            gender={"female": 1.7},
            provenance=Provenance.CREATOR,
        )
    sync()
    facts = facts_of(account)
    assert facts.ages == {"18-24": 0.7, "25-34": pytest.approx(0.3)}
    assert facts.genders == {"female": 1.7}  # judged when a campaign asks for it


def test_captions_tell_tone_repetition_and_direction() -> None:
    varied, repeating, silent = (make_account(name) for name in ("varied", "same", "silent"))
    post(varied, *CAPTIONS)
    post(repeating, *[CAPTIONS[0]] * 6)
    sync()
    assert facts_of(varied).repeated_captions != 1.0
    assert facts_of(repeating).repeated_captions == 1.0
    tone = facts_of(varied).tone
    assert tone is not None
    assert tone["excitement"] == 1.0
    assert facts_of(varied).captions_vector is not None
    unknown = facts_of(silent)
    assert (unknown.tone, unknown.repeated_captions, unknown.captions_vector) == (None, None, None)


def test_pictures_that_look_alike_are_counted_where_their_hashes_are_known() -> None:
    account = make_account("cook")
    alike = ("f0f0f0f0f0f0f0f0", "f0f0f0f0f0f0f0f1")
    different = ("00000000ffffffff", "ffffffff00000000", "0f0f0f0f0f0f0f0f", "00ff00ff00ff00ff")
    post(account, *CAPTIONS, pictures=(*alike, *different))
    sync()
    assert facts_of(account).repeated_pictures == pytest.approx(1 / 3)


def test_what_is_no_picture_hash_is_unknown() -> None:
    account = make_account("cook")
    post(account, *CAPTIONS, pictures=("x",) * 6)
    sync()
    assert facts_of(account).repeated_pictures is None


def test_only_new_captions_are_read_again() -> None:
    account, other = make_account("cook"), make_account("other")
    post(account, *CAPTIONS)
    post(other, *CAPTIONS)
    assert sync() == 4  # two rows, and the captions of both
    assert sync() == 0
    post(account, "Something new today")
    assert sync() == 1


def test_facts_of_named_accounts_leave_the_others_alone() -> None:
    account, other = make_account("cook"), make_account("other")
    sync_entries()
    sync_match_facts(account_ids=[account.pk])
    assert not MatchFacts.objects.filter(entry__account=other).exists()


def test_the_number_of_statements_does_not_grow_with_accounts() -> None:
    for place in range(3):
        post(make_account(f"a{place}"), *CAPTIONS)
    sync_entries()
    with CaptureQueriesContext(connection) as queries:
        sync_match_facts()
    assert len(queries) <= 5


@pytest.fixture
def worker(cast: Cast) -> SocialAccount:
    account = make_account("cook")
    account.creator.delete()
    account.pk = None
    account.creator = cast.creator
    account.save()
    sync()
    return account


def test_past_work_counts_in_its_category_and_as_kept(cast: Cast, worker: SocialAccount) -> None:
    done = reach(cast, "completed", now=NOW)
    assert done.state == State.COMPLETED
    brief = done.campaign.briefs.latest("version")
    named = {**vars(BriefTerms.of(brief)), "category": "Skin Care", "niches": ["beauty"]}
    revise_brief(campaign=done.campaign, terms=BriefTerms(**named), actor=cast.brand_owner, now=NOW)
    assert sync_past_work(now=NOW + timedelta(days=1)) == 1
    facts = facts_of(worker)
    assert (facts.completed, facts.accepted, facts.collaborations) == (1, 1, 1)
    assert facts.worked_in == {"skin-care": 1}
    assert sync_past_work(now=NOW + timedelta(days=1)) == 0


def test_without_a_category_past_work_counts_in_each_niche(
    cast: Cast, worker: SocialAccount
) -> None:
    done = reach(cast, "completed", now=NOW)
    niches = list(Brief.objects.filter(campaign=done.campaign).latest("version").niches)
    sync_past_work(now=NOW + timedelta(days=1), creator_ids=[cast.creator.pk])
    assert set(facts_of(worker).worked_in) == set(niches)


def test_who_never_worked_here_has_nothing_known(cast: Cast, worker: SocialAccount) -> None:
    reach(cast, "signed", now=NOW)
    sync_past_work(now=NOW + timedelta(days=1))
    facts = facts_of(worker)
    assert (facts.completed, facts.accepted, facts.collaborations) == (None, None, None)
