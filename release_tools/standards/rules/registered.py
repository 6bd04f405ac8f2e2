"""The example is an experiment that a user runs by name, and that can be made without TFMOT."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from release_tools.standards import experiments
from release_tools.standards.example import Example
from release_tools.standards.experiments import Experiment
from release_tools.standards.importing import Run
from release_tools.standards.nouns import Finding

REGISTER = '@exp_factory.register_config_factory("NAME")'


def spared(example: Example) -> str:
    """Nobody's example, nobody's fault."""
    return "code of everybody's is no example" if example.shared else ""


def check(example: Example) -> Iterator[Finding]:
    """No experiment, one without a plain name, two of one name, one that cannot be made."""
    found = experiments.of(example)
    if not found:
        yield Finding(example.label, 0, "registers no experiment", f"put {REGISTER} on its config's function")
    first: dict[str, Experiment] = {}
    for one in found:
        if not one.name:
            what = "registers an experiment under a name that is not written here"
            yield Finding(one.module.path, one.line, what, "write the name")
        elif first.setdefault(one.name, one) is not one:
            yield Finding(
                one.module.path, one.line, f"registers {one.name} again", "give it a name of its own"
            )
    if first and (example.run is None or example.run.trouble):
        what = "whether its experiments can be made was not tried"
        yield Finding(example.label, 0, what, "have it imported", certain=False)
    elif first and example.run:
        yield from _made(first, example.run)


def _made(first: Mapping[str, Experiment], run: Run) -> Iterator[Finding]:
    """What came of making them; one that asks for TFMOT breaks another rule."""
    asked = {event.module for event in run.of("asked")}
    for event in run.of("blocked", "missing", "failed", "broken", "ended"):
        if event.module not in first or event.module in asked:
            continue
        one = first[event.module]
        what = f"{event.module} cannot be made: {event.detail}"
        if event.kind == "blocked":
            what = f"{event.module} was not made, for a module that it needs does not import without TFMOT"
        certain = event.kind == "failed"
        yield Finding(
            one.module.path, one.line, what, "have it be made on its own, all options unset", certain
        )
