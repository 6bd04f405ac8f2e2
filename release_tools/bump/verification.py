"""Whether a minimum version can be installed: asks the package index, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from release_tools.bump import Decision, Raised, floors, published
from release_tools.bump.declarations import Found, Search
from release_tools.bump.published import Release
from release_tools.bump.refusal import Code, Reason, Refusal

PYTHONS = tuple(Version(f"3.{minor}.{micro}") for minor in range(6, 20) for micro in range(30))


@dataclass(frozen=True)
class Verified:
    """What the index said.

    Attributes:
      refusals: why the minimum cannot be.
      evidence: what was found to hold.
      warnings: what could not be told.
    """

    refusals: tuple[Refusal, ...] = ()
    evidence: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def verify(decision: Decision, found: Search) -> Verified:
    """Ask whether the version exists, is not yanked, allows the targets' Python and fits beside the rest.

    Raises:
      UserError: `index-unreachable`.
    """
    name = f"{decision.package.name} {decision.version}"
    release = published.release(decision.package, decision.version)
    if not isinstance(release, Release):
        if decision.version in release:
            return Verified(
                warnings=(f"{name} has no wheel: its Python and its requirements were not checked",)
            )
        return Verified((Refusal(_missing(name, release)),))
    if release.yanked:
        return Verified((Refusal(Reason(Code.YANKED, f"{name} was yanked", "choose another version")),))
    changed = {change.path for change in decision.changes}
    files = [file for file in found.found if file.path in changed]
    pythons = [refusal for file in files for refusal in _python(name, release, file)]
    if pythons:
        return Verified(tuple(pythons))
    verified = Verified(evidence=(f"{name} is on the index and not yanked",))
    for file in files:
        verified = _beside(verified, decision, file)
    return verified


def _missing(name: str, there: tuple[Version, ...]) -> Reason:
    if not there:
        return Reason(Code.NO_SUCH_VERSION, f"the index has no {name}", "check the name, or --no-verify")
    latest = ", ".join(map(str, there[-3:]))
    return Reason(Code.NO_SUCH_VERSION, f"the index has no {name}", f"the latest are {latest}")


def _python(name: str, release: Release, file: Found) -> Iterator[Refusal]:
    """The target's lowest Python must be one that the version allows."""
    try:
        target, allowed = SpecifierSet(file.reading.python), SpecifierSet(release.requires_python)
    except InvalidSpecifier:
        return
    lowest = next((python for python in PYTHONS if target.contains(python)), None)
    if not file.reading.python or lowest is None or allowed.contains(lowest):
        return
    short = f"{lowest.major}.{lowest.minor}"
    what = f"{name} needs Python {release.requires_python}, but {short} is allowed here"
    yield Refusal(Reason(Code.REQUIRES_PYTHON, what, f"raise the Python of {file.path} first"), file.path)


def _beside(verified: Verified, decision: Decision, file: Found) -> Verified:
    """Whether pip finds versions of everything that the file requires."""
    raised = [item for item in decision.raised if item.path == file.path]
    package = decision.package.name
    after = [*file.reading.beside, *(_requirement(package, item, item.after) for item in raised)]
    if not _trouble(after):
        said = f"it installs beside the {len(file.reading.beside)} other requirements of {file.path}"
        return replace(verified, evidence=(*verified.evidence, said))
    before = [*file.reading.beside, *(_requirement(package, item, item.before) for item in raised)]
    if published.resolve(before, wheels_only=False):
        warning = f"the requirements of {file.path} do not install today either: not checked"
        return replace(verified, warnings=(*verified.warnings, warning))
    what = f"it does not install beside the other requirements of {file.path}: {_trouble(after)}"
    reason = Reason(Code.DOES_NOT_RESOLVE, what, "raise those, too, or choose another version")
    return replace(verified, refusals=(*verified.refusals, Refusal(reason, file.path, raised[0].line)))


def _trouble(requirements: list[str]) -> str:
    """Why they do not install; packages are built only where wheels alone do not suffice."""
    if not published.resolve(requirements, wheels_only=True):
        return ""
    return published.resolve(requirements, wheels_only=False)


def _requirement(package: str, item: Raised, specifier: str) -> str:
    """The declaration with another specifier, keeping its marker."""
    _, semicolon, marker = item.shown.partition(";")
    return f"{package}{floors.as_pep440(specifier, item.dialect)}{semicolon}{marker}"
