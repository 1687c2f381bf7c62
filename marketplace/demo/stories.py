"""What the made-up brands and creators have been through: five seasons past, and the present.

Written with the services people use, each step at its time, so that timelines, books, track
records and deadlines are what they would be.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from accounts.models import Brand, Creator, OutboxEvent, User
from campaigns.briefs import create_campaign, get_latest_brief, revise_brief
from campaigns.cancelling import agree_to_cancel, ask_to_cancel
from campaigns.disputes import add_statement, open_dispute
from campaigns.horizons import PointState
from campaigns.leaving import decline
from campaigns.models import Campaign, CollectionPoint, Payment
from campaigns.offer_terms import OfferTerms
from campaigns.opening import decide_submission, list_missing, submit_campaign
from campaigns.payment_states import AttemptStatus
from campaigns.payments.depositing import request_deposit
from campaigns.payments.payouts import request_payout, submit_payout
from campaigns.payments.provider_events import take_report
from campaigns.payments.providers.base import Report
from campaigns.results.collecting import collect_results
from campaigns.running import change_campaign
from campaigns.specifications import DeliverableSpec
from campaigns.states import CampaignStatus, Side
from campaigns.submissions import get_open_submission
from campaigns.terms import BriefTerms
from marketplace.demo import cast
from marketplace.demo.walking import Walk

DEPOSIT_MINOR = 4_000_000
PAST_SEASONS = (
    # (brand, title, days ago it began, what was asked for, the creators by number)
    (0, "Hand cream for cold weeks", 168, "video", (0, 1, 2)),
    (1, "A puzzle game for trains", 154, "video", (0, 3)),
    (0, "A kettle that pours slowly", 133, "photo series", (0, 2, 4)),
    (1, "Lamps without drilling", 112, "video", (0, 1)),
    (0, "Rain jackets on city bikes", 98, "video", (0, 3, 5)),
)
OPINIONS = (
    (5, "The brief was clear and nobody changed it on the way. Paid the day it was verified."),
    (4, "Kind and quick to answer. One more round of changes than we had agreed to talk about."),
    (5, "Said what was missing in one go, with the line of the brief it was about."),
)
ANSWERS = (
    (5, "Came a day early, disclosed at the start, and told us what did not work."),
    (4, "Good pictures. The first draft missed two items of the brief, the second none."),
    (5, "Careful, on time, and easy to plan with."),
)


PRESENT = (
    "Sunscreen for sensitive skin",
    "A stove for long trails",
    "Bread knives, honestly tested",
    "A cosy farming game",
)


@dataclass(frozen=True)
class Stage:
    """Everybody and everything the stories are about."""

    brands: list[Brand]
    users: dict[str, User]
    creators: list[Creator]
    now: dt.datetime

    @property
    def is_complete(self) -> bool:
        """Whether nobody is missing, as where an address was taken or the market is tiny."""
        moderator = self.users.get(cast.MODERATOR)
        is_enough = len(self.creators) == 1 + len(cast.OTHER_CREATORS)
        return is_enough and moderator is not None and moderator.is_staff

    def owner(self, brand: Brand) -> User:
        return self.users[cast.OWNER if brand == self.brands[0] else cast.SECOND_OWNER]

    def walk(self, title: str, creator: int, *, days_ago: float) -> Walk:
        campaign = Campaign.objects.select_related("brand").get(title=title, brand__in=self.brands)
        chosen = self.creators[creator]
        assert chosen.user is not None
        return Walk(
            campaign=campaign, creator=chosen, brand_user=self.owner(campaign.brand),
            creator_user=chosen.user, at=self.now - dt.timedelta(days=days_ago),
        )  # fmt: skip


def tell_stories(stage: Stage) -> None:
    """Called inside the transaction that makes the market."""
    _deposit(stage)
    _tell_the_past(stage)
    _tell_the_present(stage)
    _pay_out(stage)
    # What happened before the market was there is mailed to nobody.
    OutboxEvent.objects.filter(created_at__lte=stage.now, spread_at=None).update(
        spread_at=stage.now
    )


def collect_past_results(*, now: dt.datetime) -> None:
    """Ask the fake connector at each moment that is over. Not inside a transaction: the
    collector commits what it asks for before it asks."""
    due = CollectionPoint.objects.filter(due_at__lte=now, state=PointState.DUE)
    for moment in due.order_by("due_at").values_list("due_at", flat=True).distinct():
        collect_results(now=moment)


def _deposit(stage: Stage) -> None:
    began = stage.now - dt.timedelta(days=170)
    for brand in stage.brands:
        payment = request_deposit(
            brand=brand, amount_minor=DEPOSIT_MINOR, currency=brand.currency, provider="fake",
            idempotency_key="demo-deposit", actor=stage.owner(brand), now=began,
        )  # fmt: skip
        _report(payment, AttemptStatus.SUCCEEDED, at=began + dt.timedelta(days=1))


def _tell_the_past(stage: Stage) -> None:
    for season, (number, title, days_ago, kind, creators) in enumerate(PAST_SEASONS):
        began = stage.now - dt.timedelta(days=days_ago)
        brand = stage.brands[number]
        campaign = create_campaign(
            brand=brand, title=title, actor=stage.owner(brand), now=began,
            terms=_past_terms(title, kind, brand=brand, began=began.date()),
        )  # fmt: skip
        open_campaign(campaign, stage=stage, at=began)
        for place, creator in enumerate(creators):
            walk = stage.walk(title, creator, days_ago=days_ago - 1 - place)
            walk.invite("We liked how you explain things.").agree().fund().deliver()
            for side, words in _opinions(season + place):
                walk.review(side, *words)
        change_campaign(
            campaign=campaign, name="close", side=Side.BRAND, actor=stage.owner(brand),
            now=began + dt.timedelta(days=45),
        )  # fmt: skip
    Campaign.objects.filter(brand__in=stage.brands).update(is_simulated=True)


def _tell_the_present(stage: Stage) -> None:
    sunscreen, stove, knives, game = PRESENT
    for campaign in Campaign.objects.filter(title__in=PRESENT, brand__in=stage.brands):
        if campaign.status != CampaignStatus.OPEN:
            _complete_brief(campaign, stage=stage)
            open_campaign(campaign, stage=stage, at=campaign.created_at)
    _work_with_changes_asked_for(stage.walk(sunscreen, 0, days_ago=12))
    stage.walk(game, 0, days_ago=2).invite("Your calm way of playing would suit our game.")
    _offers_back_and_forth(stage.walk(stove, 0, days_ago=2.5))
    _completed_and_half_reviewed(stage.walk(knives, 0, days_ago=14))
    stage.walk(sunscreen, 1, days_ago=3).apply("I read ingredient lists for a living.")
    signed = stage.walk(sunscreen, 2, days_ago=2).invite("Would you test it for us?")
    signed.agree(_terms(signed, 55_000))
    waiting = stage.walk(stove, 3, days_ago=5).invite("Three nights, any weather.")
    waiting.agree(_terms(waiting, 90_000)).fund().show_draft(
        1, "Day two in the rain: it lit at the third try, and I say so."
    )
    _dispute(stage.walk(stove, 4, days_ago=11), stage)
    _cancelled(stage.walk(knives, 5, days_ago=10))
    declined = stage.walk(knives, 6, days_ago=6).invite("Four weeks of bread, honestly told.")
    decline(
        collaboration=declined.collaboration, side=Side.CREATOR, actor=declined.creator_user,
        now=declined.at, reason="I do not eat wheat, so I could not judge it.",
    )  # fmt: skip


def _complete_brief(campaign: Campaign, *, stage: Stage) -> None:
    """What a brief needs before moderators read it, where it does not say it yet."""
    terms = BriefTerms.of(get_latest_brief(campaign))
    if list_missing(terms, today=stage.now.date()):
        revise_brief(
            campaign=campaign,
            terms=replace(
                terms,
                objective=terms.objective or "awareness",
                deliverables=terms.deliverables
                or [
                    DeliverableSpec(
                        kind="video", platform="instagram", description="A video of a minute"
                    )
                ],
                total_budget_minor=terms.total_budget_minor or 1_200_000,
                publish_by=terms.publish_by or stage.now.date() + dt.timedelta(days=30),
            ),
            actor=stage.owner(campaign.brand),
            now=campaign.created_at,
        )


def _terms(walk: Walk, *prices_minor: int) -> OfferTerms:
    """As the brief suggests, with these prices, one piece for each."""
    terms = walk.draft_terms()
    piece = terms.deliverables[0]
    return replace(
        terms, deliverables=[replace(piece, price_minor=price) for price in prices_minor]
    )


def _work_with_changes_asked_for(walk: Walk) -> None:
    walk.invite("You explain filters better than we do.").agree(_terms(walk, 60_000, 45_000)).fund()
    walk.write(Side.CREATOR, "Thank you! Which of the two textures do I get?")
    walk.write(Side.BRAND, "Both. The parcel leaves tomorrow.")
    walk.show_draft(1, "Two weeks on sensitive skin, without music.").approve(1)
    walk.publish(1, "Two weeks, no fragrance. #ad").verify(1)
    walk.show_draft(2, "How much is enough: the two-finger rule.")
    walk.ask_for_changes(
        2, "The disclosure comes after twenty seconds; please move it to the start.",
        ["Disclosure in every publication: #ad"],
    )  # fmt: skip


def _offers_back_and_forth(walk: Walk) -> None:
    walk.invite("You sleep outside more often than we do.")
    terms = _terms(walk, 80_000)
    walk.offer(Side.BRAND, terms, "As in the brief.")
    dearer = [replace(one, price_minor=one.price_minor * 5 // 4) for one in terms.deliverables]
    walk.offer(
        Side.CREATOR, replace(terms, deliverables=dearer),
        "Several days outside cost more than one; the rest is fine.",
    )  # fmt: skip
    between = [replace(one, price_minor=one.price_minor * 9 // 8) for one in terms.deliverables]
    walk.offer(Side.BRAND, replace(terms, deliverables=between), "Half way?")


def _completed_and_half_reviewed(walk: Walk) -> None:
    walk.apply("I bake twice a week and own bad knives.").agree(
        _terms(walk, 35_000)
    ).fund().deliver()
    walk.review(Side.BRAND, *ANSWERS[0])


def _dispute(walk: Walk, stage: Stage) -> None:
    walk.invite("Would you take it up a mountain?").agree(_terms(walk, 70_000)).fund()
    walk.show_draft(1, "From the hut, at 2,100 metres.")
    walk.ask_for_changes(1, "We had hoped for rain.", ["Real weather on walks of several days"])
    walk.show_draft(1, "The same walk; it did not rain.")
    walk.ask_for_changes(1, "Still no rain.", ["Real weather on walks of several days"])
    walk.show_draft(1, "A third cut. Weather cannot be promised.")
    open_dispute(
        collaboration=walk.collaboration, category="not_as_agreed", positions=[1], side=Side.BRAND,
        actor=walk.brand_user, now=walk.at,
        text="The brief asks for real weather. All three drafts show sun.",
    )  # fmt: skip
    walk.later(hours=7)
    add_statement(
        collaboration=walk.collaboration, side=Side.CREATOR, actor=walk.creator_user, now=walk.at,
        text="The brief says real weather, not rain. I was out for three days and showed it.",
    )  # fmt: skip


def _cancelled(walk: Walk) -> None:
    walk.invite("Four weeks, one knife.").agree(_terms(walk, 40_000)).fund()
    walk.show_draft(1, "Week one: it cuts.")
    ask_to_cancel(
        collaboration=walk.collaboration, side=Side.CREATOR, actor=walk.creator_user, now=walk.at,
        reason="I have hurt my hand and cannot cut anything for a month.",
    )  # fmt: skip
    walk.later(hours=4)
    agree_to_cancel(
        collaboration=walk.collaboration, side=Side.BRAND, actor=walk.brand_user, now=walk.at
    )


def _pay_out(stage: Stage) -> None:
    """The demo creator has been paid once; a second payout came back from the bank."""
    for key, amount, days_ago, ends in (
        ("demo-1", 60_000, 40, (AttemptStatus.SUCCEEDED,)),
        ("demo-2", 25_000, 8, (AttemptStatus.SUCCEEDED, AttemptStatus.RETURNED)),
    ):
        at = stage.now - dt.timedelta(days=days_ago)
        payment = request_payout(
            creator=stage.creators[0], amount_minor=amount, currency="EUR", provider="fake",
            bank_account="fake:pays", idempotency_key=key, actor=stage.users[cast.CREATOR], now=at,
        )  # fmt: skip
        submit_payout(payment=payment, now=at)
        for days, status in enumerate(ends, start=1):
            _report(payment, status, at=at + dt.timedelta(days=days))


def _report(payment: Payment, status: AttemptStatus, *, at: dt.datetime) -> None:
    """What the provider would have reported; it is asked for nothing inside this transaction."""
    attempt = payment.attempts.get()
    take_report(
        provider=payment.provider,
        report=Report(
            event_id=f"{attempt.key}#{status.value}", attempt_key=attempt.key, status=status,
            amount_minor=payment.amount_minor, currency=payment.currency, occurred_at=at,
        ),
        actor=None,
        now=at,
    )  # fmt: skip


def open_campaign(campaign: Campaign, *, stage: Stage, at: dt.datetime) -> None:
    """Through the moderators, as every campaign."""
    if campaign.status == CampaignStatus.DRAFT:
        submit_campaign(campaign=campaign, actor=stage.owner(campaign.brand), now=at)
    submission = get_open_submission(campaign)
    assert submission is not None
    decide_submission(
        submission=submission, name="approve", actor=stage.users[cast.MODERATOR], now=at
    )


def _past_terms(title: str, kind: str, *, brand: Brand, began: dt.date) -> BriefTerms:
    return BriefTerms(
        text=f"{title}: somebody who uses it for two weeks and says what is wrong with it.",
        objective="launch",
        deliverables=[
            DeliverableSpec(
                kind=kind, platform="instagram", description="What is good and what is not"
            )
        ],
        budget_minor=45_000,
        total_budget_minor=250_000,
        budget_currency=brand.currency,
        places=4,
        publish_by=began + dt.timedelta(days=30),
    )


def _opinions(number: int) -> Iterator[tuple[Side, tuple[int, str]]]:
    yield Side.CREATOR, OPINIONS[number % len(OPINIONS)]
    yield Side.BRAND, ANSWERS[number % len(ANSWERS)]
