"""One bump from end to end: read, decide, ask the index, look at the code, write; shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from release_tools import bump
from release_tools.bump import Decision, Target, declarations, journal
from release_tools.bump.declarations import Search
from release_tools.bump.floors import Options
from release_tools.bump.reading import Package

if TYPE_CHECKING:
    from release_tools.bump.api_floor import RealFloor
    from release_tools.bump.branch import Committed
    from release_tools.bump.verification import Verified


@dataclass(frozen=True)
class Request:
    """What a user asks for; without a version only what the minimum really is."""

    package: Package
    target: Target | None
    paths: tuple[Path, ...]
    options: Options
    verify: bool = True
    api: bool = False
    probe: bool = False
    dry_run: bool = False
    commit: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
      put_back: files of an earlier run that was killed.
    """

    decision: Decision | None = None
    verified: Verified | None = None
    floor: RealFloor | None = None
    committed: Committed | None = None
    put_back: tuple[Path, ...] = ()


def run(request: Request, say: Callable[[str], None]) -> Outcome:
    """Do it: all files change, or none do.

    Raises:
      UserError
    """
    put_back = journal.recover()
    found = declarations.search(request.paths, request.package)
    floor = _floor(request, found, say)
    if request.target is None:
        return Outcome(floor=floor, put_back=put_back)
    decision = bump.decide(found, request.target, request.options)
    verified = None
    if decision.changes and request.verify:
        from release_tools.bump import verification

        say("Asking the package index")
        verified = verification.verify(decision, found)
        decision = decision.refused(verified.refusals)
    committed = None
    if decision.changes and not request.dry_run:
        committed = _perform(request, decision, verified, floor)
    return Outcome(decision, verified, floor, committed, put_back)


def _floor(request: Request, found: Search, say: Callable[[str], None]) -> RealFloor | None:
    if not request.api:
        return None
    from release_tools.bump import api_floor

    floor = api_floor.find(request.package, request.paths, found, say)
    return api_floor.probe(floor, request.paths, say) if request.probe else floor


def _perform(
    request: Request, decision: Decision, verified: Verified | None, floor: RealFloor | None
) -> Committed | None:
    """Write the files, or make the commit."""
    if not request.commit:
        journal.replace_all([journal.Replacement(c.target, c.before, c.after) for c in decision.changes])
        return None
    from release_tools.bump import branch
    from release_tools.bump import report as bump_report

    proposal = bump_report.proposal(decision, evidence(Outcome(decision, verified, floor)))
    return branch.commit(decision.changes, proposal)


def evidence(outcome: Outcome) -> tuple[str, ...]:
    """What was found that speaks for the minimum, a sentence each."""
    floor, verified = outcome.floor, outcome.verified
    return (*([str(floor)] if floor else ()), *(verified.evidence if verified else ()))
