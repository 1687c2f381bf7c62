"""The whole simulated market as plain values: nothing here touches the database.

Creator ``n`` depends on the seed and ``n`` alone (but for the plants), every count on
the number of days before ``today``: the same arguments give the same market.
"""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from accounts.models import Platform
from marketplace.demo import audience, engagement, frauds, growth, population, series, texts
from marketplace.demo.engagement import HABITS
from marketplace.demo.population import Person, Traits

MIN_DAYS, MAX_DAYS = 60, 120
MIN_POSTS, MAX_POSTS = 5, 12


@dataclass(frozen=True)
class Counts:
    """A post's counts after ``age``; None where the platform shows none."""

    age: dt.timedelta
    views: int | None
    likes: int
    comments: int
    shares: int | None
    saves: int | None


@dataclass(frozen=True)
class SimulatedPost:
    external_id: str
    kind: str
    caption: str
    hashtags: list[str]
    published_at: dt.datetime
    duration_s: float | None
    counts: list[Counts]
    followers: int
    bought: series.Bought | None = None


@dataclass(frozen=True)
class SimulatedAccount:
    """Series have shape (days,); the last day is the market's ``today``."""

    platform: str
    handle: str
    bio: str
    hashtags: list[str]
    declared_niches: list[str]
    country: str
    traits: Traits
    followers: np.ndarray
    posts_count: np.ndarray
    likes: np.ndarray
    comments: np.ndarray
    posts: list[SimulatedPost]
    audience_before: audience.Shares
    audience_now: audience.Shares
    jumps: list[growth.Jump]
    fraud: frauds.Effects | None
    marketplace_facts: dict[str, float]


@dataclass(frozen=True)
class SimulatedCreator:
    person: Person
    accounts: list[SimulatedAccount]


@dataclass(frozen=True)
class Market:
    seed: int
    today: dt.date
    creators: list[SimulatedCreator]

    @property
    def accounts(self) -> list[SimulatedAccount]:
        return [account for creator in self.creators for account in creator.accounts]


def midnight(day: dt.date) -> dt.datetime:
    """When a day's counts are taken: 00:00 UTC."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def generate_market(*, creators: int, seed: int, today: dt.date) -> Market:
    """Draw a market of ``creators`` creators, about 1.15 accounts each."""
    culprits = frauds.draw_culprits(np.random.default_rng([seed]), creators=creators)
    drawn = [
        _simulate_creator(seed=seed, number=number, fraud=culprits.get(number - 1), today=today)
        for number in range(1, creators + 1)
    ]
    return Market(seed=seed, today=today, creators=drawn)


def _simulate_creator(
    *, seed: int, number: int, fraud: frauds.Fraud | None, today: dt.date
) -> SimulatedCreator:
    # A plant has its own generator, so that it changes nothing else about its creator.
    rng, fraud_rng = (np.random.default_rng([seed, number, stream]) for stream in (0, 1))
    person = population.draw_person(rng, number=number)
    accounts = []
    for place, platform in enumerate(person.platforms):
        size = person.size if place == 0 else max(500.0, person.size * rng.uniform(0.1, 1.2))
        accounts.append(
            _simulate_account(
                rng,
                person=person,
                platform=platform,
                size=size,
                fraud=fraud if place == 0 else None,
                fraud_rng=fraud_rng,
                today=today,
            )
        )
    if series.is_followed(number):
        accounts[0] = replace(accounts[0], posts=_follow_posts(accounts[0], seed, number, today))
    return SimulatedCreator(person=person, accounts=accounts)


def _simulate_account(
    rng: np.random.Generator,
    *,
    person: Person,
    platform: str,
    size: float,
    fraud: frauds.Fraud | None,
    fraud_rng: np.random.Generator,
    today: dt.date,
) -> SimulatedAccount:
    days = int(rng.integers(MIN_DAYS, MAX_DAYS + 1))
    first = today - dt.timedelta(days=days - 1)
    jumps = growth.draw_jumps(rng, days=days)
    organic = growth.simulate_organic(
        rng, size=size, days=days, first_weekday=first.weekday(), jumps=jumps
    )
    honest = engagement.simulate_engagement(
        rng, platform=platform, followers=organic.followers, lift=organic.lift
    )
    followers, likes, comments = organic.followers, honest.likes, honest.comments
    effects = None
    if fraud is not None:
        effects = frauds.plant(
            fraud, fraud_rng, followers=followers, likes=likes, comments=comments
        )
        followers = followers + effects.bots
        likes, comments = likes + effects.likes, comments + effects.comments
    voice = texts.draw_voice(rng, niche=person.niche, tongue=person.tongue)
    traits = population.draw_traits(rng, size=size, today=today)
    posts = _simulate_posts(
        rng,
        person=person,
        platform=platform,
        voice=voice,
        series=(followers, likes, comments),
        per_view=honest.per_view,
        today=today,
    )
    before = audience.simulate_audience(
        rng, niche=person.niche, country=person.country, tongue=person.tongue
    )
    bots = 0.0 if effects is None else float(effects.bots[-1] / followers[-1])
    rate = len(posts) / HABITS[platform].window_days
    base = int(rng.integers(40, 900))
    return SimulatedAccount(
        platform=platform,
        handle=person.handle,
        bio=texts.write_bio(rng, voice=voice, country=person.country),
        hashtags=list(voice.tags),
        declared_niches=[person.niche.label] if traits.declares_niche else [],
        country=person.country,
        traits=traits,
        followers=np.rint(followers).astype(np.int64),
        posts_count=base + np.floor(rate * np.arange(days)).astype(np.int64),
        likes=likes,
        comments=comments,
        posts=posts,
        audience_before=before,
        audience_now=audience.mix_in_bots(fraud_rng, before, bots=bots) if bots else before,
        jumps=jumps,
        fraud=effects,
        marketplace_facts=(
            _marketplace_facts(rng, followers=followers, posts=posts)
            if platform == Platform.DOUYIN
            else {}
        ),
    )


def _marketplace_facts(
    rng: np.random.Generator, *, followers: np.ndarray, posts: list[SimulatedPost]
) -> dict[str, float]:
    """What Douyin's creator marketplace lists beside an account; prices are learnt from these.

    Engagement there is reactions per view. All posts are younger than 30 days.
    """
    latest = [post.counts[-1] for post in posts]
    views = float(np.median([counts.views or 0 for counts in latest]))
    reactions = float(
        np.median([counts.likes + counts.comments + (counts.shares or 0) for counts in latest])
    )
    return {
        "follower_change_15d": float(round(followers[-1] - followers[-16])),
        "follower_change_30d": float(round(followers[-1] - followers[-31])),
        "median_views_30d": views,
        "median_interactions_30d": reactions,
        "engagement_rate_30d": round(reactions / max(views, 1.0), 5),
        "completion_rate_30d": round(float(rng.beta(2.0, 16.0)), 4),
        "expected_views": float(round(views * np.exp(rng.normal(0.0, 0.25)))),
    }


def _simulate_posts(
    rng: np.random.Generator,
    *,
    person: Person,
    platform: str,
    voice: texts.Voice,
    series: tuple[np.ndarray, np.ndarray, np.ndarray],
    per_view: float,
    today: dt.date,
) -> list[SimulatedPost]:
    """Posts of the last weeks, the oldest first; each is counted after a day and today."""
    habits = HABITS[platform]
    followers, likes, comments = series
    taken_at = midnight(today)
    ages = np.sort(
        rng.uniform(0.2, habits.window_days, size=int(rng.integers(MIN_POSTS, MAX_POSTS + 1)))
    )[::-1]
    posts = []
    for index, age in enumerate(ages, start=1):
        # Sunday's post is Saturday night's elsewhere: hours are uniform, days are not modelled.
        published_at = taken_at - dt.timedelta(minutes=int(age * 24 * 60))
        day = max(0, len(followers) - 1 - int(np.ceil(age)))
        spread = float(np.exp(rng.normal(0.0, 0.45) - 0.45**2 / 2))
        kind = str(rng.choice(habits.kinds))
        caption, tags = texts.write_caption(rng, voice=voice)
        final = _final_counts(
            rng,
            platform=platform,
            is_video=kind in habits.video_kinds,
            likes=likes[day] * spread,
            comments=comments[day] * spread,
            per_view=per_view,
        )
        moments = [dt.timedelta(days=1)] if age > 1.0 else []
        posts.append(
            SimulatedPost(
                external_id=f"sim-{person.number:03d}-{platform}-{index:02d}",
                kind=kind,
                caption=caption,
                hashtags=tags,
                published_at=published_at,
                duration_s=(
                    round(float(rng.uniform(*habits.seconds)), 1)
                    if kind in habits.video_kinds
                    else None
                ),
                counts=[
                    _counts_at(platform, final, age=moment)
                    for moment in [*moments, taken_at - published_at]
                ],
                followers=round(followers[-1]),
            )
        )
    return posts


def _follow_posts(
    account: SimulatedAccount, seed: int, number: int, today: dt.date
) -> list[SimulatedPost]:
    """The account's posts, some of the settled ones counted by the hour."""
    # A generator of its own, so that being followed changes nothing else.
    rng = np.random.default_rng([seed, number, 2])
    buys = series.buys_engagement(rng, number=number)
    age_of = [
        (midnight(today) - post.published_at) / dt.timedelta(days=1) for post in account.posts
    ]
    settled = [place for place, age in enumerate(age_of) if age >= series.YOUNGEST_DAYS]
    posts = list(account.posts)
    # Posts that show views say more; of those the youngest.
    settled.sort(key=lambda place: (posts[place].counts[-1].views is not None, place))
    for turn, place in enumerate(settled[-series.POSTS_FOLLOWED :], start=number):
        post = posts[place]
        published = post.published_at
        followed = series.follow_post(
            rng,
            platform=account.platform,
            age_days=age_of[place],
            published_hour=published.hour + published.minute / 60,
            today={name: getattr(post.counts[-1], name) for name in series.COUNTED},
            buys=buys,
            turn=turn,
        )
        counts = [
            Counts(
                age=dt.timedelta(hours=float(hour)),
                **{
                    name: int(followed.counts[name][row]) if name in followed.counts else None
                    for name in series.COUNTED
                },  # type: ignore[arg-type]
            )
            for row, hour in enumerate(followed.hours)
        ]
        counts[-1] = replace(counts[-1], age=midnight(today) - published)
        posts[place] = replace(post, counts=counts, bought=followed.bought)
    return posts


def _final_counts(
    rng: np.random.Generator,
    *,
    platform: str,
    is_video: bool,
    likes: float,
    comments: float,
    per_view: float,
) -> dict[str, float | None]:
    """What a post would gather in the end; views are reactions over reactions per view."""
    habits = HABITS[platform]
    views = (likes + comments) / per_view * float(np.exp(rng.normal(0.0, 0.2)))
    shares, saves = rng.uniform(0.01, 0.06), rng.uniform(0.03, 0.15)
    return {
        "views": max(views, likes + comments) if is_video else None,
        "likes": likes,
        "comments": comments,
        "shares": likes * shares if habits.has_shares else None,
        "saves": likes * saves if habits.has_saves else None,
    }


def _counts_at(platform: str, final: dict[str, float | None], *, age: dt.timedelta) -> Counts:
    share = engagement.settled_share(platform, age_days=age / dt.timedelta(days=1))

    def counted(name: str) -> int | None:
        value = final[name]
        return None if value is None else round(value * share)

    return Counts(
        age=age,
        views=counted("views"),
        likes=counted("likes") or 0,
        comments=counted("comments") or 0,
        shares=counted("shares"),
        saves=counted("saves"),
    )
