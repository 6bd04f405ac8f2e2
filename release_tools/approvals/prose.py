"""States as people read them: as comment, check and lines of a terminal; the sentences are in `words`."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.approvals import frame
from release_tools.approvals.steps import Evidence, Progress, Step, StepState, TechniqueState
from release_tools.markdown import code, details, fenced, one_line, table, text

SHORT, LONGEST, MOST = 12, 400, 30  # digits of a commit, characters of a line, lines of evidence


def title(state: TechniqueState) -> str:
    """Where a technique stands, in one plain line."""
    current = state.current
    if current is None:
        return frame.all_done(state.technique)
    step = current.step
    return frame.heading(state.technique, step.number, step.value, current.progress.value)


def summary(state: TechniqueState) -> str:
    """The check's text."""
    current = state.current
    why = (
        [text(current.why, most=LONGEST), f"{frame.next_turn(current.next_actor.value)}."] if current else []
    )
    return "\n\n".join([*why, _table(state), frame.CHECK_MEANING])


def comment(state: TechniqueState) -> str:
    """What stands on the pull request: whose turn it is, all seven steps, and what does not count."""
    parts = [f"### {_sign(state)} {text(title(state))}", *_current(state), _table(state)]
    uncounted = [one for step in state.steps for one in step.evidence if not one.counts]
    if uncounted:
        more = [f"- … and {len(uncounted) - MOST} more"] if len(uncounted) > MOST else []
        lines = [f"- {_evidence(one)}" for one in uncounted[:MOST]]
        parts.append(details(frame.NOT_COUNTED, "\n".join([*lines, *more])).strip())
    parts.append(f"<sub>{_head(state)} {frame.FOOT}</sub>")
    return "\n\n".join(parts) + "\n"


def _current(state: TechniqueState) -> Iterator[str]:
    current = state.current
    if current is None:
        return
    actor = current.next_actor.value
    yield f"**{frame.next_turn(actor)}.** {_sentence(current.why)}"
    if meaning := frame.MEANING.get(current.progress.value):
        yield meaning
    if old := [one.step for one in state.steps if one.progress is Progress.STALE]:
        yield text(frame.stale(old))
    if current.line:
        yield f"{frame.writes(actor, current.line)}\n\n{fenced(one_line(current.line))}"
    elif current.step in frame.HOWTO and current.progress is not Progress.BLOCKED:
        yield text(frame.HOWTO[current.step].format(technique=state.technique))


def _sentence(why: str) -> str:
    return text(f"{why[:1].upper()}{why[1:]}", most=LONGEST) + "."


def _table(state: TechniqueState) -> str:
    rows = [
        (str(one.step.number), text(frame.STEPS[one.step]), _state(one), _shown(one)) for one in state.steps
    ]
    return table(rows, ("", "step", "state", "")).strip()


def _state(step: StepState) -> str:
    return f"{frame.SIGNS[step.progress.value]} {step.progress.value}"


def _shown(step: StepState) -> str:
    counted = [_evidence(one) for one in step.evidence if one.counts]
    said = counted[:3] + ([f"and {len(counted) - 3} more"] if len(counted) > 3 else [])
    return "<br>".join([*([text(step.why, most=LONGEST)] if step.why else []), *said])


def _evidence(one: Evidence) -> str:
    parts = [text(one.what, most=LONGEST)]
    who = [f"by {code(one.by, most=60)}"] if one.by else []
    when = [f"on {one.at:%Y-%m-%d %H:%M} UTC"] if one.at else []
    commit = [f"of {code(one.sha[:SHORT])}"] if one.sha else []
    seen = [f"([see]({one.url}))"] if _is_plain(one.url) else []
    return (
        " ".join([*parts, "—" if who or when or commit else "", *who, *commit, *when, *seen])
        .replace("  ", " ")
        .strip()
    )


def _is_plain(url: str) -> bool:
    """An address that ends no Markdown link, and leads to a page."""
    return url.startswith(("https://", "http://")) and url.isprintable() and not set(url) & set('()<> "\\`|')


def _head(state: TechniqueState) -> str:
    return f"Head: {code(state.head_sha[:SHORT])}."


def _sign(state: TechniqueState) -> str:
    current = state.current
    return frame.SIGNS[current.progress.value if current else Progress.DONE.value]


def plain(state: TechniqueState) -> Iterator[str]:
    """A technique in full, for a terminal: a line a step, its evidence below."""
    yield f"{title(state)} ({state.repository}#{state.pull_request} at {state.head_sha[:SHORT]})"
    for step in state.steps:
        why = f": {one_line(step.why)}" if step.why else ""
        yield f"{step.step.number}  {step.progress.value:<8} {step.step.value}{why}"
        for one in step.evidence:
            yield f"   {'+' if one.counts else '-'} {_plain_evidence(one)}"
    current = state.current
    if current:
        yield f"next: {current.next_actor.value}"
        if current.line:
            yield f"      {one_line(current.line)}"


def _plain_evidence(one: Evidence) -> str:
    who = f" by {one.by}" if one.by else ""
    commit = f" of {one.sha[:SHORT]}" if one.sha else ""
    when = f" on {one.at:%Y-%m-%d %H:%M}" if one.at else ""
    url = f" {one.url}" if one.url else ""
    return one_line(f"{one.what}{' —' * bool(who or commit or when)}{who}{commit}{when}{url}")


def columns(state: TechniqueState) -> tuple[str, str, str, str, str]:
    """A technique as a row: its name, pull request, step, state and whose turn it is."""
    current = state.current
    step = f"{current.step.number} {current.step.value}" if current else "done"
    progress = current.progress.value if current else ""
    actor = current.next_actor.value if current else ""
    return state.technique, f"#{state.pull_request}", step, progress, actor


def steps_line(state: TechniqueState) -> str:
    """Seven characters, one a step."""
    return "".join(_LETTERS[one.progress] for one in state.steps)


_LETTERS = {Progress.DONE: "●", Progress.WAITING: "○", Progress.STALE: "◌", Progress.BLOCKED: "✕"}
assert len(list(Step)) == len(frame.STEPS)
