"""Releases and their assets; an upload arrives at another host, but by a path of its own."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from release_tools.model import Permission
from release_tools.sandbox import releases
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json
from release_tools.sandbox.answers import releases as answers
from release_tools.sandbox.automation import Asset, Release
from release_tools.sandbox.errors import invalid, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import Answer, body, page, required
from release_tools.sandbox.people import Account

routes = Blueprint("releases", __name__, url_prefix="/repos/<owner>/<repo>/releases")
ONE, ASSET = "/<int:release_id>", "/assets/<int:asset_id>"


@routes.get("")
def all_releases(repository: Repository) -> Answer:
    return page(_visible(repository)[::-1], lambda one: answers.release(repository, one))


@routes.post("")
def create(repository: Repository) -> tuple[Json, int]:
    by, sent = _writer(repository), body()
    required(sent, "Release", "tag_name")
    return answers.release(repository, releases.create(world(), repository, by, sent)), 201


@routes.get("/latest")
def latest(repository: Repository) -> Json:
    stable = [one for one in _visible(repository) if not one.draft and not one.prerelease]
    if not stable:
        raise not_found()
    return answers.release(repository, stable[-1])


@routes.get("/tags/<path:tag>")
def by_tag(repository: Repository, tag: str) -> Json:
    found = [one for one in _visible(repository) if one.tag_name == tag and not one.draft]
    if not found:
        raise not_found()
    return answers.release(repository, found[0])


@routes.get(ONE)
def one(repository: Repository, release_id: int) -> Json:
    return answers.release(repository, _find(repository, release_id))


@routes.patch(ONE)
def change(repository: Repository, release_id: int) -> Json:
    by, release = _writer(repository), _find(repository, release_id)
    releases.change(world(), repository, by, release, body())
    return answers.release(repository, release)


@routes.delete(ONE)
def delete(repository: Repository, release_id: int) -> tuple[str, int]:
    _writer(repository)
    del repository.releases[_find(repository, release_id).id]
    return "", 204


@routes.get(f"{ONE}/assets")
def assets(repository: Repository, release_id: int) -> Answer:
    release = _find(repository, release_id)
    return page(release.assets, lambda one: answers.asset(repository, release, one))


@routes.post(f"{ONE}/assets")
def upload(repository: Repository, release_id: int) -> tuple[Json, int]:
    by, release = _writer(repository), _find(repository, release_id)
    name = request.args.get("name", "")
    if not name:
        raise invalid("ReleaseAsset", "name", "missing_field")
    content, kind = request.get_data(), request.content_type or "application/octet-stream"
    made = releases.attach(world(), release, by, name, content, kind, request.args.get("label"))
    return answers.asset(repository, release, made), 201


@routes.get(ASSET)
def asset(repository: Repository, asset_id: int) -> Json | Response:
    said = answers.asset(repository, *_asset(repository, asset_id))
    if "octet-stream" in request.headers.get("Accept", ""):
        return redirect(said["browser_download_url"])  # type: ignore[return-value]
    return said


@routes.delete(ASSET)
def delete_asset(repository: Repository, asset_id: int) -> tuple[str, int]:
    _writer(repository)
    release, found = _asset(repository, asset_id)
    release.assets.remove(found)
    return "", 204


def _writer(repository: Repository) -> Account:
    return caller().may(repository, Permission.WRITE, "contents:write")


def _visible(repository: Repository) -> list[Release]:
    """Published releases, and drafts for those who may write."""
    token = caller().token
    drafts = world().role(token.actor if token else None, repository) >= Permission.WRITE
    return [
        one
        for one in repository.releases.values()
        if not one.draft or drafts or caller().holds("contents:write")
    ]


def _find(repository: Repository, release_id: int) -> Release:
    found = [one for one in _visible(repository) if one.id == release_id]
    if not found:
        raise not_found()
    return found[0]


def _asset(repository: Repository, asset_id: int) -> tuple[Release, Asset]:
    for release in _visible(repository):
        for found in release.assets:
            if found.id == asset_id:
                return release, found
    raise not_found()
