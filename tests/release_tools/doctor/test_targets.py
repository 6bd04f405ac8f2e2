from __future__ import annotations

import pytest

from release_tools.doctor import targets

FILES = {"x/a.py": "", "x/b/c.py": "", "d.py": ""}


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ("py_library(name='l', srcs=['a.py'])", {"x/a.py"}),
        ("py_library(name='l', srcs=['b/c.py'])", {"x/b/c.py"}),
        ("py_library(name='l', srcs=[':a.py', '//:d.py'])", {"x/a.py", "d.py"}),
        ("py_library(name='l', data=['//x/b:c.py'])", {"x/b/c.py"}),
        ("py_library(name='l', srcs=glob(['*.py']))", {"x/a.py", "x/b/c.py"}),
        ("py_library(name='l', srcs=glob(['*']))", {"x/a.py", "x/b/c.py"}),
        ("py_library(name='l', srcs=select({'//conditions:default': ['a.py']}))", {"x/a.py"}),
        ("exports_files(['a.py'])", set()),
        ("X = ['a.py']", set()),
        ("py_library(name=", set()),
    ],
)
def test_files_that_targets_name(build: str, expected: set[str]) -> None:
    assert targets.named({**FILES, "x/BUILD": build}) == expected


def test_what_a_target_is() -> None:
    (rule,) = targets.rules({"x/BUILD.bazel": "\npy_strict_test(name = 'a', tags = ['manual'])"})
    assert (rule.label, rule.is_test, rule.place) == ("//x:a", True, "x/BUILD.bazel:2")
    assert rule.strings["tags"] == ("manual",)
