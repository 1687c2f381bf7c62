"""What the two sides of a collaboration are written when something happens to it."""

from datetime import datetime
from typing import Final

from accounts.models import OutboxEvent, User
from accounts.money import exact
from accounts.outbox import Letter
from campaigns.models import Collaboration, CollaborationEvent, Deliverable
from campaigns.standing import Standing, get_deliverable_standing, get_standing
from campaigns.states import DELIVERABLE_FINAL, Side, State

MOST_PIECES = 5
MOST_CHARACTERS = 2_000

HAPPENED: Final[dict[str, str]] = {
    "invite": "{who} invites you to “{title}”",
    "apply": "{who} applies for “{title}”",
    "offer": "{who} made an offer for “{title}”",
    "counter": "{who} made a counter-offer for “{title}”",
    "enter_limit": "{who} entered a private limit for “{title}”",
    "accept": "{who} accepted the terms of “{title}”",
    "decline": "{who} said no to “{title}”",
    "reject": "{who} rejected the application for “{title}”",
    "withdraw": "{who} withdrew from “{title}”",
    "expire": "“{title}”: nobody answered in time, so it expired",
    "sign_first": "{who} signed the contract of “{title}”",
    "sign": "The contract of “{title}” is signed by both sides",
    "fund": "{who} set the money for “{title}” aside: work can start",
    "lapse": "“{title}” was cancelled: the money was not set aside in time",
    "complete": "“{title}” is complete",
    "close": "“{title}” is closed",
    "ask_to_cancel": "{who} asks to cancel “{title}”",
    "agree_to_cancel": "{who} agreed to cancel “{title}”",
    "refuse_to_cancel": "{who} refused to cancel “{title}”",
    "cancel_by_silence": "“{title}” was cancelled: nobody answered in time",
    "resume_by_silence": "“{title}” goes on: nobody answered in time",
    "dispute": "{who} opened a dispute about “{title}”",
    "dispute_answer": "{who} answered in the dispute about “{title}”",
    "dispute_evidence": "{who} added evidence to the dispute about “{title}”",
    "withdraw_dispute": "{who} took the dispute about “{title}” back",
    "withdraw_late_dispute": "{who} took the dispute about “{title}” back",
    "resume": "The dispute about “{title}” is decided: it goes on",
    "uphold": "The dispute about “{title}” is decided: it stays as it was",
    "split": "The money of “{title}” was divided by decision",
    "settle": "The dispute about “{title}” is decided",
    "decision_late": "The decision about “{title}” is late",
    "review_written": "{who} wrote a review of “{title}”, to be read once both have",
    "reviews_published": "The reviews of “{title}” can be read",
    "review_hidden": "A review of “{title}” was hidden by a moderator",
    "claw_back": "A payment for “{title}” was taken back",
}
PIECE_HAPPENED: Final[dict[str, str]] = {
    "submit_draft": "{who} submitted a draft for “{title}”",
    "request_revision": "{who} asks for changes to your draft for “{title}”",
    "approve": "{who} approved your draft for “{title}”",
    "approve_by_silence": "A draft for “{title}” counts as approved: nobody answered in time",
    "publish": "{who} published a piece for “{title}”",
    "verify": "A publication for “{title}” is verified",
    "settle": "A piece for “{title}” is paid",
    "waive": "{who} gave up a piece of “{title}”",
    "late": "A piece for “{title}” is late",
    "cancel": "A piece for “{title}” was cancelled",
}


def letter_of(event: OutboxEvent, user: User) -> Letter | None:
    """None if the line of the timeline is gone. Four queries."""
    line = (
        CollaborationEvent.objects.select_related(
            "collaboration__campaign__brand", "collaboration__creator"
        )
        .filter(pk=event.payload.get("event"))
        .first()
    )
    if line is None:
        return None
    collaboration = line.collaboration
    side = Side.CREATOR if collaboration.creator.user_id == user.pk else Side.BRAND
    lines = [f"{headline(line)}.", *_details(line)]
    if line.reason:
        lines += [f"The reason given: {line.reason[:MOST_CHARACTERS]}"]
    lines += standing_lines(collaboration, side)
    return Letter(headline(line), lines, "collaboration", [collaboration.pk])


def headline(line: CollaborationEvent) -> str:
    """What happened in one line, also of a kind that has no words of its own here."""
    words = HAPPENED | PIECE_HAPPENED if "deliverable" in line.data else HAPPENED
    happened = words.get(line.name, f"“{{title}}”: {line.name.replace('_', ' ')}")
    collaboration = line.collaboration
    who = {
        Side.BRAND: str(collaboration.campaign.brand),
        Side.CREATOR: str(collaboration.creator),
        Side.MODERATOR: "A moderator",
        Side.SYSTEM: "Fairground",
    }[Side(line.side)]
    return happened.format(who=who, title=collaboration.campaign.title)


def _details(line: CollaborationEvent) -> list[str]:
    data, lines = line.data, []
    if position := data.get("deliverable"):
        found = line.collaboration.deliverables.filter(position=position).first()
        if found is not None:
            lines += [f"Piece {position}: {found.kind}, {found.description[:300]}"]
    if message := data.get("message"):
        lines += [f"They write: {str(message)[:MOST_CHARACTERS]}"]
    if items := data.get("items"):
        lines += ["What the draft misses: " + "; ".join(map(str, items))]
    if url := data.get("url"):
        lines += [f"Published at {url}"]
    for name, label in (
        ("amount_minor", "Amount"),
        ("creator_minor", "To the creator"),
        ("brand_minor", "Back to the brand"),
    ):
        if name in data and "currency" in data:
            lines += [f"{label}: {exact(data[name], data['currency'])}"]
    return lines


def standing_lines(collaboration: Collaboration, side: Side) -> list[str]:
    """Who must act next, by when, and what silence does, as it is at this moment."""
    standing = get_standing(collaboration)
    if State(collaboration.state) is not State.ACTIVE:
        return [line] if (line := acting_line(standing, side)) else ["Nobody has to act now."]
    live = Deliverable.objects.filter(collaboration=collaboration).exclude(
        state__in=DELIVERABLE_FINAL
    )
    lines = []
    for piece in live.order_by("deadline_at", "position")[:MOST_PIECES]:
        if line := acting_line(get_deliverable_standing(piece), side):
            lines += [f"Piece {piece.position} ({piece.get_state_display().lower()}): {line}"]
    return lines


def acting_line(standing: Standing, side: Side) -> str:
    """ "It is your turn, until 5 Mar 2026, 12:00 UTC. If nobody acts, the offer expires." """
    if not standing.acting and standing.deadline_at is None:
        return ""
    if not standing.acting:
        turn = "Nobody has to act"
    elif standing.acting == side:
        turn = "It is your turn"
    elif standing.acting == "both":
        turn = "You and the other side must act"
    else:
        turn = f"{standing.acting_label} must act next"
    until = f", until {moment(standing.deadline_at)}" if standing.deadline_at else ""
    silence = f" If nobody acts, {standing.silence}." if standing.silence else ""
    return f"{turn}{until}.{silence}"


def moment(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
