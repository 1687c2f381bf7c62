"""What each side rates the other by."""

from typing import Final

from campaigns.states import Side

RATINGS: Final = range(1, 6)
REVIEW_CHARACTERS: Final = 2_000
ASPECTS: Final[dict[Side, dict[str, str]]] = {
    Side.BRAND: {
        "quality": "Quality of the work",
        "timeliness": "On time",
        "communication": "Communication",
    },
    Side.CREATOR: {
        "brief": "Clarity of the brief",
        "payment": "Approval and payment",
        "communication": "Communication",
    },
}
"""By the side that writes: the brand rates the creator's work, the creator the brand's conduct."""
