"""Claims about a model so small that a real training takes seconds; what they promise is up to the test."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
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


def claims(promised: str) -> dict[str, bytes | None]:
    """Claim files, by path, in place of our own; None for those that go."""
    files = {"uncompressed": RECIPE + TRAINING, "pruning": RECIPE + PRUNING + TRAINING + promised}
    kept = {f"convergence/claims/{name}.toml": text.encode() for name, text in files.items()}
    ours = [*FOLDER.glob("*.toml"), *FOLDER.glob("references/*.json")]
    return {f"convergence/claims/{path.relative_to(FOLDER)}": None for path in ours} | kept
