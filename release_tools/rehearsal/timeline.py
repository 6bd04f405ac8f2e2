"""What happened on a pull request of the sandbox's, in order: words, reviews, pushes, labels, its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from release_tools.rehearsal.portrait import Commit, Label, Moment, Reaction, Remark, What, Who
from release_tools.sandbox import nouns
from release_tools.sandbox.answers import comments
from release_tools.sandbox.git import NULL, Git
from release_tools.sandbox.people import Account, AccountKind
from release_tools.sandbox.world import World

REVIEWS = {
    "APPROVED": What.APPROVED,
    "CHANGES_REQUESTED": What.REQUESTED,
    "COMMENTED": What.REVIEWED,
    "DISMISSED": What.DISMISSED,
}
HAPPENINGS = {
    "labeled": What.LABELED,
    "unlabeled": What.UNLABELED,
    "closed": What.CLOSED,
    "reopened": What.REOPENED,
}


def moments(world: World, base: nouns.Repository, issue: nouns.Issue) -> tuple[Moment, ...]:
    """All of them, oldest first."""
    found = [
        *_pushes(world, base, issue),
        *_comments(world, base, issue),
        *_reviews(world, base, issue),
        *_happenings(world, base, issue),
    ]
    return tuple(sorted(found, key=lambda moment: moment.at))


def opening(base: nouns.Repository, issue: nouns.Issue) -> tuple[Commit, ...]:
    """The commits that a pull request was opened with."""
    pull = issue.pull
    assert pull
    first = next(iter(_moves(issue)), None)
    sha = first.before if first else pull.head_sha
    start = base.git.merge_base(pull.base_sha, sha)
    return commits(base.git, f"{start}..{sha}" if start else sha, "--reverse")


def who(world: World, base: nouns.Repository, account: Account) -> Who:
    """Somebody, as they stand to the repository."""
    bot = account.kind is AccountKind.BOT
    association = "NONE" if bot or account.deleted else world.association(account, base)
    return Who(login(account), association, bot)


def login(account: Account) -> str:
    """Whose page it is; `ghost` when the account is gone."""
    return "ghost" if account.deleted else account.login


def reactions(given: Sequence[nouns.Reaction]) -> tuple[Reaction, ...]:
    """By their kind, in GitHub's order."""
    return tuple(
        Reaction(content, tuple(login(one.user) for one in given if one.content == content))
        for content in comments.REACTIONS
        if any(one.content == content for one in given)
    )


def commits(git: Git, revisions: str, *options: str) -> tuple[Commit, ...]:
    """Commits, newest first unless the options of `git rev-list` say otherwise; none where they are gone."""
    try:
        return tuple(commit(git, sha) for sha in git.log(revisions, *options))
    except LookupError:
        return ()


def commit(git: Git, sha: str) -> Commit:
    """A commit that is there, in one line."""
    found = git.commit(sha)
    return Commit(sha, found.message.partition("\n")[0], found.author.name)


def _moves(issue: nouns.Issue) -> list[nouns.Activity]:
    """How the head's branch has moved since the pull request was opened, oldest first."""
    pull = issue.pull
    assert pull
    if pull.head_repository is None:
        return []
    ref, end = f"refs/heads/{pull.head_ref}", issue.closed_at
    return [
        one
        for one in pull.head_repository.activity
        if one.ref == ref and one.at > issue.created_at and not (end and one.at > end) and one.after != NULL
    ]


def _pushes(world: World, base: nouns.Repository, issue: nouns.Issue) -> Iterator[Moment]:
    assert issue.pull
    source = issue.pull.head_repository
    for one in _moves(issue):
        assert source
        onward = one.before != NULL and source.git.is_ancestor(one.before, one.after)
        yield Moment(
            What.PUSHED if onward else What.FORCED,
            who(world, base, one.by),
            one.at,
            sha=one.after,
            commits=commits(source.git, f"{one.before}..{one.after}", "--reverse") if onward else (),
        )


def _comments(world: World, base: nouns.Repository, issue: nouns.Issue) -> Iterator[Moment]:
    page = comments.issue_page(base, issue)
    for one in issue.comments:
        yield Moment(
            What.COMMENTED,
            who(world, base, one.user),
            one.created_at,
            one.body,
            reactions=reactions(one.reactions),
            edited=one.updated_at > one.created_at,
            url=f"{page}#issuecomment-{one.id}",
        )


def _reviews(world: World, base: nouns.Repository, issue: nouns.Issue) -> Iterator[Moment]:
    page, pull = comments.issue_page(base, issue), issue.pull
    assert pull
    for one in pull.reviews:
        if one.submitted_at:  # until then nobody else sees it
            yield Moment(
                REVIEWS[one.state],
                who(world, base, one.user),
                one.submitted_at,
                one.body,
                one.commit_id,
                remarks=tuple(_remark(each) for each in pull.comments if each.review is one),
                url=f"{page}#pullrequestreview-{one.id}",
            )


def _remark(one: nouns.ReviewComment) -> Remark:
    return Remark(one.path, one.line, one.body)


def _happenings(world: World, base: nouns.Repository, issue: nouns.Issue) -> Iterator[Moment]:
    pull = issue.pull
    assert pull
    for one in issue.happened:
        merged = one.what == "closed" and pull.merged_at is not None and one is _last(issue, "closed")
        yield Moment(
            What.MERGED if merged else HAPPENINGS[one.what],
            who(world, base, one.by),
            one.at,
            sha=(pull.merge_commit_sha or "") if merged else "",
            label=Label(one.label.name, one.label.color) if one.label else None,
        )


def _last(issue: nouns.Issue, what: str) -> nouns.Happening:
    return [one for one in issue.happened if one.what == what][-1]
