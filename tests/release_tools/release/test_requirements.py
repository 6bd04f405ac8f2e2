"""What one file lacks is added as text to the other; what a person has to decide is said."""

from __future__ import annotations

import pytest

from release_tools.release.requirements import align

SETUP = """\
REQUIRED_PACKAGES = [
    'absl-py~=1.2',
    'enum34~=1.1;python_version<"3.4"',
]
setup(install_requires=REQUIRED_PACKAGES)
"""
LISTED = 'absl-py~=1.2\nenum34~=1.1;python_version<"3.4"\n'


def test_what_agrees_stays() -> None:
    made = align(SETUP, f"# head\n\n{LISTED}")
    assert (made.setup, made.listed, made.findings) == (SETUP, f"# head\n\n{LISTED}", ())


def test_a_dependency_that_the_wheel_would_lack_is_added() -> None:
    made = align(SETUP, f"{LISTED}tf-keras>=2.14.1  # new\n")
    last = "    'enum34~=1.1;python_version<\"3.4\"',\n"
    assert made.setup == SETUP.replace(last, f"{last}    'tf-keras>=2.14.1',\n")
    assert made.findings == ("added to setup.py: tf-keras>=2.14.1",)


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_dependency_that_the_list_lacks_is_added(end: str) -> None:
    made = align(SETUP.replace("    'absl", "    'mock',\n    'absl"), LISTED.rstrip("\n") + end)
    assert made.listed == f"{LISTED}mock\n"
    assert made.findings == ("added to requirements.txt: mock",)


@pytest.mark.parametrize(
    ("setup", "expected"),
    [
        ("setup(install_requires=['a'])\n", "setup(install_requires=['a',\n                        'b',])\n"),
        (
            'setup(install_requires=[\n  "é", "a"\n])\n',
            'setup(install_requires=[\n  "é", "a",\n        "b",\n])\n',
        ),
    ],
)
def test_other_shapes_of_the_list(setup: str, expected: str) -> None:
    assert align(setup, "a\nb\n").setup == expected
    compile(expected, "setup.py", "exec")


def test_where_they_differ_a_person_decides() -> None:
    made = align(SETUP, LISTED.replace("1.2", "1.3"))
    assert (made.setup, made.listed) == (SETUP, LISTED.replace("1.2", "1.3"))
    assert made.findings == (
        "absl-py: setup.py says absl-py~=1.2, requirements.txt says absl-py~=1.3; the wheel gets the first",
    )


@pytest.mark.parametrize(
    "setup",
    [
        "setup()",
        "setup(install_requires=read())",
        "setup(install_requires=['a' + x])",
        "setup(",
        "setup(install_requires=[])",
        "setup(\0)",
        "(" * 5000,
        "not " * 9000 + "x",
    ],
)
def test_what_no_program_reads_is_said(setup: str) -> None:
    made = align(setup, LISTED)
    assert (made.setup, made.listed, len(made.findings)) == (setup, LISTED, 1)


def test_nothing_on_both_sides_agrees() -> None:
    assert align("setup(install_requires=[])", "").findings == ()
