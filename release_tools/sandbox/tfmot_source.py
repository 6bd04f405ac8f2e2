"""A git repository of TFMOT's source, put together again from its wheel, for rehearsals and tests.

The package's files come from the wheel; setup.py, BUILD files and the rest are written here, in the shape
that TFMOT gives them. The same input makes the same commit ids.

Usage: python -m release_tools.sandbox.tfmot_source FOLDER [WHEEL]
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path, PurePosixPath

from packaging.version import Version

from convergence.errors import UserError
from release_tools import shell
from release_tools.sandbox import git
from release_tools.wheel import tfmot

Patch = Callable[[str], str | None]
FIRST_COMMIT, DAY = 1_767_225_600, 86_400  # 2026-01-01
AUTHOR = "TFMOT sandbox"
EMAIL = "sandbox@example.invalid"
ONE_TARGET = f"{tfmot.PACKAGE}/python/core/api"  # its BUILD file speaks for all folders below it
TEST_FILE = f"{tfmot.PACKAGE}/python/core/version_test.py"
TEST = '"""Excluded from the wheel, since only a py_test names it."""\n'

SETUP = """\
import os
import sys

from setuptools import find_packages
from setuptools import setup

sys.path.append(os.path.join(os.path.dirname(__file__), 'tensorflow_model_optimization', 'python/core'))
from version import __version__

if '--release' in sys.argv:
  sys.argv.remove('--release')
  project_name = 'tensorflow-model-optimization'
else:
  project_name = 'tf-model-optimization-nightly'

setup(
    name=project_name,
    version=__version__,
    description='TensorFlow Model Optimization, put together again for a rehearsal.',
    license='Apache 2.0',
    packages=find_packages(),
    install_requires=[
{requires}
    ],
    include_package_data=True,
    exclude_package_data={{'': ['BUILD', '*.h', '*.cc']}},
    zip_safe=False,
    python_requires='>=3',
)
"""

ROOT_BUILD = """\
sh_binary(
    name = "pip_pkg",
    srcs = ["pip_pkg.sh"],
    data = [
        "setup.py",
        "//tensorflow_model_optimization",
    ],
)
"""

PIP_PKG = """\
#!/usr/bin/env bash
# Usage: bazel-bin/pip_pkg FOLDER [--release]
set -e
folder="$(realpath "$1")"
cd "$0.runfiles/tensorflow_model_optimization"
python3 setup.py bdist_wheel --universal "${@:2}" --dist-dir="$folder"
"""

RELEASE_NOTES = """\
# TensorFlow Model Optimization next release TBD

# TensorFlow Model Optimization {version}

* Tested against TensorFlow nightly, and Python 3.
"""


@dataclass(frozen=True)
class Published:
    """What a wheel of TFMOT brings: its version, its requirements and its files."""

    version: str
    requires: tuple[str, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Revision:
    """One commit to make.

    Attributes:
      version: as version.py shall say, `0.8.2` or `0.8.2-dev`.
      tag: put on the commit, if not empty.
      patches: what to do to the text of a file (empty for a new one); None as the result removes it.
        The BUILD files follow the Python files, unless they are patched themselves.
    """

    version: str
    tag: str = ""
    patches: Mapping[str, Patch] = field(default_factory=dict)


def published(wheel: Path | None = None) -> Published:
    """TFMOT as a wheel has it, or as it is installed here.

    Raises:
      UserError: `no-tfmot`.
    """
    try:
        return _from_wheel(wheel) if wheel else _installed()
    except (metadata.PackageNotFoundError, OSError, zipfile.BadZipFile, StopIteration) as error:
        hint = "install the extra `convergence`, or name a wheel of tensorflow-model-optimization"
        raise UserError(
            "no-tfmot", "TFMOT is not there to take apart", where=str(wheel or ""), hint=hint
        ) from error


def revisions(version: str) -> tuple[Revision, Revision]:
    """A release and the development version after it, both tagged."""
    release = Version(version)
    following = f"{release.major}.{release.minor}.{release.micro + 1}"
    return Revision(version, f"v{version}"), Revision(f"{following}-dev", f"v{following}.dev")


def write(
    folder: Path, commits: Sequence[Revision] | None = None, origin: Published | None = None
) -> tuple[str, ...]:
    """Make a git repository in `folder`, which is new or empty; the commit ids are returned, oldest first.

    Args:
      commits: by default `revisions()` of the published version. Each begins anew from the published files.
      origin: by default what is installed here.

    Raises:
      UserError: `no-tfmot`, `not-empty`, `missing-program`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UserError("not-empty", "the folder is not empty", where=str(folder))
    origin = origin or published()
    folder.mkdir(parents=True, exist_ok=True)
    _git(folder, 0, "init", "--quiet", "--initial-branch=master", "--template=")
    chosen = commits or revisions(origin.version)
    return tuple(_commit(folder, number, revision, origin) for number, revision in enumerate(chosen))


def set_version(text: str, version: str) -> str:
    """The text of a version.py, saying `version`."""
    parsed = Version(version)
    numbers = (str(number) for number in (parsed.major, parsed.minor, parsed.micro))
    suffix = "dev" if parsed.is_devrelease else "".join(str(part) for part in parsed.pre or ())
    values = dict(zip((*tfmot.VERSION_PARTS, tfmot.SUFFIX), (*numbers, suffix), strict=True))
    for name, value in values.items():
        text = re.sub(rf"^{name} = .*$", f"{name} = '{value}'", text, flags=re.MULTILINE)
    return text


def tree(revision: Revision, origin: Published) -> dict[str, bytes]:
    """All files of a commit."""
    modules = {path: patch for path, patch in revision.patches.items() if _is_module(path)}
    others = {path: patch for path, patch in revision.patches.items() if path not in modules}
    package = _patched(
        dict(origin.files) | {TEST_FILE: TEST.encode()},
        {tfmot.VERSION_FILE: lambda text: set_version(text, revision.version)},
    )
    package = _patched(package, modules)
    return _patched(package | _build_files(package) | _scaffold(origin), others)


def _is_module(path: str) -> bool:
    return path.startswith(f"{tfmot.PACKAGE}/") and path.endswith(".py")


def _patched(files: Mapping[str, bytes], patches: Mapping[str, Patch]) -> dict[str, bytes]:
    changed = dict(files)
    for path, patch in patches.items():
        text = patch(changed.pop(path, b"").decode())
        if text is not None:
            changed[path] = text.encode()
    return changed


def _scaffold(origin: Published) -> dict[str, bytes]:
    requires = "\n".join(f"        {text!r}," for text in origin.requires)
    return {
        "BUILD": ROOT_BUILD.encode(),
        "LICENSE": _license(),
        "RELEASE.md": RELEASE_NOTES.format(version=origin.version).encode(),
        "WORKSPACE": f'workspace(name = "{tfmot.PACKAGE}")\n'.encode(),
        "pip_pkg.sh": PIP_PKG.encode(),
        "requirements.txt": "".join(f"{text}\n" for text in origin.requires).encode(),
        "setup.py": SETUP.format(requires=requires).encode(),
    }


def _license() -> bytes:
    """Our own licence, which is TFMOT's: as it was installed with us, or from the checkout."""
    installed = metadata.distribution("tfmot-release-tools").read_text("licenses/LICENSE")
    return (installed or (Path(__file__).parents[2] / "LICENSE").read_text()).encode()


def _build_files(package: Mapping[str, bytes]) -> dict[str, bytes]:
    """A BUILD file for each folder with modules: a library that leads to those below it, and its tests."""
    members: dict[str, list[str]] = {}
    for path in sorted(filter(_is_module, package)):
        folder = ONE_TARGET if path.startswith(f"{ONE_TARGET}/") else str(PurePosixPath(path).parent)
        members.setdefault(folder, []).append(path.removeprefix(f"{folder}/"))
    return {
        f"{folder}/BUILD": _build_file(folder, names, _below(folder, members)).encode()
        for folder, names in members.items()
    }


def _below(folder: str, folders: Mapping[str, object]) -> list[str]:
    """The nearest folders with modules below `folder`."""
    inside = [other for other in folders if other.startswith(f"{folder}/")]
    return [path for path in inside if not any(path.startswith(f"{other}/") for other in inside)]


def _build_file(folder: str, names: Sequence[str], below: Sequence[str]) -> str:
    tests = [name for name in names if name.endswith("_test.py")]
    name = PurePosixPath(folder).name
    library = _rule("py_library", name, [n for n in names if n not in tests], [f"//{path}" for path in below])
    rules = [_rule("py_test", test.removesuffix(".py"), [test], [f":{name}"]) for test in tests]
    return "\n".join(['package(default_visibility = ["//visibility:public"])\n', library, *rules])


def _rule(kind: str, name: str, srcs: Sequence[str], deps: Sequence[str]) -> str:
    lists = {"srcs": srcs, "deps": deps}
    lines = [
        f"    {attribute} = [\n" + "".join(f'        "{value}",\n' for value in values) + "    ],\n"
        for attribute, values in lists.items()
        if values
    ]
    return f'{kind}(\n    name = "{name}",\n{"".join(lines)})\n'


def _commit(folder: Path, number: int, revision: Revision, origin: Published) -> str:
    """Replace the work tree by that of a revision and commit it."""
    date = FIRST_COMMIT + number * DAY
    _git(folder, date, "rm", "-r", "--quiet", "--ignore-unmatch", ".")
    for path, content in tree(revision, origin).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(0o755 if target.suffix == ".sh" else 0o644)
    _git(folder, date, "add", "--all", "--force")
    _git(folder, date, "commit", "--quiet", "--allow-empty", f"--message=TFMOT {revision.version}")
    if revision.tag:
        _git(folder, date, "tag", revision.tag)
    return _git(folder, date, "rev-parse", "HEAD").out.strip()


def _git(folder: Path, date: int, *words: str) -> shell.Finished:
    """Git without any configuration of the person who runs it, at a fixed time."""
    person = {"NAME": AUTHOR, "EMAIL": EMAIL, "DATE": f"{date} +0000"}
    fixed = {f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    return shell.run(["git", "-C", folder, *words], env=git.environment() | fixed)


def _installed() -> Published:
    found = metadata.distribution(tfmot.Channel.RELEASE.value)
    names = [name for name in found.files or () if name.parts[0] == tfmot.PACKAGE and name.suffix != ".pyc"]
    files = {name.as_posix(): Path(str(name.locate())).read_bytes() for name in names}
    return Published(found.version, tuple(found.requires or ()), files)


def _from_wheel(wheel: Path) -> Published:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(f"{tfmot.PACKAGE}/")]
        info = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        found = metadata.PathDistribution(zipfile.Path(archive, f"{PurePosixPath(info).parent}/"))
        files = {name: archive.read(name) for name in names}
        return Published(found.version, tuple(found.requires or ()), files)


if __name__ == "__main__":
    write(Path(sys.argv[1]), origin=published(Path(sys.argv[2]) if sys.argv[2:] else None))
