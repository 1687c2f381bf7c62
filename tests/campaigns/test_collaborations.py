"""From an invitation or application to agreed terms, and every way out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import DomainError, Forbidden
from accounts.models import AuditEntry, Creator
from campaigns.briefs import BudgetCurrencyTaken, get_latest_brief, revise_brief
from campaigns.hiring import CreatorNotHireable
from campaigns.leaving import decline, withdraw
from campaigns.models import Campaign, Collaboration, CollaborationEvent
from campaigns.moving import DeadlinePassed, NotInThisState, NotYourTurn, ReasonMissing, move
from campaigns.offer_terms import OfferTerms, TermsRejected
from campaigns.offers import (
    LimitEntered,
    NoOffer,
    OverBudget,
    TermsChanged,
    TooManyRounds,
    WrongCurrency,
    accept_offer,
    enter_limit,
    get_band,
    make_offer,
    round_amount_between,
)
from campaigns.running import (
    CampaignNotOpen,
    CollaborationsLive,
    NotInThisStatus,
    change_campaign,
)
from campaigns.starting import (
    MESSAGE_CHARACTERS,
    AlreadyTogether,
    NobodyToAnswer,
    OwnBrand,
    apply_to_campaign,
    invite_creator,
)
from campaigns.states import ALLOWED, FINAL, LIVE, TRANSITIONS, WAITING, Side, State
from campaigns.terms import BriefTerms
from campaigns.wording import TextUnusable
from scoring.visibility import set_creator_status
from tests.campaigns.conftest import NOW, open_campaign, terms
from tests.cast import Cast, bring_in_as_viewer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def offer(cast: Cast, collaboration: Collaboration, side: Side, *prices: int, **fields: object):
    return make_offer(
        collaboration=collaboration,
        terms=terms(*prices, **fields),
        side=side,
        actor=cast.brand_owner if side is Side.BRAND else cast.creator_user,
        now=LATER,
    )


class TestTable:
    def test_every_live_state_says_what_it_waits_for_and_has_a_way_out(self) -> None:
        assert set(WAITING) == set(LIVE)
        for state in LIVE:
            assert any(state in one.sources for one in TRANSITIONS.values())

    def test_nothing_leads_out_of_a_final_state_or_to_nowhere(self) -> None:
        for one in TRANSITIONS.values():
            assert not set(one.sources) & set(FINAL)
        reached = {one.target for one in TRANSITIONS.values()} | {State.INVITED, State.APPLIED}
        assert reached == set(State)

    @pytest.mark.parametrize("target", State)
    def test_the_database_refuses_what_the_table_does_not_have(
        self, invited: Collaboration, target: State
    ) -> None:
        clear = ", acting_side = '', deadline_at = NULL" if target in FINAL else ""
        sql = f"UPDATE campaigns_collaboration SET state = '{target.value}'{clear}"
        allowed = ("invited", target.value) in ALLOWED or target is State.INVITED
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        except DatabaseError:
            assert not allowed
        else:
            assert allowed

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM campaigns_collaboration",
            "DELETE FROM campaigns_collaborationevent",
            "UPDATE campaigns_collaborationevent SET reason = 'because'",
            "UPDATE campaigns_collaboration SET creator_id = creator_id + 1",
            "UPDATE campaigns_collaboration SET state = 'nonsense'",
            "UPDATE campaigns_campaign SET status = 'draft'",
            "INSERT INTO campaigns_collaboration (campaign_id, creator_id, state, started_by,"
            " acting_side, earmark_minor, earmark_currency, created_at, updated_at)"
            " SELECT campaign_id, creator_id, 'active', 'brand', '', 0, '', now(), now()"
            " FROM campaigns_collaboration",
        ],
    )
    def test_the_database_refuses(self, invited: Collaboration, sql: str) -> None:
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


class TestCampaigns:
    def test_a_campaign_opens_through_the_moderators(self, cast: Cast) -> None:
        campaign = open_campaign(cast)
        assert campaign.status == "open"
        verbs = AuditEntry.objects.filter(verb__startswith="campaign.").values_list("verb")
        assert {"campaign.submit", "campaign.approve"} <= {verb for (verb,) in verbs}

    def test_sending_back_needs_a_reason(self, cast: Cast, campaign: Campaign) -> None:
        with pytest.raises(NotInThisStatus):
            change_campaign(
                campaign=campaign, name="send_back", side=Side.MODERATOR, actor=cast.moderator,
                now=NOW, reason="unclear",
            )  # fmt: skip
        fresh = Campaign.objects.get(pk=campaign.pk)
        assert fresh.status == "open"

    def test_a_brand_cannot_approve_itself(self, cast: Cast, campaign: Campaign) -> None:
        with pytest.raises(Forbidden):
            change_campaign(
                campaign=campaign, name="approve", side=Side.BRAND, actor=cast.brand_owner, now=NOW
            )

    def test_it_cannot_be_cancelled_under_somebody(
        self, cast: Cast, campaign: Campaign, invited: Collaboration
    ) -> None:
        def cancel() -> Campaign:
            return change_campaign(
                campaign=campaign, name="cancel", side=Side.BRAND, actor=cast.brand_owner,
                now=NOW, reason="We changed our plans.",
            )  # fmt: skip

        with pytest.raises(CollaborationsLive):
            cancel()
        withdraw(
            collaboration=invited, side=Side.BRAND, actor=cast.brand_owner, now=NOW, reason="plans"
        )
        assert cancel().status == "cancelled"


class TestStarting:
    def test_an_invitation_waits_seven_days_for_the_creator(self, invited: Collaboration) -> None:
        assert (invited.state, invited.acting_side) == ("invited", "creator")
        assert invited.deadline_at == NOW + timedelta(days=7)
        event = invited.events.get()
        assert (event.name, event.side, event.data) == (
            "invite", "brand", {"message": "We like your routines.", "brief_version": 1},
        )  # fmt: skip
        assert AuditEntry.objects.filter(verb="collaboration.invite").count() == 1

    def test_an_application_waits_fourteen_days_for_the_brand(
        self, cast: Cast, campaign: Campaign
    ) -> None:
        applied = apply_to_campaign(
            campaign=campaign, creator=cast.creator, actor=cast.creator_user, now=NOW
        )
        assert (applied.state, applied.acting_side) == ("applied", "brand")
        assert applied.deadline_at == NOW + timedelta(days=14)

    def test_refusals_leave_nothing(self, cast: Cast, campaign: Campaign) -> None:
        def invite(creator: Creator) -> Collaboration:
            return invite_creator(
                campaign=campaign, creator=creator, actor=cast.brand_owner, now=NOW
            )

        unclaimed = Creator.objects.create(display_name="Nobody yet")
        with pytest.raises(NobodyToAnswer):
            invite(unclaimed)
        set_creator_status(
            creator=cast.other_creator, status="suspended", actor=cast.moderator, now=NOW
        )
        with pytest.raises(CreatorNotHireable):
            invite(cast.other_creator)
        change_campaign(
            campaign=campaign, name="pause", side=Side.BRAND, actor=cast.brand_owner, now=NOW
        )
        with pytest.raises(CampaignNotOpen):
            invite(cast.creator)
        assert not Collaboration.objects.exists()

    def test_one_live_collaboration_per_creator(
        self, cast: Cast, campaign: Campaign, invited: Collaboration
    ) -> None:
        with pytest.raises(AlreadyTogether):
            apply_to_campaign(
                campaign=campaign, creator=cast.creator, actor=cast.creator_user, now=NOW
            )
        decline(
            collaboration=invited, side=Side.CREATOR, actor=cast.creator_user, now=NOW,
            reason="Not my topic.",
        )  # fmt: skip
        again = apply_to_campaign(
            campaign=campaign, creator=cast.creator, actor=cast.creator_user, now=NOW
        )
        assert again.state == "applied"


class TestLeaving:
    def test_the_reason_is_in_the_timeline(self, cast: Cast, invited: Collaboration) -> None:
        after = decline(
            collaboration=invited, side=Side.CREATOR, actor=cast.creator_user, now=LATER,
            reason=" Not my topic. ",
        )  # fmt: skip
        assert (after.state, after.acting_side, after.deadline_at) == ("declined", "", None)
        assert after.events.last().reason == "Not my topic."

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
    def test_a_reason_is_required(self, cast: Cast, invited: Collaboration, reason: str) -> None:
        with pytest.raises(ReasonMissing):
            decline(
                collaboration=invited, side=Side.CREATOR, actor=cast.creator_user, now=LATER,
                reason=reason,
            )  # fmt: skip
        assert CollaborationEvent.objects.count() == 1

    def test_only_the_recipient_declines_and_only_the_author_withdraws(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        with pytest.raises(NotYourTurn):
            decline(
                collaboration=invited, side=Side.BRAND, actor=cast.brand_owner, now=LATER,
                reason="no",
            )  # fmt: skip
        with pytest.raises(NotYourTurn):
            withdraw(
                collaboration=invited, side=Side.CREATOR, actor=cast.creator_user, now=LATER,
                reason="no",
            )  # fmt: skip

    def test_a_brand_rejects_an_application(self, cast: Cast, campaign: Campaign) -> None:
        applied = apply_to_campaign(
            campaign=campaign, creator=cast.creator, actor=cast.creator_user, now=NOW
        )
        after = decline(
            collaboration=applied, side=Side.BRAND, actor=cast.brand_owner, now=LATER,
            reason="We look for another language.",
        )  # fmt: skip
        assert after.state == "rejected"


def test_nobody_hires_themselves(cast: Cast, campaign: Campaign) -> None:
    bring_in_as_viewer(cast.creator_user, cast.brand_owner)
    for start, actor in (
        (invite_creator, cast.brand_owner), (apply_to_campaign, cast.creator_user),
    ):  # fmt: skip
        with pytest.raises(OwnBrand):
            start(campaign=campaign, creator=cast.creator, actor=actor, now=NOW)
    assert not Collaboration.objects.exists()


class TestOffers:
    def test_an_offer_takes_its_part_of_the_budget_and_asks_the_other_side(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        made = offer(cast, invited, Side.BRAND, 50_000, 30_000)
        invited.refresh_from_db()
        assert (invited.state, invited.acting_side) == ("negotiating", "creator")
        assert invited.deadline_at == LATER + timedelta(hours=72)
        assert (invited.earmark_minor, invited.earmark_currency) == (80_000, "EUR")
        assert OfferTerms.from_json(made.terms) == terms(50_000, 30_000)

    def test_offers_are_a_chain_of_hashes(self, cast: Cast, invited: Collaboration) -> None:
        first = offer(cast, invited, Side.BRAND, 50_000)
        second = offer(cast, invited, Side.CREATOR, 60_000)
        third = offer(cast, invited, Side.BRAND, 50_000)
        assert (second.previous_hash, third.previous_hash) == (first.terms_hash, second.terms_hash)
        assert third.terms_hash != first.terms_hash
        assert third.terms_hash == terms(50_000).hash_after(second.terms_hash)

    def test_nobody_counters_their_own_offer(self, cast: Cast, invited: Collaboration) -> None:
        offer(cast, invited, Side.BRAND, 50_000)
        with pytest.raises(NotYourTurn):
            offer(cast, invited, Side.BRAND, 60_000)

    def test_six_offers_are_enough(self, cast: Cast, invited: Collaboration) -> None:
        for number in range(6):
            offer(cast, invited, (Side.BRAND, Side.CREATOR)[number % 2], 50_000 + number)
        with pytest.raises(TooManyRounds):
            offer(cast, invited, Side.BRAND, 70_000)

    def test_limits_that_overlap_allow_one_more(self, cast: Cast, invited: Collaboration) -> None:
        for number in range(6):
            offer(cast, invited, (Side.BRAND, Side.CREATOR)[number % 2], 50_000 + number)
        for side, actor, limit in (
            (Side.BRAND, cast.brand_owner, 60_000), (Side.CREATOR, cast.creator_user, 52_000),
        ):  # fmt: skip
            enter_limit(
                collaboration=invited, limit_minor=limit, currency="EUR", side=side, actor=actor,
                now=NOW,
            )  # fmt: skip
        assert offer(cast, invited, Side.BRAND, 56_000).version == 7
        with pytest.raises(TooManyRounds):
            offer(cast, invited, Side.CREATOR, 57_000)

    def test_a_creators_wish_neither_takes_nor_tells_the_budget(
        self, cast: Cast, campaign: Campaign, invited: Collaboration
    ) -> None:
        offer(cast, invited, Side.BRAND, 150_000)
        wish = offer(cast, invited, Side.CREATOR, 900_000)  # of 200,000
        invited.refresh_from_db()
        assert invited.earmark_minor == 150_000
        with pytest.raises(OverBudget):
            accept_offer(
                collaboration=invited, terms_hash=wish.terms_hash, side=Side.BRAND,
                actor=cast.brand_owner, now=NOW,
            )  # fmt: skip
        offer(cast, invited, Side.BRAND, 160_000)
        wish = offer(cast, invited, Side.CREATOR, 180_000)
        agreed = accept_offer(
            collaboration=invited, terms_hash=wish.terms_hash, side=Side.BRAND,
            actor=cast.brand_owner, now=NOW,
        )  # fmt: skip
        assert agreed.earmark_minor == 180_000

    def test_the_budget_is_shared_by_all_who_negotiate(
        self, cast: Cast, campaign: Campaign, invited: Collaboration
    ) -> None:
        offer(cast, invited, Side.BRAND, 150_000)
        other = invite_creator(
            campaign=campaign, creator=cast.other_creator, actor=cast.brand_owner, now=NOW
        )
        with pytest.raises(OverBudget) as refused:
            offer(cast, other, Side.BRAND, 60_000)
        assert refused.value.details["left_minor"] == 50_000
        withdraw(
            collaboration=invited, side=Side.BRAND, actor=cast.brand_owner, now=LATER, reason="no"
        )
        assert offer(cast, other, Side.BRAND, 60_000).version == 1

    @pytest.mark.parametrize(
        ("fields", "attr"),
        [
            ({"currency": "JPY"}, "currency"),
            ({"deliverables": []}, "deliverables"),
            ({"revision_rounds": 11}, "revision_rounds"),
            ({"disclosure": " "}, "disclosure"),
            ({"notes": "x" * 5_001}, "notes"),
        ],
    )
    def test_terms_that_cannot_be_offered_name_the_field(
        self, cast: Cast, invited: Collaboration, fields: dict[str, object], attr: str
    ) -> None:
        with pytest.raises(TermsRejected) as refused:
            offer(cast, invited, Side.BRAND, **fields)
        assert refused.value.attr == attr
        invited.refresh_from_db()
        assert invited.state == "invited"

    def test_prices_and_dates_are_checked(self, cast: Cast, invited: Collaboration) -> None:
        with pytest.raises(TermsRejected, match="above zero"):
            offer(cast, invited, Side.BRAND, 0)
        with pytest.raises(WrongCurrency):
            offer(cast, invited, Side.BRAND, 50_000, currency="USD")
        with pytest.raises(TermsRejected, match="is past"):
            make_offer(
                collaboration=invited, terms=terms(), side=Side.BRAND, actor=cast.brand_owner,
                now=NOW + timedelta(days=60),
            )  # fmt: skip

    @pytest.mark.parametrize("message", ["a" * (MESSAGE_CHARACTERS + 1), "half\ud800", "\x00"])
    def test_a_message_that_cannot_be_kept_is_refused(
        self, cast: Cast, invited: Collaboration, message: str
    ) -> None:
        with pytest.raises(TextUnusable) as refusal:
            make_offer(
                collaboration=invited, terms=terms(), side=Side.BRAND, actor=cast.brand_owner,
                now=NOW, message=message,
            )  # fmt: skip
        assert refusal.value.details == {"field": "message"}
        assert not invited.offers.exists()

    def test_what_is_taken_of_a_budget_keeps_its_currency(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        offer(cast, invited, Side.BRAND, 50_000)
        present = BriefTerms.of(get_latest_brief(invited.campaign))

        def revise(**changes: object) -> None:
            revise_brief(
                campaign=invited.campaign, terms=replace(present, **changes),
                actor=cast.brand_owner, now=LATER,
            )  # fmt: skip

        with pytest.raises(BudgetCurrencyTaken) as refusal:
            revise(budget_currency="USD")
        assert refusal.value.details == {"field": "budget_currency"}
        assert get_latest_brief(invited.campaign).version == 1
        revise(total_budget_minor=300_000)
        decline(
            collaboration=invited, side=Side.CREATOR, actor=cast.creator_user, now=LATER,
            reason="Too little.",
        )  # fmt: skip
        revise(budget_currency="USD")
        assert get_latest_brief(invited.campaign).budget_currency == "USD"

    def test_after_the_deadline_nobody_accepts(self, cast: Cast, invited: Collaboration) -> None:
        made = offer(cast, invited, Side.BRAND, 50_000)
        with pytest.raises(DeadlinePassed):
            accept_offer(
                collaboration=invited, terms_hash=made.terms_hash, side=Side.CREATOR,
                actor=cast.creator_user, now=LATER + timedelta(hours=72),
            )  # fmt: skip


class TestAgreeing:
    def accept(self, cast: Cast, collaboration: Collaboration, terms_hash: str) -> Collaboration:
        return accept_offer(
            collaboration=collaboration, terms_hash=terms_hash, side=Side.CREATOR,
            actor=cast.creator_user, now=LATER,
        )  # fmt: skip

    def test_the_exact_terms_are_agreed(self, cast: Cast, invited: Collaboration) -> None:
        made = offer(cast, invited, Side.BRAND, 50_000)
        agreed = self.accept(cast, invited, made.terms_hash)
        assert (agreed.state, agreed.acting_side) == ("agreed", "both")
        assert agreed.events.last().data["terms_hash"] == made.terms_hash

    def test_an_earlier_offer_cannot_be_accepted(self, cast: Cast, invited: Collaboration) -> None:
        first = offer(cast, invited, Side.BRAND, 50_000)
        offer(cast, invited, Side.CREATOR, 70_000)
        offer(cast, invited, Side.BRAND, 55_000)
        with pytest.raises(TermsChanged):
            self.accept(cast, invited, first.terms_hash)

    def test_a_suspended_creator_agrees_to_nothing(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        made = offer(cast, invited, Side.BRAND, 50_000)
        set_creator_status(
            creator=cast.creator, status="suspended", actor=cast.moderator, now=LATER
        )
        with pytest.raises(CreatorNotHireable):
            self.accept(cast, invited, made.terms_hash)

    def test_before_an_offer_there_is_nothing_to_accept(
        self, cast: Cast, invited: Collaboration
    ) -> None:
        with pytest.raises(NotInThisState):
            self.accept(cast, invited, "")


class TestBlindBand:
    def limit(self, cast: Cast, collaboration: Collaboration, side: Side, amount: int):
        return enter_limit(
            collaboration=collaboration, limit_minor=amount, currency="EUR", side=side,
            actor=cast.brand_owner if side is Side.BRAND else cast.creator_user, now=LATER,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("most", "least", "suggested"),
        [(60_000, 50_000, 55_000), (50_050, 50_050, 50_050), (49_999, 50_000, None)],
    )
    def test_only_an_overlap_is_told(
        self, cast: Cast, invited: Collaboration, most: int, least: int, suggested: int | None
    ) -> None:
        offer(cast, invited, Side.BRAND, 40_000)
        first = self.limit(cast, invited, Side.CREATOR, least)
        assert (first.overlaps, first.suggested_minor) == (None, None)
        second = self.limit(cast, invited, Side.BRAND, most)
        assert (second.overlaps, second.suggested_minor) == (suggested is not None, suggested)
        told = str([event.data for event in invited.events.filter(name="enter_limit")])
        for secret in {most, least} - {suggested}:
            assert str(secret) not in told
        assert get_band(invited) == second

    @given(st.integers(1, 10**12), st.integers(0, 10**12))
    def test_what_is_suggested_lies_between_and_is_round(self, least: int, gap: int) -> None:
        most = least + gap
        suggested = round_amount_between(least, most)
        quarter = gap // 4
        assert least + quarter <= suggested <= most - quarter
        # Round to a fifth of the gap at least, so that many limits lead to the same amount.
        assert gap < 1_000 or suggested % 10 ** (len(str(gap // 5)) - 1) == 0

    def test_a_limit_is_entered_once(self, cast: Cast, invited: Collaboration) -> None:
        offer(cast, invited, Side.BRAND, 40_000)
        self.limit(cast, invited, Side.BRAND, 60_000)
        with pytest.raises(LimitEntered):
            self.limit(cast, invited, Side.BRAND, 70_000)

    def test_it_needs_an_offer(self, cast: Cast, invited: Collaboration) -> None:
        with pytest.raises((NotInThisState, NoOffer)):
            self.limit(cast, invited, Side.BRAND, 60_000)


@pytest.mark.parametrize("name", TRANSITIONS)
def test_the_wrong_side_is_refused_everywhere(
    cast: Cast, invited: Collaboration, name: str
) -> None:
    """On a fresh invitation, no transition is open to the system or a moderator but expiry."""
    before = invited.events.count()
    for side in (Side.MODERATOR, Side.SYSTEM):
        if (name, side) == ("expire", Side.SYSTEM):
            continue
        with pytest.raises(DomainError):
            move(invited, name, side=side, actor=None, now=LATER, reason="because")
    assert invited.events.count() == before
