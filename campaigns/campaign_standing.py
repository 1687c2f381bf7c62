"""Where a campaign stands: who acts next, what that state means, what the brand can do."""

from dataclasses import dataclass
from typing import Final

from campaigns.models import Campaign
from campaigns.states import CAMPAIGN_TRANSITIONS, LIVE, CampaignStatus, Side

BRAND, MODERATORS = "The brand", "The moderators"
_WORDS: Final[dict[CampaignStatus, tuple[str, str]]] = {
    CampaignStatus.DRAFT: (
        BRAND,
        "Only the brand's team sees it. Complete the brief and submit it; a moderator reads it, "
        "then creators find it.",
    ),
    CampaignStatus.IN_MODERATION: (
        MODERATORS,
        "A moderator reads the brief and opens the campaign or sends it back with a reason, "
        "which is mailed to the brand. Nobody new is invited or applies meanwhile; "
        "collaborations that run go on.",
    ),
    CampaignStatus.OPEN: ("", "Creators find it and can apply; the brand can invite them."),
    CampaignStatus.PAUSED: (
        BRAND,
        "Nobody new is invited or applies until the brand resumes it; collaborations that run "
        "go on.",
    ),
    CampaignStatus.CLOSED: (
        "",
        "Nobody new is invited or applies; collaborations that run go on to their end.",
    ),
    CampaignStatus.ARCHIVED: ("", "It is kept to be read and copied."),
    CampaignStatus.CANCELLED: ("", "It was cancelled before anybody worked for it."),
}
# In the order of the buttons. A recheck happens by changing the brief, not by a button.
BRAND_MOVES: Final = ("submit", "take_back", "pause", "resume", "close", "archive", "cancel")


@dataclass(frozen=True)
class CampaignStanding:
    """``moves`` are the names the brand may choose from now; ``live`` counts collaborations."""

    status: str
    label: str
    acting: str
    meaning: str
    moves: tuple[str, ...]
    live: int


def get_campaign_standing(campaign: Campaign) -> CampaignStanding:
    """One query."""
    status = CampaignStatus(campaign.status)
    live = campaign.collaborations.filter(state__in=LIVE).count()
    acting, meaning = _WORDS[status]
    return CampaignStanding(
        status.value, str(status.label), acting, meaning, _moves(status, live), live
    )


def _moves(status: CampaignStatus, live: int) -> tuple[str, ...]:
    return tuple(
        name
        for name in BRAND_MOVES
        if status in CAMPAIGN_TRANSITIONS[name].sources
        and CAMPAIGN_TRANSITIONS[name].who is Side.BRAND
        and not (name == "cancel" and live)
    )
