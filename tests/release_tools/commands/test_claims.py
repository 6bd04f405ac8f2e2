"""`release-tools claims`: what is listed, and how claims and documents are compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from convergence.errors import UserError
from release_tools.cli import cli

CLAIMS = """
[[recipes]]
name = "mobilenet-digits-50"
tier = "smoke"
experiment = "e"
module = "m"
cost = 1.2
[[recipes.claims]]
name = "accuracy"
kind = "at least"
metric = "accuracy"
unit = "%"
target = 97.5
margin = 2.5
source = "this file"
measured = "once"

[[recipes]]
name = "mobilenet-imagenet-50"
tier = "full"
model = "MobileNet"
data_set = "ImageNet"
experiment = "e"
module = "m"
cost = 136.0
cost_unit = "GPU-hours"
[[recipes.claims]]
name = "accuracy"
headline = true
kind = "at least"
metric = "accuracy"
unit = "%"
target = 71.33
margin = 0.5
sigma = 0.11
sigma_dof = 4
sigma_from = "a paper"
documented_baseline = 72.77
disputed = "69.64 in another guide"
source = "a guide"
measured = "once"
[[recipes.claims.documented]]
path = "docs/guide.md"
section = "Results"
row = ["MobileNet"]
cells = { Float = "72.77%", Pruned = "71.33%" }
[[recipes.claims]]
name = "size"
kind = "size"
metric = "bytes"
unit = "bytes"
target = 8063549.0
margin = 161000.0
source = "a guide"
measured = "once"

[[recipes]]
name = "mobilenet-coco-50"
tier = "full"
experiment = "e"
module = "m"
cost_unit = "GPU-hours"
[[recipes.claims]]
name = "map"
kind = "at least"
metric = "AP"
target = 23.02
margin = 0.5
source = "a guide"
measured = "once"

[[recipes]]
name = "gnmt-en-de-80"
tier = "full"
not_runnable = "Official Models has no GNMT, and the guide states neither its training nor its layers"
cost_unit = "GPU-hours"
[[recipes.claims]]
name = "bleu"
kind = "at least"
metric = "bleu"
unit = "BLEU"
target = 26.86
margin = 0.5
source = "a guide"
measured = "once"
"""
GUIDE = """
## Results
| Model     | Float  | Pruned |
|-----------|--------|--------|
| MobileNet | 72.77% | 71.33% |
"""
WRONG = """
## Results
| Model     | Float  | Clipped | Pruned |
|-----------|--------|---------|--------|
| MobileNet | 72.77% |         | 71.43% |
| ResNet    | 76.70% | 76.61%  |        |
"""


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "pruning.toml").write_text(CLAIMS, encoding="utf-8")
    return tmp_path / "claims"


def checkout(root: Path, guide: str) -> Path:
    (root / "docs").mkdir()
    (root / "docs" / "guide.md").write_text(guide, encoding="utf-8")
    return root


def run(*words: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(cli, ["claims", *(str(word) for word in words)])


def test_the_list_reads_as_it_should(claims: Path, goldens: Path) -> None:
    ran = run("list", "--claims", claims)
    assert ran.output == (goldens / "claims-list.txt").read_text(encoding="utf-8")
    assert ran.exit_code == 0


def test_our_own_list_fits_a_terminal() -> None:
    lines = run("list").output.splitlines()
    assert len(lines) > 150
    assert [line for line in lines if len(line) > 80] == []


def test_a_long_name_has_a_line_of_its_own(claims: Path) -> None:
    (claims / "pruning.toml").rename(claims / "post_training_quantization.toml")
    lines = run("list", "--tier", "smoke", "--claims", claims).output.splitlines()
    assert lines[0] == "post_training_quantization, smoke tier"
    assert lines[1].split() == ["documented", "margin", "σ", "runs"]
    assert lines[1].index("documented") == lines[3].index("97.50 %") - len("documented") + len("97.50 %")


def test_only_a_tier_is_listed(claims: Path) -> None:
    lines = run("list", "--tier", "smoke", "--claims", claims).output.splitlines()
    assert lines[0].startswith("pruning, smoke tier")
    assert lines[-1] == "1 claims of 1 recipes"


def test_only_some_are_listed(claims: Path) -> None:
    names = ["pruning/gnmt-en-de-80", "pruning/mobilenet-coco-50"]
    found = json.loads(run("list", *names, "--json", "--claims", claims).output)
    assert [one["id"] for one in found] == ["pruning/mobilenet-coco-50/map", "pruning/gnmt-en-de-80/bleu"]
    ran = run("list", "prunng", "--claims", claims)
    assert str(ran.exception) == (
        'error[unknown-technique]: no technique or recipe "prunng" has such claims; known: pruning'
    )


def test_json_says_everything(claims: Path) -> None:
    found = {one["id"]: one for one in json.loads(run("list", "--json", "--claims", claims).output)}
    claim = found["pruning/mobilenet-imagenet-50/accuracy"]["claim"]
    assert (claim["disputed"], claim["documented_baseline"]) == ("69.64 in another guide", 72.77)
    assert claim["documented"][0]["row"] == ["MobileNet"]
    assert found["pruning/mobilenet-imagenet-50/accuracy"]["noise"] == "literature"
    assert found["pruning/gnmt-en-de-80/bleu"]["recipe"]["not_runnable"].startswith("Official Models has no")


def test_claims_without_a_checkout_are_sound(claims: Path) -> None:
    ran = run("check", "--claims", claims)
    assert (ran.exit_code, ran.output) == (0, "5 claims of 4 recipes are sound\n")
    assert json.loads(run("check", "--json", "--claims", claims).output) == {"claims": 5, "recipes": 4}


@pytest.mark.parametrize(
    ("golden", "guide", "status"), [("claims-same.txt", GUIDE, 0), ("claims-different.txt", WRONG, 1)]
)
def test_documents_are_compared(
    tmp_path: Path, claims: Path, goldens: Path, golden: str, guide: str, status: int
) -> None:
    ran = run("check", checkout(tmp_path, guide), "--claims", claims)
    said = ran.output.replace(str(tmp_path), "CHECKOUT")
    assert (said, ran.exit_code) == ((goldens / golden).read_text(encoding="utf-8"), status)


def test_differences_are_json_for_machines(tmp_path: Path, claims: Path) -> None:
    ran = run("check", checkout(tmp_path, GUIDE.replace("71.33", "71.43")), "--json", "--claims", claims)
    assert ran.exit_code == 1
    assert json.loads(ran.output) == [
        {
            "change": "changed",
            "path": "docs/guide.md",
            "where": ["Results", "MobileNet", "Pruned"],
            "quoted": "71.33%",
            "found": "71.43%",
            "claims": ["pruning/mobilenet-imagenet-50/accuracy"],
        }
    ]


def test_a_document_writes_no_escapes_to_the_terminal(tmp_path: Path, claims: Path) -> None:
    ran = run("check", checkout(tmp_path, GUIDE.replace("71.33%", "\x1b[2J9 [red]")), "--claims", claims)
    assert "\x1b" not in ran.output
    assert "[red]" in ran.output


def test_a_table_that_is_none_is_one_line(tmp_path: Path, claims: Path) -> None:
    ran = run("check", checkout(tmp_path, "<table><tr>" + 60_000 * "<td>1"), "--claims", claims)
    said = "error[table]: a table has more than 50,000 cells; docs/guide.md; is it one?"
    assert (type(ran.exception), str(ran.exception)) == (UserError, said)
