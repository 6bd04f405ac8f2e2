"""Whatever the library imports it requires: one that is missing breaks every clean installation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release_tools.doctor import declared, imports
from release_tools.doctor.findings import Finding, Untold, blocker, note, untold, warning
from release_tools.doctor.imports import Import
from release_tools.doctor.subject import Need, Subject

title = "what is imported is required, and what is required is imported"
needs: tuple[Need, ...] = ()


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each distribution that is imported and not required, or required and never imported."""
    texts, required = _texts(subject), _required(subject)
    if texts is None or required is None:
        what = "what ships or what it requires" if subject.tree or subject.wheel else "anything"
        yield untold(f"cannot tell {what} without a wheel", subject.name, "let a wheel be built")
        return
    unmarked = {canonicalize_name(r.name) for r in required if not _is_elsewhere(r)}
    found: dict[str, list[Import]] = {}
    for item in imports.used(texts):
        found.setdefault(item.distribution, []).append(item)
    for name in sorted(found.keys() - unmarked - imports.LEFT_TO_USERS):
        yield _undeclared(name, found[name])
    for name in sorted(unmarked - found.keys()):
        what = f"{name} is required, but no module of the library imports it"
        yield note(what, "Requires-Dist" if subject.wheel else declared.SETUP, "users install it for nothing")


def _undeclared(name: str, uses: Sequence[Import]) -> Finding:
    firm = [use for use in uses if not use.guarded]
    first = (firm or uses)[0]
    what = f"{first.module} is imported, but {name} is not required"
    mend = f"add {name} to install_requires in setup.py"
    if not firm:
        return note(f"{what}; the module can do without it", first.place)
    if name in imports.BROUGHT_BY_TENSORFLOW:
        return warning(f"{what}; it is there only because TensorFlow brings it", first.place, mend)
    return blocker(what, first.place, mend)


def _texts(subject: Subject) -> Mapping[str, str] | None:
    """The modules that ship, from the wheel or as the BUILD targets name them."""
    if subject.wheel:
        return subject.wheel.texts
    if subject.tree is None or subject.tree.shipped is None:
        return None
    return {name: subject.tree.texts[name] for name in subject.tree.shipped if name in subject.tree.texts}


def _required(subject: Subject) -> tuple[Requirement, ...] | None:
    if subject.wheel:
        return subject.wheel.requires
    return declared.setup(subject.tree.texts.get(declared.SETUP, "")).requires if subject.tree else None


def _is_elsewhere(requirement: Requirement) -> bool:
    """Whether it is for an extra, or for a Python so old that this one need not import it."""
    return bool(requirement.marker) and not requirement.marker.evaluate({"extra": ""})  # type: ignore[union-attr]
