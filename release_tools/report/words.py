"""The sentences of each state: what is the case, what follows, and whose turn it is.

Plain words without Markdown, except that `code` and `text` have been applied to what comes from outside.
"""

from __future__ import annotations

from collections.abc import Sequence

from release_tools import outcome
from release_tools.markdown import code, text
from release_tools.model import CheckStatus, Conclusion
from release_tools.replies import HOLDS
from release_tools.report.state import Report, State

NAME, REASON, SHORT = 60, 300, 12  # most characters of a name and of a reason; of a SHA

SIGNS = {
    State.QUEUED: "⏳",
    State.HELD: "✋",
    State.BUILDING: "🔨",
    State.TRAINING: "📈",
    State.UNBUILT: "🧱",
    State.REPRODUCED: "✅",
    State.NOT_REPRODUCED: "❌",
    State.INCONCLUSIVE: "❔",
    State.INFRASTRUCTURE: "🔌",
    State.CANCELLED: "🚫",
}
STALE = "🕰️"
TURNS = {
    State.QUEUED: "it starts when a runner is free",
    State.BUILDING: "training follows",
    State.TRAINING: "the verdict follows",
    State.UNBUILT: "the author mends the build",
    State.REPRODUCED: "TFMOT’s maintainers review",
    State.NOT_REPRODUCED: "the author mends the change, or the documented number with its source",
    State.INCONCLUSIVE: "a maintainer asks for more seeds with `/converge seeds=N`",
    State.INFRASTRUCTURE: "whoever runs the machines mends them, then `/converge` again",
    State.CANCELLED: "whoever still wants a verdict writes `/converge`",
}
MEANINGS = {
    State.QUEUED: "Everything is fixed: commits, claims, seeds and the number of runs.",
    State.HELD: "Nothing has run.",
    State.BUILDING: "TFMOT’s wheel is being built from source, as it would ship.",
    State.TRAINING: "What is not decided yet may still go either way.",
    State.UNBUILT: "TFMOT’s wheel cannot be built from this commit, so that nothing was trained or judged.",
    State.REPRODUCED: "Every number below holds within its margin on this content of TFMOT.",
    State.NOT_REPRODUCED: "A number below does not hold on this content of TFMOT. Asking again does not "
    "change that: equal content keeps its verdict.",
    State.INCONCLUSIVE: "The planned runs decide neither way. This is not a pass; more seeds only add to "
    "these.",
    State.INFRASTRUCTURE: "Machines failed, not the technique: nothing is known yet of what has no verdict "
    "below. Finished trials are kept.",
    State.CANCELLED: "It was stopped before everything was decided. Finished trials are kept.",
}
CONCLUSIONS = {
    State.UNBUILT: Conclusion.FAILURE,
    State.REPRODUCED: Conclusion.SUCCESS,
    State.NOT_REPRODUCED: Conclusion.FAILURE,
    State.INCONCLUSIVE: Conclusion.NEUTRAL,
    State.INFRASTRUCTURE: Conclusion.ACTION_REQUIRED,  # not neutral: a required check would let that pass
    State.CANCELLED: Conclusion.CANCELLED,
}


def title(report: Report) -> str:
    """The outcome in a few words, without signs or Markdown: `Not reproduced: 2 of 4 claims`."""
    found = _title(report)
    return f"Of an old commit: {found[0].lower()}{found[1:]}" if report.stale else found


def _title(report: Report) -> str:
    match report.state:
        case State.TRAINING:
            return f"Training, wave {report.wave} of {len(report.plan.looks)}"
        case State.QUEUED | State.HELD | State.BUILDING:
            return f"{report.state.value.capitalize()}: {_count(len(report.claims))} to judge"
        case State.UNBUILT:
            return "TFMOT cannot be built from this commit"
        case State.INFRASTRUCTURE if not report.verdicts:
            return "No verdict: the machines failed"
        case State.CANCELLED if not report.verdicts:
            return "Cancelled before anything was judged"
        case _:
            return f"{_said(report.state)}: {_share(report)}"


def _said(state: State) -> str:
    return "No verdict, machines failed" if state is State.INFRASTRUCTURE else state.value.capitalize()


def _share(report: Report) -> str:
    all_of = len(report.verdicts)
    share = sum(verdict.outcome is report.worst for verdict in report.verdicts)
    if share < all_of:
        return f"{share} of {_count(all_of)}"
    return "the only claim" if all_of == 1 else f"all {_count(all_of)}"


def turn(report: Report) -> str:
    """Whose turn it is and for what, as Markdown."""
    waiting = not report.state.ended and report.state is not State.HELD and not report.stale
    return f"{'nobody’s turn' if waiting else 'next'}: {_turn(report)}"


def _turn(report: Report) -> str:
    if report.stale:
        return f"a maintainer writes {code(f'/converge @{report.head}')} for the head"  # forks need it whole
    if report.state is State.HELD:
        return f"{who(report.approvers)} looks at {code(report.plan.head_sha[:SHORT])} and lets it run"
    if report.state is not State.REPRODUCED:
        return TURNS[report.state]
    if report.smoke:
        return "a maintainer asks for the documented numbers with `/converge tier=full`"
    if len(report.proposed) == len(report.claims):
        return "TFMOT’s maintainers accept the proposed claims, or say what is missing"
    return TURNS[State.REPRODUCED]


def who(approvers: Sequence[str]) -> str:
    """Any of these people or teams, none of them called."""
    names = [text(name, most=NAME) for name in approvers[:6]]
    if not names:
        return "a maintainer"
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def meaning(report: Report) -> str:
    """What follows from the state and what does not, as Markdown."""
    sentences = [MEANINGS[report.state]]
    if report.state is State.HELD:
        reasons = "; ".join(HOLDS[reason] for reason in report.plan.hold)
        sentences += [f"Why it waits: {reasons}."] if reasons else []
        sentences.append(f"It would take about {costs(report)}.")
    if report.reason:
        sentences.append(f"The reason given: {code(report.reason, most=REASON)}.")
    if report.stale:
        shas = code(report.plan.head_sha[:SHORT]), code(report.head[:SHORT])
        sentences.insert(
            0, f"This is about {shas[0]}; the head is {shas[1]} now, of which nothing is known here."
        )
    if report.smoke and report.verdicts:
        sentences.append(outcome.SMOKE)
    if report.proposed and report.verdicts:
        sentences.append(outcome.PROPOSED)
    return " ".join(sentences)


def check_status(state: State) -> CheckStatus:
    """How far the check run is."""
    if state.ended:
        return CheckStatus.COMPLETED
    return CheckStatus.QUEUED if state in {State.QUEUED, State.HELD} else CheckStatus.IN_PROGRESS


def costs(report: Report) -> str:
    """What it is expected to take, as Markdown."""
    shown = [f"{digits(cost)} {text(unit, most=NAME)}" for unit, cost in report.plan.costs.items()]
    return " and ".join(shown) or "nothing that the claim files tell"


def digits(found: float) -> str:
    """A cost with the digits it deserves."""
    return f"{found:,.0f}" if found >= 10 else f"{found:.2g}"


def _count(number: int) -> str:
    return "1 claim" if number == 1 else f"{number or 'no'} claims"
