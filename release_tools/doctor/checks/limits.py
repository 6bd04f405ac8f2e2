"""The metadata allows what works and no more: the newest dependencies, and no Keras at random."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release_tools.doctor.findings import Finding, Untold, warning
from release_tools.doctor.imports import LEFT_TO_USERS
from release_tools.doctor.subject import Need, Subject

title = "requirements allow the newest dependencies, and limit TensorFlow and Keras"
needs = (Need.WHEEL,)

KERAS = LEFT_TO_USERS | {"keras", "tf-keras"}
UPPER = frozenset({"<", "<=", "~=", "==", "==="})


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each requirement that shuts out the newest version, and a missing limit on Keras."""
    wheel = subject.wheel
    assert wheel is not None
    required = [r for r in wheel.requires if not r.marker or r.marker.evaluate({"extra": ""})]
    for requirement in required:
        newest = subject.newest.get(canonicalize_name(requirement.name))
        if newest is not None and newest not in requirement.specifier:
            what = f"{requirement} shuts out {requirement.name} {newest}, the newest"
            yield warning(what, wheel.name, "try it with the newest; if it works, widen the requirement")
    keras = [requirement for requirement in required if canonicalize_name(requirement.name) in KERAS]
    if not any(map(_is_limited, keras)):
        says = ", ".join(map(str, keras)) or "nothing"
        what = f"no requirement keeps out a TensorFlow or Keras that it does not work with (it has {says})"
        mend = "say in install_requires which it was tested with, above and below"
        yield warning(what, wheel.name, mend)


def _is_limited(requirement: Requirement) -> bool:
    return any(specifier.operator in UPPER for specifier in requirement.specifier)
