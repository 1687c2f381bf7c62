import gzip

import numpy as np
import pytest

from scoring.ml.tables import Layout, TableError, read_table

LAYOUT = Layout(numbers=("a", "b"), texts=("t",), needed_any=("a", "b"))


def write(tmp_path, content, name="x.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_column_the_file_lacks_is_unknown_and_extra_ones_are_ignored(tmp_path):
    table = read_table(write(tmp_path, b"a,extra\n1,x\n,y\n"), LAYOUT)
    np.testing.assert_array_equal(table.number("a"), [1.0, np.nan])
    assert np.isnan(table.number("b")).all()
    assert list(table.text("t")) == [None, None]


def test_gzip_byte_order_mark_booleans_and_words_for_unknown(tmp_path):
    content = gzip.compress(b"\xef\xbb\xbfa,t\ntrue,x\nN/A,\n 2.5 ,y\n")
    table = read_table(write(tmp_path, content, "x.csv.gz"), LAYOUT)
    np.testing.assert_array_equal(table.number("a"), [1.0, np.nan, 2.5])
    assert list(table.text("t")) == ["x", None, "y"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"a,b\n", "no rows"),
        (b"x,y\n1,2\n", "none of the columns a, b; its header is: x, y"),
        (b"a,t\n1,caf\xe9\n", "not UTF-8"),
        (b"a,b\n1,2\nx,2\n", "row 3, column a: 'x' is not a number"),
        (b"a,b\n1,2\n1,2,3\n", "not a CSV file"),
        (b"a,b\n1,2,3\n", "more cells than the header"),
        (b"a,a\n1,2\n", "'a' twice"),
        (b'a,b\n1,"2\n', "not a CSV file"),
        (b"a,b\ninf,2\n", "row 2, column a"),
    ],
)
def test_a_file_that_is_not_the_table_is_refused_with_what_to_do(tmp_path, content, message):
    with pytest.raises(TableError, match=message):
        read_table(write(tmp_path, content), LAYOUT)


def test_directories_missing_files_and_other_names_are_refused(tmp_path):
    for path, message in [
        (tmp_path, "is a directory"),
        (tmp_path / "no.csv", "does not exist"),
        (write(tmp_path, b"a\n1\n", "x.xlsx"), "neither"),
        (write(tmp_path, b"not gzip", "y.csv.gz"), "cannot be read"),
    ]:
        with pytest.raises(TableError, match=message):
            read_table(path, LAYOUT)
