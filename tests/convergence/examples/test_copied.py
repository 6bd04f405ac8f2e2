"""The example, copied into Official Models as it stands: it registers, abides by the rules, and trains."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import checkout
import pytest
import yaml
from click.testing import CliRunner

import convergence
from convergence import claims, data, kernels
from convergence.model import Recipe, Status
from release_tools import cli, proposals

GUIDE = Path(checkout.OURS) / "docs" / "guides" / "contributor.md"
HERE = checkout.EXAMPLES / checkout.PROJECT
MODULES = sorted(HERE.rglob("*.py"))
REGISTERED = """
from official.core import exp_factory
from official.projects.clustering import registry_imports
import sys, yaml
names = ("mobilenet_imagenet_clustering", "mobilenet_digits_clustering")
made = [exp_factory.get_exp_config(name) for name in names]
unset = [one.task.model_optimization for one in made]
made[0].override(yaml.safe_load(open(sys.argv[1])), is_strict=True)
made[0].validate()
found = made[0].task.model_optimization.clustering.number_of_clusters
print(unset, found, "tensorflow_model_optimization" in sys.modules)
"""
TRAINED = """
import json, sys
from dataclasses import replace
from pathlib import Path
from convergence import claims, trial
from convergence.trial import Trial

recipes = claims.load(Path(sys.argv[1]))
store, data = Path(sys.argv[2]), Path(sys.argv[3])
start = ""
for name in ("clustering/example-digits", "clustering/example-digits-16"):
    steps = {"train_steps": 2, "steps_per_loop": 1, "checkpoint_interval": 2, "validation_interval": 1}
    short = replace(recipes[name], overrides={"trainer": steps})
    made = Trial(short, 3, start, content_digest="c", harness="h", versions={})
    result = trial.run(made, store, data, lambda step, steps: None)
    start = made.digest
print(json.dumps([result.error and result.error.message, dict(result.metrics)]))
"""


def recipes() -> dict[str, Recipe]:
    return claims.load(checkout.CLAIMS)


def settings() -> Any:
    (path,) = HERE.glob("experiments/*.yaml")
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_nothing_of_ours_is_imported(path: Path) -> None:
    """It has to stand where these tools are not installed."""
    names = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    known = {"absl", "collections", "dataclasses", "numpy", "official", "tensorflow", "tf_keras", "typing"}
    assert names <= known | {"__future__", "tensorflow_model_optimization"}


def test_it_flattens_as_we_do() -> None:
    ours = (Path(str(convergence.__file__)).parent / "flatten.py").read_text()
    assert (HERE / "flatten.py").read_text() == f"# SPDX-License-Identifier: Apache-2.0\n{ours}"


def test_its_numbers_can_stand_beside_the_accepted_ones() -> None:
    """As when a pull request has the claim file: no accepted recipe or claim changes."""
    accepted = claims.load()
    statement = proposals.Statement("clustering", (checkout.CLAIMS / "clustering.toml").read_text(), "it")
    joined = proposals.join(accepted, [statement])
    added = {name: recipe for name, recipe in joined.items() if name not in accepted}
    assert {name: joined[name] for name in accepted} == accepted
    assert sorted(added) == sorted(recipes())
    assert {claim.status for one in added.values() for claim in one.claims} == {Status.PROPOSED}


def test_the_yaml_trains_what_the_full_claim_is_about() -> None:
    """Apart from the paths, which are the user's."""
    recipe = recipes()["clustering/example-imagenet-32"]
    task = {
        **recipe.overrides["task"],
        "model_optimization": dict(recipe.optimization),
        "init_checkpoint": "",
    }
    for part in ("train_data", "validation_data"):
        task[part] = {"input_path": "", **task[part]}
    assert settings() == {**recipe.overrides, "task": task}


def test_the_full_claim_is_the_documented_one() -> None:
    accepted = claims.load()["clustering/mobilenetv2-imagenet-all-32"]
    ours = recipes()["clustering/example-imagenet-32"]
    assert (ours.optimization, ours.overrides) == (accepted.optimization, accepted.overrides)
    facts = {one.name: (one.metric, one.target, one.margin) for one in accepted.claims}
    assert {one.name: (one.metric, one.target, one.margin) for one in ours.claims}.items() <= facts.items()


def test_its_readme_names_what_there_is() -> None:
    text = (HERE / "README.md").read_text()
    named = set(re.findall(r"`(\w+\.py)`", text))
    assert named == {path.name for path in MODULES} - {"__init__.py"} - {
        path.name for path in MODULES if path.stem.endswith("_test")
    }
    assert set(re.findall(r"experiments/[\w.]+yaml", text)) == {
        path.relative_to(HERE).as_posix() for path in HERE.glob("experiments/*")
    }
    registered = set(re.findall(r'register_config_factory\("(\w+)"\)', (HERE / "configs.py").read_text()))
    assert registered == set(re.findall(r"`(mobilenet_\w+_clustering)`", text))


def test_the_claim_file_is_toml_that_a_pull_request_may_state() -> None:
    text = (checkout.CLAIMS / "clustering.toml").read_text()
    assert tomllib.loads(text)["recipes"]
    (stated,) = proposals.fenced(f"About it.\n\n```toml claims clustering\n{text}```\n")
    assert (stated.technique, stated.text) == ("clustering", text)


@pytest.mark.training
def test_it_registers_where_it_is_copied_and_leaves_tfmot_alone(tmp_path: Path) -> None:
    pytest.importorskip("official")
    (path,) = HERE.glob("experiments/*.yaml")
    said = checkout.python(checkout.with_example(tmp_path), "-c", REGISTERED, str(path))
    assert said.splitlines()[-1] == "[None, None] 32 False"


@pytest.mark.long
@pytest.mark.training
def test_it_abides_by_the_rules_where_it_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the contributor's guide shows it."""
    pytest.importorskip("official")
    monkeypatch.chdir(checkout.with_example(tmp_path))
    words = ["check-example", checkout.PROJECT, "--claims", str(checkout.CLAIMS), "--out", "report.json"]
    ran = CliRunner().invoke(cli.cli, words)
    found = json.loads((tmp_path / "report.json").read_text())
    assert (ran.exit_code, found["findings"], found["imported"]) == (0, [], 7)
    assert {rule["standing"] for rule in found["rules"]} == {"passed"}
    passed, counted = ran.stdout.splitlines()[-2:]
    assert f"\n{passed}\n{counted.partition(' blocked,')[0]} blocked," in GUIDE.read_text()


@pytest.mark.long
@pytest.mark.training
@pytest.mark.parametrize("module", ["configs", "flatten", "task"])
def test_its_own_tests_pass_where_it_is_copied(tmp_path: Path, module: str) -> None:
    pytest.importorskip("official")
    there = checkout.with_example(tmp_path)
    checkout.python(there, f"{checkout.PROJECT}/{module}_test.py")


@pytest.mark.long
@pytest.mark.training
def test_it_trains_and_is_measured_where_it_is_copied(tmp_path: Path) -> None:
    """Two steps, then two more with clusters: what is left has at most sixteen values a channel."""
    pytest.importorskip("official")
    there = checkout.with_example(tmp_path / "models")
    words = [str(checkout.CLAIMS), str(tmp_path / "store"), str(tmp_path / "data")]
    error, metrics = json.loads(checkout.python(there, "-c", TRAINED, *words).splitlines()[-1])
    assert error is None
    assert 2 <= metrics["clusters_per_channel"] <= 16
    assert metrics["tflite_float_accuracy"] > 0


@pytest.mark.long
@pytest.mark.training
def test_its_programs_run_as_its_readme_says(tmp_path: Path) -> None:
    """Two steps with eight clusters by the driver, and the exported file has eight values a channel."""
    pytest.importorskip("official")
    there = checkout.with_example(tmp_path / "models")
    data.prepare_digits(tmp_path)
    digits = tmp_path / "digits"
    steps = {"train_steps": 2, "steps_per_loop": 1, "validation_interval": 2, "checkpoint_interval": 2}
    overrides = {
        "task.train_data.input_path": digits / "train.tfrecord",
        "task.validation_data.input_path": digits / "test.tfrecord",
        "task.model_optimization.clustering.number_of_clusters": 8,
        **{f"trainer.{name}": value for name, value in steps.items()},
    }
    said = ",".join(f"{name}={value}" for name, value in overrides.items())
    project, model_dir, file = "official.projects.clustering", tmp_path / "trained", tmp_path / "it.tflite"
    common = ["--experiment=mobilenet_digits_clustering", f"--model_dir={model_dir}"]
    train = ["--mode=train_and_eval", f"--params_override={said}"]
    checkout.python(there, "-m", f"{project}.train", *common, *train)
    checkout.python(there, "-m", f"{project}.export_tflite", *common, f"--output={file}")
    found = kernels.of_file({"float": file.read_bytes()}, "float")
    assert 2 <= kernels.most_values(found) <= 8
