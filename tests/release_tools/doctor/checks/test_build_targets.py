from __future__ import annotations

import dataclasses

import patient
import pytest
from patient import BUILD, CORE, Patch, replaced, written

from release_tools.doctor.checks import build_targets

UNNAMED = "no BUILD target names this module, so it is in no wheel"
NEW = f"{CORE}/cluster.py"
CODE = written("X = 1\n")


def test_all_that_the_healthy_has_is_named() -> None:
    assert patient.said(build_targets, patient.subject()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({NEW: CODE, BUILD: replaced('        "cluster.py",\n', "")}, [("blocker", UNNAMED, NEW)]),
        (
            {
                f"{CORE}/api/new/__init__.py": CODE,
                f"{CORE}/api/BUILD": replaced('        "new/__init__.py",\n', ""),
            },
            [("blocker", UNNAMED, f"{CORE}/api/new/__init__.py")],
        ),
        (
            {BUILD: replaced('    srcs = [\n        "prune_test.py",\n    ],\n', "")},
            [("warning", "no BUILD target runs this test", patient.TEST)],
        ),
        (
            {
                NEW: CODE,
                BUILD: lambda text: (
                    text.replace('        "cluster.py",\n', "")
                    + 'py_library(name="c", srcs=["cluster.py"])\n'
                ),
            },
            [("warning", "a target names this module, but the pip package does not reach it", NEW)],
        ),
    ],
)
def test_what_silently_misses_the_wheel(
    changes: dict[str, Patch], expected: list[tuple[str, str, str]]
) -> None:
    assert patient.said(build_targets, patient.subject(changes)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {NEW: CODE, BUILD: lambda text: text.replace('"cluster.py"', '"//' + CORE + ':cluster.py"')},
        {
            NEW: CODE,
            BUILD: lambda text: text.replace('        "cluster.py",\n', "").replace(
                "srcs = [", 'srcs = glob(["clus*.py"]) + [', 1
            ),
        },
        {NEW: written('"""Says so."""\n# No code.\n'), BUILD: replaced('        "cluster.py",\n', "")},
        {f"{CORE}/testing/helper.py": CODE, f"{CORE}/testing/BUILD": written("")},
        {"ci/tool.py": CODE},
    ],
)
def test_what_is_named_in_another_way_or_need_not_ship(changes: dict[str, Patch]) -> None:
    tree = patient.tree(changes=changes)
    fine = dataclasses.replace(patient.subject(), tree=tree)
    assert [f for f in patient.said(build_targets, fine) if f[0] != "cannot tell"] == []


def test_a_build_file_that_cannot_be_read() -> None:
    found = patient.said(build_targets, patient.subject({BUILD: lambda text: text + "while True: pass\n"}))
    assert [(kind, where) for kind, _, where in found] == [("cannot tell", "v1.2.3")]
