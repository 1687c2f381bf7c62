"""The statement of reasons a creator is given when a case is opened.

It says what Article 17 of the Digital Services Act asks of such a statement: the facts, the
part automated means had, the ground, the consequences and the redress. It is kept as it
was given, whatever the wording becomes later.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import CaseFinding, ModerationCase

Statement = list[dict[str, Any]]

GROUND = (
    "Brands pay for followers and engagement that are real. Profiles whose followers or "
    "engagement are bought or faked may be flagged or suspended."
)
CONSEQUENCES = [
    "Nothing changes until a person has decided. Brands see the profile and its scores as "
    "before, and nobody but you and the moderators sees that it is under review.",
    "A moderator then dismisses the case, flags the profile (brands still find it, with a "
    "mark) or proposes to suspend it (brands no longer find it). A suspension needs a second "
    "moderator. Each decision is sent with its reasons.",
]
REDRESS = [
    "While the case is open you can add evidence on its page: words and links.",
    "A flag or a suspension can be appealed once, on the same page. A moderator who took no "
    "part in the decision answers within 14 days. You remain free to go to a court.",
]


def compose_statement(
    *, ground: str, findings: Sequence[CaseFinding], report: str = "", now: datetime
) -> Statement:
    """Sections ``{"key", "title", "lines"}`` in the order in which they are read."""
    is_score = ground == ModerationCase.Ground.SCORE
    raised = "A score raised this case." if is_score else "A report raised this case."
    lines = [f"{raised} It was opened on {_moment(now)}."]
    if report:
        lines.append(f"What was reported: {report}")
    for finding in findings:
        lines += _finding_lines(finding)
    automated = (
        "The score was computed by a model and the case was opened because of it, both without "
        "a person. No decision is taken that way: a person decides."
        if is_score
        else "A person opened this case and a person decides it. The scores named here were "
        "computed by a model."
    )
    return [
        {"key": "facts", "title": "What this is about", "lines": lines},
        {"key": "ground", "title": "The rule", "lines": [GROUND]},
        {"key": "automated", "title": "Automated means", "lines": [automated]},
        {"key": "consequences", "title": "What happens next", "lines": CONSEQUENCES},
        {"key": "redress", "title": "What you can do", "lines": REDRESS},
    ]


def _finding_lines(finding: CaseFinding) -> list[str]:
    if finding.risk is None or finding.as_of is None:
        return [f"{finding.account}: the model gave no risk."]
    sure = "" if finding.confidence is None else f", {finding.confidence:.0%} sure"
    lines = [
        f"{finding.account}: fake-follower risk {finding.risk:.0f} of 100 ({finding.level}{sure}), "
        f"by model {finding.model_version} from facts up to {_moment(finding.as_of)}. "
        f"Score number {finding.score_number}."
    ]
    return lines + [f"– {_reason(one)}" for one in finding.reasons]


def _reason(reason: dict[str, Any]) -> str:
    """A signed reason in words; many say their direction themselves."""
    text = str(reason.get("text", ""))
    if "the risk" in text:
        return text
    return f"{text}: {'raises' if reason.get('effect', 0) > 0 else 'lowers'} the risk"


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
