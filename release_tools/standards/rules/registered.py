"""The example is an experiment that a user runs by name, and that can be made without TFMOT."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.standards import experiments
from release_tools.standards.example import Example
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
    first: dict[str, experiments.Experiment] = {}
    for one in found:
        if not one.name:
            what = "registers an experiment under a name that is not written here"
            yield Finding(one.module.path, one.line, what, "write the name")
        elif first.setdefault(one.name, one) is not one:
            yield Finding(
                one.module.path, one.line, f"registers {one.name} again", "give it a name of its own"
            )
    if example.run is None or example.run.trouble:
        if first:
            what = "whether its experiments can be made was not tried"
            yield Finding(example.label, 0, what, "have it imported", certain=False)
        return
    for event in example.run.of("missing", "failed", "broken", "ended"):
        if event.module in first and not any(
            event.module == asked.module for asked in example.run.of("asked")
        ):
            one = first[event.module]
            certain = event.kind == "failed"
            what = f"{event.module} cannot be made: {event.detail}"
            yield Finding(
                one.module.path, one.line, what, "have config, task and model be made on their own", certain
            )
