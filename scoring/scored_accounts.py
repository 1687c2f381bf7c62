"""An account with its current scores, as pages and comparisons read it."""

from dataclasses import dataclass, field

from accounts.models import SocialAccount
from scoring.models import Score


@dataclass
class ScoredAccount:
    """``scores`` by task, as `scoring.selectors.current_scores` gives them; None unscored."""

    account: SocialAccount
    scores: dict[str, Score] = field(default_factory=dict)

    @property
    def risk(self) -> Score | None:
        return self.scores.get(Score.Task.AUTHENTICITY)

    @property
    def niche(self) -> Score | None:
        return self.scores.get(Score.Task.NICHE)

    @property
    def price(self) -> Score | None:
        return self.scores.get(Score.Task.PRICE)
