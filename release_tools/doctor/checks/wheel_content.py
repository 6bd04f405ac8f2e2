"""The wheel holds the tag's files, to the byte, and exactly those that its BUILD targets name."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.doctor.findings import Finding, Untold, blocker, untold
from release_tools.doctor.subject import Need, Subject
from release_tools.wheel import tfmot

title = "the wheel is what the tag's BUILD targets name, file by file"
needs = (Need.TREE, Need.WHEEL)

REBUILD = "tag the commit that the wheel was built from, or build the wheel from the tag"


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each file that is missing, that should not be there, or that differs."""
    assert subject.tree is not None
    assert subject.wheel is not None
    tree, members = subject.tree, subject.wheel.members
    for name in sorted(members.keys() & tree.digests.keys()):
        if members[name] != tree.digests[name]:
            what = "is not in the wheel as it is in the tree"
            yield blocker(
                f"a file {what}" if name != tfmot.VERSION_FILE else f"version.py {what}", name, REBUILD
            )
    for name in sorted(members.keys() - tree.digests.keys()):
        yield blocker("a file of the wheel is not in the tree", name, REBUILD)
    if tree.shipped is None:
        mend = "mend the BUILD files: they say what ships"
        yield untold(f"which files should ship: {tree.walk_error}", tree.name, mend)
        return
    named = {name for name in tree.shipped if name.endswith(".py")}
    for name in sorted(named - members.keys()):
        yield blocker("a module that a BUILD target names is not in the wheel", name, REBUILD)
    for name in sorted((members.keys() & tree.digests.keys()) - set(tree.shipped)):
        yield blocker("a file is in the wheel that no BUILD target of it names", name, REBUILD)
