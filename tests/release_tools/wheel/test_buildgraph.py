from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convergence.errors import UserError
from release_tools import shell
from release_tools.wheel import buildgraph

START = "//p:all"
Tree = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    def make(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "tree" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / "tree"

    return make


def rule(attributes: str, kind: str = "py_library", name: str = "all") -> str:
    return f'{kind}(name = "{name}", {attributes})\n'


@pytest.mark.parametrize(
    ("build", "shipped"),
    [
        (rule(""), []),
        (rule('srcs = ["a.py"]'), ["p/a.py"]),
        (rule('srcs = [":a.py"]'), ["p/a.py"]),
        (rule('srcs = ["//p:a.py"]'), ["p/a.py"]),
        (rule('srcs = ["a.py"], data = ["b.txt"]'), ["p/a.py", "p/b.txt"]),
        (rule('srcs = ["sub/c.py"]'), ["p/sub/c.py"]),
        (rule('srcs = ["a.py"] + ["sub/c.py"]'), ["p/a.py", "p/sub/c.py"]),
        (rule('srcs = ("a.py",)'), ["p/a.py"]),
        (rule("srcs = None"), []),
        ('SRCS = ["a.py"]\n' + rule('srcs = SRCS + ["b.txt"]'), ["p/a.py", "p/b.txt"]),
        (rule('srcs = ["a.py"], deps = ["@absl//absl:app", "@six", "@@tf//:x"]'), ["p/a.py"]),
        (rule('deps = [":other"]') + rule('srcs = ["a.py"]', name="other"), ["p/a.py"]),
        (rule('deps = ["other"]') + rule('srcs = ["a.py"]', name="other"), ["p/a.py"]),
        (rule('deps = ["//q"]'), ["q/d.py"]),
        (rule('deps = ["//q:q"]'), ["q/d.py"]),
        (rule('deps = ["@//q"]'), ["q/d.py"]),
        (rule('deps = ["//:root"]'), ["top.py"]),
        (rule('actual = ":other"', "alias") + rule('srcs = ["a.py"]', name="other"), ["p/a.py"]),
        (rule('deps = [":other"]') + rule('srcs = ["a.py"], deps = [":all"]', name="other"), ["p/a.py"]),
        (rule('srcs = ["a.py"]') + rule('srcs = ["a_test.py"], deps = [":all"]', "py_test", "t"), ["p/a.py"]),
        (rule('srcs = ["a.py"]') + rule("srcs = strange()", name="not_asked_for"), ["p/a.py"]),
        (rule('srcs = glob(["*.py"])'), ["p/a.py", "p/a_test.py"]),
        (rule('srcs = glob(["*.py"], exclude = ["*_test.py"])'), ["p/a.py"]),
        (rule('srcs = glob(include = ["**/*.py"], exclude = ["a*"])'), ["p/sub/c.py"]),
        (rule('srcs = glob(["sub/**"])'), ["p/sub/c.py"]),
        (rule('srcs = glob(["**/c.py", "b.txt"])'), ["p/b.txt", "p/sub/c.py"]),
        (rule('srcs = glob(["nothing*"], allow_empty = True)'), []),
        (
            rule('srcs = select({"@platforms//os:linux": ["b.txt"], "//conditions:default": ["a.py"]})'),
            ["p/a.py"],
        ),
        (
            '"""Docstring."""\nload("//p:x.bzl", "y")\npackage(features = [])\nlicenses(["notice"])\n'
            + 'exports_files(["LICENSE"])\n'
            + rule('srcs = ["a.py"]'),
            ["p/a.py"],
        ),
    ],
)
def test_walk(tree: Tree, build: str, shipped: list[str]) -> None:
    root = tree(
        {
            "p/BUILD": build,
            "p/a.py": "",
            "p/a_test.py": "",
            "p/b.txt": "",
            "p/sub/c.py": "",
            "p/own/BUILD": "",
            "p/own/e.py": "",
            "q/BUILD.bazel": rule('srcs = ["d.py"]', name="q"),
            "q/BUILD": "not even Python",
            "q/d.py": "",
            "BUILD": rule('srcs = ["top.py"]', name="root"),
            "top.py": "",
        }
    )
    assert buildgraph.shipped(root, START) == tuple(shipped)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (rule('srcs = ["b.py"]'), "//p:b.py points nowhere; p/BUILD:1; close: a.py"),
        ("\n\n" + rule('\n deps = [":othr"]') + rule("", name="other"), "//p:othr points nowhere; p/BUILD:4"),
        (
            rule('deps = ["//nowhere"]'),
            "//nowhere:nowhere points nowhere; p/BUILD:1; no BUILD file in nowhere",
        ),
        (rule('deps = ["//p/../q"]'), "not a label: '//p/../q'; p/BUILD:1"),
        (rule('srcs = ["../q/d.py"]'), "not a label: '../q/d.py'; p/BUILD:1"),
        (rule('srcs = ["/etc/passwd"]'), "not a label: '/etc/passwd'; p/BUILD:1"),
        (rule('deps = ["///etc:passwd"]'), "not a label: '///etc:passwd'; p/BUILD:1"),
        (rule('srcs = [""]'), "not a label: ''; p/BUILD:1"),
        (rule('srcs = ["a b.py"]'), "not a label: 'a b.py'; p/BUILD:1"),
        (rule("srcs = [x + '.py' for x in ['a']]"), "cannot read \"[x + '.py' for x in ['a']]\"; p/BUILD:1"),
        (rule("srcs = UNKNOWN"), "cannot read 'UNKNOWN'; p/BUILD:1"),
        (rule("srcs = [1]"), "cannot read '1'; p/BUILD:1"),
        (rule("srcs = strange()"), "cannot read 'strange()'; p/BUILD:1"),
        (rule("srcs = '%s.py' % 'a'"), "cannot read \"'%s.py' % 'a'\"; p/BUILD:1"),
        (rule('srcs = select({"//x:y": []})'), "select() without '//conditions:default'; p/BUILD:1"),
        ("A = A\n" + rule("srcs = A"), "srcs refers to itself or is nested too deeply; p/BUILD:2"),
        (rule('outs = ["a.py"]', "genrule"), "genrule makes files while building, which only Bazel can do"),
        ("import os\n" + rule(""), "cannot read 'import os'; p/BUILD:1"),
        (
            "[py_library(name = n) for n in 'ab']",
            "cannot read \"[py_library(name=n) for n in 'ab']\"; p/BUILD:1",
        ),
        ("py_library(name = 'a' + 'll')", "py_library() has no plain name; p/BUILD:1"),
        ("strange()\n", "strange() has no plain name; p/BUILD:1"),
        (rule("**more"), "py_library() 'all' has ** arguments or is defined twice; p/BUILD:1"),
        (rule("") * 2, "py_library() 'all' has ** arguments or is defined twice; p/BUILD:2"),
        (rule("") + "py_library(\n", "cannot be parsed: '(' was never closed; p/BUILD:2"),
        ("\0", "cannot be parsed"),
        ("(" * 5000, "cannot be parsed"),
        ("-" * 900 + "1", "cannot read 'Expr'; p/BUILD:1"),
        (rule("srcs = " + "-" * 900 + "1"), "cannot read 'UnaryOp'; p/BUILD:1"),
        ("", "//p:all points nowhere; BUILD:1"),
        (rule(f'srcs = ["{"x" * 300}"]'), f"//p:{'x' * 300} points nowhere; p/BUILD:1"),
        (rule(f'deps = ["//{"x" * 300}"]'), f"//{'x' * 300}:{'x' * 300} points nowhere; p/BUILD:1"),
        (rule(f'srcs = ["//{"x" * 100_000} "]'), "not a label: '//xxxx"),
        (rule(f"srcs = glob(['{'*a' * 31}'])"), "more than 30 stars in '*a*a"),
    ],
)
def test_what_is_not_understood_names_file_and_line(tree: Tree, build: str, said: str) -> None:
    root = tree({"p/BUILD": build, "p/a.py": ""})
    with pytest.raises(UserError) as caught:
        buildgraph.shipped(root, START)
    assert str(caught.value).startswith(f"error[build-file]: {said}")


def test_nothing_in_a_build_file_runs(tree: Tree, tmp_path: Path) -> None:
    root = tree({"p/BUILD": f"open({str(tmp_path / 'planted')!r}, 'w')\n" + rule("")})
    with pytest.raises(UserError):
        buildgraph.shipped(root, START)
    assert not (tmp_path / "planted").exists()


def test_a_deep_graph_is_no_recursion(tree: Tree) -> None:
    chain = "".join(rule(f'deps = [":t{n + 1}"]', name=f"t{n}") for n in range(3000))
    build = rule('deps = [":t0"]') + chain + rule('srcs = ["a.py"]', name="t3000")
    assert buildgraph.shipped(tree({"p/BUILD": build, "p/a.py": ""}), START) == ("p/a.py",)


def test_a_tree_without_build_files(tree: Tree) -> None:
    assert not buildgraph.has_build_file(tree({"tensorflow_model_optimization/__init__.py": ""}))
    assert buildgraph.has_build_file(tree({"tensorflow_model_optimization/BUILD": ""}))


@given(st.text(alphabet="()[]{}=+,:/@*\"'#\n\\ apnmersdlobgt_", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "p").mkdir()
        Path(folder, "p", "BUILD").write_text(rule("srcs = [" + text) + text)
        with contextlib.suppress(UserError):
            buildgraph.shipped(Path(folder), START)


def said_in_time(root: Path) -> str:
    """What the walk says in another process, which is ended when it hangs."""
    script = (
        f"from pathlib import Path; from release_tools.wheel import buildgraph\n"
        f"try: print(buildgraph.shipped(Path({str(root)!r}), {START!r}))\n"
        f"except Exception as error: print(error)"
    )
    return shell.run([sys.executable, "-c", script], timeout=20).out.strip()


@pytest.mark.parametrize(("first", "said"), [("[]", "()"), ('["a.py"]', "more than 10000 strings; p/BUILD:")])
def test_constants_that_double(tree: Tree, first: str, said: str) -> None:
    doubled = "".join(f"A{n + 1} = A{n} + A{n}\n" for n in range(40))
    root = tree({"p/BUILD": f"A0 = {first}\n{doubled}" + rule("srcs = A40")})
    assert said in said_in_time(root)


@pytest.mark.parametrize("glob", ["*a" * 29 + "b", "**/a/" * 14 + "b", "**/x/" * 14 + "**"])
def test_a_glob_does_not_backtrack(tree: Tree, glob: str) -> None:
    root = tree(
        {"p/BUILD": rule(f'srcs = glob(["{glob}"])'), "p/" + "a/" * 60 + "x": "", "p/" + "a" * 200: ""}
    )
    assert said_in_time(root) == "()"


@pytest.mark.parametrize(
    ("glob", "shipped"),
    [
        ("**", ["BUILD", "a.py", "s/b.py", "s/t/c.py", "x[1]?.py"]),
        ("s/**", ["s/b.py", "s/t/c.py"]),
        ("**/s/**/*.py", ["s/b.py", "s/t/c.py"]),
        ("a.py/**", []),
        ("s/*", ["s/b.py"]),
        ("*/*/c*", ["s/t/c.py"]),
        ("x[1]?.*", ["x[1]?.py"]),
        ("?.py", []),
        ("[a].py", []),
        ("**.py", ["a.py", "x[1]?.py"]),
        ("/a.py", []),
        ("s/", []),
        ("", []),
    ],
)
def test_globs(glob: str, shipped: list[str]) -> None:
    names = ["BUILD", "a.py", "s/b.py", "s/t/c.py", "x[1]?.py"]
    pattern = buildgraph._pattern(glob, buildgraph.Place("BUILD", 1))
    assert [name for name in names if buildgraph._matches(pattern, name.split("/"))] == shipped
