import gzip
import time
from datetime import UTC, datetime

import numpy as np
import pytest

from scoring.ml.engagement.reading import read_series
from scoring.ml.tables import TableError

NOW = datetime(2025, 1, 1, tzinfo=UTC)


def read(tmp_path, text, name="x.csv"):
    path = tmp_path / name
    content = text.encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return read_series(path, now=NOW)


def test_dates_are_midnight_and_bare_times_are_utc(tmp_path):
    by_date = read(tmp_path, "video_id,date,views\na,2024-01-01,1\na,2024-01-02,2\n", "x.csv.gz")
    assert by_date.series[0].series.time_of(1) == datetime(2024, 1, 2, tzinfo=UTC)
    text = (
        "video_id,observed_at,views,likes\na,2024-01-01T00:30:00,1,0\n"
        "a,2024-01-01T03:00:00+02:00,2,\n"
    )
    series = read(tmp_path, text).series[0].series
    assert series.time_of(0) == datetime(2024, 1, 1, 0, 30, tzinfo=UTC)
    np.testing.assert_allclose(series.step_hours, [0.5])
    np.testing.assert_array_equal(series.counts["likes"], [0, np.nan])
    assert np.isnan(series.counts["shares"]).all()


def test_rows_of_several_videos_may_be_mixed_and_unsorted(tmp_path):
    text = (
        "video_id,date,views,dislikes,category\nb,2024-01-02,20,x,News\na,2024-01-01,1,,\n"
        "b,2024-01-01,10,,\na,2024-01-03,3,,Music\na,2024-01-02,2,,\n"
    )
    found = read(tmp_path, text)
    assert found.rows == 5
    assert [f.series.series_id for f in found.series] == ["b", "a"]
    assert found.series[0].series.counts["views"].tolist() == [10, 20]
    assert found.series[1].series.counts["views"].tolist() == [1, 2, 3]
    assert [f.series.category for f in found.series] == ["News", "Music"]
    assert [f.is_fake for f in found.series] == [None, None]


@pytest.mark.parametrize(
    ("labels", "is_fake", "steps"),
    [
        ("0000", False, [0, 0, 0]),
        ("0010", True, [0, 1, 0]),
        ("1111", True, None),  # a label of the video
        ("1000", True, None),  # no step ends at the first observation
        ("----", None, None),
        ("00-0", None, None),
        ("01-0", True, None),
        ("-010", True, [0, 1, 0]),
    ],
)
def test_a_label_is_about_the_step_that_ends_at_its_row(tmp_path, labels, is_fake, steps):
    rows = [
        f"a,2024-01-0{day + 1},{day},{'' if label == '-' else label}"
        for day, label in enumerate(labels)
    ]
    found = read(tmp_path, "video_id,date,views,is_fake\n" + "\n".join(rows)).series[0]
    assert found.is_fake is is_fake
    if steps is None:
        assert found.fake_steps is None
    else:
        assert found.fake_steps.astype(int).tolist() == steps


@pytest.mark.parametrize(
    ("rows", "code", "row"),
    [
        ("b,2024-01-01,5\nb,2024-01-02,-7", "negative_count", 5),
        ("b,2024-01-01,5\nb,2024-01-02,inf", "infinite_count", 5),
        ("b,2024-01-01,many\nb,2024-01-02,6", "unreadable_count", 4),
        ("b,2024-01-01,5\nb,yesterday,6", "unreadable_time", 5),
        ("b,2024-01-01,5\nb,,6", "unreadable_time", 5),
        ("b,2024-01-01,5\nb,2024-01-01,6", "duplicate_time", 5),
        ("b,2024-01-01,5\nb,9999-01-01,6", "future_time", 5),
        ("b,2024-01-01,5\nb,2025-03-01,6", "future_time", 5),
        ("b,2024-01-01,\nb,2024-01-02,nan", "no_counts", None),
        ("b,2024-01-01,9\nb,2024-01-02,4\nb,2024-01-03,1", "not_cumulative", 5),
        (",2024-01-01,9\n,2024-01-02,4", "no_video_id", 4),
    ],
)
def test_a_bad_series_is_refused_and_leaves_the_others_alone(tmp_path, rows, code, row):
    good = "a,2024-01-01,1\na,2024-01-02,2\n"
    found = read(tmp_path, f"video_id,date,views\n{good}{rows}\n")
    assert [f.series.series_id for f in found.series] == ["a"]
    assert [(r.reason.code, r.row) for r in found.refused] == [(code, row)]


def test_counts_taken_back_are_levelled_although_an_unknown_hides_the_fall(tmp_path):
    text = "video_id,date,views\na,2024-01-01,90\na,2024-01-02,\na,2024-01-03,80\n"
    series = read(tmp_path, text).series[0].series
    np.testing.assert_array_equal(series.counts["views"], [90, np.nan, 90])
    assert series.notes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("video_id,date,views\na,2024-01-01,-1\n", "row 2: none of the 1 series"),
        ("video_id,date,views\n,2024-01-01,1\n", "none of the 1 series"),
        ("video_id,views\na,1\n", "none of the columns observed_at, date"),
        ("date,views\n2024-01-01,1\n", "lacks the column video_id"),
        ("video_id,date\na,2024-01-01\n", "none of the columns views, likes"),
        ("video_id,date,views,is_fake\na,2024-01-01,1,2\n", "row 2, column is_fake: '2'"),
        ("video_id,date,views,is_fake\na,2024-01-01,1,yes\n", "row 2, column is_fake: 'yes'"),
        ("video_id,date,views\n", "no rows"),
    ],
)
def test_a_file_in_another_layout_is_refused_with_the_place(tmp_path, text, message):
    with pytest.raises(TableError, match=message):
        read(tmp_path, text)


def test_labels_may_be_words(tmp_path):
    text = "video_id,date,views,is_fake\na,2024-01-01,1,False\na,2024-01-02,2,TRUE\n"
    assert read(tmp_path, text).series[0].is_fake is True


def test_thirty_thousand_rows_are_read_quickly(tmp_path):
    rows = [
        f"v{video},2024-01-{day + 1:02d},{day * video},{day},{day}"
        for video in range(6_000)
        for day in range(5)
    ]
    path = tmp_path / "many.csv"
    path.write_text("video_id,date,views,likes,comments\n" + "\n".join(rows))
    begun = time.perf_counter()
    assert len(read_series(path, now=NOW).series) == 6_000
    assert time.perf_counter() - begun < 3.0  # well under 1 s on an idle machine
