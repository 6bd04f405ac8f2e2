"""The policy file of a repository."""

from __future__ import annotations

from pathlib import Path

import damage
import tomlkit

from convergence import claims, records
from release_tools import config, stubs
from release_tools.model import Role
from release_tools.policy import Policy

STUB = Path(stubs.__file__).with_name("release-tools.toml").read_text(encoding="utf-8")
EXAMPLES = (
    """\
bots = ["helpful-robot"]
checks = ["CI"]
[repositories]
tfmot = "tensorflow/model-optimization"
models = "tensorflow/models"
fork = "tensorflow/models-mot"
[roles]
mot = ["tensorflow/mot", "lena"]
official = ["olga"]
[techniques.pruning]
owners = ["owen"]
home = "fork"
tiers = ["smoke", "full"]
headline = ["pruning/mobilenetv2-digits-50/accuracy"]
[budgets]
per_request = 10
total = 100.5
[converge]
tier = "smoke"
looks = [1, 3, 7]
[runners]
gpu = ["self-hosted", "gpu"]
image = "buildpack-deps:24.04"
[storage]
data = "/data"
claims = "convergence/claims"
""",
    "",
)
INPUTS = damage.texts(EXAMPLES)
RECIPES = claims.load()


def read(given: str, folder: Path) -> Policy:
    return config.read(given, config.PATH, RECIPES)


def holds(value: Policy, given: str) -> None:
    assert config.read(_written(value), "again", RECIPES) == value
    holders: dict[str, Role] = {}
    for technique in value.techniques:
        for role in (Role.MOT, Role.OFFICIAL):
            for name in value.holders(role, technique):
                assert name.isprintable()
                assert len(name) < 200
                assert not value.is_bot(name)
    for role in Role:
        for name in value.holders(role, ""):
            assert holders.setdefault(name.lower(), role) is role
    assert 0 <= value.budgets.per_request < float("inf")
    assert value.converge.looks[-1] <= config.MOST_RUNS
    for folder in (value.storage.data, value.storage.checkpoints, value.runners.image, *value.runners.gpu):
        assert not set(folder) & set(" \t\n'\"`$;|&()<>\\*?")


def _written(value: Policy) -> str:
    plain = records.adapter(Policy).dump_python(value, mode="json", exclude_none=True)
    return tomlkit.dumps(plain)
