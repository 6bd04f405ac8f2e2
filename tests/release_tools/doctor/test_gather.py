from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import patient
import pytest
from packaging.version import Version
from patient import BEFORE, NOW, gone, replaced

from convergence.errors import UserError
from release_tools import doctor
from release_tools.bump import published
from release_tools.bump.reading import Package
from release_tools.doctor.findings import Severity
from release_tools.doctor.gather import RELEASED, Request, gather, version_tags
from release_tools.doctor.subject import Subject
from release_tools.sandbox.tfmot_source import Revision, write
from release_tools.wheel import tfmot
from release_tools.wheel.builder import Builder

Git = Callable[..., str]
Publish = Callable[..., None]
PROJECT = tfmot.Channel.RELEASE.value


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A repository with two healthy releases."""
    return repository(tmp_path, patient.revision(BEFORE), patient.revision())


def repository(tmp_path: Path, *revisions: Revision) -> Path:
    folder = tmp_path / "source"
    write(folder, revisions, patient.ORIGIN)
    return folder


def offline(what: str, source: Path | None, **given: bool) -> Request:
    return Request(what, str(source) if source else None, **{"environments": False, "build": False, **given})


def sees(subject: Subject) -> tuple[str, str, str, str, str]:
    """Where each of its four parts and its version come from."""
    return (
        str(subject.expected),
        subject.tree.name if subject.tree else "",
        f"{subject.wheel.version} {subject.wheel_from}" if subject.wheel else "",
        subject.previous_tree.name if subject.previous_tree else "",
        str(subject.previous_wheel.version) if subject.previous_wheel else "",
    )


@pytest.fixture
def index(publish: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """As `real_index`, but read without pip, which takes seconds; its answers are the same."""

    def found(package: Package, version: str) -> list[Path]:
        name = package.name.replace("-", "_")
        return sorted((tmp_path / "index").glob(f"{name}-{version}-py3-none-any.whl"))

    def wheel(package: Package, version: Version) -> Path:
        for path in found(package, str(version)):
            return path
        raise UserError("not-published", f"the index has no wheel of {package.name} {version}")

    def versions(package: Package) -> tuple[Version, ...]:
        return tuple(sorted(Version(path.name.split("-")[1]) for path in found(package, "*")))

    monkeypatch.setattr(published, "wheel", wheel)
    monkeypatch.setattr(published, "versions", versions)
    return _stocked(publish)


@pytest.fixture
def real_index(publish: Publish) -> Publish:
    """An index on this machine with the release before, and two of what it requires."""
    return _stocked(publish)


def _stocked(publish: Publish) -> Publish:
    publish(PROJECT, BEFORE, _files(BEFORE), requires=patient.REQUIRES)
    for name, version in (("numpy", "1.23"), ("numpy", "2.1"), ("tf-keras", "2.20")):
        publish(name, version)
    return publish


def _files(version: str) -> dict[str, str]:
    tree = patient.tree(version)
    return {name: tree.texts[name] for name in tree.shipped or () if name.endswith(".py")}


@pytest.mark.parametrize("which", ["index", "real_index"])
def test_a_tag_comes_with_the_wheel_that_was_published(
    source: Path, which: str, request: pytest.FixtureRequest
) -> None:
    index = request.getfixturevalue(which)
    index(PROJECT, NOW, _files(NOW), requires=patient.REQUIRES)
    subject = gather(offline("v1.2.3", source))
    assert sees(subject) == ("1.2.3", "v1.2.3", "1.2.3 published", "v1.2.2", "1.2.2")
    assert subject.newest == {"numpy": Version("2.1"), "tf-keras": Version("2.20")}
    assert subject.beforehand == ()
    report = doctor.examine(subject)
    serious = [f.what for f in report.findings if f.severity is not Severity.NOTE]
    assert serious == ["there is no LICENSE in the wheel"]


def test_what_was_published_is_no_sound_wheel(source: Path, index: Publish) -> None:
    index(PROJECT, NOW, {"elsewhere.py": ""})
    (finding,) = doctor.examine(gather(offline("v1.2.3", source))).blockers
    assert finding.what.startswith("what was published: error[bad-wheel]: not a sound wheel")


def test_a_version_and_a_wheel_lead_to_the_tag(source: Path, index: Publish, tmp_path: Path) -> None:
    index(PROJECT, NOW, _files(NOW), requires=patient.REQUIRES)
    path = patient.write_wheel(tmp_path, patient.tree())
    asked = gather(offline("1.2.3", source)), gather(offline(str(path), source))
    assert [sees(subject) for subject in asked] == [
        ("1.2.3", "v1.2.3", "1.2.3 published", "v1.2.2", "1.2.2"),
        ("1.2.3", "v1.2.3", "1.2.3 given", "v1.2.2", "1.2.2"),
    ]


def test_a_wheel_alone_is_held_against_the_index(index: Publish, tmp_path: Path) -> None:
    path = patient.write_wheel(tmp_path, patient.tree())
    subject = gather(offline(str(path), None))
    assert sees(subject) == ("1.2.3", "", "1.2.3 given", "", "1.2.2")
    assert {item.check for item in doctor.examine(subject).left_out} >= {"requirements", "wheel-content"}


def test_a_wheel_whose_tag_is_missing(source: Path, index: Publish, git: Git, tmp_path: Path) -> None:
    git(source, "tag", "--delete", "v1.2.3")
    path = patient.write_wheel(tmp_path, patient.tree())
    (finding,) = doctor.examine(gather(offline(str(path), source))).blockers
    assert (finding.check, finding.what) == ("gathering", "there is no tag v1.2.3 in the source")


def test_a_commit_between_releases(source: Path, index: Publish, git: Git) -> None:
    git(source, "commit", "--quiet", "--allow-empty", "--message=More")
    subject = gather(offline("HEAD", source, index=False))
    assert sees(subject) == ("None", git(source, "rev-parse", "HEAD")[:12], "", "v1.2.3", "")
    assert [(u.check, u.what[:42]) for u in doctor.examine(subject).could_not_tell] == [
        ("gathering", "the wheel of 1.2.3, the release before, ca")
    ]


def test_the_release_before_is_stable_and_in_the_history(source: Path, index: Publish, git: Git) -> None:
    git(source, "tag", "v1.2.3-rc0", "v1.2.2")
    git(source, "tag", "v9.9.9", git(source, "commit-tree", "v1.2.3^{tree}", "-m", "elsewhere"))
    git(source, "tag", "not-a-version")
    assert sees(gather(offline("v1.2.3", source)))[3] == "v1.2.2"
    assert version_tags(str(source)) == ("v1.2.2", "v1.2.3-rc0", "v1.2.3", "v9.9.9")


def test_another_tag_of_the_same_commit_is_not_the_release_before(
    tmp_path: Path, index: Publish, git: Git
) -> None:
    source = repository(tmp_path, patient.revision("1.2.1"), patient.revision())
    git(source, "tag", "v1.2.2", "v1.2.3")
    assert sees(gather(offline("v1.2.3", source)))[3] == "v1.2.1"


def test_the_first_release_has_none_before_it(source: Path, index: Publish) -> None:
    subject = gather(offline("v1.2.2", source))
    assert sees(subject) == ("1.2.2", "v1.2.2", "1.2.2 published", "", "")
    assert subject.beforehand == ()


def test_a_shallow_source_is_not_taken_for_a_first_release(
    source: Path, index: Publish, git: Git, tmp_path: Path
) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", source.as_uri(), shallow)
    report = doctor.examine(gather(offline("HEAD", shallow)))
    assert ("gathering", "the source is a shallow clone, without history") in [
        (item.check, item.what) for item in report.could_not_tell
    ]
    assert not report.clean
    with pytest.raises(UserError, match=r"error\[shallow\]: .*--unshallow"):
        version_tags(str(shallow))


def test_a_wheel_that_was_built_already(source: Path, index: Publish, tmp_path: Path) -> None:
    path = patient.write_wheel(tmp_path, patient.tree())
    asked = Request("v1.2.3", str(source), environments=False, wheel=path)
    assert sees(gather(asked)) == ("1.2.3", "v1.2.3", "1.2.3 given", "v1.2.2", "1.2.2")


def test_a_wheel_is_built_where_none_is_published(source: Path, index: Publish, build_tools: Builder) -> None:
    subject = gather(offline("v1.2.3", source, build=True))
    assert sees(subject) == ("1.2.3", "v1.2.3", "1.2.3 built from the tree", "v1.2.2", "1.2.2")
    assert subject.wheel is not None
    assert list(map(str, subject.wheel.requires)) == ["numpy>=1.23", "tf-keras<3,>=2.14"]


def test_a_tree_from_which_no_wheel_can_be_built(
    tmp_path: Path, index: Publish, build_tools: Builder
) -> None:
    source = repository(
        tmp_path, patient.revision(NOW, {"setup.py": replaced("setup(", "raise SystemExit(7)\nsetup(")})
    )
    (finding,) = doctor.examine(gather(offline("v1.2.3", source, build=True))).blockers
    assert finding.what.startswith("no wheel can be built: error[setup-failed]: setup.py ended with status 7")


def test_setup_py_is_not_run_for_reading_it(tmp_path: Path, index: Publish) -> None:
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    source = repository(tmp_path, patient.revision(NOW, {"setup.py": lambda text: trap + text}))
    doctor.examine(gather(offline("v1.2.3", source)))
    assert not (tmp_path / "ran").exists()


def test_a_version_that_an_untagged_commit_shall_become(tmp_path: Path) -> None:
    source = repository(tmp_path, patient.revision(NOW, tag=""))
    asked = Request(
        "HEAD", str(source), environments=False, index=False, build=False, version=Version("2.0.0")
    )
    subject = gather(asked)
    (finding,) = (f for f in doctor.examine(subject).blockers if f.where == tfmot.VERSION_FILE)
    assert finding.what == "2.0.0 is on a commit whose version.py says 1.2.3"


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("v9.9.9", "unknown-ref"),
        ("--upload-pack=x", "unknown-ref"),
        ("9.9.9", "not-published"),
        ("no/such.whl", "bad-wheel"),
    ],
)
def test_what_is_not_there(what: str, code: str, source: Path, real_index: Publish) -> None:
    with pytest.raises(UserError) as raised:
        gather(offline(what, source))
    assert raised.value.code == code


def test_another_project_is_refused(tmp_path: Path, index: Publish) -> None:
    source = repository(tmp_path, patient.revision(NOW, {"setup.py": gone}))
    with pytest.raises(UserError, match=r"error\[not-tfmot\]"):
        gather(offline("v1.2.3", source))


def test_no_source_at_all() -> None:
    with pytest.raises(UserError, match=r"error\[no-source\].*--source"):
        gather(offline("HEAD", None))


def test_no_tags(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"error\[no-tags\]: no tag names a version"):
        version_tags(str(repository(tmp_path, patient.revision(NOW, tag=""))))


def test_other_digits_are_no_version() -> None:
    assert RELEASED.fullmatch("1٣.0.0") is None
