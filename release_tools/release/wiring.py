"""Puts a release's parts together for the commands: who knows what, whose audit, which indexes."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convergence import claims
from convergence.errors import UserError
from release_tools.approvals.steps import TechniqueState
from release_tools.gates import DoctorFact
from release_tools.jobs import connection
from release_tools.policy import Policy
from release_tools.release import audit, evidence, examined, index, planfile, running
from release_tools.release.index import NAME, Index
from release_tools.release.nouns import ReleasePlan

if TYPE_CHECKING:
    from release_tools.github import GitHub


@dataclass(frozen=True)
class Options:
    """What `release run` was told."""

    index: Index
    rehearsal: Index | None
    source: str = ""
    built: Path | None = None
    patience: int = 300
    adopt: bool = False


def known(hub: GitHub, where: Index, built: Path | None = None) -> evidence.Known:
    """Those who know what GitHub alone does not tell.

    Args:
      built: folder of a wheel that another job has built, and examined: nothing of it is run here.
    """
    return evidence.Known(
        approvals=lambda policy, technique: _approvals(hub, policy, technique),
        doctor=functools.partial(examined.elsewhere, built) if built else functools.cache(_doctor),
        published=functools.partial(index.published, where),
    )


def _approvals(hub: GitHub, policy: Policy, technique: str) -> tuple[TechniqueState, str] | None:
    from release_tools.approvals import publishing
    from release_tools.approvals.elsewhere import Elsewhere

    outside = Elsewhere(hub.clone_address, connection.fetch(os.environ))
    return publishing.standing(hub, policy, technique, outside)


def _doctor(subject: evidence.Subject) -> DoctorFact:
    """What it says of the very wheel, and of the commit as the version that it shall become."""
    from packaging.version import Version

    from release_tools import doctor
    from release_tools.doctor import acceptance, gather

    request = gather.Request(
        subject.sha, subject.source, version=Version(subject.version), wheel=subject.wheel
    )
    report = doctor.examine(gather.gather(request), acceptance.load(acceptance.PATH))
    untold = tuple(one.what for one in report.could_not_tell if not one.accepted)
    left_out = tuple(examined.left_out(one.check, one.lacks) for one in report.left_out)
    return DoctorFact(report.findings, (*untold, *filter(None, left_out)))


def begin(
    plan_file: Path, options: Options, hub: GitHub, policy: Policy, say: Callable[[str], None]
) -> running.Run:
    """A plan on its way, with the audit beside it.

    Raises:
      UserError: not-a-record, bad-plan, audit-broken.
    """
    plan = planfile.read(plan_file)
    folder = plan_file.absolute().parent
    settings = running.Settings(
        index=options.index,
        rehearsal=options.rehearsal,
        source=options.source,
        built=options.built,
        bump=functools.partial(_bump, hub, options, say),
        adopt=options.adopt,
        patience=_waits(options.patience),
    )
    kept = audit.Audit(folder / audit.FILE_NAME, lambda: hub.login)
    return running.Run(
        plan,
        folder,
        hub,
        kept,
        settings,
        policy,
        claims.load(),
        known(hub, options.index, options.built),
        say,
    )


def _waits(seconds: int) -> tuple[float, ...]:
    """Rising waits of so many seconds in all."""
    waits: list[float] = []
    while sum(waits) < seconds:
        waits.append(min(5.0 * 2 ** len(waits), seconds - sum(waits)))
    return tuple(waits)


def _bump(
    hub: GitHub, options: Options, say: Callable[[str], None], plan: ReleasePlan, repository: str
) -> tuple[str, str]:
    """A pull request that raises the minimum: its address, and why there is none."""
    from release_tools import bump
    from release_tools.bump import remote
    from release_tools.bump.floors import Options as Floors
    from release_tools.bump.minimum import Request

    named, target, _ = bump.target(NAME, (plan.release,))
    request = Request(named, target, (Path(),), Floors(), verify=not options.index.url)
    proven = tuple(f"{one.gate}: {one.reason}" for one in plan.gates if one.gate == "claims")
    place = remote.Place(repository, labels=remote.policy_labels(hub, repository), proven=proven)
    made = remote.run(request, place, hub, connection.fetch(os.environ), say)
    refusals = made.outcome.decision.refusals if made.outcome.decision else ()
    return made.url, str(refusals[0]) if refusals else ""


def require_unused(folder: Path) -> None:
    """Raise a UserError where a release is under way already."""
    if (folder / audit.FILE_NAME).exists():
        raise UserError(
            "under-way",
            "there is a release under way",
            where=str(folder),
            hint="release run goes on with it, release abort gives it up; --out names another folder",
        )


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the release's lock.

    Raises:
      UserError: busy, where another process runs this release.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise UserError("busy", "another process runs this release now", where=str(folder)) from error


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Says what takes its time, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("Reading") as status:
        yield lambda step: status.update(escape(f"{step}…"))
