from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from convergence.errors import UserError
from release_tools import bump
from release_tools.bump import Decision, Target, declarations
from release_tools.bump.floors import Options
from release_tools.bump.reading import Package

T = "tensorflow-model-optimization"
TARGET = Target(Package(T), Version("0.8.0"))
FORMATS = (
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "poetry.lock",
    "METADATA",
    "Dockerfile",
)
OPTIONS = Options()
in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def decided(path: Path, content: bytes, target: Target = TARGET, options: Options = OPTIONS) -> Decision:
    path.write_bytes(content)
    return bump.decide(declarations.search([path], target.package), target, options)


def test_says_what_changes_where(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    decision = decided(path, f"six\n{T}>=0.4\n{T}>0.9;python_version>'3'\n".encode())
    assert [(r.line, r.before, r.after) for r in decision.raised] == [(2, ">=0.4", ">=0.8.0")]
    assert [(r.line, r.before) for r in decision.unchanged] == [(3, ">0.9")]
    (change,) = decision.changes
    assert change.after == f"six\n{T}>=0.8.0\n{T}>0.9;python_version>'3'\n".encode()
    assert f"-{T}>=0.4\n+{T}>=0.8.0\n" in change.diff


def test_one_refusal_stops_all(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(f"{T}>=0.4\n")
    (tmp_path / "requirements-dev.txt").write_text(f"{T}==0.4\n")
    decision = bump.decide(declarations.search([tmp_path], TARGET.package), TARGET, Options())
    assert decision.changes == ()
    assert [str(refusal) for refusal in decision.refusals] == [
        f"refused[pinned]: ==0.4 pins a version below 0.8.0; {tmp_path}/requirements-dev.txt:1: {T}==0.4; "
        "--pins bump moves it to the new minimum"
    ]


def test_an_empty_folder_declares_nothing(tmp_path: Path) -> None:
    decision = bump.decide(declarations.search([tmp_path], TARGET.package), TARGET, Options())
    assert [refusal.reason.code.value for refusal in decision.refusals] == ["not-declared"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbf%b>=0.4", b"\xef\xbb\xbf%b>=0.8.0"),
        (b"# caf\xe9\r\n%b>=0.4", b"# caf\xe9\r\n%b>=0.8.0"),
        (b"# \x80\xff\x85\xa0\n%b>=0.4 # \xc3", b"# \x80\xff\x85\xa0\n%b>=0.8.0 # \xc3"),
    ],
)
def test_bytes_of_any_encoding_stay(tmp_path: Path, content: bytes, expected: bytes) -> None:
    decision = decided(tmp_path / "requirements.txt", content % T.encode())
    assert decision.changes[0].after == expected % T.encode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_characters(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    decision = decided(tmp_path / "requirements.txt", f"{mark}ü\n{T}>=0.4\n".encode(encoding))
    assert [r.reason.code.value for r in decision.refusals] == []
    assert decision.changes[0].after == f"{mark}ü\n{T}>=0.8.0\n".encode(encoding)


@pytest.mark.parametrize("content", [b"\0", b"%b>=0.4\0", b"\xff\xfe\0", b"PK\x03\x04\0\0"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    decision = decided(tmp_path / "requirements.txt", content.replace(b"%b", T.encode()))
    assert [r.reason.code.value for r in decision.refusals] == ["unparseable"]


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    content = b"#" * declarations.MAX_BYTES + b"\n" + T.encode()
    assert [r.reason.code.value for r in decided(tmp_path / "requirements.txt", content).refusals] == [
        "unparseable"
    ]


@in_one_folder
@given(
    st.lists(
        st.sampled_from([">=0.4", "<0.9", "!=0.5", "~=0.7", ">0.3", "<=1", "!=0.8.1", ">=0.7rc1"]), max_size=3
    ),
    st.sampled_from(
        [
            f"{T}%s",
            f"{T} [a] %s ; os_name == 'nt'",
            f"{T}(%s)  # c",
            f"{T} %s \\\n ; os_name=='nt'",
            f"  {T}\t%s",
        ]
    ),
    st.sampled_from([",", ", ", " ,", ", \\\n  "]),
    st.sampled_from(["", "six\n", "# x\r\n", "\n\n", "a==1 --hash=sha256:0\n"]),
    st.sampled_from(["", "\n", "\r\n", "\nabsl-py"]),
)
def test_only_the_specifier_changes(
    tmp_path: Path, clauses: list[str], layout: str, comma: str, before: str, after: str
) -> None:
    text = before + layout.replace("%s", comma.join(clauses)) + after
    decision = decided(tmp_path / "requirements.txt", text.encode())
    assert decision.refusals == ()
    old, new = text, decision.changes[0].after.decode() if decision.changes else text
    assert new.startswith(before)
    assert new.endswith(after)
    for piece in ("[a]", "; os_name", "# c", "\\\n", "\t"):
        assert new.count(piece) == old.count(piece)
    kept = new[len(before) :].removesuffix(after).replace("\\\n", "").partition("#")[0]
    wanted = SpecifierSet(",".join(clauses)).to_range() & SpecifierSet(">=0.8.0").to_range()
    assert Requirement(kept.strip()).specifier.to_range() == wanted
    assert decided(tmp_path / "requirements.txt", new.encode()).changes == ()


PIECES = [
    T.encode(),
    b">=0.4",
    b"==",
    b"\n",
    b"\r",
    b"[",
    b"]",
    b"'",
    b'"',
    b"=",
    b"setup(install_requires=",
    b"\\",
    b"#",
]


@in_one_folder
@pytest.mark.parametrize("name", FORMATS)
@given(
    content=st.binary(max_size=80) | st.lists(st.sampled_from(PIECES) | st.binary(max_size=3)).map(b"".join)
)
def test_any_bytes_get_an_answer_or_a_refusal(tmp_path: Path, name: str, content: bytes) -> None:
    decision = decided(tmp_path / name, content)
    assert decision.refusals or decision.raised or decision.unchanged
    assert not (decision.refusals and decision.changes)  # one line refused is nothing done
    for change in decision.changes:
        assume(len(decision.raised) == 1)
        assert len(change.after) - len(content) == len(decision.raised[0].after) - len(
            decision.raised[0].before
        )


@pytest.mark.parametrize(
    ("package", "words", "error"),
    [
        ("a b", ["1"], r"error\[bad-package\]: 'a b' is no package's name"),
        ("a", ["new"], r"error\[bad-version\]: 'new' is no version; 0.8.0, for example"),
        ("a", ["1+cpu"], r"error\[bad-version\]: 1\+cpu is a local version.*; 1, for example"),
        ("a", [], r"error\[usage\]: Missing argument 'VERSION'"),
        ("a", [">=0.8"], r"error\[bad-version\]"),
    ],
)
def test_bad_targets(package: str, words: list[str], error: str) -> None:
    with pytest.raises(UserError, match=error):
        bump.target(package, words)


def test_the_version_may_be_left_out() -> None:
    assert bump.target(T, ["a", "b"], optional=True) == (TARGET.package, None, (Path("a"), Path("b")))
    assert bump.target(T, ["0.8.0", "b"], optional=True) == (TARGET.package, TARGET, (Path("b"),))
