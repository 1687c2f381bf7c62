import csv
import io
import json
from itertools import groupby
from operator import itemgetter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml import analysis, analysis_files
from scoring.ml.analysis import AnalysisError, analyze, clean_text
from scoring.ml.analysis_files import (
    AnalysisFileError,
    describe_error,
    parse_number,
    parse_series,
    read_analysis_table,
    write_analysis,
)
from scoring.ml.encoding import TextEncoder
from scoring.ml.keywords import extract_cluster_keywords, extract_document_keywords

TOPICS = ["fashion", "gadgets", "fitness", "skincare", "cooking", "travel", "parenting", "finance"]
FILES = {
    "influencers": "influencers_data.csv",
    "growth": "growth_data.csv",
    "brands": "brands_data.csv",
}


def one_hot(texts):
    """A stand-in encoder: one axis per topic, so that the right answer is known."""
    vectors = np.array([[float(topic in text) for topic in TOPICS] for text in texts])
    vectors += 0.01
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def tables():
    people = [f"{topic} fan number {word}" for topic in TOPICS for word in ("one", "two")]
    return {
        "influencers": pd.DataFrame(
            {
                "influencer_id": [str(i) for i in range(16)],
                "bio": people,
                "recent_captions": ["Hello!"] * 16,
            }
        ),
        "growth": pd.DataFrame(
            {
                "influencer_id": ["1", "2"],
                "followers": [1_000, 1_000],
                "avg_likes": [100, 10],
                "avg_comments": [0, 0],
                "follower_growth_last_30_days": [[900, 950, 1_000], [900, 950, 1_000]],
            }
        ),
        "brands": pd.DataFrame(
            {
                "brand_id": ["b1", "b2"],
                "brand_description": ["We sell travel gear", "Cooking oil"],
                "keywords": ["travel,packs", "oil"],
            }
        ),
    }


def rows_of(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def sorted_ties(rows, group, score):
    """Rows with those of equal score in a fixed order: which comes first is the CPU's choice."""
    return [
        sorted(items, key=lambda row: row["influencer_id"])
        for _, items in groupby(rows, key=itemgetter(group, score))
    ]


def test_the_assessment_is_reproduced(shared_data, tmp_path):
    folder = shared_data / "assessment"
    read = {name: read_analysis_table(folder / file, name) for name, file in FILES.items()}
    result = analyze(**read, encode=TextEncoder(precision="float32").encode)
    files = write_analysis(result, tmp_path)
    ours = {name: rows_of(path) for name, path in files.items()}
    theirs = {name: rows_of(folder / "expected" / path.name) for name, path in files.items()}
    for name in ours:
        assert list(ours[name][0]) == list(theirs[name][0])
        assert len(ours[name]) == len(theirs[name])
    clusters = [row.pop("niche_cluster") for row in ours["niches"]]
    assert clusters == [row.pop("niche_cluster") for row in theirs["niches"]]
    for rows in (*ours.values(), *theirs.values()):
        for row in rows:  # which of equally frequent words are kept depends on the CPU
            row.pop("niche_keywords", None)
            row.pop("influencer_niche", None)
            row.pop("rank", None)
    assert ours["niches"] == theirs["niches"]
    by_score = ("fake_score", "fake_score")
    assert sorted_ties(ours["fake_scores"], *by_score) == sorted_ties(
        theirs["fake_scores"], *by_score
    )
    # The tenth place may be shared with an eleventh of the same similarity.
    by_brand = ("brand_id", "similarity_score")
    assert [len(tie) for tie in sorted_ties(ours["matches"], *by_brand)] == [
        len(tie) for tie in sorted_ties(theirs["matches"], *by_brand)
    ]
    for mine, other in zip(ours["matches"], theirs["matches"], strict=True):
        assert mine["brand_id"] == other["brand_id"]
        assert abs(float(mine["similarity_score"]) - float(other["similarity_score"])) < 0.5


def test_topics_become_niches_and_find_their_brands(tables):
    result = analyze(**tables, encode=one_hot)
    assert tuple(result.niches.columns) == analysis.NICHE_COLUMNS
    assert tuple(result.fake_scores.columns) == analysis.SCORE_COLUMNS
    assert tuple(result.matches.columns) == analysis.MATCH_COLUMNS
    topics = result.niches["bio"].str.split().str[0]
    assert (result.niches.groupby("niche_cluster")["bio"].count() == 2).all()
    assert (result.niches.groupby(topics)["niche_cluster"].nunique() == 1).all()
    assert result.fake_scores["influencer_id"].tolist() == ["2", "1"]
    best = result.matches[result.matches["rank"] <= 2]
    assert set(best[best["brand_id"] == "b1"]["influencer_bio"].str.split().str[0]) == {"travel"}
    assert set(best[best["brand_id"] == "b2"]["influencer_bio"].str.split().str[0]) == {"cooking"}
    assert result.matches.groupby("brand_id")["rank"].apply(list).tolist() == [
        list(range(1, 11)),
        list(range(1, 11)),
    ]


def test_the_same_tables_give_the_same_answer(tables):
    first, second = (analyze(**tables, encode=one_hot) for _ in range(2))
    pd.testing.assert_frame_equal(first.niches, second.niches)
    pd.testing.assert_frame_equal(first.matches, second.matches)


def test_seven_influencers_are_too_few(tables):
    tables["influencers"] = tables["influencers"].head(7)
    with pytest.raises(AnalysisError, match="at least 8 influencers, there are 7"):
        analyze(**tables, encode=one_hot)


def test_equal_texts_are_too_few(tables):
    tables["influencers"]["bio"] = "the same"
    with pytest.raises(AnalysisError, match="at least 8 different texts, there are 1"):
        analyze(**tables, encode=one_hot)


def test_a_text_without_letters_is_named_by_row_and_columns(tables):
    tables["influencers"].loc[4, ["bio", "recent_captions"]] = "料理 123", "🎉"
    with pytest.raises(AnalysisError) as caught:
        analyze(**tables, encode=one_hot)
    assert describe_error(caught.value, {"influencers": "in.csv"}) == (
        "in.csv, row 4, column bio and recent_captions: nothing is left after cleaning, "
        "which keeps the letters a to z only."
    )


def test_growth_without_meaning_is_named_by_row_and_column(tables):
    tables["growth"].loc[1, "followers"] = 0
    with pytest.raises(AnalysisError) as caught:
        analyze(**tables, encode=one_hot)
    assert (caught.value.table, caught.value.row, caught.value.column) == ("growth", 1, "followers")


def test_keywords_of_stop_words_only_are_empty():
    assert extract_document_keywords(["the and", "of"], np.array([0, 0])) == {0: ""}


def test_cluster_keywords_set_clusters_apart():
    texts = ["yoga with mats"] * 3 + ["guitar with amps"] * 3
    keywords = extract_cluster_keywords(texts, np.array([0] * 3 + [1] * 3), 3)
    assert keywords == [["mats", "yoga"], ["amps", "guitar"], []]


def test_cleaning_keeps_letters_and_spaces():
    assert clean_text(" Mental & Wellness, AI-powered\t#1! ") == "mental  wellness aipowered"


@given(st.text())
def test_cleaned_text_holds_nothing_else(text):
    assert all(char.isspace() or "a" <= char <= "z" for char in clean_text(text))


def write(tmp_path, content, name="f.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


GROWTH_HEADER = "influencer_id,followers,avg_likes,avg_comments,follower_growth_last_30_days\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        ("influencer_id,bio\n1,x\n", "row 1: no column recent_captions"),
        ("influencer_id,bio,bio,recent_captions\n", "row 1: the column bio is there twice"),
        ("influencer_id,bio,recent_captions\n", "has a header and no rows"),
        ("influencer_id,bio,recent_captions\n1,a,b\n2,a\n", "row 3: 2 cells, but the header has 3"),
        ("influencer_id,bio,recent_captions\n1,a,b,c\n", "row 2: 4 cells"),
        ("influencer_id,bio,recent_captions\n1,a,b\n1,a,b\n", "row 3, column influencer_id"),
        ("influencer_id,bio,recent_captions\n ,a,b\n", "column influencer_id: the id is empty"),
        (b"influencer_id,bio,recent_captions\n1,caf\xe9,b\n", "row 2: not UTF-8"),
        (b"influencer_id,bio,recent_captions\n1,a\0,b\n", "row 2: there is a NUL byte"),
        ('influencer_id,bio,recent_captions\n1,"a,b\n', "row 2: not CSV"),
    ],
)
def test_a_bad_file_is_refused_with_its_row(tmp_path, content, message):
    path = write(tmp_path, content)
    with pytest.raises(AnalysisFileError, match=message) as caught:
        read_analysis_table(path, "influencers")
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('1,10,1,1,"[1, 2, x]"', "row 2, column follower_growth_last_30_days: '.1, 2, x.' is not"),
        ('1,10,1,1,"[1, ""2""]"', "column follower_growth_last_30_days: day 2 is '2', not a num"),
        ('1,10,1,1,"[1, NaN]"', "is not a list of numbers"),
        ('1,10,1,1,"[1, -2]"', "day 2 is -2, not a possible follower count"),
        ('1,10,1,1,"[1, true]"', "day 2 is True, not a number"),
        ('1,10,1,1,"__import__(1)"', "is not a list of numbers"),
        ("1,10,1,1,5", "is not a list of numbers"),
        ('1,many,1,1,"[1, 2]"', "row 2, column followers: 'many' is not a number"),
        ('1,10,-1,1,"[1, 2]"', "column avg_likes: '-1' is not a number of at least 0"),
        ('1,10,1,inf,"[1, 2]"', "column avg_comments: 'inf' is not a number"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(tmp_path, row, message):
    with pytest.raises(AnalysisFileError, match=message):
        read_analysis_table(write(tmp_path, GROWTH_HEADER + row + "\n"), "growth")


def test_a_directory_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(AnalysisFileError, match="is a directory"):
        read_analysis_table(tmp_path, "brands")
    with pytest.raises(AnalysisFileError, match="No such file"):
        read_analysis_table(tmp_path / "none.csv", "brands")


def test_a_byte_order_mark_and_further_columns_do_no_harm(tmp_path):
    content = "\ufeffkeywords,extra,brand_id,brand_description\nk,e,1,d\n\n"
    frame = read_analysis_table(write(tmp_path, content), "brands")
    assert frame.to_dict("records") == [
        {"brand_id": "1", "brand_description": "d", "keywords": "k"}
    ]


def test_writing_replaces_all_three_files_and_leaves_others(tables, tmp_path):
    result = analyze(**tables, encode=one_hot)
    (tmp_path / "other.txt").write_text("mine")
    for _ in range(2):
        write_analysis(result, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "other.txt",
        *analysis_files.OUTPUT_FILES.values(),
    }


def test_a_failed_write_leaves_nothing_behind(tables, tmp_path, monkeypatch):
    result = analyze(**tables, encode=one_hot)
    calls = []

    def fail(self, *args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", fail)
    with pytest.raises(AnalysisFileError, match="No space left"):
        write_analysis(result, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@given(st.lists(st.one_of(st.integers(0, 10**12), st.floats(0, 1e12)), max_size=40))
def test_a_series_survives_writing_and_reading(series):
    assert parse_series(json.dumps(series)) == [float(item) for item in series]


@given(st.text())
def test_parsing_any_text_gives_counts_or_a_value_error(text):
    for parse in (parse_series, parse_number):
        try:
            parse(text)
        except ValueError:
            continue


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=5))
def test_any_table_is_read_or_refused_with_its_name(tmp_path_factory, rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["brand_id", "brand_description", "keywords"], *rows])
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(buffer.getvalue().encode("utf-8", "surrogatepass"))
    try:
        frame = read_analysis_table(path, "brands")
    except AnalysisFileError as error:
        refusal = str(error)
    else:
        refusal = str(path) if frame["brand_id"].is_unique else ""
    assert str(path) in refusal
