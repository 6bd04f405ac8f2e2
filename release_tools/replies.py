"""What is said in reply to a command: what happens, why, and who is next; text from outside is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from convergence.model import Status
from release_tools.markdown import code, table, text
from release_tools.model import Comment, Effect, Reaction
from release_tools.plan import Hold
from release_tools.slash import Wrong

if TYPE_CHECKING:
    from convergence.errors import UserError
    from release_tools.event import Event
    from release_tools.plan import Commit, Plan
    from release_tools.slash import Problem
    from release_tools.underway import Request

ECHO = 60  # characters of somebody's words that are repeated
POLICY = ".github/release-tools.toml"
WRONG = {
    Wrong.UNKNOWN: "there is no argument {word}",
    Wrong.TWICE: "{word} is given twice",
    Wrong.VALUE: "{word} is not understood",
    Wrong.INVISIBLE: "there is an invisible character in it, {word}: type the line anew",
    Wrong.LONG: "it is too long: a command is one short line",
}
HOLDS = {
    Hold.FORK: "the branch is in another repository",
    Hold.UNREVIEWED: "TFMOT is taken from a commit that may be on none of its branches",
    Hold.BUDGET: "it would take more GPU-hours than a request may by itself",
    Hold.COST: "its claim files do not say how many GPU-hours it takes",
}


def reply(event: Event, body: str) -> Comment:
    """A comment that answers another: written once, however often the event is delivered."""
    return Comment(
        event.repository, event.number, f"reply-{event.comment.id}", body.strip() + "\n", replace=False
    )


def _refuse(event: Event, body: str, reaction: str = "confused") -> tuple[Effect, ...]:
    return Reaction(event.repository, event.comment.id, reaction), reply(event, body)


def misunderstood(event: Event, problem: Problem, command: click.Command) -> tuple[Effect, ...]:
    """A command that could not be read."""
    word = code(problem.word, most=ECHO) if problem.word else "the line"
    what = WRONG[problem.wrong].format(word=word)
    hint = f"; {text(problem.hint, most=300)}" if problem.hint else ""
    works = f"This works: {_usage(problem.name, command)}"
    return _refuse(event, f"Nothing was started: {_ended(what + hint)}\n\n{works}")


def edited(event: Event) -> tuple[Effect, ...]:
    """A comment that says something else than when it was written."""
    return _refuse(
        event,
        "Nothing was started: the comment was changed after it was written, and others can change it. "
        "Next: write the command in a new comment.",
    )


def gone(event: Event) -> tuple[Effect, ...]:
    """A comment that is not there any more, so that nobody can react to it."""
    return (
        reply(event, "Nothing was started: the comment is gone. Next: write the command in a new comment."),
    )


def refused(event: Event, error: UserError) -> tuple[Effect, ...]:
    """Something that a person can mend."""
    hint = f"\n\n{text(_ended(error.hint[0].upper() + error.hint[1:]), most=500)}" if error.hint else ""
    return _refuse(event, f"Nothing was started: {_what(error)}{hint}")


def no_policy(event: Event, error: UserError) -> tuple[Effect, ...]:
    """Nobody may do anything, since nobody knows who may."""
    hint = f": {text(error.hint, most=500)}" if error.hint else ""
    return _refuse(
        event,
        f"Nothing was started: the policy cannot be read, so nobody may ask for anything: {_what(error)}\n\n"
        + _ended(f"Next: a maintainer mends {code(POLICY)} on the default branch{hint}"),
    )


def _what(error: UserError) -> str:
    where = f" ({text(error.where, most=200)})" if error.where else ""
    return _ended(f"{text(error.what, most=500)}{where}")


def _ended(sentence: str) -> str:
    """The sentence with one mark at its end."""
    return sentence if sentence.endswith("?") else sentence.rstrip(".") + "."


def not_allowed(event: Event, hidden: Sequence[str]) -> tuple[Effect, ...]:
    """Somebody without the right, or of whom that cannot be told."""
    if not hidden:
        return _refuse(
            event,
            "Nothing was started: only who can write to this repository, or speaks for TFMOT, asks for this. "
            "Next: a maintainer decides.",
            "-1",
        )
    teams = ", ".join(code(team) for team in hidden)
    return _refuse(
        event,
        f"Nothing was started: this token cannot read {teams}, so it is not known whom you speak for.\n\n"
        "Next: a maintainer lets a GitHub App with *members: read* do this, or lists logins in "
        f"{code(POLICY)}.",
        "-1",
    )


def not_yours(event: Event) -> tuple[Effect, ...]:
    """Somebody who wants to stop what others asked for."""
    return _refuse(
        event,
        "Nothing was stopped: only who asked for a test, or can write to this repository, stops it.",
        "-1",
    )


def closed(event: Event) -> tuple[Effect, ...]:
    """A pull request that nobody can push to any more."""
    return _refuse(
        event, "Nothing was started: this pull request is closed. Next: its author opens it again."
    )


def which_commit(event: Event, line: str) -> tuple[Effect, ...]:
    """A branch in another repository, whose owner can push while the command is written."""
    return _refuse(
        event,
        "Nothing was started: the branch is in another repository, so the command names the whole commit "
        f"that you have looked at. For the head as it is now that is\n\n{_line(line)}",
    )


def moved(event: Event, sha: str, head: str, line: str) -> tuple[Effect, ...]:
    """A commit that is not, or no longer, the head."""
    return _refuse(
        event,
        f"Nothing was started: {code(sha[:12])} is not the head of this pull request, {code(head[:12])} is. "
        f"Next: look at what has changed, then comment\n\n{_line(line)}",
    )


def accepted(event: Event, plan: Plan, others: int) -> Comment:
    """A request that is going to be worked on."""
    names = ", ".join(code(technique, most=ECHO) for technique in plan.techniques)
    accepted_, proposed = (len(plan.claims(status)) for status in (Status.ACCEPTED, Status.PROPOSED))
    beside = f", and {proposed} proposed, on which no gate rests" if proposed else ""
    rows = [
        ("TFMOT", _commit(plan.tfmot)),
        ("Official Models", _commit(plan.models)),
        ("judged after", f"{', '.join(map(str, plan.looks))} runs" + _extra(plan.seeds_extra)),
        ("expected", _costs(plan)),
        ("request", code(plan.request_id)),
    ]
    also = f"\n\nOther requests on this commit: {others}. What one has trained, the next does not." * bool(
        others
    )
    return reply(
        event,
        f"{_head(plan)}: {names} at tier {code(plan.tier)} on {code(plan.head_sha[:12])}, "
        f"{accepted_} accepted claims{beside}.\n\n{table(rows, ('', '')).strip()}{also}\n\n{_next(plan)}",
    )


def expected(plan: Plan) -> str:
    """What is going to be trained and what it is expected to take, in one line."""
    names = ", ".join(text(technique, most=ECHO) for technique in plan.techniques)
    return f"{names} at tier {plan.tier}, {_costs(plan)} expected"


def _costs(plan: Plan) -> str:
    return ", ".join(f"{cost:,.1f} {text(unit, most=ECHO)}" for unit, cost in plan.costs.items())


def _head(plan: Plan) -> str:
    return "**Waits for a reviewer's consent**" if plan.hold else "**Queued**"


def _next(plan: Plan) -> str:
    stop = "`/converge cancel` stops it."
    if not plan.hold:
        return f"Next: nothing to do; the verdict will stand here and in the check. {stop}"
    reasons = "; ".join(HOLDS[reason] for reason in plan.hold)
    return f"Why it waits: {reasons}.\n\nNext: a reviewer consents to this commit in the workflow run. {stop}"


def _extra(seeds: int) -> str:
    return f", and {seeds} more" if seeds else ""


def _commit(commit: Commit) -> str:
    return f"{text(commit.repository)} {code(commit.sha[:12])}"


def help_(event: Event, name: str, command: click.Command) -> tuple[Effect, ...]:
    """How a command is used, as its file says it."""
    options = [one for one in command.params if isinstance(one, click.Option)]
    rows = [(code(_written(one)), text(one.help or "")) for one in options]
    about = " ".join((command.help or "").split())
    return (reply(event, f"{_usage(name, command)}\n\n{about}\n\n{table(rows, ('argument', 'means'))}"),)


def status(event: Event, head: str, requests: Sequence[Request]) -> tuple[Effect, ...]:
    """How far the requests on the head are."""
    if not requests:
        return (reply(event, f"Nothing was asked for on {code(head[:12])} yet. `/converge help` says how."),)
    rows = [
        (
            code(request.check.external_id, most=20),
            code(request.by.login) if request.by else "unknown",
            text((request.check.conclusion or request.check.status).replace("_", " ")),
            text(request.check.title, most=100),
        )
        for request in requests
    ]
    head_row = ("request", "asked for by", "state", "")
    return (reply(event, f"Requests on {code(head[:12])}:\n\n{table(rows, head_row)}"),)


def stopped(event: Event, count: int, unknown: int) -> Comment:
    """What was cancelled."""
    lost = f" {unknown} more do not say which run works on them: stop those in the Actions tab." * bool(
        unknown
    )
    return reply(
        event, f"**Cancelled** {count} of the requests on this commit. What is trained is kept.{lost}"
    )


def nothing_to_stop(event: Event) -> tuple[Effect, ...]:
    """No request is under way."""
    return (reply(event, "Nothing to stop: no request on the head of this pull request is under way."),)


def _usage(name: str, command: click.Command) -> str:
    """The command with all that it takes."""
    words = [f"/{name}"]
    words += [str(one.metavar) for one in command.params if isinstance(one, click.Argument)]
    words += [f"[{_written(one)}]" for one in command.params if isinstance(one, click.Option)]
    return code(" ".join(words))


def _written(option: click.Option) -> str:
    if option.name == "sha":
        return "@SHA"
    choices = "|".join(option.type.choices) if isinstance(option.type, click.Choice) else ""
    return f"{option.name}={choices or option.metavar}"


def _line(line: str) -> str:
    """A line to copy; it holds what the parser lets through, and so no backticks."""
    return f"```\n{line}\n```"
