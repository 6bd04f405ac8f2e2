from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import patient
import pytest
from patient import BEFORE, NOW, replaced

from release_tools import shell
from release_tools.doctor import checks
from release_tools.sandbox.tfmot_source import write
from release_tools.wheel import tfmot

Run = Callable[..., shell.Finished]
Publish = Callable[..., None]
QUICK = ("--no-environments", "--no-build")
WRONG = replaced("_PATCH_VERSION = '3'", "_PATCH_VERSION = '2'")


def without_left_out(line: str) -> str:
    """A headline without how many checks were left out, which a new check changes."""
    return re.sub(r"[,:] \d+ checks left out$", "", line)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the real program in an empty folder, without a terminal."""
    call = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[4])!r})\n"
    call += "from release_tools.cli import main; main()"
    folder = tmp_path / "here"
    folder.mkdir()
    return lambda *words, cwd=folder: shell.run(
        [sys.executable, "-c", call, "release", "doctor", *map(str, words)], cwd=cwd, check=False
    )


@pytest.fixture
def source(tmp_path: Path, publish: Publish) -> Path:
    """A healthy release, and one whose tag is on the wrong version."""
    folder = tmp_path / "source"
    revisions = [patient.revision(BEFORE), patient.revision(NOW, {tfmot.VERSION_FILE: WRONG})]
    write(folder, revisions, patient.ORIGIN)
    publish("nothing", "1.0")
    return folder


def test_a_release_that_may_not_go_out(run: Run, source: Path) -> None:
    ran = run("v1.2.3", "--source", source, *QUICK)
    lines = ran.out.splitlines()
    assert (ran.status, ran.err) == (1, "")
    assert without_left_out(lines[0]) == "v1.2.3 may not be released: 1 blocker, 1 could not be told"
    assert "BLOCKER version: tag v1.2.3 is on a commit whose version.py says 1.2.2" in lines


def test_every_tag_a_few_lines_each(run: Run, source: Path) -> None:
    ran = run("--all", "--source", source, *QUICK)
    assert ran.status == 1
    assert [without_left_out(line) for line in ran.out.splitlines() if not line.startswith(" ")] == [
        "v1.2.2 may be released, as far as was looked at",
        "v1.2.3 may not be released: 1 blocker, 1 could not be told",
    ]


def test_json_is_for_machines_and_here_is_the_source(run: Run, source: Path) -> None:
    ran = run("v1.2.2", *QUICK, "--json", cwd=source)
    (report,) = json.loads(ran.out)["reports"]
    assert (ran.status, report["clean"], report["findings"]) == (0, True, [])


def test_what_the_maintainer_accepted_is_shown_and_lets_it_go(run: Run, source: Path) -> None:
    words = ("v1.2.3", "--source", source, *QUICK)
    proposed = run(*words, "--acceptances")
    assert proposed.status == 1
    file = source / ".github" / "release-doctor.toml"
    file.parent.mkdir()
    file.write_text(proposed.out.replace('reason = ""', 'reason = "the tag is out"'))
    ran = run(*words, cwd=source)
    assert (ran.status, without_left_out(ran.out.splitlines()[0])) == (
        0,
        "v1.2.3 may be released, as far as was looked at: 2 accepted",
    )
    assert ran.out.count("for  the tag is out") == 2
    refused = run(*words, "--accepted", source / "RELEASE.md")
    assert refused.status == 2


def test_what_is_not_known_is_status_3(run: Run, source: Path) -> None:
    file = source / "known.toml"
    proposed = run("v1.2.3", "--source", source, *QUICK, "--acceptances").out
    only_the_first = proposed.partition("[[accepted]]")[2].partition("[[accepted]]")[0]
    file.write_text("[[accepted]]" + only_the_first.replace('reason = ""', 'reason = "out"'))
    assert run("v1.2.3", "--source", source, *QUICK, "--accepted", file).status == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "error[no-source]: where is 'HEAD' to be found?; --source FOLDER_OR_URL"),
        (("--all",), "error[no-source]: where is every tag to be found?; --source FOLDER_OR_URL"),
        (("--source", "no/such"), "error[bad-source]: no git repository 'no/such'"),
        (("no.whl",), "error[bad-wheel]: not a sound wheel"),
        (("a", "b"), "error[usage]: Got unexpected extra argument (b)"),
    ],
)
def test_an_error_is_one_line(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(said)
    assert len(ran.err.splitlines()) == 1


def test_an_unknown_ref_names_those_that_are_close(run: Run, source: Path) -> None:
    ran = run("v1.2.4", "--source", source, *QUICK)
    assert (ran.status, ran.err.splitlines()) == (
        2,
        [f"error[unknown-ref]: no revision 'v1.2.4'; {source}; close: v1.2.3, v1.2.2"],
    )


def test_the_checks_are_listed(run: Run) -> None:
    ran = run("--checks")
    names = [named.name for named in checks.found()]
    assert (ran.status, [line.partition(" ")[0] for line in ran.out.splitlines()]) == (0, names)
    assert re.search(r"^licence +the wheel brings its licence$", ran.out, re.MULTILINE)


def test_help_has_an_example(run: Run) -> None:
    assert "release-tools release doctor 0.8.0 --no-environments" in run("--help").out
