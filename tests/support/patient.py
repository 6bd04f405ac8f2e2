"""A small TFMOT in good health, and the means to make it ill in one way."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from release_tools.doctor import reading
from release_tools.doctor.checks import Check
from release_tools.doctor.findings import Finding, Severity, Untold
from release_tools.doctor.subject import Subject, Tree, Wheel
from release_tools.sandbox import tfmot_source
from release_tools.sandbox.tfmot_source import Patch, Published, Revision
from release_tools.wheel import tfmot

P = tfmot.PACKAGE
CORE = f"{P}/python/core"
PRUNE, API, TEST, BUILD = (
    f"{CORE}/prune.py",
    f"{CORE}/api/sparsity/__init__.py",
    f"{CORE}/prune_test.py",
    f"{CORE}/BUILD",
)
BEFORE, NOW = "1.2.2", "1.2.3"
REQUIRES = ("numpy>=1.23", "tf-keras>=2.14,<3")
VERSION_PY = "_MAJOR_VERSION = '0'\n_MINOR_VERSION = '0'\n_PATCH_VERSION = '0'\n_VERSION_SUFFIX = ''\n" + (
    "__version__ = '.'.join([_MAJOR_VERSION, _MINOR_VERSION, _PATCH_VERSION])\n"
)
NOTES = """\
# TensorFlow Model Optimization next release TBD

# TensorFlow Model Optimization {version}

* Prunes faster.
* Tested against TensorFlow 2.14.1, and nightly, and Python 3.
"""
TESTS = """\
import unittest


class PruneTest(unittest.TestCase):

  MODELS = [
      'MobileNet',
      'ResNet50',
  ]

  def testPrunes(self):
    self.assertTrue(self.MODELS)

  def testKeepsShape(self):
    self.assertTrue(True)
"""
ORIGIN = Published(
    version=NOW,
    requires=REQUIRES,
    files={
        f"{P}/__init__.py": b"from tensorflow_model_optimization.python.core.api import sparsity\n",
        f"{P}/python/__init__.py": b"",
        f"{CORE}/__init__.py": b"",
        f"{CORE}/api/__init__.py": b"from tensorflow_model_optimization.python.core.api import sparsity\n",
        API: b"from tensorflow_model_optimization.python.core.prune import prune, Schedule\n",
        PRUNE: b"""\
import numpy as np
import tf_keras


class Schedule:

  def __init__(self, begin, end=-1):
    self.begin = begin

  def step(self, number):
    return np.minimum(number, self.begin)


def prune(model, sparsity=0.5):
  return tf_keras.models.clone_model(model)
""",
        TEST: TESTS.encode(),
        tfmot.VERSION_FILE: VERSION_PY.encode(),
    },
)


def replaced(old: str, new: str) -> Patch:
    """A patch that exchanges a text, which must be there."""

    def patch(text: str) -> str:
        assert old in text, f"{old!r} is not in {text!r}"
        return text.replace(old, new)

    return patch


def written(text: str) -> Patch:
    """A patch after which a file is this."""
    return lambda _: text


def gone(_: str) -> None:
    """A patch that removes a file."""


def patches(version: str, changes: Mapping[str, Patch]) -> Mapping[str, Patch]:
    """The changes on top of what makes a release of that version healthy."""
    healthy = {"RELEASE.md": written(NOTES.format(version=version)), "setup.py": replaced(">=3'", ">=3.9'")}
    both = {name: _chained(healthy[name], changes[name]) for name in healthy.keys() & changes.keys()}
    return {**healthy, **changes, **both}


def revision(
    version: str = NOW, changes: Mapping[str, Patch] | None = None, tag: str | None = None
) -> Revision:
    """A commit of the patient for a repository on real git."""
    return Revision(version, f"v{version}" if tag is None else tag, patches(version, changes or {}))


def tree(version: str = NOW, changes: Mapping[str, Patch] | None = None, name: str = "") -> Tree:
    """A tree as `reading` reads it from disk."""
    with tempfile.TemporaryDirectory() as scratch:
        for path, content in tfmot_source.tree(revision(version, changes), ORIGIN).items():
            target = Path(scratch, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return reading.folder(Path(scratch), name or f"v{version}", "0123456789abcdef")


def wheel(of: Tree, *, requires: Sequence[str] = REQUIRES) -> Wheel:
    """The wheel that should be built from a tree."""
    names = [name for name in of.shipped or () if name.endswith(".py")]
    return Wheel(
        name=f"{P}-{of.version}-py3-none-any.whl",
        version=of.version or Version("0"),
        tag="py3-none-any",
        requires=tuple(map(Requirement, requires)),
        requires_python=">=3.9",
        members={name: of.digests[name] for name in names},
        info=("METADATA", "WHEEL", "RECORD", "licenses/LICENSE"),
        texts={name: of.texts[name] for name in names},
    )


def subject(
    changes: Mapping[str, Patch] | None = None,
    *,
    before: Mapping[str, Patch] | None = None,
    version: str = NOW,
    requires: Sequence[str] = REQUIRES,
    required_before: Sequence[str] = REQUIRES,
) -> Subject:
    """All of the patient: the changes are made to its tree and wheel, `before` to the release before it."""
    now, previous = tree(version, changes), tree(BEFORE, before)
    return Subject(
        name=f"v{version}",
        tag=f"v{version}",
        expected=Version(version),
        tree=now,
        wheel=wheel(now, requires=requires),
        wheel_from="published",
        previous_version=Version(BEFORE),
        previous_tree=previous,
        previous_wheel=wheel(previous, requires=required_before),
    )


def with_wheel(patient: Subject, **changes: object) -> Subject:
    """The patient with a wheel that is different in some way."""
    assert patient.wheel is not None
    return dataclasses.replace(patient, wheel=dataclasses.replace(patient.wheel, **changes))  # type: ignore[arg-type]


def said(check: Check, patient: Subject) -> list[tuple[str, str, str]]:
    """Severity, words and place of all that a check says, but for notes."""
    found = []
    for item in check.examine(patient):
        if isinstance(item, Untold):
            found.append(("cannot tell", item.what, item.where))
        elif item.severity is not Severity.NOTE:
            found.append((item.severity.value, item.what, item.where))
    return found


def noted(check: Check, patient: Subject) -> list[str]:
    """The words of a check's notes."""
    items = check.examine(patient)
    return [i.what for i in items if isinstance(i, Finding) and i.severity is Severity.NOTE]


def write_wheel(
    folder: Path, of: Tree, *, requires: Sequence[str] = REQUIRES, extra: Mapping[str, bytes] | None = None
) -> Path:
    """A wheel file with RECORD and licence, as it should be built from a tree."""
    info = f"{P}-{of.version}.dist-info"
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {tfmot.Channel.RELEASE.value}",
        f"Version: {of.version}",
        "Requires-Python: >=3.9",
    ]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    files = {name: of.texts[name].encode() for name in of.shipped or () if name.endswith(".py")}
    files |= {f"{info}/METADATA": "\n".join(lines).encode() + b"\n", f"{info}/licenses/LICENSE": b"Apache\n"}
    files |= {f"{info}/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n"} | dict(extra or {})
    record = "".join(f"{name},{_digest(data)},{len(data)}\n" for name, data in files.items())
    path = folder / f"{P}-{of.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}.items():
            archive.writestr(name, data)
    return path


def _digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def _chained(first: Patch, second: Patch) -> Patch:
    return lambda text: second(first(text) or "")
