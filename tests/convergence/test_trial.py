"""One trial, trained for real: what it leaves, that it can be repeated, and how it fails."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from convergence import records, techniques, trial
from convergence.errors import UserError
from convergence.model import Recipe
from convergence.results import ErrorKind, TrialResult

from .conftest import PATHS, STEPS, TINY, plain_trial, recipe

REPEATED = """
import sys, json
from pathlib import Path
sys.path[:0] = {paths!r}
from conftest import plain_trial, recipe
from convergence import trial
result = trial.run(plain_trial(recipe()), Path(sys.argv[1]), Path(sys.argv[2]), lambda step, steps: None)
assert "tensorflow_model_optimization" not in sys.modules
print(json.dumps(dict(result.metrics), sort_keys=True))
"""


def silent(step: int, steps: int) -> None:
    """Progress that nobody watches."""


@pytest.mark.training
def test_a_trial_leaves_its_result_config_checkpoint_and_files(
    uncompressed: TrialResult, store: Path
) -> None:
    assert records.read(trial.result_path(store, uncompressed.digest), TrialResult) == uncompressed
    left = {path.name for path in (store / uncompressed.digest).iterdir()}
    assert {"params.yaml", "checkpoint", "float.tflite", "int8.tflite"} <= left


@pytest.mark.training
def test_every_evaluation_is_recorded(uncompressed: TrialResult) -> None:
    assert [point.step for point in uncompressed.curve] == [STEPS // 2, STEPS]
    assert uncompressed.curve[-1].metrics["accuracy"] == uncompressed.metrics["accuracy"]


@pytest.mark.training
def test_the_deployed_file_is_measured_itself(uncompressed: TrialResult) -> None:
    metrics = uncompressed.metrics
    assert metrics["tflite_float_accuracy"] == pytest.approx(metrics["accuracy"], abs=0.003)
    assert metrics["tflite_int8_bytes"] < 0.5 * metrics["tflite_float_bytes"]
    assert metrics["tflite_int8_zip_bytes"] < metrics["tflite_int8_bytes"]


@pytest.mark.training
def test_the_same_trial_gives_the_same_bits_in_another_process(
    uncompressed: TrialResult, tmp_path: Path, data_root: Path
) -> None:
    script = REPEATED.format(paths=PATHS)
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(data_root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    again = records.read(trial.result_path(tmp_path, uncompressed.digest), TrialResult)
    assert dict(again.metrics) == dict(uncompressed.metrics)
    assert again.curve == uncompressed.curve


class KilledError(BaseException):
    """Ends a trial as a kill would, without a word to anyone."""


LOOPS_OF_FIVE = {**TINY, "trainer": {**TINY["trainer"], "steps_per_loop": 5}}
STAGES = {
    "plain": ("uncompressed", {}),
    "pruning": ("pruning", {"pruning": {"end_step": 10, "frequency": 2}}),
    "quantization": ("quantization", {"quantization": {}}),
}


@pytest.mark.training
@pytest.mark.parametrize(
    "stage",
    [
        "plain",
        pytest.param("pruning", marks=pytest.mark.long),
        pytest.param("quantization", marks=pytest.mark.long),
    ],
)
def test_a_killed_trial_goes_on_and_ends_with_the_same_bits(
    uncompressed: TrialResult, store: Path, data_root: Path, tmp_path: Path, stage: str
) -> None:
    technique, optimization = STAGES[stage]
    made = replace(recipe(technique, **optimization), overrides=LOOPS_OF_FIVE)
    asked = plain_trial(made, start=uncompressed.digest if optimization else "")
    whole = trial.run(asked, store, data_root, silent)
    shutil.copytree(store / uncompressed.digest, tmp_path / uncompressed.digest)
    shutil.copy(trial.result_path(store, uncompressed.digest), tmp_path)
    with pytest.raises(KilledError):
        trial.run(asked, tmp_path, data_root, killer(15))  # between a checkpoint and the next
    again = trial.run(asked, tmp_path, data_root, silent)
    assert (again.metrics, again.curve, again.layers) == (whole.metrics, whole.curve, whole.layers)


def killer(killed_at: int) -> Callable[[int, int], None]:
    def kill(step: int, steps: int) -> None:
        if step == killed_at:
            raise KilledError

    return kill


@pytest.mark.training
def test_another_seed_gives_other_numbers(uncompressed: TrialResult, tmp_path: Path, data_root: Path) -> None:
    other = trial.run(plain_trial(recipe(), seed=4), tmp_path, data_root, silent)
    assert other.metrics["validation_loss"] != uncompressed.metrics["validation_loss"]


@pytest.mark.training
def test_a_loss_that_blows_up_is_a_result(tmp_path: Path, data_root: Path) -> None:
    rate = {"trainer": {"optimizer_config": {"learning_rate": {"cosine": {"initial_learning_rate": 1e30}}}}}
    result = trial.run(plain_trial(overridden(recipe(), rate)), tmp_path, data_root, silent)
    assert result.error is not None
    assert result.error.kind is ErrorKind.DIVERGED
    assert result.metrics == {}


@pytest.mark.training
def test_a_technique_that_raises_is_a_crash_with_its_reason(
    tmp_path: Path, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from convergence import official

    def broken(*_: Any) -> None:
        raise ValueError("unsupported layer\nand more")

    monkeypatch.setattr(official, "train", broken)
    result = trial.run(plain_trial(recipe()), tmp_path, data_root, silent)
    assert result.error == trial.TrialError(ErrorKind.CRASHED, "ValueError: unsupported layer")
    assert "and more" in (tmp_path / result.digest / "traceback.txt").read_text()


@pytest.mark.training
@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (OSError(28, "No space left on device"), UserError),
        (RuntimeError("writing checkpoint: No space left on device"), UserError),
        (MemoryError("killed"), trial.InfrastructureError),
    ],
)
def test_what_says_nothing_of_the_technique_leaves_no_result(
    tmp_path: Path,
    data_root: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    raised: type[Exception],
) -> None:
    from convergence import official

    def ended(*_: Any) -> None:
        raise failure

    monkeypatch.setattr(official, "train", ended)
    with pytest.raises(raised):
        trial.run(plain_trial(recipe()), tmp_path, data_root, silent)
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.training
@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"experiment": "mobilenet_digit"}, "unknown-experiment", "does convergence.example register it?"),
        ({"data": "letters"}, "unknown-data", "known: digits"),
        ({"overrides": {"trainer": {"train_step": 1}}}, "recipe-override", "train_step"),
        (
            {"optimization": {"prunning": {}}},
            "unknown-technique",
            f"known: {', '.join(techniques.names())}",
        ),
        ({"optimization": {"pruning": {"final_sparsty": 0.5}}}, "recipe-override", "final_sparsty"),
        ({"module": "no_such_module"}, "unknown-module", "no_such_module"),
    ],
)
def test_what_the_user_can_mend_is_said(
    tmp_path: Path, data_root: Path, change: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(UserError) as refused:
        trial.run(plain_trial(replace(recipe(), **change)), tmp_path, data_root, silent)
    assert refused.value.code == code
    assert said in str(refused.value)
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.training
def test_a_start_without_a_checkpoint_is_no_failure_of_the_technique(tmp_path: Path, data_root: Path) -> None:
    with pytest.raises(UserError, match=r"missing-start.*delete .*to have it trained again"):
        trial.run(plain_trial(recipe("pruning", pruning={}), start="gone"), tmp_path, data_root, silent)
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.training
def test_a_metric_that_is_not_a_number_is_a_divergence(
    tmp_path: Path, data_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from convergence import official

    monkeypatch.setattr(official.Trained, "properties", lambda self, finished: {"sparsity": float("nan")})
    result = trial.run(plain_trial(recipe()), tmp_path, data_root, silent)
    assert result.error == trial.TrialError(ErrorKind.DIVERGED, "sparsity is nan")
    assert records.read(trial.result_path(tmp_path, result.digest), TrialResult) == result


@pytest.mark.training
def test_a_comma_in_the_data_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="bad-path"):
        trial.run(plain_trial(recipe()), tmp_path / "store", tmp_path / "a,b", silent)


@pytest.mark.training
def test_missing_data_is_named_before_training(tmp_path: Path) -> None:
    elsewhere = replace(recipe(), data="")
    with pytest.raises(UserError, match=r"missing-data.*digits/train.tfrecord"):
        trial.run(plain_trial(elsewhere), tmp_path / "store", tmp_path / "nothing", silent)


def overridden(made: Recipe, more: dict[str, Any]) -> Recipe:
    trainer = {**TINY["trainer"], **more["trainer"]}
    return replace(made, overrides={**TINY, "trainer": trainer})


def test_seeds_follow_from_the_content_and_the_uncompressed_recipe() -> None:
    base, pruned = recipe(), recipe("pruning", pruning={})
    recipes = {base.id: base, pruned.id: pruned}
    seeds = [trial.seed(recipes, pruned, "content", index) for index in range(100)]
    assert len(set(seeds)) == 100
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert seeds == [trial.seed(recipes, base, "content", index) for index in range(100)]
    assert trial.seed(recipes, base, "other", 0) != seeds[0]


def test_the_digest_holds_what_changes_the_numbers_and_nothing_else() -> None:
    made = plain_trial(recipe())
    same = [{"recipe": replace(made.recipe, cost=9.0, tier="full")}]
    other = [
        {"recipe": replace(made.recipe, threads=2)},
        {"recipe": replace(made.recipe, overrides={})},
        {"seed": 4},
        {"start": "s"},
        {"content_digest": "d"},
        {"harness": "i"},
        {"versions": {"tensorflow": "2.21"}},
        {"data": "elsewhere"},
    ]
    assert {replace(made, **change).digest for change in same} == {made.digest}
    assert made.digest not in {replace(made, **change).digest for change in other}


def test_the_harness_digest_changes_with_an_example(tmp_path: Path) -> None:
    digests = {trial.harness_digest()}
    for change in ({"a.py": "x = 1"}, {"a.py": "x = 2"}, {"b.py": "x = 2"}, {"b.yaml": "x: 2"}):
        for name, text in change.items():
            (tmp_path / name).write_text(text)
        digests.add(trial.harness_digest(tmp_path))
    assert len(digests) == 5


JUDGING = {"campaign", "claims", "progress", "records", "references", "session", "verdict"}
NOUNS = {"content", "errors", "members", "model", "results"}  # none of which computes a number


def test_the_harness_is_all_that_a_training_process_imports() -> None:
    folder = Path(trial.__file__).parent
    known = {
        path.relative_to(folder).as_posix() for pattern in trial.HARNESS for path in folder.glob(pattern)
    }
    imported = {"trial.py", "workers.py", "techniques/__init__.py"}
    for name in (*known, *imported):
        for node in ast.walk(ast.parse((folder / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "convergence":
                inside = (node.module or "").partition(".")[2]
                imported |= {f"{inside}.py"} if inside else {f"{alias.name}.py" for alias in node.names}
    modules = {path.name for path in folder.glob("*.py")}
    assert imported & modules - known - {f"{name}.py" for name in JUDGING} == {f"{n}.py" for n in NOUNS}
