"""Bios, hashtags and captions in several plausible manners."""

from dataclasses import dataclass

import numpy as np

from marketplace.demo.tongues import TONGUES
from marketplace.demo.vocabulary import VALUES, Niche

_PLACES = ("📍 {country}", "Based in {country}", "{country}")
_CLOSINGS = (
    "Collabs by message", "New every Friday", "DM for work", "Questions welcome",
    "Slow replies, honest reviews", "Open to briefs", "Weekly newsletter",
)  # fmt: skip
_CAPTIONS = (
    "{A} again, because you asked. Full notes in the comments.",
    "What nobody tells you about {a}.",
    "Three mistakes I made with {a} so that you need not.",
    "{A} or {b}? Choose one and tell me why.",
    "Trying {a} for a week. Day {n}.",
    "Slow morning, {a}, no music.",
    "I said I would {act}. Here is how it went.",
    "A beginner's guide to {a}: save this for later.",
    "{A}: before and after. Swipe for the before.",
    "Reply to a question about {b}. Short answer: it depends.",
    "Unpopular opinion: {a} is overrated, {b} is not.",
    "My {a} kit, all second-hand, prices in the comments.",
    "POV: you only wanted to see {a}",
    "Part {n} of learning {b} in public",
)


@dataclass(frozen=True)
class Voice:
    """How one account writes: its niche, its language, and the topics it returns to."""

    niche: Niche
    tongue: str
    topics: tuple[str, ...]
    tags: tuple[str, ...]


def draw_voice(rng: np.random.Generator, *, niche: Niche, tongue: str) -> Voice:
    foreign = TONGUES.get(tongue)
    topics = foreign.words[niche.label][1:] if foreign else niche.topics
    chosen = tuple(str(topic) for topic in rng.permutation(topics)[:4])
    tags = tuple(str(tag) for tag in rng.permutation(niche.tags)[: int(rng.integers(3, 7))])
    if tongue == "zh":
        tags = (*(topic for topic in chosen[:2]), *tags[:2])
    return Voice(niche=niche, tongue=tongue, topics=chosen, tags=tags)


def write_bio(rng: np.random.Generator, *, voice: Voice, country: str) -> str:
    """One of nine manners in English, one of three in another language."""
    if voice.tongue in TONGUES:
        return _foreign_bio(rng, voice)
    niche, topics = voice.niche, voice.topics
    a, b, c = topics[:3]
    act = str(rng.choice(niche.acts))
    place = str(rng.choice(_PLACES)).format(country=country)
    closing = str(rng.choice(_CLOSINGS))
    value = f"{str(rng.choice(VALUES)).capitalize()}. " if rng.random() < 0.25 else ""
    manners = (
        f"{niche.role.capitalize()} | {a} & {b} | {place}",
        f"I {act}. {value}{closing}.",
        f"{niche.emoji} {a}\n{niche.emoji} {b}\n{place}",
        f"{a} • {b} • {c} • {closing.lower()}",
        f"Here to {act} {niche.emoji} {place}",
        f"{_capital(a)}, {b} and the occasional {c}. {value}{place}",
        f"just someone who likes {a} and {b} a bit too much {niche.emoji}",
        f"{closing} ✉️ {niche.role} writing about {a}, {b}, {c}",
        f"{value}{_capital(a)} for beginners. I {act}, and I {niche.acts[0]}.",
    )
    return str(manners[int(rng.integers(len(manners)))]).strip()


def write_caption(rng: np.random.Generator, *, voice: Voice) -> tuple[str, list[str]]:
    """A caption and the hashtags under it, each tag also one of the account's own."""
    a, b = (str(topic) for topic in rng.permutation(voice.topics)[:2])
    tags = [str(tag) for tag in rng.permutation(voice.tags)[: int(rng.integers(1, 5))]]
    if voice.tongue in TONGUES:
        pattern = str(rng.choice(TONGUES[voice.tongue].captions))
        text = pattern.format(a=a, b=b, c=a)
    else:
        pattern = str(rng.choice(_CAPTIONS))
        act = str(rng.choice(voice.niche.acts))
        text = pattern.format(a=a, A=_capital(a), b=b, act=act, n=int(rng.integers(2, 20)))
    return " ".join([text, *(f"#{tag}" for tag in tags)]), tags


def _foreign_bio(rng: np.random.Generator, voice: Voice) -> str:
    tongue = TONGUES[voice.tongue]
    role = tongue.words[voice.niche.label][0]
    a, b, c = voice.topics[:3]
    return str(rng.choice(tongue.bios)).format(role=role, a=a, b=b, c=c)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
