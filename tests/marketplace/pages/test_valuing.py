"""The ranking, a creator's value and the public methodology, by who may see what."""

from dataclasses import fields
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import SocialAccount
from marketplace.value_words import amount
from scoring import entries, registry
from scoring.ml.value.formula import Formula, Prior
from scoring.models import SearchEntry
from scoring.valuing.listing import list_ranking
from scoring.visibility import set_creator_status
from tests.cast import Cast
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.seeing import see, send
from tests.scoring.valuing.made import NOW, make_valued, rank

pytestmark = pytest.mark.django_db
POSTS = [400, 380, 420, 410, 395, 405, 390, 415]
GET = {
    "rankings":          (302, 200, 200, 200, 200, 200, 200),
    "value_methodology": (200, 200, 200, 200, 200, 200, 200),
    "creator_value":     (302, 200, 200, 200, 200, 200, 200),
}  # fmt: skip
POST = {"rankings_run": (302, 403, 403, 403, 403, 403, 302)}


def make_market(count: int = 4) -> list[SocialAccount]:
    """The later the better; the first with nothing known."""
    accounts = [make_valued("quiet_one", followers=3_000)]
    for place in range(1, count):
        likes = [one * 3**place for one in POSTS]
        accounts.append(make_valued(f"person_{place}", likes=likes, followers=9_000 * 3**place))
    entries.sync_entries()
    return accounts


def read(client, page: str, /, *args: object, **query: object) -> str:
    response = client.get(reverse(page, args=args), query)
    assert response.status_code == 200
    return unescape(response.content.decode()).replace("\xa0", " ")


def test_who_sees_values(cast: Cast, browse: Browse) -> None:
    account = make_market(2)[1]
    rank()
    for name, row in GET.items():
        arguments = [account.creator_id] if name == "creator_value" else []
        see(reverse(name, args=arguments), row, cast=cast, browse=browse)
    for name, row in POST.items():
        send(reverse(name), row, {}, cast=cast, browse=browse)
    set_creator_status(creator=account.creator, status="suspended", actor=None, now=NOW)
    gone = (302, 404, 404, 404, 404, 404, 200)
    see(reverse("creator_value", args=[account.creator_id]), gone, cast=cast, browse=browse)
    assert "Person_1" not in read(browse(cast.brand_owner), "rankings")


def test_everything_stands_before_the_first_run(cast: Cast, browse: Browse) -> None:
    account = make_market(2)[1]
    client = browse(cast.brand_viewer)
    assert "Nobody is valued yet" in read(client, "rankings")
    assert "Not valued yet" in read(client, "creator_value", account.creator_id)
    assert 'id="value"' not in read(client, "creator", account.creator_id)


def test_the_ranking_filters_without_changing_ranks(cast: Cast, browse: Browse) -> None:
    accounts = make_market(5)
    rank(as_of=(NOW - timedelta(days=30)).isoformat())
    rank()
    SearchEntry.objects.filter(account=accounts[2]).update(
        niches=["cooking"], country_key="IT", country="Italy", risk_level="low"
    )
    client = browse(cast.brand_viewer)
    page = read(client, "rankings")
    assert page.index("Person_4") < page.index("Person_1")
    assert "4 accounts valued in all, 1 with nothing to go by" in page
    for filters in (
        {"niche": "cooking"}, {"country": "Italy"}, {"risk_level": "low"}, {"size": "mid"},
        {"name": "son_2"}, {"name": "@person_2"},
    ):  # fmt: skip
        page = read(client, "rankings", **filters)
        assert ("Person_2" in page, "Person_4" in page) == (True, False), filters
        assert '<td class="number"><strong>3</strong>' in page, filters
    assert "passes these filters" in read(client, "rankings", platform="youtube")
    assert "passes these filters" in read(client, "rankings", niche="nothing of the kind")
    for field, value in (
        ("platform", "myspace"), ("size", "huge"), ("league", "real:XXX"), ("name", "x" * 999),
        ("name", "\x00"), ("cursor", "last"), ("cursor", f"1-{10**18 * 9}9"), ("niche", "\x00"),
    ):  # fmt: skip
        response = client.get(reverse("rankings"), {field: value})
        assert response.status_code == 422, (field, value)
        assert "Person_4" in response.content.decode()


def test_pages_of_the_ranking_go_on_where_the_last_ended_at_the_same_cost(
    cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_market(7)
    rank()
    client = browse(cast.brand_viewer)
    defaults = list_ranking.__kwdefaults__
    seen, queries, address = [], [], reverse("rankings")
    for size in (2, 2, 2):
        monkeypatch.setitem(defaults, "size", size)
        with CaptureQueriesContext(connection) as counted:
            response = client.get(address)
        queries.append(len(counted))
        found = response.context["found"]
        seen += [row.valuation.rank for row in found.rows]
        address = f"{reverse('rankings')}?{response.context['next']}"
    assert seen == [1, 2, 3, 4, 5, 6]
    assert not found.next_cursor
    monkeypatch.setitem(defaults, "size", 6)
    with CaptureQueriesContext(connection) as counted:
        client.get(reverse("rankings"))
    assert len(counted) <= max(queries)


def test_simulated_creators_are_ranked_apart_and_say_so(cast: Cast, browse: Browse) -> None:
    make_market(3)
    made_up = make_valued("invented", likes=[99_000] * 8, simulated=True)
    entries.sync_entries()
    rank()
    client = browse(cast.brand_viewer)
    assert "Invented" not in read(client, "rankings")
    apart = read(client, "rankings", league="simulated:instagram")
    assert "Invented" in apart
    assert "Person_1" not in apart
    assert "simulated-banner" in apart
    assert "simulated-banner" in read(client, "creator_value", made_up.creator_id)


def test_a_creator_reads_every_part_and_how_it_went(cast: Cast, browse: Browse) -> None:
    account = make_market(3)[2]
    SocialAccount.objects.filter(pk=account.pk).update(creator=cast.creator)
    rank(as_of=(NOW - timedelta(days=20)).isoformat())
    rank()
    client = browse(cast.creator_user)
    page = read(client, "creator_value", cast.creator.pk)
    for words in (
        "from 8 posts with known engagement",
        "No market tells what engagement is paid",
        "fake-follower risk was not known at that moment",
        "The product of the figures above",
        "When it is wrong",
        "<polyline",
        "How it went",
    ):
        assert words in page, words
    assert "Market value of a post" in read(client, "creator", cast.creator.pk)


def test_the_methodology_prints_every_coefficient(browse: Browse) -> None:
    page = read(browse(None), "value_methodology")
    coefficients = registry.load("value").coefficients
    for field in fields(Formula):
        assert f"<code>{field.name}</code>" in page
    for prior in coefficients.priors.values():
        for field in fields(Prior):
            if field.name in ("level", "slope", "between_sd", "within_sd", "total_sd", "tail"):
                assert str(getattr(prior, field.name)) in page
    for rate in coefficients.rates.values():
        assert str(rate.level) in page
        assert rate.currency in page


def test_estimates_of_engagement_have_three_digits() -> None:
    shown = [amount(value, "") for value in (1_489_569.0, 846.4, 12.3, 0.0123)]
    assert shown == [f"{one} engagements" for one in ("1,490,000", "846", "12", "0.012")]
