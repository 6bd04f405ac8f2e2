"""Python environments in which a TFMOT wheel is installed, layered above one that has TensorFlow.

The layer sees the packages of its base through a .pth file, and its own before them; so the base's TFMOT
is hidden and no second TensorFlow is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import platform
import site
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from packaging.requirements import Requirement

from convergence import records
from convergence.errors import UserError
from convergence.model import STRICT
from release_tools import cache, shell
from release_tools.wheel import builder, probe, tfmot, wheelfile
from release_tools.wheel.provenance import Imports

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYOUT = 1  # raise it when environments made before must not be used any more
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}
QUIET_LEGACY_KERAS = {"TF_USE_LEGACY_KERAS": "1", **QUIET}
BASE_PACKAGES = ("tensorflow", "tf-keras")


@dataclass(frozen=True)
class Base:
    """The environment under a layer: the folders with its packages, for the running Python."""

    folders: tuple[Path, ...]

    def identity(self) -> list[str]:
        """What is installed there; a layer above anything else is another layer."""
        found = [entry for folder in self.folders for entry in sorted(folder.glob("*.dist-info"))]
        return [str(entry) for entry in found]


def running() -> Base:
    """The packages that the running interpreter sees, whatever they are."""
    user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    folders = (Path(name) for name in [*site.getsitepackages(), *user])
    return Base(tuple(folder for folder in folders if folder.is_dir()))


def with_tensorflow() -> Base:
    """The running interpreter's packages if they include TensorFlow, else those of a cached environment."""
    spec = importlib.util.find_spec("tensorflow")
    if spec is not None and spec.origin:
        home, folders = Path(spec.origin).parents[1], running().folders
        return Base(folders if home in folders else (*folders, home))
    return with_requirements(_base_requirements())


def with_requirements(requirements: Sequence[str]) -> Base:
    """A cached environment in which pip has installed these and what they need, and nothing else is.

    Raises:
      UserError: `install-failed`, `no-venv`, `not-writable`.
    """
    identity = json.dumps([LAYOUT, sys.version, sys.base_prefix, list(requirements)])
    key = hashlib.sha256(identity.encode()).hexdigest()[:16]
    folder = cache.fill(cache.root() / "bases" / key, lambda path: _install(path, requirements))
    return Base((_packages(builder.interpreter(folder)),))


def create(
    wheel: Path, folder: Path | None = None, base: Base | None = None, beside: Sequence[str] = ()
) -> Path:
    """The interpreter of an environment in which `wheel` is installed; made once, then reused.

    Args:
      folder: where environments are kept; the cache by default. Each has its own folder in it.
      base: what lies under it; by default `with_tensorflow()`.
      beside: requirements that must still hold when pip chooses what the wheel needs.

    Raises:
      UserError: `bad-wheel`, `not-tfmot`, `install-failed`, `shadowed`, `no-venv`, `not-writable`.
    """
    read = wheelfile.read(wheel)
    if read.name not in [channel.value for channel in tfmot.Channel]:
        raise UserError("not-tfmot", f"not a wheel of TFMOT but of {read.name}", where=str(wheel))
    base = base or with_tensorflow()
    held = [list(beside)] if beside else []
    identity = json.dumps([LAYOUT, read.sha256, sys.version, sys.base_prefix, base.identity(), *held])
    path = (folder or cache.root() / "environments") / hashlib.sha256(identity.encode()).hexdigest()[:16]
    return builder.interpreter(cache.fill(path.absolute(), lambda made: _layer(made, read, base, beside)))


def check_imports(python: Path, modules: Sequence[str]) -> Imports:
    """Import every module in one fresh interpreter, away from any source tree.

    Raises:
      UserError: `does-not-import` naming the first failure, or `shadowed` if one comes from elsewhere.
    """
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        found = _probe(python, modules, Path(scratch), QUIET_LEGACY_KERAS)
    failures, environment = found.failures, python.parents[1]
    if failures:
        name, reason = next(iter(failures.items()))
        what = f"{len(failures)} of {len(modules)} modules do not import"
        raise UserError(
            "does-not-import",
            what,
            where=f"the first is {name}: {reason}",
            hint=f"TensorFlow {found.tensorflow}",
        )
    foreign = [origin for origin in found.origins.values() if environment not in Path(origin).parents]
    if foreign:
        raise UserError("shadowed", "a module does not come from the wheel", where=foreign[0])
    return Imports(len(modules), platform.python_version(), found.tensorflow)


@dataclass(frozen=True)
class Probed:
    """What `probe` writes: where each module came from, or why it does not import; and which TensorFlow."""

    __pydantic_config__: ClassVar = STRICT

    origins: Mapping[str, str]
    failures: Mapping[str, str]
    tensorflow: str | None


@dataclass(frozen=True)
class Tried:
    """What happened when modules were imported: why some do not, by name, and beside which TensorFlow."""

    failures: Mapping[str, str]
    tensorflow: str | None


def try_imports(python: Path, modules: Sequence[str], folders: Sequence[Path] = ()) -> Tried:
    """Import modules that are installed or in `folders`, in one fresh interpreter, as a user would.

    So TF_USE_LEGACY_KERAS is not set: releases that need it do not import for who has not heard of it.

    Raises:
      UserError: `does-not-import` if the interpreter ends while importing.
    """
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        found = _probe(python, modules, Path(scratch), QUIET, folders)
    return Tried(found.failures, found.tensorflow)


def _probe(
    python: Path,
    modules: Sequence[str],
    scratch: Path,
    settings: Mapping[str, str],
    folders: Sequence[Path] = (),
) -> Probed:
    result = scratch / "result.json"
    environment = shell.environment() | {"HOME": str(scratch), **settings}
    script = Path(probe.__file__)
    ran = shell.run(
        [python, "-I", "-B", script, result, *folders],
        cwd=scratch,
        env=environment,
        stdin=json.dumps(list(modules)),
        check=False,
    )
    if not result.exists():
        what = f"Python ended with status {ran.status} while importing"
        raise UserError("does-not-import", what, where=f"its last words:\n{ran.tail()}")
    return told(result, modules)


def told(path: Path, modules: Sequence[str]) -> Probed:
    """What a probe of these modules wrote, or one of them in its place: they ran in the same process.

    Raises:
      UserError: does-not-import, for anything that no probe writes.
    """
    from pydantic import ValidationError

    if path.is_symlink() or not path.is_file() or path.stat().st_size > records.MAX_BYTES:
        raise UserError("does-not-import", "the modules left no list of what was imported")
    try:
        found = records.adapter(Probed).validate_json(path.read_bytes(), strict=True)
    except ValidationError as error:
        said = error.errors()[0]["msg"]
        raise UserError("does-not-import", f"the list of what was imported is none: {said}") from error
    if {*found.origins, *found.failures} != set(modules):
        raise UserError("does-not-import", "the list of what was imported is of other modules")
    return found


def _layer(folder: Path, wheel: wheelfile.Wheel, base: Base, beside: Sequence[str]) -> None:
    """A virtual environment with the wheel, and whatever the wheel needs that the base lacks."""
    python = builder.make_venv(folder, "--without-pip")
    lines = [f"import site; site.addsitedir({str(path)!r})\n" for path in base.folders]
    (_packages(python) / "_base.pth").write_text("".join(lines))
    pip = builder.get().python
    # Separately, for pip would leave it out where the base has the same version.
    builder.pip_install(pip, python, "--no-deps", "--ignore-installed", "--no-index", wheel.path)
    if wheel.requires:
        builder.pip_install(pip, python, wheel.path, *beside)
    asked = f"import importlib.util as u; print(u.find_spec({tfmot.PACKAGE!r}).origin)"
    origin = shell.run([python, "-I", "-c", asked]).out.strip()
    if folder not in Path(origin).parents:
        raise UserError("shadowed", f"{tfmot.PACKAGE} does not come from the wheel", where=origin)


def _install(folder: Path, requirements: Sequence[str]) -> None:
    python = builder.make_venv(folder, "--without-pip")
    builder.pip_install(builder.get().python, python, *requirements)


def _packages(python: Path) -> Path:
    """Where packages of a virtual environment are."""
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(shell.run([python, "-I", "-c", asked]).out.strip())


def _base_requirements() -> list[str]:
    """TensorFlow and Keras as our own extra `convergence` asks for them."""
    ours = [Requirement(text) for text in metadata.requires("tfmot-release-tools") or ()]
    wanted = [r for r in ours if r.name in BASE_PACKAGES and r.marker and "convergence" in str(r.marker)]
    return [f"{requirement.name}{requirement.specifier}" for requirement in wanted]
