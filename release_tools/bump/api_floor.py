"""What a package's minimum really is: the API that code uses, and whether the code imports with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from release_tools.bump import floors, published, symbols
from release_tools.bump.declarations import Search
from release_tools.bump.formats import metadata
from release_tools.bump.reading import Declaration, File, Package
from release_tools.bump.surface import Surface
from release_tools.bump.symbols import Use
from release_tools.wheel import environment
from release_tools.wheel.environment import Tried

Say = Callable[[str], None]


@dataclass(frozen=True)
class RealFloor:
    """What the minimum is said to be, and what it must be.

    Attributes:
      declared: the lowest that a declaration allows; None if any version is allowed.
      uses: symbols of the package in the code, by name.
      needed: the first release from which on all of them are there; None if no release has them.
      because: a use that the release before `needed` does not have, or that none has.
      imports: the first release with which the code imports; None if not asked or none.
      tensorflow: which one that was tried beside.
      broken: modules that import with no release, and why.
    """

    package: Package
    declared: Version | None
    uses: tuple[Use, ...]
    needed: Version | None
    because: Use | None
    imports: Version | None = None
    tensorflow: str = ""
    broken: tuple[tuple[str, str], ...] = ()

    @property
    def least(self) -> Version | None:
        """The lowest minimum that is true, as far as it is known."""
        return self.imports or self.needed

    def __str__(self) -> str:
        parts = [f"declared {self.declared}" if self.declared else "no minimum declared", self._api()]
        if self.tensorflow and self.imports:
            parts.append(f"imports on TF {'.'.join(self.tensorflow.split('.')[:2])} need {self.imports}")
        return "; ".join(parts)

    def _api(self) -> str:
        if self.because is None:
            needed = f"is in every release from {self.needed} on" if self.needed else "is not used"
            return f"the API {needed}"
        name = f"{self.because.symbol.rpartition('.')[2]}, {self.because.path.name}:{self.because.line}"
        return f"the API used needs {self.needed} ({name})" if self.needed else f"no release has {name}"


def find(package: Package, paths: Sequence[Path], found: Search, say: Say) -> RealFloor:
    """Compare the symbols that the code under `paths` uses with what the releases offer, newest first.

    Raises:
      UserError: `index-unreachable`, `not-published`, `bad-wheel`.
    """
    releases = published.versions(package)
    newest = Surface(published.wheel(package, releases[-1]))
    uses = tuple(use for root in newest.roots for use in symbols.used(paths, root))
    needed: Version | None = None
    lacking: list[Use] = []
    for version in reversed(releases) if uses else ():
        say(f"Reading {package.name} {version}")
        surface = Surface(published.wheel(package, version))
        lacking = [use for use in uses if not surface.has(use.symbol)]
        if lacking:
            break
        needed = version
    because = min(
        lacking, key=lambda use: (use.path.name.endswith("_test.py"), use.path, use.line), default=None
    )
    return RealFloor(package, _declared(package, paths, found), uses, needed, because)


def probe(floor: RealFloor, paths: Sequence[Path], say: Say) -> RealFloor:
    """Import each module that uses the package, at each release from the needed one up, until all do.

    What does not import with the newest release either is not the minimum's fault.

    Raises:
      UserError: `not-tfmot`, `install-failed` and whatever `environment.create` raises.
    """
    if floor.needed is None:
        return floor
    releases = [version for version in published.versions(floor.package) if version >= floor.needed]
    modules = sorted({use.module for use in floor.uses})
    folders = tuple(dict.fromkeys(symbols.import_root(path) for path in paths))

    def tried(version: Version) -> Tried:
        say(f"Importing {len(modules)} modules with {floor.package.name} {version}")
        python = environment.create(published.wheel(floor.package, version))
        return environment.try_imports(python, modules, folders)

    newest = tried(releases[-1])
    sound = next(
        (v for v in releases[:-1] if not tried(v).failures.keys() - newest.failures.keys()), releases[-1]
    )
    imports = sound if len(newest.failures) < len(modules) else None
    broken = tuple(sorted(newest.failures.items()))
    return RealFloor(
        floor.package,
        floor.declared,
        floor.uses,
        floor.needed,
        floor.because,
        imports,
        newest.tensorflow or "",
        broken,
    )


def _declared(package: Package, paths: Sequence[Path], found: Search) -> Version | None:
    """The lowest version that a declaration beside the code, or of what is installed, allows."""
    declared = [item for file in found.found for item in file.reading.declarations]
    if not declared:
        declared = [item for path in paths for item in _installed(package, path)]
    bounds = [floors.lower_bound(item.specifier, item.dialect) for item in declared]
    known = [bound for bound in bounds if bound is not None]
    return min(known) if known and len(known) == len(bounds) else None


def _installed(package: Package, path: Path) -> tuple[Declaration, ...]:
    """What the installed distribution that a folder belongs to declares."""
    root = symbols.import_root(path)
    top = path.resolve().relative_to(root).parts[:1]
    for info in sorted(root.glob("*.dist-info")):
        record, headers = info / "RECORD", info / "METADATA"
        if top and record.is_file() and f"\n{top[0]}/" in "\n" + record.read_text(errors="replace"):
            text = headers.read_text(errors="replace") if headers.is_file() else ""
            return metadata.read(File(headers, text), package).declarations
    return ()
