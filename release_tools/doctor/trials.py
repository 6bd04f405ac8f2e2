"""Tries a wheel in clean environments, beside the oldest and the newest TensorFlow: does it import?"""

from __future__ import annotations

import dataclasses
import json
import platform
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

from convergence.errors import UserError
from release_tools import shell
from release_tools.bump import published
from release_tools.bump.reading import Package
from release_tools.doctor import notes
from release_tools.doctor.subject import Trial, Wheel
from release_tools.wheel import environment, wheelfile

TENSORFLOW, KERAS = "tensorflow", "tf-keras"
TELLING = (TENSORFLOW, KERAS, "keras", "numpy")
FOLDER = re.compile(r" ?\((unknown location|/[^)]*)\)")  # of this machine: an acceptance holds on others, too
LOWER = frozenset({">=", "~=", "=="})
CONFLICT = ("conflicting dependencies", "ResolutionImpossible")
ASK = """
import importlib.metadata as m, json, sys
found = {}
for name in json.load(sys.stdin):
    try:
        found[name] = [m.version(name), m.metadata(name)["Requires-Python"] or ""]
    except m.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def supported(wheel: Wheel, notes_text: str, available: Sequence[Version]) -> tuple[Trial, ...]:
    """Which versions of TensorFlow to try: the oldest that is supported, and the newest that there is.

    Args:
      available: for the running Python, oldest first.
    """
    python = platform.python_version()
    if not available:
        return (
            Trial("newest", "any", "the index", python, untold=f"there is no TensorFlow for Python {python}"),
        )
    oldest = _oldest(wheel, notes_text, python)
    if not oldest.untold and Version(oldest.tensorflow) not in available:
        what = f"cannot be told here: there is no TensorFlow {oldest.tensorflow} for Python {python}"
        oldest = dataclasses.replace(oldest, untold=f"{what}; the oldest is {available[0]}")
    newest = Trial("newest", str(available[-1]), "the newest on the index", python)
    return (oldest, newest)


def run(path: Path, wheel: Wheel, notes_text: str, say: Callable[[str], None]) -> tuple[Trial, ...]:
    """All trials, at the same time; environments are made once and then kept."""
    try:
        planned = supported(wheel, notes_text, published.versions(Package(TENSORFLOW)))
    except UserError as error:
        return (Trial("newest", "any", "the index", platform.python_version(), untold=str(error)),)
    say(f"Installing beside TensorFlow {' and '.join(t.tensorflow for t in planned if not t.untold)}")
    with ThreadPoolExecutor(len(planned)) as pool:
        return tuple(pool.map(lambda trial: trial if trial.untold else attempt(trial, path, wheel), planned))


def attempt(trial: Trial, path: Path, wheel: Wheel) -> Trial:
    """What happens when the wheel is installed beside one TensorFlow and all its modules are imported."""
    beside = [f"{TENSORFLOW}=={trial.tensorflow}"]
    modules = wheelfile.modules(wheel.members)
    try:
        base = environment.with_requirements(beside)
    except UserError as error:
        what = f"TensorFlow {trial.tensorflow} itself does not install: {error.what}"
        return dataclasses.replace(trial, untold=what)
    try:
        python = environment.create(path, base=base, beside=beside)
    except UserError as error:
        return _not_installed(trial, error)
    installed = _installed(python, [*TELLING, *(canonicalize_name(r.name) for r in wheel.requires)])
    failures = _failures(python, modules)
    return dataclasses.replace(trial, modules=len(modules), failures=failures, installed=installed)


def _not_installed(trial: Trial, error: UserError) -> Trial:
    """Requirements that contradict each other are the wheel's fault; others may be this Python's."""
    if error.code == "install-failed" and any(word in str(error) for word in CONFLICT):
        return dataclasses.replace(trial, refused=error.what)
    what = f"cannot be told here: its requirements do not install on Python {trial.python}"
    return dataclasses.replace(trial, untold=f"{what}: {error.what}")


def _failures(python: Path, modules: Sequence[str]) -> Mapping[str, str]:
    """Why modules do not import, without the folders of this machine; all of them if the interpreter dies."""
    try:
        found = environment.try_imports(python, modules).failures
    except UserError as error:  # it ended, or it did not end
        return dict.fromkeys(modules, error.what)
    return {name: FOLDER.sub("", reason) for name, reason in found.items()}


def _installed(python: Path, names: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Version and Requires-Python of what pip chose."""
    ran = shell.run([python, "-I", "-c", ASK], stdin=json.dumps(sorted(set(names))))
    return {name: (version, requires) for name, (version, requires) in json.loads(ran.out).items()}


def _oldest(wheel: Wheel, notes_text: str, python: str) -> Trial:
    """By what it requires of tf-keras, which has TensorFlow's versions; else by what its notes say."""
    for requirement in wheel.requires:
        bounds = [s.version.removesuffix(".*") for s in requirement.specifier if s.operator in LOWER]
        floors = [Version(bound) for bound in bounds]
        if canonicalize_name(requirement.name) in {KERAS, TENSORFLOW} and floors:
            return Trial("oldest", str(max(floors)), f"it requires {requirement}", python)
    section = notes.of(notes_text, wheel.version) or notes.of(notes_text, None)
    said = section.tensorflows() if section else ()
    if said:
        return Trial("oldest", str(said[0]), 'its notes say "Tested against"', python)
    what = "neither its requirements nor its notes say what the oldest supported TensorFlow is"
    return Trial("oldest", "?", "", python, untold=what)
