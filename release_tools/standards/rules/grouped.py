"""Every model-optimization option is in one config object, which is unset unless a user wants it."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.standards import options
from release_tools.standards.example import Example
from release_tools.standards.nouns import Finding
from release_tools.standards.options import NOTHING, Config, Field

GROUP = "put it into one config class, held by one optional field of the task"


def spared(example: Example) -> str:
    """Without an example there need be no options."""
    return ""


def check(example: Example) -> Iterator[Finding]:
    """Flags, options beside others, options in several objects, options that are on by themselves."""
    configs = [config for module in example.own for config in options.configs(module)]
    flags = [flag for module in example.own for flag in options.flags(module)]
    groups, held = [one for one in configs if one.is_group], _held(configs)
    for flag in flags:
        yield Finding(flag.module.path, flag.line, f"--{flag.name} is a flag of its own", GROUP)
    for config, field in held:
        yield from _beside(config, field)
    kinds = {field.kind for _, field in held if field.kind}
    for config, field in held:
        if field.kind and len(kinds) > 1:
            others = ", ".join(sorted(kinds - {field.kind}))
            what = f"{config.name}.{field.name} is a {field.kind}, beside {others}"
            yield Finding(
                config.module.path, field.line, what, "group them: one config class with a field a technique"
            )
    used = next((one for one in example.parts if one.uses_tfmot), None)
    if used and not (groups or held or flags):
        line = next(one.line for one in used.imports if one.within("tensorflow_model_optimization"))
        what = "TFMOT is used, and no option of any config switches it on"
        yield Finding(used.path, line, what, GROUP)


def _held(configs: list[Config]) -> list[tuple[Config, Field]]:
    """The fields of tasks and other configs that hold options; what is inside of a group is grouped."""
    return [(config, field) for config in configs if not config.is_group for field in config.fields]


def _beside(config: Config, field: Field) -> Iterator[Finding]:
    if not field.kind:
        what = f"{config.name}.{field.name} is an option of its own among others"
        yield Finding(config.module.path, field.line, what, GROUP)
    elif field.default not in NOTHING and not _is_off(field.default):
        what = f"{config.name}.{field.name} is there for users who do not want it: {field.default}"
        yield Finding(config.module.path, field.line, what, "make it optional, None by default")


def _is_off(default: str) -> bool:
    return default.endswith("field(default=None)")
