"""Pull requests: opened, changed, merged, and what is in them."""

from __future__ import annotations

from flask import Blueprint, Response, request

from release_tools.model import Permission
from release_tools.sandbox import merging, pulls
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, commits
from release_tools.sandbox.answers import pulls as answers
from release_tools.sandbox.errors import not_found
from release_tools.sandbox.nouns import Issue, Repository
from release_tools.sandbox.pages import Answer, body, one_of, page, required

routes = Blueprint("pulls", __name__, url_prefix="/repos/<owner>/<repo>")
DIFF = "application/vnd.github.diff"


@routes.get("/pulls")
def all_pulls(repository: Repository) -> Answer:
    found = [issue for issue in repository.issues.values() if issue.pull and _wanted(issue)]
    order = sorted(found, key=lambda one: one.number, reverse=request.args.get("direction") != "asc")
    return page(order, lambda issue: answers.simple(world(), repository, issue))


def _wanted(issue: Issue) -> bool:
    pull, args = issue.pull, request.args
    assert pull
    asked = {
        "state": (issue.state, "all"),
        "base": (pull.base_ref,),
        "head": (f"{pull.head_owner.login}:{pull.head_ref}",),
    }
    defaults = {"state": "open", "base": pull.base_ref, "head": asked["head"][0]}
    return all((args.get(name) or defaults[name]) in values for name, values in asked.items())


@routes.post("/pulls")
def create(repository: Repository) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.READ, "pull_requests:write"), body()
    required(sent, "PullRequest", "title", "head", "base")
    draft = bool(sent.get("draft"))
    issue = pulls.open_pull(
        world(), repository, by, sent["title"], sent["head"], sent["base"], sent.get("body"), draft
    )
    return answers.full(world(), repository, issue), 201


@routes.get("/pulls/<int:pull_number>")
def one(repository: Repository, issue: Issue) -> Json | Response:
    pull = answers.pull_of(issue)
    if DIFF in request.headers.get("Accept", "") or "v3.diff" in request.headers.get("Accept", ""):
        start = repository.git.merge_base(pull.base_sha, pull.head_sha)
        return Response(repository.git.diff(start, pull.head_sha), content_type=f"{DIFF}; charset=utf-8")
    return answers.full(world(), repository, issue)


@routes.patch("/pulls/<int:pull_number>")
def change(repository: Repository, issue: Issue) -> Json:
    role = Permission.READ if caller().account is issue.user else Permission.WRITE
    by, sent = caller().may(repository, role, "pull_requests:write"), body()
    one_of(sent, "PullRequest", "state", ("open", "closed"))
    pulls.edit(world(), issue, sent)
    if sent.get("state"):
        pulls.set_state(world(), repository, issue, sent["state"], by)
    return answers.full(world(), repository, issue)


@routes.get("/pulls/<int:pull_number>/files")
def files(repository: Repository, issue: Issue) -> Answer:
    pull = answers.pull_of(issue)
    changes = answers.changes(repository.git, pull)
    return page(changes, lambda change: answers.file(repository, pull.head_sha, change))


@routes.get("/pulls/<int:pull_number>/commits")
def listed_commits(repository: Repository, issue: Issue) -> Answer:
    pull = answers.pull_of(issue)
    shas = repository.git.log(f"{pull.base_sha}..{pull.head_sha}", "--reverse")
    return page(shas, lambda sha: commits.commit(world(), repository, sha))


@routes.get("/pulls/<int:pull_number>/merge")
def is_merged(repository: Repository, issue: Issue) -> tuple[str, int]:
    if not answers.pull_of(issue).merged_at:
        raise not_found()
    return "", 204


@routes.put("/pulls/<int:pull_number>/merge")
def merge(repository: Repository, issue: Issue) -> Json:
    by, sent = caller().may(repository, Permission.WRITE, "contents:write"), body()
    one_of(sent, "PullRequest", "merge_method", ("merge", "squash", "rebase"))
    sha = merging.merge(
        world(),
        repository,
        issue,
        by,
        sent.get("merge_method") or "merge",
        sent.get("sha") or "",
        sent.get("commit_title") or "",
        sent.get("commit_message") or "",
    )
    return {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}
