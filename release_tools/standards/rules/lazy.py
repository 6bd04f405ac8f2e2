"""TFMOT is imported only when its options are on."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.standards.example import Example
from release_tools.standards.importing import Event
from release_tools.standards.imports import TFMOT
from release_tools.standards.nouns import Finding

MEND = "import it inside the function that applies it"
MEND_RUN = "give it time and what it needs, or read the module yourself"


def spared(example: Example) -> str:
    """It applies to all code."""
    return ""


def check(example: Example) -> Iterator[Finding]:
    """What imports TFMOT too early: as the syntax shows, and as importing without TFMOT shows."""
    seen = {(one.path, one.line): one for one in _run(example)}
    for one in _read(example):
        seen.setdefault((one.path, one.line), one)
    yield from seen.values()


def _read(example: Example) -> Iterator[Finding]:
    for module in example.own:
        for one in module.imports:
            if one.eager and one.within(TFMOT):
                yield Finding(module.path, one.line, "imports TFMOT as soon as it is imported", MEND)


def _run(example: Example) -> Iterator[Finding]:
    """What the import itself proves; where it proves nothing, that is said."""
    if not example.own:
        return
    if example.run is None:
        yield Finding(
            example.label, 0, "was not imported, so it is not proven", "leave out --no-import", certain=False
        )
        return
    for event in reversed(list(example.run.of("asked"))):
        yield _asked(example, event)
    if example.run.trouble:
        yield Finding(
            example.label, 0, f"the import proves nothing: {example.run.trouble}", MEND_RUN, certain=False
        )
        return
    asked = {event.module for event in example.run.of("asked")}
    for event in example.run.of("missing", "failed", "broken", "ended"):
        if event.module not in asked:
            what = f"{event.module or 'a module'} could not be imported to the end: {event.detail}"
            yield Finding(
                event.path or _path(example, event.module), event.line, what, MEND_RUN, certain=False
            )
    missing = {one.name for one in example.own} - {event.module for event in example.run.of("begin")}
    for module in example.own:
        if module.name in missing:
            yield Finding(module.path, 0, "was not imported, so it is not proven", MEND_RUN, certain=False)


def _asked(example: Example, event: Event) -> Finding:
    """Where TFMOT was asked for; in a file that a pull request does not change it is not its fault."""
    path = event.path or _path(example, event.module)
    if example.changes_only and path not in {one.path for one in example.modules}:
        what = f"{path}:{event.line}, not changed here, imports TFMOT and hides whether {event.module} does"
        return Finding(_path(example, event.module), 0, what, "mend that first, or read it", certain=False)
    is_module = event.module in {one.name for one in example.own}
    when = "imported" if is_module else "made, with no option set"
    return Finding(path, event.line, f"imports TFMOT as soon as {event.module} is {when}", MEND)


def _path(example: Example, name: str) -> str:
    return next((one.path for one in example.own if one.name == name), example.label)
