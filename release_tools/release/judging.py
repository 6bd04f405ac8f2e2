"""Has the gates judge a run's wheel on the facts of today, with what was overridden in its audit."""

from __future__ import annotations

from pathlib import Path

from release_tools import gates, wheel
from release_tools.release import evidence
from release_tools.release.nouns import GateResult
from release_tools.release.running import Run, Seen, State


def planned_wheel(run: Run) -> Path:
    """The wheel of the planned commit: as given, or as planning left it in the cache."""
    if run.settings.built:
        return run.settings.built / run.plan.wheel.name
    return wheel.kept(run.source, run.plan.commit) or Path()


def results(run: Run, sha: str, path: Path, sha256: str, checked: str = "") -> tuple[GateResult, ...]:
    """What each gate says of a wheel."""
    subject = evidence.Subject(
        version=run.plan.release,
        repository=run.plan.repository,
        source=run.source,
        sha=sha,
        wheel=path,
        wheel_sha256=sha256,
        content_digest=run.plan.wheel.content_digest,
        notes=run.plan.notes,
        checked=checked,
    )
    facts = evidence.read(subject, run.policy, run.recipes, run.hub, run.known)
    return gates.judge(facts, run.overrides)


def judge(run: Run, sha: str, path: Path, sha256: str, checked: str = "") -> Seen:
    """Whether all pass."""
    found = results(run, sha, path, sha256, checked)
    refused = [one for one in found if one.refuses]
    if refused:
        said = "; ".join(f"{one.gate}: {one.reason}" for one in refused)
        return Seen(State.REFUSED, said, sha256, refused[0].url)
    taken = [one.gate for one in found if one.overridden]
    what = f"{len(found) - len(taken)} gates pass" + (f", overridden: {', '.join(taken)}" if taken else "")
    return Seen(State.DONE, what, sha256)
