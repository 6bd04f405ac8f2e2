"""Which TFMOT is tested: the installed one, whole, and no other copy that comes before it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from convergence import content
from convergence.errors import UserError

MEMBERS = {"tensorflow_model_optimization/a.py": "1" * 64, "tensorflow_model_optimization/b.py": "2" * 64}
ASK = "from convergence import content; print(content.installed(), content.version())"


def test_the_digest_hangs_on_paths_and_contents_only() -> None:
    first = content.digest(MEMBERS, b"")
    assert first == content.digest(dict(reversed(MEMBERS.items())), b"")
    assert first != content.digest({**MEMBERS, "tensorflow_model_optimization/c.py": "3" * 64}, b"")
    assert first != content.digest(dict.fromkeys(MEMBERS, "4" * 64), b"")


def with_version_file(text: str) -> str:
    members = {**MEMBERS, content.VERSION_FILE: hashlib.sha256(text.encode()).hexdigest()}
    return content.digest(members, text.encode())


PLAIN = """\
'''What version it is.'''
_MAJOR = '0'
_SUFFIX = ''
__version__ = '.'.join([_MAJOR, _MAJOR])
if _SUFFIX:
  __version__ = '{}-{}'.format(__version__, _SUFFIX)
"""


@pytest.mark.parametrize("part", ["1", "rc0", "2024.11.01"])
def test_a_version_bump_is_no_other_content(part: str) -> None:
    assert with_version_file(PLAIN.replace("'0'", repr(part))) == content.digest(MEMBERS, b"")


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "forge()",
        "f = lambda: 0",
        "def f(): pass",
        "class A: pass",
        "_MAJOR = forge()",
        "_MAJOR = 'x' * forge()",
        "_MAJOR = '.'.join(forge())",
        "_MAJOR = '.'.join([forge()])",
        "_MAJOR = '.'.join(x for x in forge())",
        "_MAJOR = '{}'.format(**forge)",
        "_MAJOR = '{}'.format(forge.it)",
        "_MAJOR = f'{forge()}'",
        "_MAJOR = forge.join([])",
        "_MAJOR = '0'.encode()",
        "forge.it = '0'",
        "forge[0] = '0'",
        "_MAJOR: forge() = '0'",
        "_MAJOR += '0'",
        "if forge(): pass",
        "if _MAJOR:\n  forge()",
        "if _MAJOR:\n  _MAJOR = '0'\nelse:\n  forge()",
        "assert forge()",
        "@forge\ndef f(): pass",
        f"_PAYLOAD = '{'ab' * 40}'",
        "(",
        "\0",
    ],
)
def test_other_code_in_the_version_file_is_other_content(code: str) -> None:
    """It would run in every training, and could put anything where those of an honest commit look."""
    forged = with_version_file(f"{PLAIN}{code}\n")
    assert forged not in {content.digest(MEMBERS, b""), with_version_file(PLAIN)}
    assert forged != with_version_file(f"{PLAIN}{code} \n")


def installed(folder: Path, *, record: bool = True) -> Path:
    """An installation of a package that calls itself TFMOT."""
    package = folder / "tensorflow_model_optimization"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    info = folder / "tensorflow_model_optimization-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tensorflow-model-optimization\nVersion: 1.0\n"
    )
    (info / "top_level.txt").write_text("tensorflow_model_optimization\n")
    lines = "tensorflow_model_optimization/__init__.py,,\n" if record else "elsewhere.pth,,\n"
    (info / "RECORD").write_text(lines)
    return folder


def asked(*path: Path) -> subprocess.CompletedProcess[str]:
    lines = f"import sys; sys.path[:0] = {[str(folder) for folder in path]!r}; {ASK}"
    return subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)


def test_an_installation_is_digested_by_its_files(tmp_path: Path) -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    expected = content.digest({"tensorflow_model_optimization/__init__.py": empty}, b"")
    assert asked(installed(tmp_path)).stdout.split() == [expected, "1.0"]


def test_another_copy_before_the_installed_one_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "checkout" / "tensorflow_model_optimization"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    ran = asked(tmp_path / "checkout", installed(tmp_path / "site"))
    assert ran.returncode == 1
    assert f"error[shadowed]: another copy of TFMOT comes before the installed one; {other}" in ran.stderr


def test_an_installation_that_does_not_list_its_files_is_refused(tmp_path: Path) -> None:
    ran = asked(installed(tmp_path, record=False))
    assert "error[no-tfmot]: the installed TFMOT does not list its files (is it editable?)" in ran.stderr


def test_none_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content.metadata, "packages_distributions", dict)
    with pytest.raises(UserError, match="no-tfmot"):
        content.installed()
