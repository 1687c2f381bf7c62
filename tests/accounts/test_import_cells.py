"""Cell parsers: what they accept means what was written, the rest is refused by name."""

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.importing import cells
from accounts.importing.cells import MAX_COUNT, CellDoubtful, CellRefused, Parser

ALL_PARSERS: dict[str, Parser] = {
    "count": cells.count,
    "quantity": cells.quantity,
    "change": cells.change,
    "ratio": cells.ratio(limit=10),
    "text": cells.text(limit=50),
    "one_line": cells.one_line(limit=50),
    "items": cells.items(limit=20),
    "json_names": cells.json_names(limit=20),
    "json_counts": cells.json_counts(length=3),
    "flag": cells.flag,
    "platform": cells.platform,
    "day": cells.day,
    "moment": cells.moment,
}


@pytest.mark.parametrize("name", ALL_PARSERS)
@given(text=st.text(min_size=1, max_size=80))
def test_any_text_is_parsed_or_refused_in_words(name: str, text: str) -> None:
    if not (text := text.strip()):
        return
    try:
        value = ALL_PARSERS[name](text)
    except (CellRefused, CellDoubtful) as error:
        value = str(error) or math.nan
    assert not isinstance(value, float) or math.isfinite(value)


@given(st.integers(0, MAX_COUNT))
def test_counts_are_read_back_from_every_way_of_writing_them(number: int) -> None:
    for text in (str(number), f"{number}.0", f"{number}.", repr(float(number)), f"+{number}"):
        assert cells.count(text) == number


@given(st.integers().filter(lambda number: not 0 <= number <= MAX_COUNT))
def test_counts_out_of_bounds_are_refused(number: int) -> None:
    with pytest.raises(CellRefused, match="from 0 to 10,000,000,000"):
        cells.count(str(number))


@pytest.mark.parametrize(
    "text",
    ["nan", "inf", "-inf", "Infinity", "1e999", "1,000", "12.5", "0x10", "1_000", "١٢", "=1"],
)
def test_counts_are_neither_infinite_nor_fractional_nor_ambiguous(text: str) -> None:
    with pytest.raises(CellRefused):
        cells.count(text)


def test_the_noise_of_floating_point_is_no_fraction() -> None:
    assert cells.count("515299.99999999994") == 515_300
    assert cells.count("65400000.00000001") == 65_400_000


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_an_impossible_ratio_is_doubtful_and_a_possible_one_exact(number: float) -> None:
    parse = cells.ratio(limit=10)
    if 0 <= number <= 10:
        assert parse(repr(number)) == number
    else:
        with pytest.raises(CellDoubtful, match="from 0 to 10"):
            parse(repr(number))


@pytest.mark.parametrize("text", ["nan", "inf", "12%", "a lot"])
def test_a_ratio_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(CellRefused, match="a number"):
        cells.ratio(limit=10)(text)


@given(st.lists(st.text(st.characters(exclude_characters=";#"), min_size=1, max_size=20)))
def test_lists_come_back_without_blanks_and_repetitions(words: list[str]) -> None:
    expected = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    assert cells.items(limit=20)(";".join(words)) == expected


@given(st.lists(st.integers(0, MAX_COUNT), min_size=3, max_size=3))
def test_json_counts_come_back(numbers: list[int]) -> None:
    assert cells.json_counts(length=3)(json.dumps(numbers)) == numbers


@pytest.mark.parametrize(
    "text", ["[1, 2]", "[1, 2, -3]", "[1, 2, 3.5]", "[1, 2, true]", "[1, 2, NaN]", "{}", "[[[", "3"]
)
def test_json_counts_of_the_wrong_shape_are_refused(text: str) -> None:
    with pytest.raises(CellRefused, match="a JSON array of 3 whole numbers"):
        cells.json_counts(length=3)(text)


def test_json_names_are_keys_and_items_in_order() -> None:
    parse = cells.json_names(limit=20)
    assert parse('{"美妆":["彩妆","护肤"],"生活":["彩妆"]}') == ["美妆", "彩妆", "护肤", "生活"]
    assert parse("[]") == []
    for unstorable in ('["nul\\u0000"]', '["half \\ud800"]'):
        with pytest.raises(CellRefused, match="NUL"):
            parse(unstorable)
    with pytest.raises(CellRefused):
        parse("[" * 100_000)


@given(st.datetimes(datetime(1990, 1, 2), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_times_without_an_offset_are_utc(when: datetime) -> None:
    assert cells.moment(when.isoformat(sep=" ")) == when.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", True), ("True", True), ("no", False), ("0.0", False)],
)
def test_flags(text: str, expected: Any) -> None:
    assert cells.flag(text) is expected


def test_a_platform_is_known_by_its_name_in_any_case() -> None:
    assert cells.platform("TikTok") == "tiktok"
    assert cells.platform("X") == "twitter"
    with pytest.raises(CellRefused, match="one of instagram, tiktok"):
        cells.platform("myspace")
