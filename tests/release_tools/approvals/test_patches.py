"""What is the same diff, what is so apart from the minimum version, and what the example's files are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release_tools.approvals import patches
from release_tools.approvals.facts import Likeness
from release_tools.approvals.patches import Changed

SAME, BUMPED, OTHER = Likeness.SAME, Likeness.BUMPED, Likeness.OTHER
TRAIN = Changed("official/projects/p/train.py", "added", "b1", "@@ -0,0 +1,2 @@\n+import tf\n+x = 1")
CORE = Changed("official/core.py", "modified", "b2", "@@ -3,2 +3,3 @@ def f():\n a\n+b\n c")
PACKAGE = "tensorflow-model-optimization"
DIFF = (TRAIN, CORE)


def requires(*lines: str, path: str = "official/requirements.txt", status: str = "modified") -> Changed:
    return Changed(path, status, "b3", "\n".join(["@@ -1,3 +1,3 @@", *lines]))


BUMP = requires(" numpy", f"-{PACKAGE}>=0.7.0", f"+{PACKAGE}>=0.8.2", " six")


@pytest.mark.parametrize(
    ("there", "here", "expected"),
    [
        (DIFF, DIFF, SAME),
        (DIFF, DIFF[::-1], SAME),
        ((), (), SAME),
        (DIFF, (TRAIN, replace(CORE, patch="@@ -30,2 +33,3 @@ def g():\n a\n+b\n c")), SAME),
        (DIFF, (TRAIN, replace(CORE, blob="of another base")), SAME),
        (DIFF, (TRAIN,), OTHER),
        (DIFF, (TRAIN, replace(CORE, patch="@@ -3,2 +3,3 @@\n a\n+c\n c")), OTHER),
        (DIFF, (TRAIN, replace(CORE, patch="@@ -3,2 +3,3 @@\n z\n+b\n c")), OTHER),
        (DIFF, (replace(TRAIN, path="official/projects/q/train.py"), CORE), OTHER),
        (DIFF, (replace(TRAIN, status="modified"), CORE), OTHER),
        ((replace(TRAIN, patch=None),), (replace(TRAIN, patch=None),), SAME),
        ((replace(TRAIN, patch=None),), (replace(TRAIN, patch=None, blob="b9"),), OTHER),
        ((replace(TRAIN, previous="a.py", status="renamed"),), (replace(TRAIN, status="renamed"),), OTHER),
        (DIFF, (*DIFF, BUMP), BUMPED),
        ((*DIFF, BUMP), DIFF, BUMPED),
        ((BUMP,), (requires(" numpy", f"-{PACKAGE}>=0.7.0", f"+{PACKAGE}>=0.9.0", " six"),), BUMPED),
    ],
)
def test_how_two_diffs_compare(
    there: tuple[Changed, ...], here: tuple[Changed, ...], expected: Likeness
) -> None:
    assert patches.likeness(there, here) is expected
    assert patches.likeness(here, there) is expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (f"{PACKAGE}>=0.7.0", f"{PACKAGE}>=0.8.2", BUMPED),
        (f"    '{PACKAGE}>=0.7.0',", f"    '{PACKAGE}>=0.8.2',", BUMPED),
        (f'  "{PACKAGE} >= 0.7.0",', f'  "{PACKAGE} >= 0.8.2",', BUMPED),
        (f"{PACKAGE}>=0.7.0,<1", f"{PACKAGE}>=0.8.2,<1", BUMPED),
        ("tensorflow_model_optimization>=0.7.0; python_version>'3.8'",
         "tensorflow_model_optimization>=0.8.2; python_version>'3.8'", BUMPED),
        (f"{PACKAGE}>=0.7.0,<1", f"{PACKAGE}>=0.8.2,<2", OTHER),
        (f"{PACKAGE}>=0.7.0", f"{PACKAGE}>=0.8.2; python_version>'3.8'", OTHER),
        (f"{PACKAGE}>=0.7.0", f"{PACKAGE}[extra]>=0.8.2", OTHER),
        (f"{PACKAGE}>=0.7.0", f"{PACKAGE}==0.8.2", OTHER),
        (f"{PACKAGE}>=0.7.0", f"{PACKAGE}", OTHER),
        (f"{PACKAGE}>=0.7.0", f"{PACKAGE} @ https://evil.example/x.whl", OTHER),
        (f"{PACKAGE}>=0.7.0", f"{PACKAGE}>=0.8.2 # and more", OTHER),
        ("numpy>=1", "numpy>=2", OTHER),
        (f"{PACKAGE}-evil>=0.7.0", f"{PACKAGE}-evil>=0.8.2", OTHER),
        (f'x = 1  # {PACKAGE}>=0.7.0', f'x = run()  # {PACKAGE}>=0.8.2', OTHER),
        (f'run("{PACKAGE}>=0.7.0")', f'run("{PACKAGE}>=0.8.2")', OTHER),
    ],
)  # fmt: skip
def test_what_a_minimum_versions_line_is(old: str, new: str, expected: Likeness) -> None:
    assert patches.likeness(DIFF, (*DIFF, requires(f"-{old}", f"+{new}"))) is expected


@pytest.mark.parametrize(
    "lines",
    [
        (f"-{PACKAGE}>=0.7.0", f"+{PACKAGE}>=0.8.2", "+evil"),
        (f"-{PACKAGE}>=0.7.0",),
        (f"+{PACKAGE}>=0.8.2",),
        (f"-{PACKAGE}>=0.7.0", f"+{PACKAGE}>=0.8.2", f"+{PACKAGE}>=0.8.2"),
    ],
)
def test_anything_beside_it_is_another_diff(lines: tuple[str, ...]) -> None:
    assert patches.likeness(DIFF, (*DIFF, requires(*lines))) is OTHER


def test_a_new_file_with_a_minimum_may_raise_it() -> None:
    low, high = (requires(f"+{PACKAGE}>={version}", status="added") for version in ("0.7.0", "0.8.2"))
    assert patches.likeness((low,), (high,)) is BUMPED
    assert patches.likeness((low,), ()) is OTHER


TREE = {
    "official/projects/p/train.py": "b1",
    "official/projects/p/data.py": "d1",
    "official/projects/q/other.py": "q1",
    "official/core.py": "b2",
    "official/requirements.txt": "b3",
}


@pytest.mark.parametrize(
    ("path", "is_part"),
    [
        ("official/projects/p/train.py", True),
        ("official/projects/p/data.py", True),  # beside what is added, though of the base
        ("official/core.py", True),
        ("official/projects/q/other.py", False),
        ("official/requirements.txt", False),
    ],
)
def test_what_the_examples_files_are(path: str, is_part: bool) -> None:
    before = patches.example((*DIFF, BUMP), TREE)
    assert (patches.example((*DIFF, BUMP), {**TREE, path: "changed"}) != before) is is_part


def test_a_minimum_is_no_part_of_the_example() -> None:
    assert patches.example(DIFF, TREE) == patches.example(
        (*DIFF, BUMP), {**TREE, "official/requirements.txt": "b9"}
    )


def test_a_new_file_in_its_folder_is_part_of_the_example() -> None:
    assert patches.example(DIFF, TREE) != patches.example(DIFF, {**TREE, "official/projects/p/new.py": "n"})


def test_a_requirement_beside_the_example_may_rise() -> None:
    own = "official/projects/p/requirements.txt"
    low, high = (
        (*DIFF, requires("+six", f"+{PACKAGE}>={version}", path=own, status="added"))
        for version in ("0.7.0", "0.8.2")
    )
    more = (*DIFF, requires("+evil", f"+{PACKAGE}>=0.8.2", path=own, status="added"))
    assert patches.example(low, {**TREE, own: "1"}) == patches.example(high, {**TREE, own: "2"})
    assert patches.example(low, {**TREE, own: "1"}) != patches.example(more, {**TREE, own: "3"})


def test_a_file_at_the_root_is_itself_alone() -> None:
    added = replace(TRAIN, path="train.py")
    before = patches.example((added,), {"train.py": "b1", "setup.py": "s1"})
    assert before == patches.example((added,), {"train.py": "b1", "setup.py": "s2"})
    assert before != patches.example((added,), {"train.py": "b2", "setup.py": "s1"})
