import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from scoring.ml import artifacts
from scoring.ml.artifacts import ArtifactError

SHIPPED = Path(__file__).parents[3] / "scoring" / "artifacts"


def save(root, version="v1", files=None, task="example"):
    return artifacts.save_artifact(
        root / task / version,
        task=task,
        files=files if files is not None else {"settings.json": b'{"a": 1}'},
        metadata=artifacts.Metadata(
            algorithm="none",
            feature_set="none-1",
            trained_at=datetime(2025, 11, 1, tzinfo=UTC),
            random_state=1,
            data=[artifacts.DataSource("rows.csv", "0" * 64, 3, "none")],
            metrics={"auc": 0.5},
            metrics_by_slice={"all": {"auc": None}},
            feature_importance={"a": 1.0},
        ),
    )


def test_what_is_saved_is_what_is_loaded(tmp_path):
    arrays = {"weights": np.arange(6.0).reshape(2, 3)}
    save(tmp_path, files={"a.npz": artifacts.arrays_to_bytes(arrays), "s.json": b"[1]"})
    artifact = artifacts.load_artifact(tmp_path, "example", "v1")
    np.testing.assert_array_equal(artifact.arrays("a.npz")["weights"], arrays["weights"])
    assert artifact.document("s.json") == [1]
    assert artifact.metadata["data"][0]["rows"] == 3
    assert artifact.metadata["trained_at"] == "2025-11-01T00:00:00+00:00"


def test_a_damaged_file_is_refused_by_name(tmp_path):
    save(tmp_path)
    (tmp_path / "example/v1/settings.json").write_bytes(b'{"a": 2}')
    with pytest.raises(ArtifactError, match=r"settings\.json does not match its sha256"):
        artifacts.load_artifact(tmp_path, "example", "v1")


def test_a_missing_file_is_refused_by_name(tmp_path):
    save(tmp_path)
    (tmp_path / "example/v1/settings.json").unlink()
    with pytest.raises(ArtifactError, match=r"cannot read settings\.json"):
        artifacts.load_artifact(tmp_path, "example", "v1")


def test_a_missing_version_is_refused(tmp_path):
    with pytest.raises(ArtifactError, match=r"no readable metadata\.json"):
        artifacts.load_artifact(tmp_path, "example", "v9")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"task": "example"}', "null"])
def test_broken_metadata_is_refused(tmp_path, text):
    save(tmp_path)
    (tmp_path / "example/v1/metadata.json").write_text(text)
    with pytest.raises(ArtifactError, match=r"metadata\.json"):
        artifacts.load_artifact(tmp_path, "example", "v1")


def test_metadata_of_another_version_is_refused(tmp_path):
    save(tmp_path)
    (tmp_path / "example/v1").rename(tmp_path / "example/v2")
    with pytest.raises(ArtifactError, match="describes example v1"):
        artifacts.load_artifact(tmp_path, "example", "v2")


@pytest.mark.parametrize("name", ["model.pkl", "model.joblib", "../x.json", "metadata.json", "x"])
def test_other_formats_and_paths_are_not_written(tmp_path, name):
    with pytest.raises(ArtifactError, match="cannot be a model file"):
        save(tmp_path, files={name: b""})
    assert not (tmp_path / "example").exists()


def test_a_file_outside_the_directory_is_not_read(tmp_path):
    save(tmp_path)
    path = tmp_path / "example/v1/metadata.json"
    metadata = json.loads(path.read_text())
    metadata["files"] = {"../../secret.json": "0" * 64}
    path.write_text(json.dumps(metadata))
    with pytest.raises(ArtifactError, match="cannot be a model file"):
        artifacts.load_artifact(tmp_path, "example", "v1")


@pytest.mark.parametrize("version", ["../v1", "", "V1", "a/b", "a..b"])
def test_a_version_cannot_leave_its_directory(tmp_path, version):
    with pytest.raises(ArtifactError):
        artifacts.load_artifact(tmp_path, "example", version)


def test_object_arrays_are_never_unpickled(tmp_path):
    objects = artifacts.arrays_to_bytes({"a": np.array([{}], dtype=object)})
    save(tmp_path, files={"a.npz": objects})
    with pytest.raises(ValueError, match="allow_pickle"):
        artifacts.load_artifact(tmp_path, "example", "v1").arrays("a.npz")


def test_a_version_is_never_overwritten(tmp_path):
    save(tmp_path)
    with pytest.raises(ArtifactError, match="already exists"):
        save(tmp_path)


def test_a_failed_save_leaves_nothing_behind(tmp_path):
    with pytest.raises(TypeError):
        save(tmp_path, files={"a.json": "text instead of bytes"})
    assert not list((tmp_path / "example").glob("*")) if (tmp_path / "example").exists() else True


def test_versions_are_listed_in_their_natural_order(tmp_path):
    for version in ("v10", "v2", "v1"):
        save(tmp_path, version)
    (tmp_path / "example/unfinished").mkdir()
    assert artifacts.list_artifacts(tmp_path, "example") == ["v1", "v2", "v10"]
    assert artifacts.next_version(tmp_path, "example") == "v11"
    assert artifacts.next_version(tmp_path, "other") == "v1"


@pytest.mark.parametrize("task", ["authenticity", "price"])
def test_shipped_artefacts_are_whole_small_and_without_machine_paths(task):
    for version in artifacts.list_artifacts(SHIPPED, task):
        artifact = artifacts.load_artifact(SHIPPED, task, version)
        assert sum(len(content) for content in artifact.contents.values()) < 4_000_000
        assert all("/" not in source["name"] for source in artifact.metadata["data"])
        assert artifact.metadata["metrics_by_slice"]
