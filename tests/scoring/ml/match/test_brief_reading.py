from collections.abc import Sequence

import numpy as np
import pytest

from scoring.ml.encoding import get_encoder
from scoring.ml.match.brief_reading import (
    MOST_PARTS,
    BriefReader,
    fit_reader,
    split_clauses,
    split_sentences,
)
from scoring.ml.match.field_briefs import DESCRIPTIONS, make_briefs
from scoring.ml.match.scorer import MatchScorer

TALK = "The deadline is in June. We pay 500 euros within thirty days after the invoice."
CREATORS = [
    "yoga teacher, asana and breath",
    "sourdough baker, bread and cakes",
    "guitar player, riffs and solos",
    "wedding photographer in Porto",
]


@pytest.fixture(scope="module")
def reader() -> BriefReader:
    encode = get_encoder().encode
    return fit_reader(encode(CREATORS), encode, random_state=1)


def read(reader: BriefReader, text: str) -> str:
    return reader.read(text, get_encoder().encode).field


def test_talk_around_a_field_is_left_out(reader: BriefReader) -> None:
    assert read(reader, f"We are looking for sourdough bakers. {TALK}") == "sourdough bakers"
    assert read(reader, f"{TALK} Yoga teachers.") == "Yoga teachers"


def test_talk_in_the_sentence_of_the_field_is_left_out(reader: BriefReader) -> None:
    field = read(
        reader,
        "Please find us people who post about yoga and asana, who sign a contract with us before "
        "the month ends and send an invoice.",
    )
    assert "yoga" in field
    assert "invoice" not in field
    assert "contract" not in field


def test_a_brief_of_one_part_is_its_own_field(reader: BriefReader) -> None:
    assert read(reader, "Yoga") == "Yoga"
    assert read(reader, "  we want creators  ") == "we want creators"
    assert read(reader, "") == ""


def test_a_brief_of_nothing_but_talk_keeps_its_best_part(reader: BriefReader) -> None:
    assert read(reader, TALK)


def test_a_field_is_read_the_same_each_time(reader: BriefReader) -> None:
    text = f"{TALK} Bread and cakes for weddings. {TALK}"
    assert read(reader, text) == read(reader, text)


def test_a_huge_brief_has_a_limited_number_of_parts() -> None:
    parts = split_sentences("Bread. Cake! Flour? 小麦粉。" * 1_000)
    assert 1 < len(parts) <= MOST_PARTS
    assert split_clauses("short, and whole") == ["short, and whole"]


def test_the_best_part_wins_where_nothing_is_surely_a_field() -> None:
    """Of three parts none reaches the bar; the best, and those nearly as good, are kept."""
    at = {"alpha.": 0.05, "beta.": 0.04, "gamma.": -0.3}

    def encode(texts: Sequence[str]) -> np.ndarray:
        return np.array([[at[text], 0.0] for text in texts], dtype=np.float32)

    reader = BriefReader(np.array([[1.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32))
    assert reader.read("alpha. beta. gamma.", encode).field == "alpha beta"


def test_descriptions_do_not_name_their_field() -> None:
    for niche, text in DESCRIPTIONS.items():
        words = set(text.lower().replace(",", " ").replace(".", " ").split())
        assert not set(niche.split("-")) & words, niche


def test_halves_do_not_share_their_talk() -> None:
    """Wording is chosen on one half and measured on the other."""
    placing = {b.text for b in make_briefs(["yoga", "divers"], measuring=False)}
    measuring = {b.text for b in make_briefs(["yoga", "divers"], measuring=True)}
    assert len(placing) == len(measuring) == 10
    assert len(placing & measuring) == 4  # the name and the description by themselves


def test_topic_values_are_one_per_text_and_unknown_where_the_cosine_is(
    scorer: MatchScorer,
) -> None:
    brief = scorer.read_brief("yoga", lambda texts: np.zeros((len(texts), 3), np.float32))
    values = scorer.topic_values(
        brief, ["yoga every day", "bread", ""], np.array([0.6, 0.1, np.nan])
    )
    assert values[0] > values[1]
    assert np.isnan(values[2])
    alone = scorer.topic_values(brief, ["bread"], np.array([0.1]))
    assert alone[0] == values[1]
