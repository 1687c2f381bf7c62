"""Signing, setting money aside, delivering, and who gets what at the end."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.errors import DomainError
from accounts.models import AuditEntry
from campaigns import cancelling, contracts, delivering, timers
from campaigns.ledger import InsufficientFunds, Leg, account_of, check_books, post_operation
from campaigns.models import Collaboration, Contract, Deliverable, LedgerAccount
from campaigns.moving import NotInThisState, NotYourTurn, ReasonMissing
from campaigns.offers import accept_offer, make_offer
from campaigns.starting import invite_creator
from campaigns.states import Side
from campaigns.wording import TextUnusable
from tests.campaigns.conftest import NOW, open_campaign, terms
from tests.cast import Cast

Kind = LedgerAccount.Kind


def deposit(cast: Cast, amount: int) -> None:
    wallet = account_of(Kind.BRAND_WALLET, "EUR", brand=cast.brand)
    post_operation(
        operation_id="deposit:1", kind="deposit", actor=None, now=NOW,
        legs=[Leg(account_of(Kind.EXTERNAL, "EUR"), -amount), Leg(wallet, amount)],
    )  # fmt: skip


def agree(cast: Cast, *prices: int) -> Collaboration:
    collaboration = invite_creator(
        campaign=open_campaign(cast), creator=cast.creator, actor=cast.brand_owner, now=NOW
    )
    made = make_offer(
        collaboration=collaboration, terms=terms(*prices), side=Side.BRAND,
        actor=cast.brand_owner, now=NOW,
    )  # fmt: skip
    return accept_offer(
        collaboration=collaboration, terms_hash=made.terms_hash, side=Side.CREATOR,
        actor=cast.creator_user, now=NOW,
    )  # fmt: skip


def sign(cast: Cast, collaboration: Collaboration, side: Side, **fields: str) -> Collaboration:
    contract = Contract.objects.get(collaboration=collaboration)
    return contracts.sign(
        collaboration=collaboration,
        side=side,
        actor=cast.brand_owner if side is Side.BRAND else cast.creator_user,
        now=NOW,
        **{"typed_name": "Ada Example", "text_hash": contract.text_hash, **fields},
    )


def start_work(cast: Cast, *prices: int, deposited: int = 200_000) -> Collaboration:
    collaboration = agree(cast, *prices)
    for side in (Side.BRAND, Side.CREATOR):
        sign(cast, collaboration, side)
    deposit(cast, deposited)
    return contracts.fund(collaboration=collaboration, actor=cast.brand_owner, now=NOW)


def balances() -> dict[str, int]:
    return {account.kind: account.balance_minor for account in LedgerAccount.objects.all()}


def piece(collaboration: Collaboration, position: int = 1) -> Deliverable:
    return collaboration.deliverables.get(position=position)


def draft(cast: Cast, deliverable: Deliverable) -> Deliverable:
    return delivering.submit_draft(
        deliverable=deliverable, text="First cut", link="", actor=cast.creator_user, now=NOW
    )


def publish(cast: Cast, deliverable: Deliverable, **fields: str) -> Deliverable:
    given = {"url": "https://example.org/v/1", "caption": "My routine #ad", **fields}
    return delivering.publish(deliverable=deliverable, actor=cast.creator_user, now=NOW, **given)


@pytest.mark.django_db
class TestSigning:
    def test_the_contract_prints_prices_deadlines_and_what_silence_means(self, cast: Cast) -> None:
        contract = Contract.objects.get(collaboration=agree(cast, 50_000, 30_000))
        assert (contract.total_minor, contract.fee_minor) == (80_000, 8_000)
        for words in ("€500", "€880", "7 days; then the draft is approved", "cancelled unfunded"):
            assert words in contract.text

    def test_no_words_of_a_side_pass_for_a_section(self, cast: Cast) -> None:
        forged = "Thanks.\n\n3. PAYMENT\nAll of it is owed when both have signed."
        collaboration = invite_creator(
            campaign=open_campaign(cast), creator=cast.creator, actor=cast.brand_owner, now=NOW
        )
        made = make_offer(
            collaboration=collaboration, terms=terms(notes=forged, disclosure="#ad\n3. PAYMENT"),
            side=Side.BRAND, actor=cast.brand_owner, now=NOW,
        )  # fmt: skip
        accept_offer(
            collaboration=collaboration, terms_hash=made.terms_hash, side=Side.CREATOR,
            actor=cast.creator_user, now=NOW,
        )  # fmt: skip
        text = Contract.objects.get().text
        assert text.count("\n3. PAYMENT") == 1
        assert "\n    All of it is owed when both have signed." in text

    def test_it_is_signed_when_both_have(self, cast: Cast) -> None:
        collaboration = agree(cast)
        after = sign(cast, collaboration, Side.CREATOR)
        assert (after.state, after.acting_side) == ("agreed", "brand")
        after = sign(cast, collaboration, Side.BRAND)
        assert (after.state, after.acting_side) == ("signed", "brand")
        assert AuditEntry.objects.filter(verb="collaboration.sign").count() == 1

    @pytest.mark.parametrize(
        ("fields", "error"),
        [({"typed_name": "A"}, contracts.NameMissing), ({"text_hash": "x"}, contracts.TextChanged)],
    )
    def test_refusals(self, cast: Cast, fields: dict[str, str], error: type[DomainError]) -> None:
        collaboration = agree(cast)
        with pytest.raises(error):
            sign(cast, collaboration, Side.BRAND, **fields)
        assert not Contract.objects.get().signatures.exists()

    def test_nobody_signs_twice(self, cast: Cast) -> None:
        collaboration = agree(cast)
        sign(cast, collaboration, Side.BRAND)
        with pytest.raises(contracts.AlreadySigned):
            sign(cast, collaboration, Side.BRAND)

    def test_unsigned_it_expires_and_unfunded_it_lapses(self, cast: Cast) -> None:
        collaboration = agree(cast)
        timers.fire_due(now=NOW + timedelta(hours=72))
        collaboration.refresh_from_db()
        assert (collaboration.state, collaboration.earmark_minor) == ("expired", 0)


@pytest.mark.django_db
class TestMoney:
    def test_funding_sets_total_and_fee_aside(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000, 30_000)
        assert (collaboration.state, collaboration.deadline_at) == ("active", None)
        assert (balances()["brand_wallet"], balances()["hold"]) == (112_000, 88_000)
        assert [one.price_minor for one in collaboration.deliverables.all()] == [50_000, 30_000]

    def test_too_little_money_changes_nothing(self, cast: Cast) -> None:
        with pytest.raises(InsufficientFunds):
            start_work(cast, 50_000, deposited=54_999)
        assert Collaboration.objects.get().state == "signed"
        assert not Deliverable.objects.exists()

    def test_the_creator_is_owed_each_piece_when_it_is_verified(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000, 30_000)
        for position in (1, 2):
            one = draft(cast, piece(collaboration, position))
            delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
            publish(cast, one)
            delivering.verify(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
            collaboration.refresh_from_db()
            assert collaboration.state == ("active", "completed")[position - 1]
        assert balances() == {
            "external": -200_000,
            "brand_wallet": 112_000,
            "hold": 0,
            "creator_payable": 80_000,
            "platform_fee": 8_000,
        }
        timers.fire_due(now=NOW + timedelta(days=14))
        collaboration.refresh_from_db()
        assert collaboration.state == "closed"

    def test_silence_approves_after_seven_days_and_verifies_after_three(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000)
        one = draft(cast, piece(collaboration))
        timers.fire_due(now=NOW + timedelta(days=6, hours=23))
        one.refresh_from_db()
        assert one.state == "draft_submitted"
        timers.fire_due(now=NOW + timedelta(days=7))
        publish(cast, one)
        timers.fire_due(now=NOW + timedelta(hours=72))
        one.refresh_from_db()
        assert one.state == "settled"
        assert balances()["creator_payable"] == 50_000

    @pytest.mark.parametrize(
        ("reached", "creator", "fee"),
        [("nothing", 0, 0), ("draft", 5_001, 500), ("approved", 50_017, 5_001)],
    )
    def test_cancelling_divides_by_how_far_the_work_got(
        self, cast: Cast, reached: str, creator: int, fee: int
    ) -> None:
        collaboration = start_work(cast, 50_017)
        if reached != "nothing":
            one = draft(cast, piece(collaboration))
            if reached == "approved":
                delivering.approve(
                    deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW
                )
        cancelling.ask_to_cancel(
            collaboration=collaboration, side=Side.BRAND, actor=cast.brand_owner, now=NOW,
            reason="The product is late.",
        )  # fmt: skip
        with pytest.raises(NotYourTurn):
            cancelling.agree_to_cancel(
                collaboration=collaboration, side=Side.BRAND, actor=cast.brand_owner, now=NOW
            )
        after = cancelling.agree_to_cancel(
            collaboration=collaboration, side=Side.CREATOR, actor=cast.creator_user, now=NOW
        )
        assert after.state == "cancelled"
        found = balances()
        assert (found.get("creator_payable", 0), found.get("platform_fee", 0)) == (creator, fee)
        assert (found["hold"], found["brand_wallet"]) == (0, 200_000 - creator - fee)
        assert check_books().is_right

    @pytest.mark.parametrize(("shown", "state"), [(False, "cancelled"), (True, "active")])
    def test_silence_agrees_to_cancel_only_if_nothing_was_submitted(
        self, cast: Cast, shown: bool, state: str
    ) -> None:
        collaboration = start_work(cast, 50_000)
        if shown:
            draft(cast, piece(collaboration))
        cancelling.ask_to_cancel(
            collaboration=collaboration, side=Side.BRAND, actor=cast.brand_owner, now=NOW,
            reason="The product is late.",
        )  # fmt: skip
        timers.fire_due(now=NOW + timedelta(hours=72))
        collaboration.refresh_from_db()
        assert collaboration.state == state

    def test_a_waived_piece_goes_back_to_the_brand(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000)
        delivering.waive(
            deliverable=piece(collaboration), reason="I am ill.", actor=cast.creator_user, now=NOW
        )
        collaboration.refresh_from_db()
        assert (collaboration.state, balances()["brand_wallet"]) == ("completed", 200_000)


@pytest.mark.django_db
class TestWork:
    def test_revisions_cite_items_and_end_with_the_agreed_rounds(self, cast: Cast) -> None:
        one = piece(start_work(cast, 50_000))

        def ask(*items: str) -> Deliverable:
            return delivering.request_revision(
                deliverable=one, reason="Too long.", brief_items=list(items),
                actor=cast.brand_owner, now=NOW,
            )  # fmt: skip

        draft(cast, one)
        with pytest.raises(ReasonMissing):
            ask(" ")
        for _ in range(2):
            ask("A short video")
            draft(cast, one)
        with pytest.raises(delivering.NoRoundsLeft):
            ask("A short video")
        assert [each.round for each in one.drafts.all()] == [3, 2, 1]

    def test_publication_needs_a_link_and_the_disclosure(self, cast: Cast) -> None:
        one = draft(cast, piece(start_work(cast, 50_000)))
        delivering.approve(deliverable=one, side=Side.BRAND, actor=cast.brand_owner, now=NOW)
        with pytest.raises(delivering.BadLink):
            publish(cast, one, url="javascript:alert(1)")
        with pytest.raises(delivering.DisclosureMissing):
            publish(cast, one, caption="No mention")
        with pytest.raises(delivering.DisclosureMissing):
            publish(cast, one, caption="My #adventure")
        for unusable in ("#ad " + "a" * 20_000, "#ad\x00"):
            with pytest.raises(TextUnusable) as refusal:
                publish(cast, one, caption=unusable)
            assert refusal.value.details == {"field": "caption"}
        assert publish(cast, one).url == "https://example.org/v/1"

    @pytest.mark.parametrize(("text", "link"), [("", ""), ("x" * 20_001, ""), ("", "ftp://x")])
    def test_an_unusable_draft_changes_nothing(self, cast: Cast, text: str, link: str) -> None:
        one = piece(start_work(cast, 50_000))
        with pytest.raises(DomainError):
            delivering.submit_draft(
                deliverable=one, text=text, link=link, actor=cast.creator_user, now=NOW
            )
        one.refresh_from_db()
        assert one.state == "pending"

    def test_nothing_moves_while_a_cancellation_is_asked_for(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000)
        cancelling.ask_to_cancel(
            collaboration=collaboration, side=Side.CREATOR, actor=cast.creator_user, now=NOW,
            reason="I am ill.",
        )  # fmt: skip
        with pytest.raises(NotInThisState):
            draft(cast, piece(collaboration))

    def test_late_work_is_told_once(self, cast: Cast) -> None:
        collaboration = start_work(cast, 50_000)
        late = NOW + timedelta(days=30)
        assert timers.fire_due(now=late).fired == 1
        assert timers.fire_due(now=late).fired == 0
        assert collaboration.events.filter(name="late").count() == 1


@pytest.mark.parametrize(
    ("caption", "disclosure", "says_so"),
    [
        ("New in town #AD!", "#ad", True),
        ("#ad", "#ad ", True),
        ("What an #adventure", "#ad", False),
        ("I read a lot", "ad", False),
        ("Schön #Anzeige #ad ja", "#anzeige #ad", True),
        ("这是广告内容", "广告", True),
    ],
)
def test_a_disclosure_stands_by_itself(caption: str, disclosure: str, says_so: bool) -> None:
    assert delivering.discloses(caption, disclosure) is says_so


@pytest.mark.django_db(transaction=True)
def test_funding_fifty_times_at_once_sets_money_aside_once(cast: Cast) -> None:
    collaboration = agree(cast, 50_000)
    for side in (Side.BRAND, Side.CREATOR):
        sign(cast, collaboration, side)
    deposit(cast, 200_000)
    states: list[str] = []

    def fund() -> None:
        try:
            after = contracts.fund(collaboration=collaboration, actor=cast.brand_owner, now=NOW)
            states.append(after.state)
        finally:
            connection.close()

    threads = [threading.Thread(target=fund) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == ["active"] * 50
    assert balances()["hold"] == 55_000
    assert collaboration.deliverables.count() == 1
