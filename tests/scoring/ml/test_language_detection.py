"""Languages of short texts: right where it answers, silent where it cannot know."""

import subprocess
import sys

import pytest

from scoring.ml.language_detection import LANGUAGES, detect_language, plain_words

BIOS = {
    "en": "Personal trainer, helping busy mothers to feel strong again. Apply for coaching below",
    "es": "Amo bailar y me gusta el maquillaje, sígueme para más videos",
    "pt": "Receitas saudáveis com criatividade. Não sou chef, mas faço comida bonita",
    "it": "Ciao sono Pietro e amo suonare, qui trovi tutto quello che mi riguarda",
    "fr": "Je partage mes recettes et ma vie avec vous tous les jours",
    "de": "Aus dem Ruhrpott, hier schreibe ich über meine Hunde und unser Zuhause",
    "tr": "Her şeyden biraz, reklam ve iş birliği için mesaj atın",
    "pl": "Tworzę zdjęcia dla firm i piszę o tym, jak dbać o paznokcie",
    "ru": "Подробные рецепты и всё для начинающих пекарей",
    "ja": "水彩画家です。お問い合わせはDMでよろしくお願いします",
    "ko": "협업 및 외주 문의는 메일로 부탁드립니다",
    "th": "ฝากกดติดตามและติดต่องานได้เลยนะคะ",
    "ar": "الجمال والموضة ونمط الحياة كل يوم",
    "no": "Interiør, mat og livsstil. Følg meg for nye oppskrifter hver dag",
}


@pytest.mark.parametrize(("code", "bio"), BIOS.items())
def test_plain_sentences_are_read(code: str, bio: str) -> None:
    assert detect_language(bio) == code
    assert detect_language(f"📍 {bio} 💌 anna@example.com @anna #fyp #viral") == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "😎🔥",
        "DJ | Berlin",
        "@anna @ben",
        "https://example.com/alle/meine/links",
        "12 345",
    ],
)
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_language(text) == ""


def test_decoration_is_no_language() -> None:
    assert plain_words("F a s h i o n • 𝓽𝓻𝓪𝓿𝓮𝓵 • anna@example.com #ad") == "fashion travel"


def test_hostile_texts_are_read_without_harm() -> None:
    for text in ("\x00" * 50, "\ud800" * 50, "a" * 1_000_000, "<script>alert(1)</script>" * 50):
        assert detect_language(text) in {"", *LANGUAGES}


def test_another_process_reads_the_same() -> None:
    code = (
        "from scoring.ml.language_detection import detect_languages; import sys; "
        "print(*detect_languages(sys.argv[1:]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, *BIOS.values()], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == list(BIOS)
