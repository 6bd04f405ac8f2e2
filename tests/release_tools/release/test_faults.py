"""What goes wrong between a plan and its release: the same content goes on, other content stops."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from shipyard import VERSION, WHEEL, Slip

from convergence.errors import UserError
from release_tools.doctor.findings import Finding, Severity
from release_tools.gates import DoctorFact
from release_tools.release import running, wiring
from release_tools.release.running import State
from release_tools.sandbox import faults


def test_an_upload_whose_answer_is_lost_is_not_repeated(slip: Slip) -> None:
    slip.landed()
    slip.yard.index.lost = 1
    done = slip.go()
    assert (done.step, done.seen.state) == ("bump", State.DONE)
    assert slip.yard.index.uploads == 1


def test_an_index_that_is_late_is_waited_for_and_then_resumed(slip: Slip) -> None:
    slip.landed("rehearse")
    slip.yard.index.late = 9
    waiting = slip.go()
    assert (waiting.step, waiting.seen.state) == ("publish", State.WAITING)
    assert slip.waits[-2:] == [1.0, 2.0]
    slip.yard.index.late = 0
    assert slip.go("confirm").seen.state is State.DONE
    assert slip.yard.index.uploads == 1


def test_an_index_that_shows_it_after_a_while_ends_the_wait(slip: Slip) -> None:
    slip.landed("rehearse")
    slip.yard.index.late = 2
    assert slip.go("confirm").seen.state is State.DONE
    assert slip.yard.index.uploads == 1


def test_a_refused_upload_is_said_and_tried_again(slip: Slip) -> None:
    slip.landed("rehearse")
    slip.yard.index.refused = 1
    with pytest.raises(UserError, match=r"error\[upload-failed\].*403") as found:
        slip.go()
    assert "\n" not in str(found.value)
    assert slip.go("publish").seen.state is State.DONE


def test_a_rehearsal_that_fails_publishes_nothing(slip: Slip) -> None:
    slip.rehearsed = True
    slip.landed()
    slip.yard.rehearsal.refused = 1
    with pytest.raises(UserError, match=r"error\[upload-failed\]"):
        slip.go()
    assert slip.yard.index.files == []


def test_another_wheel_of_the_version_on_the_index_stops(slip: Slip) -> None:
    slip.landed("rehearse")
    other = slip.yard.index.folder / WHEEL
    other.write_bytes((slip.yard.out / "dist" / WHEEL).read_bytes() + b"\0")
    refused = slip.go()
    assert (refused.step, refused.seen.state) == ("publish", State.REFUSED)
    assert "an index replaces none" in refused.seen.what
    assert slip.yard.index.uploads == 0


def test_a_tag_that_is_elsewhere_stops_and_stays(slip: Slip) -> None:
    slip.plan()
    slip.go()
    elsewhere = slip.yard.tfmot.git.ref("refs/heads/master")
    slip.yard.tfmot.git.set_ref(f"refs/tags/v{VERSION}", elsewhere)
    slip.yard.land()
    refused = slip.go()
    assert (refused.step, refused.seen.state, refused.seen.digest) == ("tag", State.REFUSED, elsewhere)
    assert slip.yard.tag() == elsewhere
    assert slip.yard.index.files == []


def test_a_tag_that_is_elsewhere_stops_the_plan(slip: Slip) -> None:
    git = slip.yard.tfmot.git
    git.set_ref(f"refs/tags/v{VERSION}", git.ref("refs/tags/v1.2.3"))
    with pytest.raises(UserError, match=r"error\[tagged\]"):
        slip.plan()


def test_a_master_that_moved_elsewhere_goes_on(slip: Slip) -> None:
    slip.plan()
    slip.go()
    slip.yard.world.commit(slip.yard.tfmot, "master", {"docs/new.md": "x\n"}, slip.yard.mona)
    landed = slip.yard.land()
    assert slip.go("verify").seen.state is State.DONE
    assert slip.yard.tag() == landed


def test_a_master_that_moved_what_ships_stops_before_the_tag(slip: Slip) -> None:
    slip.plan()
    slip.go()
    module = "tensorflow_model_optimization/python/core/prune.py"
    slip.yard.world.commit(slip.yard.tfmot, "master", {module: "SPARSITY = 0.9\n"}, slip.yard.mona)
    slip.yard.land()
    refused = slip.go()
    assert (refused.step, refused.seen.state) == ("land", State.REFUSED)
    assert "has not converged" in refused.seen.what
    assert slip.yard.tag() == ""


def test_copybara_closes_the_pull_request_and_exports_a_commit(slip: Slip) -> None:
    slip.plan()
    slip.go()
    landed = slip.yard.export()
    assert slip.yard.pull().state == "closed"
    assert slip.go("tag").seen.digest == landed == slip.yard.tag()


def test_what_landed_with_a_change_stops(slip: Slip) -> None:
    slip.plan()
    slip.go()
    notes = f"# TensorFlow Model Optimization {VERSION}\n\nOther notes.\n"
    slip.yard.export(**{"RELEASE.md": notes})
    refused = slip.go()
    assert (refused.step, refused.seen.state) == ("land", State.REFUSED)
    assert refused.seen.what == f"landed with a change of RELEASE.md: plan {VERSION} anew, from what landed"


def test_what_landed_with_a_change_can_be_planned_anew(slip: Slip) -> None:
    slip.plan()
    slip.go()
    project = "# TensorFlow Model Optimization"
    notes = f"{project} next release TBD\n\n{project} {VERSION}\n\nNew. Tested against TF.\n"
    landed = slip.yard.export(**{"RELEASE.md": notes})
    (slip.yard.out / "audit.jsonl").unlink()
    planned = slip.plan()
    assert (planned.files, planned.commit, planned.notes) == ((), landed, "New. Tested against TF.")
    assert slip.go("verify").seen.state is State.DONE
    assert slip.yard.tag() == landed


def test_what_is_only_in_a_pull_request_has_not_landed(slip: Slip) -> None:
    """It has the notes and the version of the release, as anybody's commit may."""
    slip.plan()
    slip.go()
    pull = slip.yard.pull().pull
    assert pull
    (slip.yard.out / "audit.jsonl").unlink()
    assert slip.plan(ref=pull.head_sha).files == ()
    with pytest.raises(UserError, match=r"error\[rewritten\]"):
        slip.go()
    assert slip.yard.tag() == ""


def test_notes_edited_in_the_pull_request_stop(slip: Slip) -> None:
    slip.plan()
    slip.go()
    slip.yard.world.commit(slip.yard.tfmot, f"release-{VERSION}", {"RELEASE.md": "Other.\n"}, slip.yard.carl)
    refused = slip.go()
    assert (refused.step, refused.seen.state) == ("propose", State.REFUSED)


def test_notes_edited_on_the_release_stay(slip: Slip) -> None:
    slip.landed("announce")
    (release,) = slip.yard.tfmot.releases.values()
    release.body = "By hand."
    assert slip.go().seen.state is State.DONE
    assert release.body == "By hand."


def test_a_closed_pull_request_waits_and_is_not_opened_again(slip: Slip) -> None:
    from release_tools.sandbox import pulls

    slip.plan()
    slip.go()
    pulls.set_state(slip.yard.world, slip.yard.tfmot, slip.yard.pull(), "closed", slip.yard.carl)
    waiting = slip.go()
    assert (waiting.step, waiting.seen.state) == ("land", State.WAITING)
    assert slip.yard.pull().state == "closed"


def test_a_token_without_a_right_says_which(slip: Slip) -> None:
    slip.plan()
    slip.yard.token = slip.yard.world.token(slip.yard.carl)
    with pytest.raises(UserError, match=r"error\[no-permission\].*contents: write"):
        slip.go()
    assert slip.yard.tfmot.issues == {}


@pytest.mark.parametrize("until", ["build", "verify"])
def test_a_wheel_changed_on_the_disk_stops_and_is_built_again(slip: Slip, until: str) -> None:
    slip.landed(until)
    wheel = slip.yard.out / "dist" / WHEEL
    before = wheel.read_bytes()
    wheel.write_bytes(before + b"\0")
    refused = slip.go()
    assert (refused.step, refused.seen.state) == ("build", State.REFUSED)
    wheel.unlink()
    assert slip.go("publish").seen.state is State.DONE
    assert wheel.read_bytes() == before
    assert (slip.yard.index.folder / WHEEL).read_bytes() == before


def test_a_wheel_changed_just_before_the_upload_is_not_uploaded(slip: Slip) -> None:
    slip.landed()
    wheel = slip.yard.out / "dist" / WHEEL
    run = slip.begin()
    step = next(one for one in running.all_steps() if running.name_of(one) == "publish")
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(UserError, match=r"error\[wheel-changed\]"):
        step.act(run)
    assert slip.yard.index.files == []


def test_the_audit_tells_when_it_was_changed(slip: Slip) -> None:
    slip.plan()
    slip.go()
    path = slip.yard.out / "audit.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:1], lines[1].replace("mona", "carl"), *lines[2:]]))
    with pytest.raises(UserError, match=r"error\[audit-broken\].*audit.jsonl:3"):
        slip.begin()


def test_without_its_audit_a_release_is_found_as_it_is(slip: Slip) -> None:
    slip.landed("announce")
    (slip.yard.out / "audit.jsonl").unlink()
    with pytest.raises(
        UserError, match=r"error\[audit-short\]: tag is done \(v1.3.0\), and the audit does not"
    ):
        slip.go()
    slip.adopt = True
    assert slip.go().seen.state is State.DONE
    assert slip.yard.index.uploads == 1
    assert len(slip.yard.tfmot.releases) == 1
    found = [line for line in slip.yard.states() if line.endswith("found")]
    assert found == ["tag found", "publish found", "announce found"]
    slip.adopt = False
    assert slip.go().seen.state is State.DONE


@pytest.mark.parametrize("step", ["tag", "publish", "announce"])
def test_an_audit_whose_last_lines_were_taken_away_is_noticed(slip: Slip, step: str) -> None:
    """They are bound to the lines before them only: what is public tells."""
    slip.landed("bump")
    path = slip.yard.out / "audit.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    first = next(number for number, line in enumerate(slip.yard.states()) if line == f"{step} begun")
    path.write_text("".join(lines[:first]))
    before = slip.yard.writes()
    with pytest.raises(
        UserError, match=rf"error\[audit-short\]: {step} is done .* does not say by whom"
    ) as found:
        slip.go()
    assert "--adopt goes on" in str(found.value)
    assert slip.yard.writes() == before
    path.write_text("".join(lines))
    assert slip.go().seen.state is State.DONE


def test_the_gates_are_asked_again_right_before_it_is_published(slip: Slip) -> None:
    """A campaign that fails after the wheel was verified still holds it."""
    slip.landed("rehearse")
    run = slip.begin()
    doubted = DoctorFact((Finding("licence", "there is none", "METADATA", "add it", Severity.BLOCKER),))
    run.known = replace(run.known, doctor=lambda _: doubted)
    refused = running.run(run)[-1]
    assert (refused.step, refused.seen.state) == ("publish", State.REFUSED)
    assert "doctor: " in refused.seen.what
    assert (slip.yard.index.files, slip.yard.index.uploads) == ([], 0)
    assert slip.go("publish").seen.state is State.DONE


def test_github_that_fails_is_tried_again(slip: Slip) -> None:
    slip.plan()
    world = slip.yard.world
    world.faults.add(faults.bad_gateway(performed=True), "POST", "/pulls$")
    world.faults.add(faults.dropped(performed=True), "POST", "/git/refs$", skip=1)
    world.faults.add(faults.bad_gateway(performed=True), "POST", "/releases$")
    assert slip.go().step == "land"
    slip.yard.land()
    assert slip.go().seen.state is State.DONE
    assert (world.faults.pending(), len(slip.yard.tfmot.releases)) == (0, 1)
    assert len([one for one in slip.yard.tfmot.issues.values() if one.pull]) == 1


def test_two_maintainers_at_once_on_one_machine(slip: Slip) -> None:
    slip.yard.out.mkdir()
    with (
        wiring.alone(slip.yard.out),
        pytest.raises(UserError, match=r"error\[busy\]"),
        wiring.alone(slip.yard.out),
    ):
        pass


def test_two_maintainers_on_two_machines_make_one_release(slip: Slip) -> None:
    """The second has the same plan, and an audit of her own."""
    slip.landed("publish")
    lena = slip.yard.world.user("lena")
    slip.yard.tfmot.collaborators[lena.id] = slip.yard.tfmot.collaborators[slip.yard.mona.id]
    slip.yard.token = slip.yard.world.token(lena)
    (slip.yard.out / "audit.jsonl").rename(slip.yard.out / "audit-of-mona.jsonl")
    slip.adopt = True
    assert slip.go().seen.state is State.DONE
    assert (slip.yard.index.uploads, len(slip.yard.tfmot.releases)) == (1, 1)
    said = [json.loads(line)["by"] for line in (slip.yard.out / "audit.jsonl").read_text().splitlines()]
    assert set(said) == {"lena"}


def test_a_finished_release_is_resumed_without_a_write(slip: Slip) -> None:
    slip.landed("")
    audit = (slip.yard.out / "audit.jsonl").read_bytes()
    before = slip.yard.writes()
    assert slip.go().seen.state is State.DONE
    assert slip.yard.writes() == before
    assert (slip.yard.out / "audit.jsonl").read_bytes() == audit
