"""Whether what an account reaches is real, and how its creator keeps their word."""

from datetime import datetime
from typing import Any, Final

from accounts.models import Creator, SocialAccount
from campaigns.states import Side
from campaigns.transparency import ENOUGH, FIGURES, get_track_record
from scoring import registry
from scoring.justifying.documents import Figure, Section, Unit
from scoring.models import Score
from scoring.moderation.standing import get_standings
from scoring.post_scoring import get_account_engagement
from scoring.selectors import current_scores

WILSON_WORDS: Final = "95 % interval (Wilson)"
UNITS: Final = {"hours": Unit.HOURS, "share": Unit.SHARE, "count": Unit.RATIO}
# What the other side learns of a creator; how often they are late is the same told again.
SHOWN: Final = (
    "publications_on_time", "drafts_on_time", "completed_share", "dispute_share",
    "revisions_per_piece", "answer_hours",
)  # fmt: skip


def authenticity_section(account: SocialAccount, *, as_of: datetime) -> Section:
    """Fake-follower risk, the sampled followers and the check of posts. Five queries at most."""
    score = current_scores([account.pk]).get(account.pk, {}).get(Score.Task.AUTHENTICITY)
    simulated = account.creator.is_simulated
    standing = get_standings({account.pk: score}).get(account.pk)
    sentences = []
    if standing is not None and standing.is_shown:
        fake = standing.verdict == "fake"
        sentences.append(
            f"A moderator looked at this account on {standing.decided_at:%-d %b %Y} and decided "
            f"that its audience is {'not ' if fake else ''}genuine. That outranks the risk."
        )
    return Section(
        name="authenticity",
        title="Authenticity",
        figures=[
            _risk(score, simulated=simulated),
            _sampled(score, simulated=simulated),
            _checked(account, as_of=as_of, simulated=simulated),
        ],
        sentences=sentences,
    )


def _risk(score: Score | None, *, simulated: bool) -> Figure:
    label = "Fake-follower risk"
    if score is None or score.value is None:
        why = "The account has not been checked yet."
        if score is not None:
            why = score.abstain_reason or "There is not enough evidence."
        return Figure(name="risk", label=label, unit=Unit.POINTS, value=None, unknown=why)
    return Figure(
        name="risk",
        label=label,
        unit=Unit.POINTS,
        value=round(score.value),
        source=f"0 is genuine, 100 is certainly fake: {score.level} risk. The figure is itself a "
        "calibrated probability in per cent, so it has no interval",
        model_version=score.model_version,
        as_of=score.as_of.isoformat(),
        simulated=simulated,
    )


def _sampled(score: Score | None, *, simulated: bool) -> Figure:
    """The share of fakes among followers that were looked at one by one."""
    components = (score.details.get("components") or []) if score else []
    found: dict[str, Any] = next((one for one in components if one["name"] == "followers"), {})
    label = "Fake followers in a sample"
    if score is None or found.get("unit") != "share" or found.get("value") is None:
        return Figure(
            name="sampled", label=label, unit=Unit.SHARE, value=None,
            unknown=found.get("text") or "No followers were sampled.",
        )  # fmt: skip
    return Figure(
        name="sampled",
        label=label,
        unit=Unit.SHARE,
        value=found["value"],
        low=found.get("low"),
        high=found.get("high"),
        interval="95 % interval of the share among all followers",
        source=str(found["text"]),
        model_version=score.model_version,
        as_of=score.as_of.isoformat(),
        simulated=simulated,
    )


def _checked(account: SocialAccount, *, as_of: datetime, simulated: bool) -> Figure:
    """The share of posts whose engagement over time looks bought."""
    found = get_account_engagement([account.pk], as_of)[account.pk]
    label = "Posts with engagement that looks bought"
    if found.flagged_share is None:
        return Figure(
            name="flagged_posts", label=label, unit=Unit.SHARE, value=None,
            unknown=found.abstain_reason or found.sentence,
        )  # fmt: skip
    return Figure(
        name="flagged_posts",
        label=label,
        unit=Unit.SHARE,
        value=found.flagged_share,
        low=found.low,
        high=found.high,
        interval=WILSON_WORDS,
        source=found.sentence,
        model_version=f"engagement/{registry.active_version('engagement')}",
        as_of=as_of.isoformat(),
        simulated=simulated,
    )


def track_record_section(creator: Creator, *, as_of: datetime) -> Section:
    """Work on Fairground in the last twelve months, without a word on money. Two queries."""
    record = get_track_record(creator, now=as_of)
    title = "Track record on Fairground"
    if not record.collaborations:
        return Section(
            name="track_record", title=title,
            unknown="No collaboration on Fairground in the last twelve months.",
        )  # fmt: skip
    of = {figure.name: figure for figure in record.figures}
    figures = [
        Figure(
            name="collaborations",
            label="Collaborations in twelve months",
            unit=Unit.COUNT,
            value=record.collaborations,
            source="Counted from what both sides did on Fairground",
            as_of=record.as_of.isoformat(),
            simulated=creator.is_simulated,
        )
    ]
    for name in SHOWN:
        found, label = of[name], FIGURES[Side.CREATOR][name][0]
        figures.append(
            Figure(
                name=name,
                label=label,
                unit=UNITS[found.unit],
                value=found.value,
                low=found.low,
                high=found.high,
                interval=WILSON_WORDS if found.low is not None else "",
                source=f"{found.n} cases in the twelve months before",
                as_of=record.as_of.isoformat(),
                simulated=creator.is_simulated,
                unknown=""
                if found.value is not None
                else f"{found.n} cases; a figure is given from {ENOUGH} on.",
            )
        )
    return Section(name="track_record", title=title, figures=figures)
