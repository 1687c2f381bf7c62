"""What a list of recommendations rests on, and how far it can be trusted."""

from dataclasses import dataclass

from scoring.ml.recommending.brand_wishes import Wishes
from scoring.recommendations.states import Current

POINTS_RULE = (
    "10 points for a niche your briefs ask for, 5 for their country, 1 for each hashtag shared "
    "with what you wrote, plus the engagement rate"
)


@dataclass(frozen=True)
class Confidence:
    """Sentences for people, and the figures in them.

    ``is_cold`` says that nothing this brand did is in the order.
    """

    sentences: list[str]
    is_cold: bool
    own_events: int
    all_events: int


def confidence_of(brand: int, wishes: Wishes, current: Current | None) -> Confidence:
    own = current.learned.events_of(brand) if current else 0
    total = current.state.events if current else 0
    sentences = []
    if current is None:
        sentences.append(
            f"Nothing has been learned yet from whom brands choose. The order is {POINTS_RULE}."
        )
    elif not current.serves_learned:
        sentences.append(
            f"{current.state.why} What was learned is not used until it does no worse "
            f"than points; the order is {POINTS_RULE}."
        )
    elif not own:
        sentences.append(
            "Your brand has looked at and chosen nobody yet, so your description and briefs "
            f"decide, and what {total:,} acts of all brands taught."
        )
    else:
        sentences.append(
            f"Learned from {own:,} act{'s' if own != 1 else ''} of your brand, such as looking at "
            f"or inviting a creator, and {total:,} of all brands, up to "
            f"{current.state.learned_through:%-d %B %Y, %H:%M} UTC."
        )
    if current is not None and current.serves_learned:
        sentences.append(current.state.why)
    if wishes.vector is None:
        sentences.append(
            "Your brand has neither a description nor a brief, so nothing says whom you look for."
        )
    cold = current is None or not current.serves_learned or not own
    return Confidence(sentences, cold, own, total)
