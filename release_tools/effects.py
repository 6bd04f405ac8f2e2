"""What an effect would change, in one line for `--dry-run`; never carries one out."""

from __future__ import annotations

from release_tools.markdown import one_line
from release_tools.model import CancelRun, Comment, Dispatch, Effect, KeepFile, Reaction, SetCheck, SetLabels

LINE = 100  # characters of what a comment begins with


def describe(effect: Effect) -> str:
    """One line without Markdown, and without what would move a terminal's cursor."""
    return one_line(_describe(effect))


def _describe(effect: Effect) -> str:  # noqa: PLR0911 - one for each effect
    match effect:
        case Comment():
            kept = "comment" if effect.replace else "reply once"
            begins = one_line(next(iter(effect.body.strip().splitlines()), ""), LINE)
            return f"{kept} on {effect.repository}#{effect.number} [{effect.key}]: {begins}"
        case Reaction():
            return f"react with {effect.content} to comment {effect.comment_id} of {effect.repository}"
        case SetCheck():
            state = effect.conclusion.value if effect.conclusion else effect.status.value
            about = f"{effect.repository}@{effect.sha[:12]} [{effect.external_id}]"
            return f"check “{effect.name}” {state} on {about}: {effect.title}"
        case SetLabels():
            signed = [f"+{one}" for one in effect.add] + [f"-{one}" for one in effect.remove]
            return f"label {effect.repository}#{effect.number}: {', '.join(signed) or 'nothing'}"
        case Dispatch():
            inputs = " ".join(f"{name}={value}" for name, value in sorted(effect.inputs.items()))
            return f"start {effect.workflow} of {effect.repository} at {effect.ref} {inputs}".rstrip()
        case CancelRun():
            return f"cancel run {effect.run_id} of {effect.repository}"
        case KeepFile():
            return f"keep {effect.path} on branch {effect.branch} of {effect.repository}"
