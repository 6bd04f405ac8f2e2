"""Builds the wheel from the tag."""

from __future__ import annotations

from convergence.errors import UserError
from release_tools import cache, wheel
from release_tools.release.audit import DONE
from release_tools.release.running import ABSENT, Run, Seen, State
from release_tools.wheel import provenance, wheelfile

ORDER = 50


def look(run: Run) -> Seen:
    """The file as it was built; one that was changed since stops, one that is gone is built again."""
    there = run.wheel_on_disk()
    built = run.audit.last("build", DONE)
    if not there:
        return ABSENT
    if built and built.digest != there:
        what = f"{run.wheel} was changed since it was built: delete it, and it is built again from the tag"
        return Seen(State.REFUSED, what, there)
    if not built:  # killed before it was written down: made again, which is the same to the bit
        return ABSENT
    return Seen(State.DONE, run.wheel.name, there)


def act(run: Run) -> Seen:
    """From the tag, or as another job has built it from the same commit."""
    source = _given(run) if run.settings.built else _built(run)
    there, before = run.wheel_on_disk(), run.audit.last("build", DONE)
    if source != run.landed:
        what = f"the wheel is of {source[:12]}, and {run.plan.tag} is at {run.landed[:12]}"
        return Seen(State.REFUSED, what, there)
    if before and before.digest != there:
        return Seen(State.REFUSED, f"the build came out otherwise than before ({before.digest[:12]})", there)
    return Seen(State.DONE, run.wheel.name, there)


def _built(run: Run) -> str:
    request = wheel.Request(run.source, run.plan.tag, out=run.wheel.parent)
    return wheel.build(request, run.say, run.settings.base).provenance.commit


def _given(run: Run) -> str:
    assert run.settings.built
    record = provenance.read(run.settings.built / provenance.FILE_NAME)
    path = run.settings.built / record.wheel
    if record.wheel != run.wheel.name or wheelfile.read(path).sha256 != record.sha256:
        raise UserError(
            "another-wheel", f"{record.wheel} is not as its provenance says", where=str(path.parent)
        )
    contents = {
        run.wheel: path.read_bytes(),
        run.wheel.parent / provenance.FILE_NAME: record.to_json().encode(),
    }
    cache.write_all(contents)
    return record.commit
