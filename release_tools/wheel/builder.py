"""The pinned tools that turn TFMOT's tree into a wheel, kept in an environment of their own.

TFMOT's setup.py is run here, with an emptied environment, in a folder that is thrown away.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convergence.errors import UserError
from release_tools import cache, network, shell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# With these, tag v0.8.1 gives the members of the published wheel byte for byte; others change them.
PINS = {
    "setuptools": ("82.0.1", "a59e362652f08dcd477c78bb6e7bd9d80a7995bc73ce773050228a348ce2e5bb"),
    "wheel": ("0.45.1", "708e7481cc80179af0e556bbf0cc00b8444c7321e2700b8d8580231d13017248"),
}
VERSIONS = "versions.json"
EARLIEST_ZIP_TIME = 315_619_200  # 1980-01-02; zip knows nothing before 1980
INDEX_VARIABLES = ("HOME", "TMPDIR", *network.PROXIES)
INDEX_PREFIXES = ("PIP_", "REQUESTS_CA_", "SSL_CERT_", "XDG_")


@dataclass(frozen=True)
class Builder:
    """An environment with the pinned tools.

    Attributes:
      python: its interpreter.
      versions: of everything that can change the bytes of a wheel, and of pip.
    """

    python: Path
    versions: Mapping[str, str]


def get() -> Builder:
    """The environment with the pinned tools, made on first use and then kept."""
    identity = json.dumps([sys.version, sys.base_prefix, PINS])
    key = hashlib.sha256(identity.encode()).hexdigest()[:16]
    folder = cache.fill(cache.root() / "builders" / key, _make, _is_sound)
    return Builder(interpreter(folder), json.loads((folder / VERSIONS).read_text()))


def make_venv(folder: Path, *options: str) -> Path:
    """An empty environment of the running Python; its interpreter is returned."""
    made = shell.run([sys.executable, "-I", "-m", "venv", *options, folder], check=False)
    if made.status:
        hint = "Debian and Ubuntu keep it in the package python3-venv"
        raise UserError("no-venv", "python -m venv failed", where=made.tail(1), hint=hint)
    return interpreter(folder)


def interpreter(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip_install(pip: Path, into: Path, *words: str | Path) -> None:
    """Install into the environment of the interpreter `into`, with the pip of the interpreter `pip`.

    Raises:
      UserError: `install-failed`.
    """
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    environment = shell.environment(*INDEX_VARIABLES, prefixes=INDEX_PREFIXES)
    command = [pip, "-I", "-m", "pip", "--python", into, "install", *quiet, *words]
    done = shell.run(command, env=environment, timeout=3600, check=False)
    if done.status:
        errors = [line for line in done.err.splitlines() if line.startswith("ERROR:")]
        what = (errors or [done.tail(1)])[0].removeprefix("ERROR: ")
        raise UserError(
            "install-failed", f"pip: {what}", hint="the index may be out of reach, or hold nothing that fits"
        )


def bdist_wheel(builder: Builder, tree: Path, *, nightly: bool, time: int) -> Path:
    """Run the setup.py of `tree` as TFMOT's own pip_pkg.sh does, and return the wheel it made.

    Args:
      tree: holds what shall ship; made for this, since setup.py may do anything to it.
      time: stamped on every member, so that two builds are the same to the byte.
    """
    home, dist = tree.with_name("home"), tree.with_name("dist")
    home.mkdir()
    environment = shell.environment() | {
        "HOME": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "SOURCE_DATE_EPOCH": str(max(time, EARLIEST_ZIP_TIME)),
        "TZ": "UTC",
    }
    options = ["bdist_wheel", "--universal", f"--dist-dir={dist}", *([] if nightly else ["--release"])]
    built = shell.run(
        [builder.python, "setup.py", "--quiet", *options], cwd=tree, env=environment, umask=0o022, check=False
    )
    wheels = sorted(dist.glob("*.whl"))
    if built.status or len(wheels) != 1:
        what = f"setup.py ended with status {built.status} and {len(wheels)} wheels"
        raise UserError("setup-failed", what, where=f"its last words:\n{built.tail()}")
    return wheels[0]


def _make(folder: Path) -> None:
    python = make_venv(folder)
    pins = folder / "pins.txt"
    pins.write_text("".join(f"{name}=={v} --hash=sha256:{digest}\n" for name, (v, digest) in PINS.items()))
    pip_install(python, python, "--require-hashes", "--only-binary=:all:", "--no-deps", "-r", pins)
    (folder / VERSIONS).write_text(json.dumps(_versions(python)))


def _is_sound(folder: Path) -> bool:
    """Whether the tools are still there, import, and have the versions they were installed with."""
    try:
        stored = json.loads((folder / VERSIONS).read_text())
        found = _versions(interpreter(folder))
    except (OSError, RecursionError, UserError, ValueError):
        return False
    pinned = {name: version for name, (version, _) in PINS.items()}
    return bool(stored == found and pinned.items() <= found.items())


def _versions(python: Path) -> dict[str, str]:
    """The versions of everything that can change the bytes of a wheel, and of pip."""
    asked = "import setuptools, wheel, importlib.metadata as m, json\n"
    asked += f"print(json.dumps({{n: m.version(n) for n in {[*PINS, 'pip']!r}}}))"
    found = shell.run([python, "-I", "-c", asked])
    return {"python": sys.version.split()[0], "zlib": zlib.ZLIB_RUNTIME_VERSION, **json.loads(found.out)}
