"""Configs name no file that only their author can reach."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

from release_tools import standards

YAML = """\
# gs://**/comment
task:
  train_data:
    input_path: '{path}'
  model: {{backbone: resnet}}
"""


def found(root: Path, name: str, text: str) -> list[tuple[str, str, str]]:
    report = standards.examine(examples.read(root, {f"example/{name}": text}), ["portable"])
    return [(one.where, one.what, one.mend) for one in report.findings]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gs://**/imagenet/train*", "a bucket that is not named"),
        ("/readahead/200M/placer/prod/home/x", "a file system of Google's"),
        ("/placer/prod/x", "a file system of Google's"),
        ("/cns/ok-d/home/x", "a file system of Google's"),
        ("/home/me/data/train", "a file of one machine"),
        ("/tmp/train.tfrecord", "a file of one machine"),
    ],
)
def test_it_is_named_with_the_override_that_mends_it(tmp_path: Path, path: str, reason: str) -> None:
    mend = "leave it empty; until then: --params_override=task.train_data.input_path=YOUR_PATH"
    assert found(tmp_path, "a.yaml", YAML.format(path=path)) == [
        ("example/a.yaml:4", f"{path} is {reason}", mend)
    ]


@pytest.mark.parametrize(
    "path", ["imagenet-2012-tfrecord/train*", "gs://cloud-tpu-checkpoints/resnet50/ckpt-28080", "", "/"]
)
def test_what_others_reach_or_bring_is_fine(tmp_path: Path, path: str) -> None:
    assert found(tmp_path, "a.yaml", YAML.format(path=path)) == []
    assert found(tmp_path, "b.py", f"x = {path!r}\n") == []


def test_in_python_the_override_follows_from_the_keywords(tmp_path: Path) -> None:
    text = "c = Experiment(task=Task(train_data=Data(\n  input_path='gs://**/x')))\n"
    mend = "leave it empty; until then: --params_override=task.train_data.input_path=YOUR_PATH"
    assert found(tmp_path, "a.py", text) == [
        ("example/a.py:2", "gs://**/x is a bucket that is not named", mend)
    ]


def test_of_a_constant_all_uses_are_named(tmp_path: Path) -> None:
    text = (
        "BASE = 'gs://**/x'\n"
        "def f():\n  return E(task=T(train_data=D(input_path=join(BASE, 'a')),"
        " validation_data=D(input_path=BASE + 'b')))\n"
    )
    [(where, _, mend)] = found(tmp_path, "a.py", text)
    assert where == "example/a.py:1"
    assert mend.endswith(
        "--params_override=task.train_data.input_path=YOUR_PATH,task.validation_data.input_path=YOUR_PATH"
    )


def test_what_no_override_reaches_is_to_be_an_option(tmp_path: Path) -> None:
    [(_, _, mend)] = found(tmp_path, "a.py", "flags.DEFINE_string('x', default='/tmp/x/y')\n")
    assert mend == "leave it empty; until then: give it as an option"


def test_a_docstring_is_no_config(tmp_path: Path) -> None:
    assert found(tmp_path, "a.py", '"""gs://**/x"""\ndef f():\n  """/home/me/x"""\n') == []


def test_anchors_that_repeat_each_other_a_billion_times_are_read_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 /tmp/x/y"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert [where for where, *_ in found(tmp_path, "a.yaml", "\n".join(lines))] == ["example/a.yaml:1"]


@pytest.mark.parametrize("text", ["a: [", "a: &x [*x]", "\x00", "a:\n\t- b"])
def test_yaml_that_is_none_or_holds_itself_ends(tmp_path: Path, text: str) -> None:
    assert {what for _, what, _ in found(tmp_path, "a.yaml", text)} <= {"is no YAML"}
