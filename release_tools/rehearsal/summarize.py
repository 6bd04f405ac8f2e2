"""What a performance came to, put together for its page from the sandbox, the requests and the release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from convergence import records
from convergence.campaign import CampaignResult
from convergence.errors import UserError
from release_tools.approvals.steps import TechniqueState
from release_tools.jobs import scores
from release_tools.rehearsal import drawing
from release_tools.rehearsal.performance import Performance
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Campaign, Release, Summary
from release_tools.release import audit
from release_tools.release.nouns import ReleasePlan
from release_tools.wheel import wheelfile

TIER_NOTE = (
    "A rehearsal: the smoke tier stands for the full one. It shows that the machinery works, not that "
    "documented numbers hold."
)
RECORDED = " Nothing was trained: the trials' results are those of an earlier rehearsal."
FAULTS = " GitHub was made to fail {number} times."


def summarize(performance: Performance) -> Summary:
    """All that there is to see, as it is now."""
    stage, play = performance.stage, performance.play
    names = (stage.models.full_name, stage.tfmot.full_name)
    return Summary(
        title=play.title,
        ending=performance.ending,
        tier_note=TIER_NOTE + ("" if stage.trains else RECORDED) + _faults(stage.world.faults.met),
        acts=tuple(performance.acts),
        portrait=drawing.draw(stage.world, names),
        steps=tuple(_steps(stage)),
        campaigns=tuple(_campaigns(stage)),
        release=_release(stage),
        audit=_audit(stage.release),
    )


def _faults(met: Sequence[str]) -> str:
    return FAULTS.format(number=len(met)) if met else ""


def _steps(stage: Stage) -> Iterator[TechniqueState]:
    for issue in stage.models.issues.values():
        if issue.pull and issue.user is stage.people["carl"]:
            yield from stage.states(issue.number)


def _campaigns(stage: Stage) -> Iterator[Campaign]:
    """One a request that was judged."""
    found = (stage.folder / "runs").glob("*/judged/campaign.json")
    for number, path in enumerate(sorted(found, key=_run), 1):
        result = records.read(path, CampaignResult)
        trials = scores.read(path.parents[1] / "scores")
        yield Campaign(
            f"Request {number}", result, tuple(trials[name] for name in result.trials if name in trials)
        )


def _run(path: Path) -> int:
    return int(path.parents[1].name)


def _audit(folder: Path) -> tuple[audit.Entry, ...]:
    return audit.Audit(folder / audit.FILE_NAME, lambda: "").entries if folder.is_dir() else ()


def _release(stage: Stage) -> Release | None:
    try:
        plan = records.read(stage.release / "plan.json", ReleasePlan)
    except UserError:
        return None
    found = sorted(stage.index.folder.glob("*.whl"))
    wheels = [wheelfile.read(path) for path in found]
    made = next((one for one in wheels if str(one.version) == plan.release), None)
    return Release(
        version=plan.release,
        commit=stage.tfmot.git.resolve(f"refs/tags/{plan.tag}") or plan.commit,
        wheel_sha256=made.sha256 if made else "",
        content_digest=plan.wheel.content_digest,
        index=tuple(f"{path.name}  sha256 {one.sha256}" for path, one in zip(found, wheels, strict=True)),
        notes=plan.notes,
        gates=plan.gates,
    )
