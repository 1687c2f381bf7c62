"""The patterns of fake engagement that seed document 002 defines, in its order."""

from __future__ import annotations

from typing import Final

PATTERNS: Final[dict[str, str]] = {
    "sudden_spike": "Counts jump further in a few hours than this post's own history allows.",
    "off_peak_bursts": "Bursts keep coming back at the same quiet hours.",
    "disconnected": "One count rises without the others, or long after interest had faded.",
    "lockstep": "Several counts rise in the same proportion, step for step.",
    "temporal_inconsistency": "The order of the growth is not the order in which interest fades.",
}
"""Name of a pattern to one plain sentence about it."""
