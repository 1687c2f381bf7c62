"""One sentence for each kind of line in a collaboration's timeline."""

from collections.abc import Callable
from typing import Any

from accounts.money import exact
from campaigns.models import CollaborationEvent

Data = dict[str, Any]


def _piece(data: Data) -> str:
    number = data.get("deliverable")
    return f"piece {number}" if number else "a piece"


def _offer(data: Data) -> str:
    return f"offer {data.get('version', '')}".strip()


def _money(data: Data, name: str) -> str:
    amount, currency = data.get(name), data.get("currency", "")
    return exact(amount, currency) if isinstance(amount, int) and currency else "money"


def _limit(data: Data) -> str:
    if data.get("overlaps") is None:
        return "Entered a private limit."
    if not data["overlaps"]:
        return "Entered a private limit. The two limits do not meet."
    return "Entered a private limit. The two limits meet."


def _publish(data: Data) -> str:
    return f"Published {_piece(data)}: {data.get('url', '')}".rstrip(": ")


WORDS: dict[str, str | Callable[[Data], str]] = {
    "invite": "Invited the creator.",
    "apply": "Applied to the campaign.",
    "offer": lambda data: f"Made {_offer(data)}.",
    "counter": lambda data: f"Countered with {_offer(data)}.",
    "accept": lambda data: f"Accepted {_offer(data)}. The contract is drawn up.",
    "decline": "Declined.",
    "withdraw": "Withdrew.",
    "reject": "Turned the application down.",
    "expire": "It expired.",
    "enter_limit": _limit,
    "sign_first": lambda data: f"Signed as {data.get('typed_name', '')}. One signature is missing.",
    "sign": lambda data: f"Signed as {data.get('typed_name', '')}. Both have signed.",
    "fund": lambda data: f"Set {_money(data, 'set_aside_minor')} aside. Work can start.",
    "lapse": "Nobody funded it in time; it is cancelled.",
    "submit_draft": lambda data: f"Showed a draft of {_piece(data)}.",
    "request_revision": lambda data: f"Asked for changes to {_piece(data)}.",
    "approve": lambda data: f"Approved the draft of {_piece(data)}.",
    "approve_by_silence": lambda data: (
        f"Nobody answered in time; the draft of {_piece(data)} is approved."
    ),
    "publish": _publish,
    "verify": lambda data: f"Verified the publication of {_piece(data)}.",
    "settle": lambda data: f"The price of {_piece(data)} is owed to the creator.",
    "waive": lambda data: f"Gave {_piece(data)} up; its price goes back to the brand.",
    "cancel": lambda data: f"Work on {_piece(data)} has ended.",
    "late": lambda data: f"The time for {_piece(data)} ended without an answer.",
    "complete": "Everything is delivered or given up.",
    "close": "Closed.",
    "ask_to_cancel": "Asked to end it early.",
    "agree_to_cancel": "Agreed to end it; the money is divided as the contract says.",
    "refuse_to_cancel": "Refused to end it; work goes on.",
    "cancel_by_silence": "Nobody answered in time; it is cancelled.",
    "resume_by_silence": "Nobody answered in time; work goes on, because a draft was shown.",
    "dispute": "Opened a dispute. Money stays where it is.",
    "dispute_answer": "Answered the dispute.",
    "dispute_evidence": "Added to the dispute.",
    "decision_late": "The decision is late; the moderators were reminded.",
    "withdraw_dispute": "Took the dispute back; work goes on.",
    "withdraw_late_dispute": "Took the dispute back; the work stays completed.",
    "resume": "Decided: work goes on.",
    "uphold": "Decided: the work stays completed.",
    "split": lambda data: (
        f"Divided what was set aside: {_money(data, 'creator_minor')} to the creator, "
        f"{_money(data, 'brand_minor')} back to the brand, {_money(data, 'fee_minor')} fee."
    ),
    "claw_back": lambda data: (
        f"Took {_money(data, 'amount_minor')} back for {_piece(data)}; the brand has it again."
    ),
    "review_written": "Wrote a review. Nobody reads it before both have, or the time is over.",
    "reviews_published": "The reviews can be read.",
    "review_hidden": "Hid a review.",
}
# Settling names two different things: a piece that is paid, and a dispute that is decided.
DECIDED = "Decided: the money is divided and the collaboration has ended."


def sentence(event: CollaborationEvent) -> str:
    """What happened; a name nobody described is shown as it is, in words."""
    data = event.data if isinstance(event.data, dict) else {}
    if event.name == "settle" and "deliverable" not in data:
        return DECIDED
    words = WORDS.get(event.name)
    if words is None:
        return event.name.replace("_", " ").strip().capitalize() + "."
    return words if isinstance(words, str) else words(data)
