import pytest

from scoring.matching.brief_text import CHUNK_CHARACTERS, _pieces, language_note


@pytest.mark.parametrize(
    "text",
    [
        "We look for creators who cook at home with their children and like to explain things.",
        "yoga mats",
        "Nike running",
    ],
)
def test_english_and_very_short_briefs_get_no_warning(text: str) -> None:
    assert language_note(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Wir suchen Menschen, die zuhause kochen und ihren Kindern gerne etwas erklären.",
        "Buscamos creadores que cocinen en casa con sus hijos y expliquen cada paso.",
        "我们寻找在家做饭的创作者",
        "Ищем авторов, которые готовят дома вместе с детьми",
    ],
)
def test_other_languages_get_a_warning(text: str) -> None:
    assert "does not look like English" in language_note(text)


def test_a_long_brief_is_read_to_its_end_in_whole_sentences() -> None:
    sentence = "We want calm videos about gardening. "
    pieces = _pieces(sentence * 200)
    assert all(len(piece) <= CHUNK_CHARACTERS for piece in pieces)
    assert all(piece.endswith("gardening.") for piece in pieces)
    assert "".join(pieces).count("gardening") == 200


def test_a_sentence_longer_than_a_piece_is_cut() -> None:
    pieces = _pieces("a" * (2 * CHUNK_CHARACTERS + 5))
    assert "".join(pieces) == "a" * (2 * CHUNK_CHARACTERS + 5)
    assert max(map(len, pieces)) <= CHUNK_CHARACTERS
