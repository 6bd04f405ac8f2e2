"""Puts labels on issues and takes them off; a label that a repository does not know yet is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from release_tools.sandbox import pulls
from release_tools.sandbox.answers import comments
from release_tools.sandbox.nouns import Happening, Issue, Label, Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World


def label(world: World, repository: Repository, name: str) -> Label:
    """The label of this name, whose case does not matter."""
    key = name.casefold()
    if key not in repository.labels:
        repository.labels[key] = Label(world.ids.next(), name)
    return repository.labels[key]


def set_labels(
    world: World, repository: Repository, issue: Issue, wanted: Iterable[str | Mapping[str, str]], by: Account
) -> None:
    """Have these labels on an issue and no others."""
    names = [one if isinstance(one, str) else one["name"] for one in wanted]
    labels = [label(world, repository, name) for name in dict.fromkeys(names)]
    for gone in [one for one in issue.labels if one not in labels]:
        remove(world, repository, issue, gone, by)
    add(world, repository, issue, labels, by)


def add(world: World, repository: Repository, issue: Issue, labels: Iterable[Label], by: Account) -> None:
    """Have these labels on an issue too."""
    for new in [one for one in labels if one not in issue.labels]:
        issue.labels.append(new)
        _changed(world, repository, issue, "labeled", new, by)


def remove(world: World, repository: Repository, issue: Issue, old: Label, by: Account) -> None:
    """Take a label off."""
    issue.labels.remove(old)
    _changed(world, repository, issue, "unlabeled", old, by)


def _changed(
    world: World, repository: Repository, issue: Issue, action: str, one: Label, by: Account
) -> None:
    issue.updated_at = world.clock.stamp()
    issue.happened.append(Happening(action, by, issue.updated_at, one))
    if issue.pull:
        pulls.emit(world, repository, issue, action, by, label=comments.label(repository, one))
