"""What an effect would change, in one line for `--dry-run`; never carries one out."""

from __future__ import annotations

from release_tools.markdown import one_line
from release_tools.model import CancelRun, Comment, Dispatch, Effect, KeepFile, Reaction, SetCheck, SetLabels
from release_tools.offers import OpenPullRequest, Suggest
from release_tools.protections import (
    CreateFork,
    LimitWorkflows,
    ProtectBranch,
    ProtectEnvironment,
    Protection,
)
from release_tools.publications import (
    ClosePullRequest,
    DeleteDraft,
    DeleteTag,
    Publication,
    PublishRelease,
    PushTag,
)

LINE = 100  # characters of what a comment begins with


def describe(effect: Effect) -> str:
    """One line without Markdown, and without what would move a terminal's cursor."""
    if isinstance(effect, OpenPullRequest | Suggest):
        return one_line(_describe_offer(effect))
    if isinstance(effect, Protection):
        return one_line(_describe_protection(effect))
    if isinstance(effect, Publication):
        return one_line(_describe_publication(effect))
    return one_line(_describe(effect))


def _describe(  # noqa: PLR0911 - one for each effect
    effect: Comment | Reaction | SetCheck | SetLabels | Dispatch | CancelRun | KeepFile,
) -> str:
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


def _describe_offer(effect: OpenPullRequest | Suggest) -> str:
    if isinstance(effect, Suggest):
        lines = ", ".join(f"{one.path}:{one.line}" for one in effect.suggestions)
        return f"suggest on {effect.repository}#{effect.number} [{effect.key}]: {lines}"
    files = ", ".join(one.path for one in effect.files)
    where = f"{effect.repository}, {effect.branch} onto {effect.base}@{effect.base_sha[:12]}"
    return f"pull request in {where}: {effect.title} ({files})"


def _describe_protection(effect: Protection) -> str:
    match effect:
        case CreateFork():
            return f"fork {effect.parent} as {effect.fork}"
        case ProtectBranch():
            rules = ", ".join(one.type for one in effect.rules)
            branch = effect.branch.removeprefix("~").lower().replace("_", " ")
            where = branch if effect.branch.startswith("~") else effect.branch
            return f"ruleset “{effect.name}” on {where} of {effect.repository}: {rules}"
        case ProtectEnvironment():
            return f"environment {effect.name} of {effect.repository} waits for {', '.join(effect.reviewers)}"
        case LimitWorkflows():
            return f"workflows of {effect.repository} read unless they say otherwise, and approve nothing"


def _describe_publication(effect: Publication) -> str:
    match effect:
        case PushTag():
            return f"tag {effect.tag} of {effect.repository} at {effect.sha[:12]}"
        case PublishRelease():
            kind = "pre-release" if effect.prerelease else "release"
            return f"{kind} {effect.tag} of {effect.repository}: {effect.name}"
        case DeleteTag():
            return f"delete tag {effect.tag} of {effect.repository}, which is at {effect.sha[:12]}"
        case DeleteDraft():
            return f"delete the draft of release {effect.tag} of {effect.repository}"
        case ClosePullRequest():
            return f"close {effect.repository}#{effect.number} and delete its branch {effect.branch}"
