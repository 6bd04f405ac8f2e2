"""The content digest of TFMOT: what a wheel installs, without what a mere version bump changes.

Evidence and stored trials hang on it, so that a release whose code is the code that converged need not
converge again.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from convergence.errors import UserError

PACKAGE = "tensorflow_model_optimization"
VERSION_FILE = f"{PACKAGE}/python/core/version.py"
LONGEST_PART = 16  # of a version, so that nothing else fits in


def digest(members: Mapping[str, str], version_file: bytes) -> str:
    """The sha256 over path and sha256 of each member, sorted, without version.py where that is plain.

    Args:
      members: hexadecimal sha256 of what is installed, by path below site-packages, without dist-info.
      version_file: the content of version.py, empty where there is none. Other code in it would run in
        every training, so it makes other content.
    """
    left_out = VERSION_FILE if is_plain(version_file) else ""
    lines = [f"{member}  {name}\n" for name, member in sorted(members.items()) if name != left_out]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def is_plain(version_file: bytes) -> bool:
    """Whether a version.py does nothing but put a version together from short strings."""
    try:
        return all(map(_assembles, ast.parse(version_file).body))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False


def _assembles(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):  # what the module is about
            return True
        case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=str() as part)):
            return len(part) <= LONGEST_PART
        case ast.Assign(
            targets=[ast.Name()],
            value=ast.Call(
                func=ast.Attribute(value=ast.Constant(value=str()), attr="join" | "format"),
                args=parts,
                keywords=[],
            ),
        ):
            nodes = (node for part in parts for node in ast.walk(part))
            return all(isinstance(node, ast.Name | ast.List | ast.Load) for node in nodes)
        case ast.If(test=ast.Name(), body=body, orelse=[]):
            return all(map(_assembles, body))
    return False


def installed() -> str:
    """The content digest of the TFMOT that this interpreter would import; nothing is imported.

    Raises:
      UserError: no-tfmot, also for an installation that does not list its files; shadowed.
    """
    require_not_shadowed()
    files = {str(path): path for path in _distribution().files or () if _counts(str(path))}
    version_file = files[VERSION_FILE].read_binary() if VERSION_FILE in files else b""
    return digest({name: _sha256(path) for name, path in files.items()}, version_file)


def require_not_shadowed() -> None:
    """Makes sure that what would be imported is what is installed.

    Raises:
      UserError: no-tfmot; shadowed, when another copy comes first on the path.
    """
    found = _distribution()
    origin = importlib.util.find_spec(PACKAGE)
    package = Path(str(found.locate_file(f"{PACKAGE}/__init__.py")))
    if not any(str(path) == f"{PACKAGE}/__init__.py" for path in found.files or ()):
        hint = "install a wheel: release-tools build makes one"
        raise UserError(
            "no-tfmot", "the installed TFMOT does not list its files (is it editable?)", hint=hint
        )
    if origin is None or origin.origin is None or Path(origin.origin).resolve() != package.resolve():
        where = str(origin.origin if origin else "")
        raise UserError("shadowed", "another copy of TFMOT comes before the installed one", where=where)


def version() -> str:
    """The version of the TFMOT that this interpreter would import."""
    return _distribution().version


def _distribution() -> metadata.Distribution:
    names = metadata.packages_distributions().get(PACKAGE, [])
    if not names:
        raise UserError("no-tfmot", "TensorFlow Model Optimization is not installed here")
    return metadata.distribution(names[0])


def _counts(name: str) -> bool:
    return name.startswith(f"{PACKAGE}/") and "__pycache__" not in name


def _sha256(path: metadata.PackagePath) -> str:
    return hashlib.sha256(path.read_binary()).hexdigest()
