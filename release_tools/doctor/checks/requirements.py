"""setup.py, requirements.txt and the wheel's metadata ask for the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.requirements import Requirement

from release_tools.doctor import declared
from release_tools.doctor.findings import Finding, Untold, blocker, untold, warning
from release_tools.doctor.subject import Need, Subject

title = "setup.py, requirements.txt and the wheel require the same"
needs = (Need.TREE,)


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each requirement about which two of them do not agree."""
    assert subject.tree is not None
    texts = subject.tree.texts
    setup = declared.setup(texts.get(declared.SETUP, ""))
    built = subject.wheel.requires if subject.wheel else None
    if setup.requires is None and built is None:
        mend = "write install_requires as a plain list, or let a wheel be built"
        yield untold("install_requires is computed, and setup.py is never run here", setup.place, mend)
    if setup.requires is not None and built is not None:
        yield from _metadata(setup, setup.requires, built)
    ours = setup.requires if setup.requires is not None else built
    text = texts.get(declared.REQUIREMENTS)
    theirs = declared.requirements(text) if text is not None else ()
    if theirs is None:
        yield untold("a line is no requirement", declared.REQUIREMENTS, "mend it")
    elif text is not None and ours is not None:
        name = declared.SETUP if setup.requires is not None else "the wheel"
        yield from _listed(name, ours, theirs)


def _metadata(
    setup: declared.Setup, ours: Sequence[Requirement], built: Sequence[Requirement]
) -> Iterator[Finding]:
    for _, left, right in declared.differences(ours, built):
        what = _differ(declared.SETUP, left, "the wheel", right)
        yield blocker(what, setup.place, "build the wheel from this setup.py")


def _listed(name: str, ours: Sequence[Requirement], theirs: Sequence[Requirement]) -> Iterator[Finding]:
    for _, left, right in declared.differences(ours, theirs):
        what = _differ(name, left, declared.REQUIREMENTS, right)
        mend = "make them the same: tests run with the one, users get the other"
        yield warning(what, declared.REQUIREMENTS, mend)


def _differ(first: str, left: Requirement | None, second: str, right: Requirement | None) -> str:
    if left is None:
        return f"{second} has {right}, which {first} does not have"
    if right is None:
        return f"{first} has {left}, which {second} does not have"
    return f"{first} has {left}, {second} has {right}"
