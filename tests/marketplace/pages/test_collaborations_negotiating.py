"""Negotiating and signing by page: what works, what is refused, and what is kept of it."""

import hashlib
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Creator, Membership, User
from campaigns.briefs import revise_brief
from campaigns.models import BlindLimit, Collaboration, Contract, Offer
from campaigns.offers import enter_limit
from campaigns.specifications import DeliverableSpec
from campaigns.starting import apply_to_campaign
from campaigns.states import Side
from campaigns.terms import BriefTerms
from scoring.visibility import set_creator_status
from tests.campaigns.conftest import NOW, open_campaign
from tests.cast import Cast
from tests.marketplace.pages.collaborating import offer, reach
from tests.marketplace.pages.conftest import Browse
from tests.marketplace.pages.test_who_sees_collaborations import OFFER

pytestmark = pytest.mark.django_db


def member(cast: Cast, role: str) -> User:
    user = User.objects.create_user(f"{role}@example.org", name=role.capitalize())
    Membership.objects.create(brand=cast.brand, user=user, role=role)
    return user


def act(client: Client, one: Collaboration, name: str, **body: str) -> tuple[int, str]:
    """Send an act; the status and the page that comes back, or the one it leads to."""
    answer = client.post(reverse(f"collaboration_{name}", args=[one.pk]), body)
    if answer.status_code == 302:
        return 302, client.get(answer.url).content.decode()
    return answer.status_code, answer.content.decode()


def show(client: Client, one: Collaboration) -> str:
    return client.get(reverse("collaboration", args=[one.pk])).content.decode()


class TestOffers:
    def test_an_offer_is_made_in_decimal_amounts(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "invited", now=timezone.now())
        body = {**OFFER, "pieces-0-price": "1234.56", "message": "Hello"}
        status, page = act(browse(cast.brand_owner), one, "offer", **body)
        made = Offer.objects.get()
        assert (status, made.total_minor, made.currency) == (302, 123_456, "EUR")
        assert "€1,234.56" in page
        assert made.terms["deliverables"][0]["kind"] == "video"

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"pieces-0-price": "0"}, "The price is above zero"),
            ({"pieces-0-price": "-5"}, "The price is above zero"),
            ({"pieces-0-price": "1.005"}, "The smallest amount in EUR is 0.01"),
            ({"pieces-0-price": "9" * 30}, "no more than 14 digits"),
            ({"pieces-0-price": "many"}, "Enter a number"),
            ({"pieces-0-publish_by": "2089-12-31"}, "before its draft is due"),
            ({"pieces-0-draft_due_on": "2020-01-01"}, "is past"),
            ({"pieces-0-kind": "x" * 41}, "at most 40 characters"),
            ({"pieces-0-description": "a\x00b"}, "Null characters"),
            ({"pieces-0-platform": "billboard"}, "Select a valid choice"),
            ({"disclosure": " "}, "This field is required"),
            ({"revision_rounds": "11"}, "less than or equal to 10"),
            ({"currency": "USD"}, "Offers are in EUR."),
            ({"pieces-0-price": "2000.01"}, "€2,000.01 is more than what the campaign"),
            ({"pieces-TOTAL_FORMS": "9" * 400}, "This field is required"),
        ],
    )
    def test_what_cannot_be_offered_comes_back_as_typed(
        self, cast: Cast, browse: Browse, changed: dict[str, str], told: str
    ) -> None:
        one = reach(cast, "invited", now=timezone.now())
        body = {**OFFER, "notes": "Please, no music.", **changed}
        status, page = act(browse(cast.brand_owner), one, "offer", **body)
        assert (status, Offer.objects.count()) == (422, 0)
        assert told in page
        assert "Please, no music." in page

    def test_a_creator_is_not_told_what_a_budget_has_left(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "invited", now=timezone.now())
        body = {**OFFER, "pieces-0-price": "2000.01"}
        status, _ = act(browse(cast.creator_user), one, "offer", **body)
        assert (status, Offer.objects.count()) == (302, 1)
        assert "€2,000.00" not in show(browse(cast.creator_user), one)

    def test_a_brand_accepts_no_more_than_its_budget_has_left(
        self, cast: Cast, browse: Browse
    ) -> None:
        one = reach(cast, "invited", now=timezone.now())
        act(browse(cast.creator_user), one, "offer", **{**OFFER, "pieces-0-price": "2000.01"})
        wish = Offer.objects.get()
        status, page = act(browse(cast.brand_owner), one, "accept", exact_hash=wish.terms_hash)
        assert status in (409, 422)
        assert "€2,000.00" in page
        one.refresh_from_db()
        assert one.state == "negotiating"

    def test_a_row_is_added_and_an_empty_one_left_out(self, cast: Cast, browse: Browse) -> None:
        one, client = reach(cast, "invited", now=timezone.now()), browse(cast.brand_owner)
        status, page = act(client, one, "offer", **OFFER, add_row="1")
        assert (status, Offer.objects.count()) == (200, 0)
        assert 'name="pieces-1-kind"' in page
        assert 'value="500"' in page
        act(client, one, "offer", **{**OFFER, "pieces-TOTAL_FORMS": "2"})
        assert len(Offer.objects.get().terms["deliverables"]) == 1

    def test_a_counter_offer_starts_from_the_last_and_shows_what_changed(
        self, cast: Cast, browse: Browse
    ) -> None:
        one, client = reach(cast, "offered", now=timezone.now()), browse(cast.creator_user)
        assert 'value="500.00"' in show(client, one)
        status, page = act(client, one, "offer", **{**OFFER, "pieces-0-price": "600"})
        assert status == 302
        assert "<del>€500.00</del>" in page

    def test_another_offer_than_the_one_read_is_not_accepted(
        self, cast: Cast, browse: Browse
    ) -> None:
        one = reach(cast, "offered", now=timezone.now())
        stale = Offer.objects.get().terms_hash
        offer(cast, one, 40_000, now=timezone.now(), side=Side.CREATOR)
        status, page = act(browse(cast.brand_owner), one, "accept", exact_hash=stale)
        assert status == 409
        assert "These are not the terms on the table: offer 2 is." in page
        assert Offer.objects.get(version=2).terms_hash in page
        assert not Contract.objects.exists()

    def test_accepting_twice_makes_one_contract(self, cast: Cast, browse: Browse) -> None:
        one, client = reach(cast, "offered", now=timezone.now()), browse(cast.creator_user)
        body = {"exact_hash": Offer.objects.get().terms_hash}
        answers = [act(client, one, "accept", **body)[0] for _ in range(2)]
        assert (answers, Contract.objects.count()) == ([302, 409], 1)

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
    def test_no_without_a_reason_is_no_answer(
        self, cast: Cast, browse: Browse, reason: str
    ) -> None:
        one = reach(cast, "invited", now=timezone.now())
        status, _ = act(browse(cast.creator_user), one, "decline", reason=reason)
        one.refresh_from_db()
        assert (status, one.state) == (422, "invited")

    def test_the_other_side_reads_why(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "offered", now=timezone.now())
        act(browse(cast.creator_user), one, "decline", reason="I do not travel.")
        assert "I do not travel." in show(browse(cast.brand_owner), one)

    def test_an_application_is_turned_down_with_a_reason(self, cast: Cast, browse: Browse) -> None:
        one = apply_to_campaign(
            campaign=open_campaign(cast), creator=cast.creator, actor=cast.creator_user,
            now=timezone.now(), message="I make sunscreen videos.",
        )  # fmt: skip
        client = browse(cast.brand_owner)
        assert "I make sunscreen videos." in show(client, one)
        assert act(client, one, "decline", reason="The places are taken.")[0] == 302
        one.refresh_from_db()
        assert one.state == "rejected"
        assert "The places are taken." in show(browse(cast.creator_user), one)

    def test_a_creator_suspended_meanwhile_agrees_to_nothing_new(
        self, cast: Cast, browse: Browse
    ) -> None:
        one = reach(cast, "offered", now=timezone.now())
        set_creator_status(
            creator=cast.creator, status=Creator.Status.SUSPENDED, actor=None, now=timezone.now()
        )
        client, body = browse(cast.creator_user), {"exact_hash": Offer.objects.get().terms_hash}
        status, page = act(client, one, "accept", **body)
        assert (status, Contract.objects.exists()) == (409, False)
        assert "suspended or closed" in page

    def test_a_first_offer_of_a_creator_does_not_begin_with_the_brands_budget(
        self, cast: Cast, browse: Browse
    ) -> None:
        one = reach(cast, "invited", now=timezone.now())
        spec = DeliverableSpec(kind="reel", platform="tiktok", description="A dance", count=2)
        revised = replace(
            BriefTerms.of(one.campaign.briefs.get()), deliverables=[spec], budget_minor=77_700
        )
        revise_brief(campaign=one.campaign, terms=revised, actor=cast.brand_owner, now=NOW)
        brand, creator = (show(browse(who), one) for who in (cast.brand_owner, cast.creator_user))
        for page in (brand, creator):
            assert page.count('value="reel"') == 2
        assert ("388.50" in brand, "388.50" in creator) == (True, False)


class TestLimits:
    def test_only_the_overlap_is_told(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "offered", now=timezone.now())
        act(browse(cast.brand_owner), one, "limit", limit="612.34")
        creator = browse(cast.creator_user)
        assert "612.34" not in show(creator, one)
        status, page = act(creator, one, "limit", limit="500")
        assert status == 302
        assert "The private limits meet: €550.00" in page
        assert "612.34" not in page

    def test_limits_that_do_not_meet_tell_nothing_else(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "offered", now=timezone.now())
        act(browse(cast.brand_owner), one, "limit", limit="400")
        _, page = act(browse(cast.creator_user), one, "limit", limit="700.99")
        assert "do not meet" in page
        assert "€400" not in page

    @pytest.mark.parametrize("limit", ["0", "-1", "x", "", "1.005", "9999999999999"])
    def test_unusable_limits(self, cast: Cast, browse: Browse, limit: str) -> None:
        one = reach(cast, "offered", now=timezone.now())
        status, _ = act(browse(cast.brand_owner), one, "limit", limit=limit)
        assert (status, BlindLimit.objects.count()) == (422, 0)

    def test_it_is_entered_once(self, cast: Cast, browse: Browse) -> None:
        now = timezone.now()
        one = reach(cast, "offered", now=now)
        enter_limit(
            collaboration=one, limit_minor=50_000, currency="EUR", side=Side.BRAND,
            actor=cast.brand_owner, now=now,
        )  # fmt: skip
        status, page = act(browse(cast.brand_owner), one, "limit", limit="600")
        assert (status, BlindLimit.objects.get().limit_minor) == (409, 50_000)
        assert "it cannot be changed" in page


class TestContract:
    def test_the_text_that_is_downloaded_is_what_is_signed(
        self, cast: Cast, browse: Browse
    ) -> None:
        one, client = reach(cast, "agreed", now=timezone.now()), browse(cast.creator_user)
        contract = Contract.objects.get()
        text = client.get(reverse("collaboration_contract", args=[one.pk])).content
        assert hashlib.sha256(text).hexdigest() == contract.text_hash
        body = {"typed_name": "Carla Creator", "exact_hash": contract.text_hash}
        _, page = act(client, one, "sign", **body)
        assert "Signed as Carla Creator" in page
        assert act(client, one, "sign", **body)[0] == 409
        paper = client.get(reverse("collaboration_contract_pdf", args=[one.pk])).content
        assert paper.startswith(b"%PDF")

    def test_there_is_none_before_an_agreement(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "offered", now=timezone.now())
        answer = browse(cast.creator_user).get(reverse("collaboration_contract", args=[one.pk]))
        assert answer.status_code == 404

    @pytest.mark.parametrize(
        ("body", "status"),
        [({"typed_name": " "}, 422), ({"typed_name": "A"}, 422), ({"exact_hash": "0" * 64}, 409)],
    )
    def test_refused_signatures(
        self, cast: Cast, browse: Browse, body: dict[str, str], status: int
    ) -> None:
        one = reach(cast, "agreed", now=timezone.now())
        good = {"typed_name": "Olga", "exact_hash": Contract.objects.get().text_hash}
        assert act(browse(cast.brand_owner), one, "sign", **{**good, **body})[0] == status
        assert not Contract.objects.get().signatures.exists()

    def test_finance_funds_and_others_read_why_not(self, cast: Cast, browse: Browse) -> None:
        one = reach(cast, "signed", now=timezone.now())
        manager, finance = browse(member(cast, "manager")), browse(member(cast, "finance"))
        assert "The owner or finance of Alder does it" in show(manager, one)
        assert "€2,000.00" not in show(manager, one)
        assert act(manager, one, "fund")[0] == 403
        assert "Set €550.00 aside" in show(finance, one)
        status, page = act(finance, one, "fund")
        assert (status, "escrow" in page.lower()) == (302, False)
        assert act(finance, one, "fund")[0] == 302  # again: nothing more is taken
        one.refresh_from_db()
        assert one.state == "active"

    def test_a_short_wallet_says_what_is_missing(self, cast: Cast, browse: Browse) -> None:
        one, client = reach(cast, "signed", 190_000, now=timezone.now()), browse(cast.brand_owner)
        page = show(client, one)
        assert "€90.00 are missing" in page
        assert reverse("brand_money", args=[cast.brand.pk]) in page
        status, page = act(client, one, "fund")
        assert status == 409
        assert "The wallet holds €2,000.00; €2,090.00 are needed." in page
