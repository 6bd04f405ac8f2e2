"""Makes and publishes releases; publishing one makes its tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from release_tools.sandbox import pushes
from release_tools.sandbox.automation import Asset, Release
from release_tools.sandbox.errors import invalid
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World


def create(world: World, repository: Repository, by: Account, sent: Mapping[str, Any]) -> Release:
    """A new release, a draft or published at once.

    Raises:
      Refusal: 422 when another has the tag, or there is nothing to tag.
    """
    now = world.clock.stamp()
    made = Release(
        world.ids.next(), by, sent["tag_name"], repository.default_branch, None, None, True, False, now, None
    )  # fmt: skip
    change(world, repository, by, made, {"draft": False, **sent})
    repository.releases[made.id] = made
    return made


def change(
    world: World, repository: Repository, by: Account, release: Release, sent: Mapping[str, Any]
) -> None:
    """Take over what was sent.

    Raises:
      Refusal: 422.
    """
    tag = sent.get("tag_name") or release.tag_name
    draft = bool(sent.get("draft", release.draft))
    target = sent.get("target_commitish") or release.target
    if not draft:
        _tag(world, repository, by, release, tag, target)
        release.published_at = release.published_at or world.clock.stamp()
    release.tag_name, release.draft, release.target = tag, draft, target
    release.name, release.body = sent.get("name", release.name), sent.get("body", release.body)
    release.prerelease = bool(sent.get("prerelease", release.prerelease))


def _tag(world: World, repository: Repository, by: Account, release: Release, tag: str, target: str) -> None:
    others = [one for one in repository.releases.values() if one is not release and not one.draft]
    if any(one.tag_name == tag for one in others):
        raise invalid("Release", "tag_name", "already_exists")
    if repository.git.ref(f"refs/tags/{tag}"):
        return
    sha = repository.git.resolve(target)
    if not sha:
        raise invalid("Release", "target_commitish")
    repository.git.set_ref(f"refs/tags/{tag}", sha)
    pushes.notice(world, repository, by)


def attach(
    world: World,
    release: Release,
    by: Account,
    name: str,
    content: bytes,
    content_type: str,
    label: str | None = None,
) -> Asset:
    """A new file of a release.

    Raises:
      Refusal: 422 when there is one of this name.
    """
    if any(one.name == name for one in release.assets):
        raise invalid("ReleaseAsset", "name", "already_exists")
    made = Asset(world.ids.next(), name, label, content_type, content, by, world.clock.stamp())
    release.assets.append(made)
    return made
