"""`evaluate --out` for accounts: ids, reasons, bad cells."""

import pandas as pd
import pytest

from scoring.ml import authenticity_answers
from scoring.ml.artifacts import load_artifact
from scoring.ml.authenticity import AuthenticityModel
from scoring.ml.authenticity_answers import answers
from scoring.ml.authenticity_training import TASK
from scoring.ml.tables import TableError

from .test_authenticity import SHIPPED, synthetic_accounts


@pytest.fixture(scope="module")
def model():
    return AuthenticityModel.from_artifact(load_artifact(SHIPPED, "authenticity", "v2"))


def write(path, rows):
    path.write_text("\n".join(rows) + "\n")
    return path


def test_answers_name_the_account_or_else_its_row(model, tmp_path):
    frame = synthetic_accounts(12).drop(columns="is_fake")
    path = tmp_path / "a.csv"
    frame.to_csv(path, index=False)
    assert [answer.id for answer in answers(model, path)] == [f"row {n}" for n in range(1, 13)]
    named = frame.assign(username=[f"user{n}" if n else None for n in range(12)])
    named.to_csv(path, index=False)
    ids = [answer.id for answer in answers(model, path)]
    assert ids[:3] == ["row 1", "user1", "user2"]


def test_answers_are_the_same_in_any_chunk_size(model, tmp_path, monkeypatch):
    path = tmp_path / "a.csv.gz"
    synthetic_accounts(30).to_csv(path, index=False)
    whole = list(answers(model, path))
    monkeypatch.setattr(authenticity_answers, "CHUNK_ROWS", 7)
    assert list(answers(model, path)) == whole
    columns = pd.read_csv(path)
    assert len(whole) == len(columns)
    assert {answer.level for answer in whole} <= {"low", "medium", "high"}
    assert all(answer.reasons for answer in whole)


def test_an_impossible_value_is_unknown_and_the_reasons_say_so(model, tmp_path):
    path = write(
        tmp_path / "a.csv",
        ["id,followers,following,posts,is_private", "a,10,20,3,0", "b,10,20,-3,7", "c,,20,,"],
    )
    whole, repaired, abstained = answers(model, path)
    assert not [reason for reason in whole.reasons if "impossible" in reason]
    assert "posts -3 is impossible and counts as unknown" in repaired.reasons
    assert "is_private 7 is impossible and counts as unknown" in repaired.reasons
    assert abstained.abstained
    assert abstained.score is None
    assert abstained.reasons[0].startswith("Not enough evidence")


def test_a_cell_that_is_no_number_refuses_the_file_with_its_row(model, tmp_path, monkeypatch):
    monkeypatch.setattr(authenticity_answers, "CHUNK_ROWS", 2)
    path = write(tmp_path / "a.csv", ["followers", "1", "2", "3", "many"])
    with pytest.raises(TableError, match="row 5, column followers: 'many' is not a number"):
        list(answers(model, path))
    with pytest.raises(TableError, match="does not exist"):
        list(answers(model, tmp_path / "none.csv"))
    with pytest.raises(TableError, match="a header and no rows"):
        list(answers(model, write(tmp_path / "b.csv", ["followers"])))


def test_the_task_offers_these_answers():
    assert TASK.answers is answers
