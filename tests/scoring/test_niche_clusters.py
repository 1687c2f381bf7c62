"""Niche groups over the catalogue: found, named, kept, and joined by who comes later."""

from datetime import timedelta

import pytest

from accounts.errors import Conflict
from scoring.catalogue import Quiet, refresh_catalogue
from scoring.models import NicheClustering, NicheGroup, NicheMembership
from scoring.niche_clusters import (
    BadGroupCount,
    TooFewTexts,
    cluster_niches,
    read_group_count,
)
from scoring.niche_groups import (
    NoSuchGroup,
    get_group,
    get_groups_of_accounts,
    list_groups,
    list_typical_members,
)
from scoring.visibility import set_creator_status
from tests.scoring.catalogue import NOW, make_account
from tests.scoring.niche_catalogue import embed, make_silent, make_topics

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def cluster(k: object = 3, **params: object) -> dict[str, object]:
    return cluster_niches(params={"k": k, **params}, progress=Quiet(), now=LATER)


def group_of(account):
    return get_groups_of_accounts([account.pk]).get(account.pk)


def test_topics_become_groups_named_by_their_words_and_silence_abstains():
    topics, silent = make_topics(), make_silent()
    refresh_catalogue(params={}, progress=Quiet(), now=NOW)
    report = cluster()
    listed = list_groups()
    assert (report["groups"], report["accounts"], report["without_text"]) == (3, 24, 1)
    for name, accounts in topics.items():
        groups = {group_of(account).id for account in accounts}
        assert len(groups) == 1, name
    cooking = group_of(topics["cooking"][0])
    assert {"vegan", "kitchen", "recipe", "cooking", "family"} >= set(cooking.keywords)
    assert cooking.name == " · ".join(cooking.keywords)
    assert (cooking.creators, cooking.accounts, cooking.median_followers) == (8, 8, 4_500)
    assert cooking.median_engagement_rate == pytest.approx(0.04)
    assert cooking.platform_shares == {"instagram": 0.75, "tiktok": 0.25}
    assert group_of(silent) is None
    assert len(listed.groups) == 3
    assert listed.run.pk == report["run"]
    figures = report["figures"]
    assert figures["silhouette"] > 0.1
    assert figures["stability"] == 1.0
    assert figures["agreement"] is None  # nobody declared a niche
    assert figures["sizes"] == [8, 8, 8, 8, 8]
    assert (figures["moved"], figures["new_groups"]) == (None, 3)


def test_the_same_run_again_writes_nothing_new():
    make_topics()
    first, second = cluster(), cluster()
    assert (first["unchanged"], second["unchanged"]) == (False, True)
    assert second["run"] == first["run"]
    assert second["assigned"] == 0
    assert (NicheClustering.objects.count(), NicheGroup.objects.count()) == (1, 3)
    assert NicheMembership.objects.count() == 24


def test_names_and_ids_outlive_another_seed_and_more_creators():
    topics = make_topics()
    cluster()
    before = {name: group_of(accounts[0]) for name, accounts in topics.items()}
    make_topics("lifting", start=100)
    report = cluster(seed=7)
    after = {name: group_of(accounts[0]) for name, accounts in topics.items()}
    assert {n: (g.id, g.name) for n, g in after.items()} == {
        n: (g.id, g.name) for n, g in before.items()
    }
    assert after["lifting"].creators == 16
    assert (report["figures"]["moved"], report["figures"]["new_groups"]) == (0.0, 0)


def test_a_new_topic_does_not_inherit_an_old_name():
    make_topics("cooking", "lifting")
    cluster(2)
    known = set(NicheGroup.objects.values_list("pk", flat=True))
    painters = make_topics("painting")["painting"]
    report = cluster(3)
    assert report["figures"]["new_groups"] == 1
    assert group_of(painters[0]).id not in known


def test_a_narrow_group_does_not_take_over_the_name_of_a_wide_one():
    make_topics()
    cluster(2)
    [wide] = [group for group in list_groups().groups if group.creators == 16]
    report = cluster(3)
    assert report["figures"]["new_groups"] in (1, 2)
    heirs = [group for group in list_groups().groups if group.id == wide.id]
    assert all(group.creators == 8 for group in heirs)
    assert len({group.name for group in list_groups().groups}) == 3


def test_a_refresh_puts_new_and_changed_creators_into_the_nearest_group():
    topics = make_topics()
    cluster()
    new = make_account("late_cook", bio="Vegan kitchen recipes, cooking with my grandmother")
    convert = topics["lifting"][0]
    convert.bio = "I paint in watercolour now, illustrator and artist"
    convert.save()
    quiet = topics["painting"][3]
    quiet.bio = ""
    quiet.save()
    report = refresh_catalogue(params={}, progress=Quiet(), now=LATER)
    assert report["niche_groups_assigned"] == 2
    assert group_of(new) == group_of(topics["cooking"][0])
    assert group_of(convert) == group_of(topics["painting"][0])
    assert group_of(quiet) is None
    assert group_of(new).creators == 9
    again = refresh_catalogue(params={}, progress=Quiet(), now=LATER)
    assert again["niche_groups_assigned"] == 0


def test_a_batch_assigns_as_its_rows_do_one_by_one():
    topics = make_topics()
    cluster()
    together = dict(NicheMembership.objects.values_list("entry_id", "group_id"))
    NicheMembership.objects.all().delete()
    for accounts in topics.values():
        for account in accounts:
            refresh_catalogue(params={"account_ids": [account.pk]}, progress=Quiet(), now=LATER)
    assert dict(NicheMembership.objects.values_list("entry_id", "group_id")) == together


def test_hidden_creators_are_not_counted_nor_shown_as_typical():
    topics = make_topics()
    cluster()
    gone = topics["cooking"][2]
    set_creator_status(creator=gone.creator, status="suspended", actor=None, now=LATER)
    refresh_catalogue(params={}, progress=Quiet(), now=LATER)
    group = group_of(topics["cooking"][0])
    assert group.creators == 7
    typical = [entry.creator_id for entry in list_typical_members(group.id)]
    assert len(typical) == 7
    assert gone.creator_id not in typical


def test_a_keyword_is_never_one_persons_own_word():
    topics = make_topics()
    for platform in ("tiktok", "youtube"):
        twin = topics["cooking"][0]
        twin.pk, twin.platform, twin.handle = None, platform, f"twin_{platform}"
        twin.bio = "Zebulon Zebulon vegan recipe kitchen <email> @zebulon www.zebulon.com"
        twin.save()
    embed()
    cluster()
    words = {word for group in list_groups().groups for word in group.keywords}
    assert not {"zebulon", "email", "www", "com", "someone"} & words


def test_auto_chooses_the_number_and_keeps_it_while_nothing_is_clearly_better():
    make_topics()
    report = cluster("auto")
    assert (report["groups"], report["k_was_chosen"]) == (3, True)
    assert report["figures"]["silhouette_by_k"].keys() == {"2", "3"}
    make_topics("cooking", start=50)
    assert cluster("auto")["groups"] == 3


@pytest.mark.parametrize("k", [0, 1, -3, 401, "many", "3.5", "", "９", 10**12, True])
def test_a_bad_number_of_groups_is_refused_by_name(k):
    with pytest.raises(BadGroupCount, match="k is"):
        read_group_count(k)


def test_more_groups_than_the_texts_support_are_refused():
    make_topics()
    with pytest.raises(BadGroupCount, match="24 different texts make at most 4 groups"):
        cluster(5)
    assert not NicheClustering.objects.exists()


def test_a_catalogue_without_texts_is_refused():
    make_silent()
    embed()
    with pytest.raises(TooFewTexts, match="there are 0"):
        cluster("auto")


def test_a_run_that_was_overtaken_stores_nothing():
    make_topics()
    cluster(2)

    class Overtaking(Quiet):
        def set_stage(self, stage):
            if stage == "Storing the groups":
                cluster(3)

    with pytest.raises(Conflict, match="meantime"):
        cluster_niches(params={"k": 4}, progress=Overtaking(), now=LATER)
    assert list_groups().run.k == 3


def test_a_cancelled_run_leaves_everything_as_it_was():
    make_topics()

    class Cancelling(Quiet):
        def advance(self, count=1):
            if NicheGroup.objects.exists():
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cluster_niches(params={"k": 3}, progress=Cancelling(), now=LATER)
    assert not NicheGroup.objects.exists()
    assert not NicheMembership.objects.exists()


def test_unknown_groups_are_not_found(django_assert_num_queries):
    with pytest.raises(NoSuchGroup):
        get_group(5)
    account = make_topics("cooking", "lifting")["cooking"][0]
    cluster(2)
    with django_assert_num_queries(2):
        list_groups()
    with django_assert_num_queries(2):
        get_groups_of_accounts([account.pk])
    with pytest.raises(NoSuchGroup):
        get_group(2**62)
