"""What TFMOT's own build with Bazel puts into the wheel; knows Bazel's command line and nothing of wheels.

Bazel would download rules that a pure Python build loads and never uses. Stand-ins that only hand on what
is built into Bazel take their place, so that nothing is fetched.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from convergence.errors import UserError
from release_tools import shell
from release_tools.wheel import tfmot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TARGET = "//:pip_pkg"
TIMEOUT_SECONDS = 1200
MOST_NAMED = 5  # differences that an error lists
LICENSE_RULE = """\
def license(name, **kwargs):
    native.filegroup(name = name, applicable_licenses = [], visibility = ["//visibility:public"])
"""
CC_RULES = (
    "cc_binary",
    "cc_import",
    "cc_library",
    "cc_proto_library",
    "cc_test",
    "cc_toolchain",
    "cc_toolchain_suite",
    "fdo_prefetch_hints",
    "fdo_profile",
    "objc_import",
    "objc_library",
)
JAVA_RULES = (
    "java_binary",
    "java_import",
    "java_library",
    "java_lite_proto_library",
    "java_package_configuration",
    "java_plugin",
    "java_proto_library",
    "java_runtime",
    "java_test",
    "java_toolchain",
)


def _native(rules: Sequence[str]) -> str:
    return "".join(f"{rule} = native.{rule}\n" for rule in rules)


STAND_INS: Mapping[str, tuple[str, str]] = {  # file and text by repository
    "rules_license": ("rules/license.bzl", LICENSE_RULE),
    "rules_cc": ("cc/defs.bzl", _native(CC_RULES)),
    "rules_java": ("java/defs.bzl", _native(JAVA_RULES)),
}


def version() -> str:
    """The version of the Bazel that is installed.

    Raises:
      UserError: `missing-program`.
    """
    return shell.run(["bazel", "--version"], env=shell.environment()).out.strip().removeprefix("bazel ")


def shipped(tree: Path) -> tuple[str, ...]:
    """Paths of all files below TFMOT's package that building `//:pip_pkg` brings together, sorted.

    Args:
      tree: TFMOT's source; Bazel leaves links to its output there.

    Raises:
      UserError: `missing-program`, `timed-out`, or `bazel-failed` with Bazel's own first error.
    """
    with tempfile.TemporaryDirectory(prefix="release-tools-bazel-") as scratch:
        overrides = [_stand_in(Path(scratch), name, *text) for name, text in STAND_INS.items()]
        command = [
            "bazel",
            "--batch",
            "--nohome_rc",
            "--noworkspace_rc",
            f"--output_user_root={scratch}/output",
        ]
        options = ["--experimental_repository_disable_download", *overrides]
        environment = shell.environment("JAVA_HOME") | {"HOME": scratch}
        built = shell.run(
            [*command, "build", *options, TARGET],
            cwd=tree,
            env=environment,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        if built.status:
            errors = [line for line in built.err.splitlines() if line.startswith("ERROR:")]
            hint = "the backend setuptools reads the same BUILD files and needs no Bazel"
            raise UserError("bazel-failed", (errors or [built.tail(1)])[0], where=TARGET, hint=hint)
        manifest = (tree / "bazel-bin" / "pip_pkg.runfiles_manifest").read_text(encoding="utf-8")
    return _package_files(manifest)


def require_same(walked: Sequence[str], built: Sequence[str]) -> None:
    """Raise a UserError `bazel-differs` that names the files which only one of the two lists has."""
    only_walked, only_built = (sorted(set(a) - set(b)) for a, b in ((walked, built), (built, walked)))
    found = [f"only the BUILD files name {_few(only_walked)}"] if only_walked else []
    found += [f"only Bazel brings {_few(only_built)}"] if only_built else []
    if found:
        raise UserError(
            "bazel-differs", "the walk over the BUILD files and Bazel differ", where="; ".join(found)
        )


def _few(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _stand_in(folder: Path, repository: str, file: str, text: str) -> str:
    """Writes a repository with one file, and gives the option that puts it in the real one's place."""
    root = folder / repository
    path = root / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    (path.parent / "BUILD").touch()
    (root / "WORKSPACE").write_text(f'workspace(name = "{repository}")\n', encoding="utf-8")
    return f"--override_repository={repository}={root}"


def _package_files(manifest: str) -> tuple[str, ...]:
    """The paths below TFMOT's package in a runfiles manifest: `workspace/path target`, a line each."""
    paths = (line.split(" ")[0].partition("/")[2] for line in manifest.splitlines())
    return tuple(sorted(path for path in paths if path.startswith(f"{tfmot.PACKAGE}/")))
