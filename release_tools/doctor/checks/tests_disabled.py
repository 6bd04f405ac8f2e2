"""No release runs fewer tests than the one before: a ratchet on skips, tags, comments and to-dos."""

from __future__ import annotations

from collections.abc import Iterator

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
    new, old, since = subject.tree.texts, subject.previous_tree.texts, subject.previous_version
    before = disabled.marks(old)
    for mark, lines in disabled.marks(new).items():
        if len(lines) <= len(before.get(mark, ())):
            continue
        where = f"{mark.path}:{lines[-1]}"
        if mark.kind == "todo":
            yield note(
                f"a TODO beside tests is new since {since}: {mark.what}", where, "do it, or file an issue"
            )
        else:
            yield blocker(f"a test is switched off since {since}: {mark.what}", where, MEND)
    for path, line, text in disabled.commented_out(old, new):
        yield blocker(f"a line of a test is commented out since {since}: {text}", f"{path}:{line}", MEND)
    yield from _gone(subject)


def _gone(subject: Subject) -> Iterator[Finding]:
    """Tests and test targets that are not there any more."""
    assert subject.tree is not None
    assert subject.previous_tree is not None
    new, old, since = subject.tree.texts, subject.previous_tree.texts, subject.previous_version
    now = disabled.tests(new)
    for name, where in sorted(disabled.tests(old).items()):
        if name not in now:
            yield warning(f"the test {name} of {since} is gone", where, "was it moved or is it not needed?")
    for label in sorted(disabled.run_by_bazel(old) - disabled.run_by_bazel(new)):
        path, _, name = label.removeprefix("//").partition(":")
        if f"{path}/{name}.py" in new:
            yield blocker(f"no target runs {name} any more, which {since} ran", f"{path}/BUILD", MEND)
