"""The seven steps as a page: one file, without scripts and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from release_tools.approvals import frame, prose
from release_tools.approvals.steps import Evidence, Progress, StepState, TechniqueState
from release_tools.page import document

TEMPLATE = "process.html.jinja"
CLASSES = {  # the colours that the report has for outcomes
    Progress.DONE: "reproduced",
    Progress.WAITING: "inconclusive",
    Progress.STALE: "infrastructure",
    Progress.BLOCKED: "not-reproduced",
}
SIGNS = {Progress.DONE: "✓", Progress.WAITING: "…", Progress.STALE: "↺", Progress.BLOCKED: "✕"}


def render(states: Sequence[TechniqueState], repository: str) -> str:
    """The page; equal input, equal text."""
    worst = max((_progress(state) for state in states), key=list(CLASSES).index, default=Progress.DONE)
    return (
        document.environment()
        .get_template(TEMPLATE)
        .render(
            repository=repository,
            states=states,
            css=CLASSES[worst],
            classes=CLASSES,
            signs=SIGNS,
            about=frame.STEPS,
            heading=prose.title,
            turn=_turn,
            counts=lambda step: [one for one in step.evidence if one.counts],
            others=lambda state: [one for step in state.steps for one in step.evidence if not one.counts],
            said=_said,
            link=_link,
            foot=frame.FOOT,
            not_counted=frame.NOT_COUNTED,
        )
    )


def _progress(state: TechniqueState) -> Progress:
    return state.current.progress if state.current else Progress.DONE


def _turn(state: TechniqueState) -> StepState | None:
    return state.current


def _said(evidence: Evidence) -> str:
    """What shows something, by whom and of which commit, in one line."""
    parts = [f"by {evidence.by}"] if evidence.by else []
    parts += [f"of {evidence.sha[:12]}"] if evidence.sha else []
    parts += [f"on {evidence.at:%Y-%m-%d %H:%M} UTC"] if evidence.at else []
    return " — ".join(filter(None, [evidence.what, " ".join(parts)]))


def _link(evidence: Evidence) -> str:
    """Where to see it; nothing that a browser would run."""
    return evidence.url if urlsplit(evidence.url).scheme in {"https", "http"} else ""
