"""No release runs fewer tests than the one before: a ratchet on skips, tags, comments and to-dos."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from release_tools.doctor import disabled
from release_tools.doctor.findings import Finding, Untold, blocker, note, warning
from release_tools.doctor.subject import Need, Subject

title = "no test was switched off since the release before"
needs = (Need.TREE, Need.PREVIOUS_TREE)

MEND = "mend the test, or accept the finding with the reason and an issue's number"


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """Each test that ran for the release before and does not for this one."""
    assert subject.tree is not None
    assert subject.previous_tree is not None
    new = disabled.changed(subject.tree.texts, subject.previous_tree.texts)
    old = disabled.changed(subject.previous_tree.texts, subject.tree.texts)
    since = str(subject.previous_version)
    yield from _marked(old, new, since)
    for block in disabled.commented_out(old, new):
        more = f" and {block.lines - 1} below" if block.lines > 1 else ""
        what = f"code of a test is commented out since {since}: {block.first}{more}"
        yield blocker(what, f"{block.path}:{block.line}", MEND)
    yield from _gone(old, new, since)
    for label in sorted(disabled.run_by_bazel(old) - disabled.run_by_bazel(new)):
        path, _, name = label.removeprefix("//").partition(":")
        if f"{path}/{name}.py" in subject.tree.texts:
            yield blocker(f"no target runs {name} any more, which {since} ran", f"{path}/BUILD", MEND)


def _marked(old: Mapping[str, str], new: Mapping[str, str], since: str) -> Iterator[Finding]:
    """Tests that are skipped now, and words about what is left to do."""
    before, ran = disabled.marks(old), disabled.tests(old)
    for mark, lines in disabled.marks(new).items():
        if len(lines) <= len(before.get(mark, ())):
            continue
        where = f"{mark.path}:{lines[-1]}"
        if mark.kind == "todo":
            yield note(
                f"a TODO beside tests is new since {since}: {mark.what}", where, "do it, or file an issue"
            )
        elif mark.kind == "skip" and (mark.path not in old or not _ran(mark.test, ran)):
            yield warning(f"a new test is switched off from its beginning: {mark.what}", where, MEND)
        else:
            yield blocker(f"a test is switched off since {since}: {mark.what}", where, MEND)


def _ran(test: str, ran: Collection[str]) -> bool:
    """Whether a test was there before, or some test of a class."""
    return any(name == test or name.startswith(f"{test}.") for name in ran)


def _gone(old: Mapping[str, str], new: Mapping[str, str], since: str) -> Iterator[Finding]:
    """Tests that are not there any more, under whatever file's name."""
    now = disabled.tests(new)
    for name, where in sorted(disabled.tests(old).items()):
        if name not in now:
            yield warning(f"the test {name} of {since} is gone", where, "was it moved or is it not needed?")
