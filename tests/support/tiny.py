"""Claims about a model so small that a real training takes seconds; what they promise is up to the test."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from convergence.claims import FOLDER

TRAINING = """
[recipes.overrides.trainer]
train_steps = 20
steps_per_loop = 10
checkpoint_interval = 20
validation_interval = 10
[recipes.overrides.trainer.optimizer_config.learning_rate.cosine]
decay_steps = 20
[recipes.overrides.trainer.optimizer_config.warmup.linear]
warmup_steps = 2
[recipes.overrides.task.model.backbone]
type = "resnet"
[recipes.overrides.task.model.backbone.resnet]
model_id = 10
stem_type = "v0"
depth_multiplier = 0.25
"""
OVERRIDES: Mapping[str, Any] = tomllib.loads(TRAINING)["recipes"]["overrides"]
STEPS = OVERRIDES["trainer"]["train_steps"]
RECIPE = """[[recipes]]
name = "tiny"
tier = "smoke"
experiment = "mobilenet_digits_mot"
module = "convergence.example"
data = "digits"
cost = 0.1
"""
PRUNING = """start = "uncompressed/tiny"
[recipes.optimization.pruning]
schedule = "constant"
final_sparsity = 0.5
"""
SPARSITY = """
[[recipes.claims]]
name = "sparsity"
headline = true
kind = "exact"
metric = "sparsity"
unit = "%"
target = {target}
margin = 1.0
source = "this test"
measured = "asked for"
"""
ACCURACY = """
[[recipes.claims]]
name = "accuracy"
headline = true
kind = "at least"
metric = "tflite_float_accuracy"
unit = "%"
target = 10.0
margin = 9.0
source = "this test"
measured = "asked for"
"""
STAGES = """
[[recipes]]
name = "{name}"
tier = "smoke"
experiment = "mobilenet_digits_mot"
module = "convergence.example"
data = "digits"
cost = 0.1
start = "{start}"
[recipes.optimization.{technique}]
{options}
"""
EXACT = """
[[recipes.claims]]
name = "{name}"
kind = "{kind}"
metric = "{metric}"
target = {target}
margin = {margin}
source = "this test"
measured = "asked for"
"""


def stage(name: str, start: str, options: str, *promised: str) -> str:
    """A recipe that starts from another, and what it promises; `name` begins with its technique."""
    technique, _, short = name.partition("/")
    text = STAGES.format(name=short, start=start, technique=technique, options=options)
    return text + TRAINING + "".join(promised)


def structural(name: str, metric: str, target: float, margin: float = 0.0, kind: str = "exact") -> str:
    """A claim that holds or does not, after one run."""
    return EXACT.format(name=name, metric=metric, target=target, margin=margin, kind=kind)


def folder(path: Path, stages: Mapping[str, str]) -> Path:
    """A folder of claim files: the uncompressed model's, and that of each technique."""
    path.mkdir(parents=True, exist_ok=True)
    for technique, text in {"uncompressed": RECIPE + TRAINING, **stages}.items():
        (path / f"{technique}.toml").write_text(text, encoding="utf-8")
    return path


def claims(promised: str) -> dict[str, bytes | None]:
    """Claim files, by path, in place of our own; None for those that go."""
    files = {"uncompressed": RECIPE + TRAINING, "pruning": RECIPE + PRUNING + TRAINING + promised}
    kept = {f"convergence/claims/{name}.toml": text.encode() for name, text in files.items()}
    ours = [*FOLDER.glob("*.toml"), *FOLDER.glob("references/*.json")]
    return {f"convergence/claims/{path.relative_to(FOLDER)}": None for path in ours} | kept
