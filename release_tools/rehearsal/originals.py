"""Copies of the real repositories: of checkouts, or of what is installed here put together again."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

from packaging.version import Version

from convergence.errors import UserError
from release_tools import config, shell
from release_tools.bump import published
from release_tools.bump.reading import Package
from release_tools.jobs import history
from release_tools.sandbox import git, tfmot_source
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.world import World
from release_tools.wheel import builder, tfmot

POLICY = config.PATH
TFMOT = Package(tfmot.Channel.RELEASE.value)
OFFICIAL = "tf-models-official"
STUBS = "release_tools.stubs"
APPROVALS = ".github/workflows/approvals.yml"
REQUIREMENTS = "official/requirements.txt"
NO_HOOKS = ("-c", "core.hooksPath=/dev/null")  # the user's own are not for what is played
FETCHING = ("--quiet", "--force", "--no-tags", "--update-shallow")
OWN_INDEX = re.compile(r"--index-url <url> .*?\(default (\S+)\)")
WIDE = "400"  # columns in which pip breaks no line of its help


@dataclass(frozen=True)
class Originals:
    """Checkouts of TFMOT and of Official Models, which are only read; None for what is installed."""

    tfmot: Path | None = None
    models: Path | None = None

    def require(self) -> None:
        """Make sure that what is given is what it is taken for.

        Raises:
          UserError: not-a-checkout.
        """
        for path, file in ((self.tfmot, tfmot.VERSION_FILE), (self.models, REQUIREMENTS)):
            if path is None:
                continue
            asked: list[str | Path] = ["git", "-C", path, "cat-file", "-e", f"HEAD:{file}"]
            found = shell.run(asked, env=shell.environment("HOME"), check=False)
            if found.status:
                hint = "name a git checkout of the whole repository"
                raise UserError("not-a-checkout", f"no {file} at its HEAD", where=str(path), hint=hint)


def lay(world: World, folder: Path, asked: Originals) -> tuple[Repository, Repository]:
    """TFMOT's repository and Official Models'."""
    tensorflow = world.organization("tensorflow")
    found = asked.tfmot
    if found is None:
        found = folder / "laid" / "tfmot"
        tfmot_source.write(found)
    models = asked.models or _official(folder / "laid" / "models")
    made = []
    for name, source in (("model-optimization", found), ("models", models)):
        repository = world.repository(tensorflow, name, {"README.md": f"# {name}\n"})
        refs = ("HEAD:refs/heads/master", "refs/tags/*:refs/tags/*")
        shell.run(
            ["git", "-C", repository.git.folder, *NO_HOOKS, "fetch", *FETCHING, source, *refs],
            env=shell.environment("HOME"),
        )
        repository.seen_refs = repository.git.refs()
        made.append(repository)
    return made[0], made[1]


def _official(folder: Path) -> Path:
    """Official Models' Python files as they are installed, in a repository with its requirements."""
    try:
        found = metadata.distribution(OFFICIAL)
    except metadata.PackageNotFoundError as error:
        raise UserError(
            "missing-extra",
            f"{OFFICIAL} is not installed",
            hint="pip install 'tfmot-release-tools[convergence]'",
        ) from error
    for file in found.files or ():
        if file.parts[0] == "official" and file.suffix != ".pyc":
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), path)
    (folder / REQUIREMENTS).write_text(
        "".join(f"{line}\n" for line in _requirements(found)), encoding="utf-8"
    )
    who = ["-c", "user.name=Official Models", "-c", "user.email=official@example.invalid"]
    own = git.environment()
    shell.run(["git", "init", "--quiet", "--initial-branch=master", "--template=", folder], env=own)
    shell.run(["git", "-C", folder, "add", "--all", "--force"], env=own)
    said = f"Official Models {found.version}"
    shell.run(["git", "-C", folder, *who, "commit", "--quiet", "-m", said], env=own)
    return folder


def _requirements(found: metadata.Distribution) -> list[str]:
    return [line for line in found.requires or () if "extra ==" not in line]


def workflows() -> dict[str, str]:
    """What `release-tools init` would write of workflows, under the names that they are called by."""
    stubs = resources.files(STUBS)
    names = {"mot-converge.yml": history.WORKFLOW, "mot-approvals.yml": APPROVALS}
    return {path: stubs.joinpath(name).read_text(encoding="utf-8") for name, path in names.items()}


def versions(repository: Repository) -> dict[str, str]:
    """The version that this rehearsal releases, and the one after that."""
    kept = repository.git
    tip = kept.ref(f"refs/heads/{repository.default_branch}")
    (entry,) = kept.tree(tip, tfmot.VERSION_FILE)
    coming = Version(tfmot.assembled_version(kept.blob(entry.sha), repository.full_name).base_version)
    if f"refs/tags/v{coming}" in kept.refs():
        coming = _following(coming)
    return {"version": str(coming), "after": str(_following(coming))}


def _following(version: Version) -> Version:
    return Version(f"{version.major}.{version.minor}.{version.micro + 1}")


def publish(asked: Originals, folder: Path) -> None:
    """Have an index hold the release before, as the user's own index has it.

    Raises:
      UserError: index-unreachable, not-published.
    """
    version = tfmot_source.published().version if asked.tfmot is None else str(published.versions(TFMOT)[-1])
    shutil.copy(published.wheel(TFMOT, Version(version)), folder)


def upstream() -> str:
    """Where pip finds everything else: the index that the user has set, or else pip's own."""
    if named := os.environ.get("PIP_INDEX_URL"):
        return named
    pip = [str(builder.get().python), "-I", "-m", "pip"]
    found = shell.run([*pip, "config", "get", "global.index-url"], check=False)
    if not found.status and found.out.strip():
        return found.out.strip()
    told = shell.run([*pip, "install", "--help"], env={**os.environ, "COLUMNS": WIDE}).out
    own = OWN_INDEX.search(told)
    assert own, "pip's help names the index that it asks by default"
    return own[1]
