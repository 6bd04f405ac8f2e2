"""A release that was really made, as the rehearsal's page shows it."""

from __future__ import annotations

import re

from shipyard import VERSION, WHEEL, Slip

from convergence import records
from release_tools.rehearsal import drawing
from release_tools.rehearsal.page import document
from release_tools.rehearsal.portrait import State
from release_tools.rehearsal.summary import Release, Summary
from release_tools.release.nouns import ReleasePlan


def test_the_release_its_pull_request_its_index_and_its_audit(slip: Slip) -> None:
    slip.landed("announce")
    yard = slip.yard
    drawn = drawing.draw(yard.world, [yard.tfmot.full_name])
    (tfmot,) = drawn.repositories
    (pull,), (made,) = tfmot.pulls, tfmot.releases
    assert (pull.state, made.tag) == (State.MERGED, f"v{VERSION}")
    assert "75 % sparsity" in made.notes
    assert [one.name for one in tfmot.tags] == ["v1.2.3", f"v{VERSION}"]

    plan = records.read(yard.out / "plan.json", ReleasePlan)
    facts = Release(
        plan.release, yard.tag(), yard.index.sha256, plan.wheel.content_digest, tuple(yard.index.files),
        plan.notes, plan.gates,
    )  # fmt: skip
    entries = slip.begin().audit.entries
    page = document.render(Summary("A release", "Released", "", portrait=drawn, release=facts, audit=entries))
    for word in (yard.tag(), yard.index.sha256, WHEEL, "announce", "75 % sparsity for @everybody"):
        assert word in page
    assert page[page.index('<section id="audit"') :].count("<tr>") == 1 + len(entries)
    assert f'href="#{document.identity("pull", yard.tfmot.full_name, pull.number)}"' in page
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'\bid="([^"]+)"', page))
    assert 'href="http' not in page  # all that was linked is on the page, or was on loopback
