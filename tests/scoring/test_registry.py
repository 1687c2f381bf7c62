"""The registry and its four commands. Models here are small JSON files of a made-up task."""

import json
import shutil
import threading
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.errors import DomainError
from scoring import registry, training
from scoring.ml import artifacts, pricing_fitting
from scoring.ml.artifacts import ArtifactError
from scoring.ml.tasks import Evaluation, TaskSpec

SHIPPED = Path(__file__).parents[2] / "scoring" / "artifacts"
loads = []


def load_example(artifact):
    loads.append(artifact.version)
    return artifact.document("model.json")


EXAMPLE = TaskSpec(
    name="example",
    metric_names=("auc", "abstained"),
    primary_metric="auc",
    higher_is_better=True,
    train=None,
    load=load_example,
    evaluate=lambda model, file: Evaluation(rows=2, metrics={"auc": model["on_file"]}),
)


@pytest.fixture(autouse=True)
def root(tmp_path, settings, monkeypatch):
    settings.ARTIFACTS_DIR = tmp_path
    loads.clear()
    found = training.get_task
    monkeypatch.setattr(
        registry, "get_task", lambda name: EXAMPLE if name == "example" else found(name)
    )
    monkeypatch.setattr(
        training, "get_task", lambda name: EXAMPLE if name == "example" else found(name)
    )
    return tmp_path


def save(root, version, *, auc=0.7, on_file=0.7, data="a" * 64):
    artifacts.save_artifact(
        root / "example" / version,
        task="example",
        files={"model.json": artifacts.document_to_bytes({"on_file": on_file})},
        metadata=artifacts.Metadata(
            algorithm="none",
            feature_set="none-1",
            trained_at=datetime(2025, 11, 1, tzinfo=UTC),
            random_state=1,
            data=[],
            metrics={"auc": auc},
            metrics_by_slice={},
            feature_importance={},
            holdout={"protocol": "p", "data_sha256": [data], "metric": "auc", "value": auc},
        ),
    )


def test_the_first_version_has_nothing_to_beat(root):
    save(root, "v1")
    with pytest.raises(registry.NoActiveVersion, match="promote_model example"):
        registry.active_version("example")
    assert registry.promote("example", "v1") is None
    assert registry.active_version("example") == "v1"
    assert registry.load("example") == {"on_file": 0.7}


def test_a_better_version_is_promoted_and_can_be_rolled_back(root):
    save(root, "v1")
    save(root, "v2", auc=0.8)
    registry.promote("example", "v1")
    assert registry.promote("example", "v2") == "v1"
    assert json.loads((root / "active.json").read_text()) == {
        "example": {"active": "v2", "history": ["v1"]}
    }
    assert registry.rollback("example") == "v1"
    assert registry.active_version("example") == "v1"
    with pytest.raises(registry.RollbackRefused):
        registry.rollback("example")


@pytest.mark.parametrize("auc", [0.7, 0.6, None])
def test_a_version_that_is_not_better_is_refused(root, auc):
    save(root, "v1")
    save(root, "v2", auc=auc)
    registry.promote("example", "v1")
    with pytest.raises(registry.PromotionRefused):
        registry.promote("example", "v2")
    assert registry.active_version("example") == "v1"


def test_figures_of_different_hold_outs_are_not_compared(root):
    save(root, "v1")
    save(root, "v2", auc=0.9, data="b" * 64)
    registry.promote("example", "v1")
    with pytest.raises(registry.PromotionRefused, match="not measured on the same hold-out"):
        registry.promote("example", "v2")


def test_a_hold_out_file_decides_where_it_is_given(root):
    save(root, "v1", on_file=0.6)
    save(root, "v2", auc=0.9, data="b" * 64, on_file=0.65)
    save(root, "v3", auc=0.99, on_file=0.5)
    registry.promote("example", "v1")
    registry.promote("example", "v2", holdout=Path("any.csv"))
    with pytest.raises(registry.PromotionRefused, match=r"0\.5000 against 0\.6500"):
        registry.promote("example", "v3", holdout=Path("any.csv"))


def test_a_reason_stands_in_for_figures_and_is_kept(root):
    save(root, "v1")
    save(root, "v2", auc=0.6)
    registry.promote("example", "v1")
    registry.promote("example", "v2", because=" It knows more markets. ")
    entry = json.loads((root / "active.json").read_text())["example"]
    assert entry == {"active": "v2", "history": ["v1"], "because": "It knows more markets."}
    assert registry.rollback("example") == "v1"
    assert json.loads((root / "active.json").read_text())["example"] == {
        "active": "v1",
        "history": [],
    }


def test_an_empty_reason_is_none(root):
    save(root, "v1")
    save(root, "v2", auc=0.9)
    registry.promote("example", "v1")
    with pytest.raises(registry.PromotionRefused, match="Say why"):
        registry.promote("example", "v2", because="  ")
    assert registry.active_version("example") == "v1"


def test_a_damaged_candidate_does_not_become_active(root):
    save(root, "v1")
    (root / "example/v1/model.json").write_text("{}")
    with pytest.raises(ArtifactError, match="sha256"):
        registry.promote("example", "v1")
    assert not (root / "active.json").exists()


def test_a_model_that_is_gone_is_a_refusal_that_names_no_file(root):
    save(root, "v1")
    registry.promote("example", "v1")
    registry._models.clear()
    shutil.rmtree(root / "example/v1")
    with pytest.raises(registry.ModelUnreadable, match=r"metadata\.json") as caught:
        registry.load("example")
    assert isinstance(caught.value, DomainError)
    assert caught.value.http_status == 503
    assert "metadata" not in caught.value.message
    assert str(root) not in caught.value.message


@pytest.mark.parametrize("text", ["", "[]", '{"example": {"active": 1}}'])
def test_a_damaged_table_of_active_versions_is_an_error_not_a_guess(root, text):
    (root / "active.json").write_text(text)
    with pytest.raises(ArtifactError, match=r"active\.json"):
        registry.active_version("example")


def test_a_model_is_loaded_once_by_many_threads(root):
    save(root, "v1")
    registry.promote("example", "v1")
    loads.clear()
    registry._models.clear()
    models = []
    threads = [
        threading.Thread(target=lambda: models.append(registry.load("example"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == ["v1"]
    assert all(model is models[0] for model in models)


def test_versions_are_listed(root):
    save(root, "v2")
    save(root, "v1")
    assert registry.list_versions("example") == ["v1", "v2"]


# --- commands -----------------------------------------------------------------


def run(*args):
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO())
    return out.getvalue()


def last_line(*args):
    return json.loads(run(*args).splitlines()[-1])


@pytest.fixture
def shipped(root):
    for name in ("authenticity", "price"):
        shutil.copytree(SHIPPED / name, root / name)
    shutil.copy(SHIPPED / "active.json", root / "active.json")


def test_promote_and_rollback_commands_say_what_answers_now(root):
    save(root, "v1")
    save(root, "v2", auc=0.8)
    assert "now answers with v1." in run("promote_model", "example", "v1")
    assert "with v2; it was v1" in run("promote_model", "example", "v2")
    with pytest.raises(CommandError, match="already active"):
        run("promote_model", "example", "v2")
    assert "with v1 again" in run("rollback_model", "example")
    assert "with v2; it was v1" in run("promote_model", "example", "v2", "--because", "Tried.")
    assert "with v1 again" in run("rollback_model", "example")
    with pytest.raises(CommandError, match="no earlier version"):
        run("rollback_model", "example")


def test_evaluate_ends_with_one_json_object(shipped, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("followers,following,posts,is_fake,extra\n5,5000,0,1,x\n900,300,80,0,y\n")
    answer = last_line("evaluate", "authenticity", "--data", str(path))
    assert answer["task"] == "authenticity"
    assert answer["model_version"] == registry.active_version("authenticity")
    assert answer["rows"] == 2
    assert answer["metrics"]["auc"] == 1.0
    only_json = run("evaluate", "authenticity", "--data", str(path), "--json")
    assert json.loads(only_json) == answer


def test_evaluate_says_null_where_the_file_has_no_labels(shipped, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("followers,following,posts\n5,5000,0\n")
    metrics = last_line("evaluate", "authenticity", "--data", str(path))["metrics"]
    assert metrics.pop("abstained") == 0.0
    assert set(metrics.values()) == {None}


@pytest.mark.parametrize("command", ["train", "evaluate"])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "does not exist"),
        ("empty.csv", b"", "is empty"),
        ("wrong.csv", b"x,y\n1,2\n", "none of the columns"),
        ("latin.csv", b"followers,source\n1,caf\xe9\n", "not UTF-8"),
        ("garbage.csv.gz", b"\x00\x01\x02", "cannot be read"),
        ("text.csv", b"followers\nmany\n", "row 2, column followers"),
    ],
)
def test_bad_files_are_refused_by_every_command(shipped, tmp_path, command, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    for task in ("authenticity", "price"):
        with pytest.raises(CommandError, match=message):
            run(command, task, "--data", str(path))


def test_a_directory_and_an_unknown_task_or_version_are_refused(shipped, tmp_path):
    with pytest.raises(CommandError, match="is a directory"):
        run("evaluate", "price", "--data", str(tmp_path))
    with pytest.raises(CommandError, match="There is no task 'nope'"):
        run("train", "nope", "--data", "x.csv")
    path = tmp_path / "a.csv"
    path.write_text("followers\n1\n")
    with pytest.raises(CommandError, match="price v9"):
        run("evaluate", "price", "--data", str(path), "--model-version", "v9")
    with pytest.raises(CommandError, match="price v1 already exists"):
        run("train", "price", "--data", str(path), "--version", "v1")


def test_train_writes_a_version_that_evaluates(shipped, root, tmp_path, monkeypatch):
    monkeypatch.setattr(pricing_fitting, "ROUNDS", 10)
    path = tmp_path / "rates.csv"
    rows = [f"c{n},{20000 + 500 * n},{1000 + 40 * n},{1500 + 60 * n}" for n in range(40)]
    path.write_text("\n".join(["creator_id,followers,price_1_20s,price_21_60s", *rows]) + "\n")
    answer = last_line("train", "price", "--data", str(path), "--version", "v7", "--json")
    assert answer["model_version"] == "v7"
    assert answer["rows"] == 40
    assert answer["metrics"]["median_ape"] < 0.5
    assert (root / "price/v7/metadata.json").exists()
    errors = StringIO()
    call_command(
        "evaluate", "price", "--data", str(path), "--model-version", "v7",
        stdout=StringIO(), stderr=errors,
    )  # fmt: skip
    assert "trained on this very file" in errors.getvalue()
