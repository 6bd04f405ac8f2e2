"""Reviews, which know the commit they were given for, and comments on lines."""

from __future__ import annotations

from flask import Blueprint

from release_tools.model import Permission
from release_tools.sandbox import reviews
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json
from release_tools.sandbox.answers import pulls as answers
from release_tools.sandbox.errors import Refusal, invalid, not_found
from release_tools.sandbox.nouns import Issue, Repository, Review
from release_tools.sandbox.pages import Answer, body, page, required

routes = Blueprint("reviews", __name__, url_prefix="/repos/<owner>/<repo>/pulls")
REVIEWS = "/<int:pull_number>/reviews"
COMMENTS = "/<int:pull_number>/comments"


@routes.get(REVIEWS)
def all_reviews(repository: Repository, issue: Issue) -> Answer:
    actor = caller().account
    found = [one for one in answers.pull_of(issue).reviews if one.state != "PENDING" or one.user is actor]
    return page(found, lambda one: answers.review(world(), repository, issue, one))


@routes.post(REVIEWS)
def create(repository: Repository, issue: Issue) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.READ, "pull_requests:write"), body()
    _check(sent)
    reviews.check(repository, issue, sent.get("comments") or [])
    event, said = sent.get("event") or "", sent.get("body") or ""
    made = reviews.give(world(), repository, issue, by, event, said, sent.get("commit_id") or "")
    for line in sent.get("comments") or []:
        reviews.remark(world(), repository, issue, made, line)
    return answers.review(world(), repository, issue, made), 200


@routes.get(f"{REVIEWS}/<int:review_id>")
def one(repository: Repository, issue: Issue, review_id: int) -> Json:
    return answers.review(world(), repository, issue, _find(issue, review_id))


@routes.post(f"{REVIEWS}/<int:review_id>/events")
def submit(repository: Repository, issue: Issue, review_id: int) -> Json:
    by, sent = caller().may(repository, Permission.READ, "pull_requests:write"), body()
    required(sent, "PullRequestReview", "event")
    _check(sent)
    review = _find(issue, review_id)
    if review.user is not by:
        raise not_found()
    reviews.submit(world(), repository, issue, review, sent["event"], sent.get("body") or review.body)
    return answers.review(world(), repository, issue, review)


@routes.put(f"{REVIEWS}/<int:review_id>/dismissals")
def dismiss(repository: Repository, issue: Issue, review_id: int) -> Json:
    by, sent = caller().may(repository, Permission.WRITE, "pull_requests:write"), body()
    required(sent, "PullRequestReview", "message")
    review = _find(issue, review_id)
    if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise Refusal(422, "Can not dismiss a commented pull request review")
    reviews.dismiss(world(), repository, issue, review, by)
    return answers.review(world(), repository, issue, review)


@routes.get(COMMENTS)
def all_comments(repository: Repository, issue: Issue) -> Answer:
    return page(
        answers.pull_of(issue).comments, lambda one: answers.review_comment(world(), repository, issue, one)
    )


@routes.post(COMMENTS)
def comment(repository: Repository, issue: Issue) -> tuple[Json, int]:
    by, sent = caller().may(repository, Permission.READ, "pull_requests:write"), body()
    required(sent, "PullRequestReviewComment", "body", "commit_id", "path")
    review = reviews.give(world(), repository, issue, by, "COMMENT", "", sent["commit_id"])
    try:
        made = reviews.remark(world(), repository, issue, review, sent)
    except Refusal as refusal:  # which this route words otherwise than reviews do
        raise invalid("PullRequestReviewComment", "path", "custom", str(refusal.errors[0])) from refusal
    return answers.review_comment(world(), repository, issue, made), 201


def _check(sent: Json) -> None:
    if sent.get("event") not in (None, "", *reviews.STATES):
        raise Refusal(422, "Unprocessable Entity", [f"Variable $event is invalid: {sent['event']}"])


def _find(issue: Issue, review_id: int) -> Review:
    found = [one for one in answers.pull_of(issue).reviews if one.id == review_id]
    if not found:
        raise not_found()
    return found[0]
