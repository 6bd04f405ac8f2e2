"""Records are written whole or not at all, and read only if they are what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from convergence import records
from convergence.errors import UserError
from convergence.model import References
from convergence.results import Evaluation, TrialResult

RESULT = TrialResult(
    digest="d" * 32,
    technique="pruning",
    recipe="r",
    tier="smoke",
    seed=7,
    metrics={"accuracy": 0.9},
    curve=(Evaluation(100, {"accuracy": 0.8}), Evaluation(200, {"accuracy": 0.9})),
    layers={"float 001 CONV_2D": {"sparsity": 0.5}},
    seconds={"training": 1.5},
    device="CPU x86_64",
    threads=1,
    versions={"python": "3.11.7"},
    content_digest="c" * 64,
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    records.write(tmp_path / "folder" / "result.json", RESULT)
    assert records.read(tmp_path / "folder" / "result.json", TrialResult) == RESULT


def test_a_file_names_its_schema_and_version(tmp_path: Path) -> None:
    records.write(tmp_path / "result.json", RESULT)
    data = json.loads((tmp_path / "result.json").read_text())
    assert (data["schema"], data["version"]) == ("tfmot-release-tools/TrialResult", 1)


def test_a_failed_write_leaves_the_old_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "result.json"
    records.write(path, RESULT)
    before = path.read_bytes()

    def disk_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(records.os, "fsync", disk_full)
    with pytest.raises(UserError, match="No space left on device"):
        records.write(path, RESULT)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["result.json"]


def changed(**changes: Any) -> str:
    plain = records._head(TrialResult) | records._plain(RESULT)
    return json.dumps(plain | changes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        (changed()[:-20], "is not JSON"),
        ("[]", "holds no JSON object"),
        ("{}", "not a {'schema': 'tfmot-release-tools/TrialResult'"),
        (changed(version=99), "99"),
        (changed(schema="tfmot-release-tools/References"), "not a"),
        (changed(seed="7"), "seed"),
        (changed(seed=True), "seed"),
        (changed(metrics={"accuracy": "0.99"}), "metrics.accuracy"),
        (changed(metrics={"accuracy": float("nan")}), "NaN is not a finite number"),
        (changed(metrics={"accuracy": float("inf")}), "Infinity is not a finite number"),
        (changed(metrics={"accuracy": 1e999}), "Infinity"),
        (changed(surprise=1), "surprise"),
        (changed(error={"kind": "tired", "message": ""}), "error.kind"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_what_is_not_a_record_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "result.json"
    path.write_text(text)
    with pytest.raises(UserError) as refused:
        records.read(path, TrialResult)
    assert refused.value.code == "not-a-record"
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_numbers_too_large_for_a_float_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(changed(metrics={"accuracy": 0.5}).replace("0.5", "1e999", 1))
    with pytest.raises(UserError):
        records.read(path, TrialResult)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        records.read(tmp_path / "none.json", References)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_BYTES", 10)
    records.write(tmp_path / "result.json", RESULT)
    with pytest.raises(UserError, match="larger than 10 bytes"):
        records.read(tmp_path / "result.json", TrialResult)
