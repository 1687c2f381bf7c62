"""Prices of a catalogue, as their scores keep them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scoring.pricing.knowing import Known
from scoring.pricing.quoting import Asked, Quote, Quoter
from scoring.pricing.serving import Answered, answer, list_offered, list_quoters, quoter_of

ASKED_ON = "asked_on"


@dataclass(frozen=True)
class Priced:
    """One account's answers by deliverable, all of one model, and what that model read.

    Where prices move with time they are those of the first of the month: so a score is not
    written anew every day.
    """

    quotes: dict[str, Quote]
    version: str
    feature_set: str
    inputs: dict[str, Any]


def price_accounts(
    known: Sequence[Known], *, simulated: Sequence[bool], as_of: datetime
) -> list[Priced]:
    """In order. Two queries at most.

    :param simulated: which of them are simulated creators.
    """
    on = as_of.date().replace(day=1)
    found: dict[int, Priced] = {}
    for kind in set(simulated):
        places = [place for place, one in enumerate(simulated) if one is kind]
        quoters = list_quoters(simulated=kind)
        works = [
            [Asked({}, name) for name in list_offered(known[place].platform, quoters=quoters)]
            for place in places
        ]
        answers = answer([known[place] for place in places], works, quoters=quoters, on=on)
        for place, own, mine in zip(places, works, answers, strict=True):
            names = [work.deliverable for work in own]
            found[place] = _of_one_model(known[place].platform, names, mine, on)
    return [found[place] for place in range(len(known))]


def price_again(inputs: Mapping[str, Any], *, version: str, as_of: datetime) -> dict[str, Quote]:
    """What the model of that version makes of a score's own inputs.

    :raises ArtifactError: if it is no longer there.
    """
    quoter = quoter_of(version)
    read = dict(inputs)
    asked_on = read.pop(ASKED_ON, None)
    on = date.fromisoformat(asked_on) if asked_on else as_of.date().replace(day=1)
    names = list_offered(str(read["platform"]), quoters=[quoter])
    quotes = quoter.quote([Asked(read, name) for name in names], on=on)
    return dict(zip(names, quotes, strict=True))


def _of_one_model(
    platform: str, names: Sequence[str], answers: Sequence[Answered], on: date
) -> Priced:
    chosen = next((one for one in answers if one.suggestion), answers[0])
    quoter: Quoter = chosen.quoter
    inputs = dict(chosen.inputs)
    if chosen.suggestion and quoter.depends_on_day(platform):
        inputs[ASKED_ON] = on.isoformat()
    quotes = {
        name: one.quote
        for name, one in zip(names, answers, strict=True)
        if one.quoter is quoter or chosen.suggestion is None
    }
    return Priced(quotes, quoter.version, quoter.feature_set, inputs)
