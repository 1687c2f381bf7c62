"""Price suggestions of all markets, or an admission that there is nothing to compare with."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import lightgbm as lgb

from scoring.ml.artifacts import Artifact
from scoring.ml.prices.comparables import nearest_rows
from scoring.ml.prices.facts import MarketRow, PriceRequest, is_usable, market_of, plain
from scoring.ml.prices.features import FEATURE_SET
from scoring.ml.prices.fitting import fit_market
from scoring.ml.prices.market_model import MarketModel
from scoring.ml.prices.settings import LEVELS, MarketSettings
from scoring.ml.prices.suggestions import Comparable, NoComparableMarketData, PriceSuggestion
from scoring.ml.prices.vocabulary import FEWEST_DELIVERABLE_CREATORS

SETTINGS_FILE: Final = "markets.json"
FEWEST_CREATORS: Final = 30
MOST_NEAREST: Final = 5
UNSAVED: Final = "unsaved"


class PriceModel:
    """Markets by (platform, currency). Read-only and safe to share between threads."""

    def __init__(
        self, markets: Mapping[tuple[str, str], MarketModel], *, version: str, trained_at: str
    ) -> None:
        self.markets = markets
        self.version = version
        self.trained_at = trained_at
        self.feature_set = FEATURE_SET

    @property
    def simulated(self) -> bool:
        return any(market.settings.simulated for market in self.markets.values())

    def suggest(
        self, requests: Sequence[PriceRequest], *, now: date | datetime
    ) -> list[PriceSuggestion | NoComparableMarketData]:
        """One answer per request; a batch gives each what it would get alone.

        :param now: the day prices are asked for.
        :raises ValueError: a month that is none.
        """
        for request in requests:
            if request.month is not None and request.month not in range(1, 13):
                raise ValueError(f"There is no month {request.month}; months are 1 to 12.")
        day = now.date() if isinstance(now, datetime) else now
        answers: dict[int, PriceSuggestion | NoComparableMarketData] = {}
        asked: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, request in enumerate(requests):
            key = self.market_for(request)
            if key is None:
                answers[place] = self._nothing(request, self._no_market(request))
            else:
                asked[key].append(place)
        for key, places in asked.items():
            found = self.markets[key].suggest(
                [requests[place] for place in places], now=day, version=self.version
            )
            for place, answer in zip(places, found, strict=True):
                answers[place] = (
                    self._nothing(requests[place], answer) if isinstance(answer, str) else answer
                )
        return [answers[place] for place in range(len(requests))]

    def comparables(
        self, request: PriceRequest, rows: Sequence[MarketRow], *, top: int, now: date | None = None
    ) -> list[Comparable]:
        """The `top` nearest of `rows`, one per creator, blurred; see `nearest_rows`.

        Only rows of the request's market count; none where it has no market.
        """
        key = self.market_for(request)
        if key is None:
            return []
        own = [row for row in rows if market_of(row) == key]
        return nearest_rows(request, own, top=top, now=now)

    def market_for(self, request: PriceRequest) -> tuple[str, str] | None:
        """The market a request is about: its currency's, or the platform's largest."""
        platform, currency = plain(request.platform), request.currency.strip().upper()
        if currency:
            return (platform, currency) if (platform, currency) in self.markets else None
        own = [key for key in self.markets if key[0] == platform]
        return max(
            own, key=lambda key: (self.markets[key].settings.counts.creators, key), default=None
        )

    def list_markets(self) -> list[dict[str, Any]]:
        """What there are answers for, in order of platform and currency."""
        return [
            {
                "platform": platform,
                "currency": currency,
                "deliverables": list(market.settings.vocabulary.deliverables),
                "creators": market.settings.counts.creators,
                "prices": market.settings.counts.prices,
                "cut": market.settings.counts.cut,
                "figures": dict(market.settings.figures),
                "simulated": market.settings.simulated,
            }
            for (platform, currency), market in sorted(self.markets.items())
        ]

    def to_files(self) -> dict[str, str]:
        """Texts by file name: settings as JSON, trees as LightGBM text."""
        ordered = [self.markets[key] for key in sorted(self.markets)]
        document = {
            "feature_set": FEATURE_SET,
            "trained_at": self.trained_at,
            "markets": [market.settings.to_json() for market in ordered],
        }
        files = {SETTINGS_FILE: json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True)}
        for place, market in enumerate(ordered):
            for level, booster in market.boosters.items():
                files[f"market{place}_{level}.txt"] = booster.model_to_string()
        return files

    @classmethod
    def from_files(cls, files: Mapping[str, str], *, version: str = UNSAVED) -> PriceModel:
        """:raises ValueError: the files are not those of `to_files`."""
        try:
            document = json.loads(files[SETTINGS_FILE])
            if document["feature_set"] != FEATURE_SET:
                raise ValueError(f"The prices are of {document['feature_set']!r}.")
            markets = {}
            for place, one in enumerate(document["markets"]):
                settings = MarketSettings.from_json(one)
                boosters = {
                    level: lgb.Booster(model_str=files[f"market{place}_{level}.txt"])
                    for level in LEVELS
                }
                markets[settings.platform, settings.currency] = MarketModel(
                    boosters=boosters, settings=settings
                )
        except (KeyError, TypeError, lgb.basic.LightGBMError) as error:
            raise ValueError(f"This is no price model: {error!r}.") from error
        return cls(markets, version=version, trained_at=str(document["trained_at"]))

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> PriceModel:
        files = {name: content.decode("utf-8") for name, content in artifact.contents.items()}
        return cls.from_files(files, version=artifact.version)

    def _no_market(self, request: PriceRequest) -> str:
        where = plain(request.platform) or "this platform"
        if request.currency and any(key[0] == where for key in self.markets):
            return f"No comparable market data: there are no prices on {where} in that currency."
        return f"No comparable market data: there are no prices for {where}."

    def _nothing(self, request: PriceRequest, reason: str) -> NoComparableMarketData:
        return NoComparableMarketData(
            platform=request.platform, reason=reason, nearest=self._nearest(request)
        )

    def _nearest(self, request: PriceRequest) -> tuple[str, ...]:
        platform, deliverable = plain(request.platform), plain(request.deliverable)
        found: list[tuple[Any, ...]] = [
            (key[0] != platform, name != deliverable, f"{name} on {market.name}")
            for key, market in self.markets.items()
            for name in market.settings.vocabulary.deliverables
        ]
        return tuple(text for _, _, text in sorted(found)[:MOST_NEAREST])


def train_market(
    rows: Sequence[MarketRow],
    *,
    random_state: int,
    trained_at: datetime,
    minor_digits: Mapping[str, int] | None = None,
) -> PriceModel:
    """Learn every market of `rows` that has enough creators; the others are left out.

    Rows without a price or followers above zero are passed over.

    :param minor_digits: decimal places by currency; 2 where it is not named.
    :raises ValueError: no market has `FEWEST_CREATORS` creators, or simulated rows are mixed
        with real ones.
    """
    usable = [row for row in rows if is_usable(row)]
    if len({row.simulated for row in usable}) > 1:
        raise ValueError("Simulated prices are never learned together with real ones.")
    by_market: dict[tuple[str, str], list[MarketRow]] = defaultdict(list)
    for row in usable:
        by_market[market_of(row)].append(row)
    digits = minor_digits or {}
    markets = {
        key: fit_market(own, random_state=random_state, minor_digits=digits.get(key[1], 2))
        for key, own in sorted(by_market.items())
        if count_creators(own) >= FEWEST_CREATORS
    }
    if not markets:
        most = max((count_creators(own) for own in by_market.values()), default=0)
        raise ValueError(
            f"A market needs priced work of at least {FEWEST_CREATORS} creators on one platform "
            f"in one currency; the largest has {most}."
        )
    return PriceModel(markets, version=UNSAVED, trained_at=trained_at.isoformat(timespec="seconds"))


def count_creators(rows: Sequence[MarketRow]) -> int:
    """Creators with a price for a deliverable that enough of them have a price for."""
    by_deliverable: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_deliverable[plain(row.deliverable)].add(row.creator_key)
    enough = [who for who in by_deliverable.values() if len(who) >= FEWEST_DELIVERABLE_CREATORS]
    return len(set().union(*enough)) if enough else 0
