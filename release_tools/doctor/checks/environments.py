"""In a clean environment, beside oldest and newest TensorFlow, it installs and every module imports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from release_tools.doctor.findings import Finding, Untold, blocker, untold
from release_tools.doctor.subject import Need, Subject, Trial

title = "it installs and imports beside the oldest and newest TensorFlow"
needs = (Need.ENVIRONMENTS,)

MISSING = re.compile(r"No module named '(?P<module>\w+)'")  # not one in a package that is there


def examine(subject: Subject) -> Iterator[Finding | Untold]:
    """What does not install, and each reason for which modules do not import."""
    for trial in subject.trials:
        where = f"TensorFlow {trial.tensorflow}, Python {trial.python}"
        if trial.untold:
            yield untold(
                trial.untold, f"{where} ({trial.role})", "try it on a machine where it can be installed"
            )
        elif trial.refused:
            what = (
                f"pip does not install it beside the {trial.role} TensorFlow ({trial.why}): {trial.refused}"
            )
            yield blocker(what, where, "widen its requirements, or say that this TensorFlow is not supported")
        else:
            yield from _failures(trial, where)


def _failures(trial: Trial, where: str) -> Iterator[Finding]:
    """One finding a reason; the first comes first, since others may only follow from it."""
    keras = trial.installed.get("keras", ("", ""))[0]
    beside = f"{trial.role} TensorFlow{f' (Keras {keras})' if keras else ''}"
    for reason, count in Counter(trial.failures.values()).items():
        first = next(name for name, why in trial.failures.items() if why == reason)
        what = f"{count} of {trial.modules} modules do not import beside the {beside}: {reason}"
        yield blocker(f"{what}; the first is {first}", where, _mend(reason))


def _mend(reason: str) -> str:
    missing = MISSING.search(reason)
    if missing:
        return f"require what brings {missing['module']} in setup.py, or do not import it"
    return "make it work, or let the metadata exclude what it does not work with"
