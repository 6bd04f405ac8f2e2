from __future__ import annotations

import pytest

from release_tools.doctor import disabled

PATH = "x/a_test.py"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a_test.py", True),
        ("x/test_a.py", True),
        ("testing.py", False),
        ("a_test.txt", False),
        ("test_a.pyc", False),
    ],
)
def test_files_that_hold_tests(name: str, expected: bool) -> None:
    assert disabled.is_test(name) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("@unittest.skip\ndef testA(): pass", [("skip", "testA is under @unittest.skip")]),
        (
            "class A:\n  @pytest.mark.xfail(reason='x')\n  def testB(self): pass",
            [("skip", "A.testB is under @pytest.mark.xfail")],
        ),
        ("@unittest.expectedFailure\nclass A: pass", [("skip", "A is under @unittest.expectedFailure")]),
        (
            "class A:\n  def testB(self):\n    if x:\n      self.skipTest('x')",
            [("skip", "A.testB is under self.skipTest")],
        ),
        ("del A.testB, other", [("del", "del A.testB")]),
        ("x = 1  # FIXME: here", [("todo", "FIXME: here")]),
        ("@parameterized.parameters(1)\ndef testA(): pass", []),
        ("skip = 1", []),
        ("not python (", []),
    ],
)
def test_marks(code: str, expected: list[tuple[str, str]]) -> None:
    assert [(mark.kind, mark.what) for mark in disabled.marks({PATH: code})] == expected


def test_only_files_with_tests_have_marks() -> None:
    assert disabled.marks({"x/a.py": "# TODO: x\n@skip\ndef testA(): pass"}) == {}


@pytest.mark.parametrize("tag", ["manual", "notap", "no_oss"])
def test_tags(tag: str) -> None:
    build = f"py_test(name='a', tags=['{tag}', 'fast'])\npy_library(name='b', tags=['{tag}'])"
    assert [mark.what for mark in disabled.marks({"x/BUILD": build})] == [f'a has the tag "{tag}"']


def blocks(old: str, new: str) -> list[tuple[int, str, int]]:
    return [(b.line, b.first, b.lines) for b in disabled.commented_out({PATH: old}, {PATH: new})]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("call(1)\n", "# call(1)\n", [(1, "call(1)", 1)]),
        ("call(1)\ncall(2)\n", "#call(1)\n  #  call(2)\n", [(1, "call(1)", 2)]),
        ("call(1)\nx\ncall(2)\n", "# call(1)\nx\n# call(2)\n", [(1, "call(1)", 1), (3, "call(2)", 1)]),
        ("call(1)\n", "# A new test.\n# def testNew(self):\n", [(2, "def testNew(self):", 1)]),
        ("call(1)\n", "call(1)\n# call(1)\n", []),
        ("call(1)\n", "# something else\n", []),
        ("})\n", "# })\n", []),
        ("# call(1)\ncall(1)\n", "# call(1)\n", []),
    ],
)
def test_code_that_became_a_comment(old: str, new: str, expected: list[tuple[int, str, int]]) -> None:
    assert blocks(old, new) == expected


def test_where_tests_are() -> None:
    code = "class ATest:\n  def testB(self):\n    def testInner(): pass\n  def helper(self): pass\n"
    code += "def test_c(): pass\n"
    assert disabled.tests({PATH: code}) == {"ATest.testB": f"{PATH}:2", "test_c": f"{PATH}:5"}
