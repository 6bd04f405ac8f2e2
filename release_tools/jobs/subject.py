"""What a request tests: its wheel, verified against the plan, and the campaign that follows from both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from convergence import claims, trial
from convergence.errors import UserError
from convergence.jobs import foreign
from release_tools.plan import Plan
from release_tools.wheel import provenance, wheelfile
from release_tools.wheel.provenance import Provenance

if TYPE_CHECKING:
    from convergence import campaign


@dataclass(frozen=True)
class Subject:
    """A wheel that is what its provenance says, of the commit that the plan pins.

    Attributes:
      content_digest: read from the wheel itself.
      requires: what is installed beside it, as its metadata says.
    """

    plan: Plan
    wheel: Path
    sha256: str
    content_digest: str
    requires: tuple[str, ...] = ()

    def campaign(self) -> campaign.Plan:
        """The campaign that its runs belong to, the same on every machine.

        Which libraries a machine has is no part of it: what they trained says so itself, and what is kept
        for a later leg is kept apart for each of them.
        """
        made = self.plan.campaign(self.content_digest, versions={}, data_root="")
        return replace(made, harnesses=harnesses(self.plan))


def harnesses(plan: Plan) -> dict[str, str]:
    """Digest of ours and the pull request's code together, for each recipe that takes both to train.

    Such a run shares no trial and no volume with those that our code trains alone. Another commit with the
    same code shares both: a word in its README trains nothing again.
    """
    both = hashlib.sha256(f"{plan.harness}:{plan.models.code or plan.models.sha}".encode()).hexdigest()[:32]
    return {
        recipe.id: both
        for recipe in plan.recipes.values()
        if any(foreign(link.module) for link in claims.closure(plan.recipes, [recipe]))
    }


def require_harness(plan: Plan) -> None:
    """Makes sure that the code which trains and measures here is the plan's.

    Raises:
      UserError: other-harness.
    """
    if trial.harness_digest() != plan.harness:
        hint = "run the version of these tools that made the plan"
        raise UserError("other-harness", "the plan was made for other code than this", hint=hint)


def read(plan: Plan, folder: Path) -> Subject:
    """The wheel in a folder with its provenance.json.

    Raises:
      UserError: no-wheel, wrong-wheel, bad-provenance, bad-wheel.
    """
    made = provenance.read(folder / provenance.FILE_NAME)
    path = folder / made.wheel
    if path.is_symlink() or not path.is_file():
        raise UserError("no-wheel", f"there is no {made.wheel}", where=str(folder))
    found = wheelfile.read(path)
    _require_same(made, plan, {"sha256": found.sha256, "content_digest": found.content_digest}, path)
    return Subject(plan, path, found.sha256, found.content_digest, found.requires)


def _require_same(made: Provenance, plan: Plan, found: Mapping[str, str], path: Path) -> None:
    expected = {name: (getattr(made, name), value) for name, value in found.items()}
    expected["commit"] = (made.commit, plan.tfmot.sha)
    for name, (stated, actual) in expected.items():
        if stated != actual:
            what = f"its provenance states {name} {stated[:40]}, not {actual[:40]}"
            raise UserError("wrong-wheel", what, where=path.name, hint="build it anew: release-tools build")
