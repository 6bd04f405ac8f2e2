"""Releases and their assets."""

from __future__ import annotations

import hashlib

from release_tools.sandbox.answers import Json, node, people, when
from release_tools.sandbox.automation import Asset, Release
from release_tools.sandbox.nouns import Repository


def release(repository: Repository, one: Release) -> Json:
    """A release."""
    url = f"{repository.api}/releases/{one.id}"
    uploads = (
        f"{repository.site.uploads}/repos/{repository.full_name}/releases/{one.id}/assets{{?name,label}}"
    )
    archives = None if one.draft else repository.api
    return {
        "url": url,
        "html_url": f"{repository.html}/releases/tag/{one.tag_name}",
        "assets_url": f"{url}/assets",
        "upload_url": uploads,
        "tarball_url": archives and f"{archives}/tarball/{one.tag_name}",
        "zipball_url": archives and f"{archives}/zipball/{one.tag_name}",
        "id": one.id,
        "node_id": node("RE", one.id),
        "tag_name": one.tag_name,
        "target_commitish": one.target,
        "name": one.name,
        "body": one.body,
        "draft": one.draft,
        "prerelease": one.prerelease,
        "created_at": when(one.created_at),
        "published_at": when(one.published_at),
        "author": people.account(repository.site, one.author),
        "assets": [asset(repository, one, each) for each in one.assets],
    }


def asset(repository: Repository, release: Release, one: Asset) -> Json:
    """A file of a release."""
    return {
        "url": f"{repository.api}/releases/assets/{one.id}",
        "browser_download_url": f"{repository.html}/releases/download/{release.tag_name}/{one.name}",
        "id": one.id,
        "node_id": node("RA", one.id),
        "name": one.name,
        "label": one.label,
        "state": "uploaded",
        "content_type": one.content_type,
        "size": len(one.content),
        "digest": f"sha256:{hashlib.sha256(one.content).hexdigest()}",
        "download_count": 0,
        "created_at": when(one.created_at),
        "updated_at": when(one.created_at),
        "uploader": people.account_or_none(repository.site, one.uploader),
    }
