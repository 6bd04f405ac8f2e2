from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import wheel
from release_tools.sandbox.tfmot_source import Revision
from release_tools.wheel import Built, Request, builder, provenance, tfmot
from release_tools.wheel.builder import Builder
from release_tools.wheel.environment import Base

CORE = f"{tfmot.PACKAGE}/python/core"
SHIPPED = (
    f"{tfmot.PACKAGE}/__init__.py",
    f"{tfmot.PACKAGE}/python/__init__.py",
    f"{CORE}/__init__.py",
    f"{CORE}/prune.py",
    f"{CORE}/version.py",
)
Source = Callable[..., Path]
Build = Callable[..., Built]


@pytest.fixture
def build(build_tools: Builder, tmp_path: Path, nothing_below: Base) -> Build:
    """Builds without the import check, unless asked for, into a folder of its own."""

    def run(source: Path | str, ref: str = "HEAD", out: str = "out", **more: object) -> Built:
        request = Request(str(source), ref, out=tmp_path / out, check_imports=False)
        return wheel.build(dataclasses.replace(request, **more), base=nothing_below)

    return run


def fails(build: Build, source: Path | str, **more: object) -> str:
    """The one error of a build that leaves nothing in its output folder."""
    with pytest.raises(UserError) as caught:
        build(source, out="failed", **more)
    left = [path.name for path in Path(os.environ["RELEASE_TOOLS_CACHE"], "..", "failed").glob("*")]
    assert left == []
    return str(caught.value)


def test_builds_what_the_build_files_name(build: Build, tiny_source: Source, git: Callable[..., str]) -> None:
    source = tiny_source()
    built = build(source, "v1.2.3", check_imports=True)
    made = built.provenance
    assert built.wheel.name == "tensorflow_model_optimization-1.2.3-py2.py3-none-any.whl"
    with zipfile.ZipFile(built.wheel) as archive:
        assert tuple(name for name in archive.namelist() if ".dist-info" not in name) == SHIPPED
    assert made == dataclasses.replace(
        made,
        source=str(source),
        ref="v1.2.3",
        tag="v1.2.3",
        commit=git(source, "rev-parse", "HEAD"),
        tree=git(source, "rev-parse", "HEAD^{tree}"),
        commit_time="2026-01-01T00:00:00+00:00",
        name="tensorflow-model-optimization",
        version="1.2.3",
        wheel=built.wheel.name,
        sha256=hashlib.sha256(built.wheel.read_bytes()).hexdigest(),
        files=SHIPPED,
        files_from="BUILD files",
        left_out=(),
    )
    assert made.imports is not None
    assert (made.imports.modules, built.cached, built.warnings) == (5, False, ())
    assert provenance.read(built.wheel.with_name("provenance.json")) == made


def test_executable_files_are_plain_in_the_wheel(
    build: Build, tiny_source: Source, git: Callable[..., str]
) -> None:
    source = tiny_source()
    git(source, "update-index", "--chmod=+x", f"{CORE}/prune.py")
    git(source, "commit", "-q", "-m", "executable")
    with zipfile.ZipFile(build(source).wheel) as archive:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
    assert {modes[name] for name in SHIPPED} == {0o644}


def test_nightly_has_the_other_name(build: Build, tiny_source: Source) -> None:
    made = build(tiny_source(Revision("1.2.4-dev")), nightly=True).provenance
    assert (made.name, made.version) == ("tf-model-optimization-nightly", "1.2.4.dev0")
    assert made.wheel == "tf_model_optimization_nightly-1.2.4.dev0-py2.py3-none-any.whl"


def test_two_builds_are_the_same_to_the_byte(
    build: Build, tiny_source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_folder: Path
) -> None:
    one = build(tiny_source(), out="one")
    shutil.rmtree(cache_folder / "wheels")
    shutil.rmtree(cache_folder / "git")
    elsewhere = tmp_path / "elsewhere" / "deeper"
    elsewhere.mkdir(parents=True)
    for name, value in {"TMPDIR": str(elsewhere), "TZ": "Asia/Kathmandu", "SOURCE_DATE_EPOCH": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tempfile.tempdir", None)
    other_source = tiny_source(name="other")
    for path in other_source.rglob("*.py"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700)
    mask = os.umask(0o077)
    time.tzset()
    try:
        other = build(other_source, out="two")
    finally:
        os.umask(mask)
    assert not other.cached
    assert one.wheel.read_bytes() == other.wheel.read_bytes()


def test_uncommitted_changes_and_old_builds_stay_out(build: Build, tiny_source: Source) -> None:
    clean = build(tiny_source())
    dirty = tiny_source(name="dirty")
    leaked = dirty / "build" / "lib" / CORE / "deleted.py"
    leaked.parent.mkdir(parents=True)
    leaked.touch()
    (dirty / CORE / "prune.py").write_text("SPARSITY = 0.9")
    built = build(dirty, out="dirty-out")
    assert built.wheel.read_bytes() == clean.wheel.read_bytes()
    assert built.warnings == (f"2 uncommitted changes in {dirty} are not in the wheel",)


def test_a_committed_build_folder_stays_out_too(build: Build, tiny_source: Source) -> None:
    stale = Revision("1.2.3", patches={f"build/lib/{CORE}/deleted.py": lambda _: ""})
    assert build(tiny_source(stale)).provenance.files == SHIPPED


def test_the_second_build_comes_from_the_cache(
    build: Build, tiny_source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tiny_source()
    first = build(source)
    monkeypatch.setattr(builder, "bdist_wheel", None)
    second = build(source, "v1.2.3", out="second")
    assert (first.cached, second.cached) == (False, True)
    assert second.wheel.read_bytes() == first.wheel.read_bytes()
    assert second.provenance == dataclasses.replace(first.provenance, ref="v1.2.3")


@pytest.mark.parametrize(
    "change",
    [
        lambda patch: {"nightly": True},
        lambda patch: {"backend": "another"},
        lambda patch: patch.setattr(wheel, "RECIPE", 2) or {},
        lambda patch: patch.setattr(provenance, "SCHEMA_VERSION", 2) or {},
        lambda patch: patch.setattr(builder, "get", changed_tools(builder.get())) or {},
    ],
)
def test_other_inputs_miss_the_cache(
    build: Build,
    tiny_source: Source,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[pytest.MonkeyPatch], dict[str, object]],
) -> None:
    source = tiny_source()
    build(source)
    assert not build(source, **change(monkeypatch)).cached


def changed_tools(tools: Builder) -> Callable[[], Builder]:
    return lambda: dataclasses.replace(tools, versions={**tools.versions, "setuptools": "83"})


@pytest.mark.parametrize("damaged", ["*.whl", "provenance.json"])
@pytest.mark.parametrize("damage", ["truncate", "append", "delete"])
def test_a_damaged_cache_entry_is_rebuilt(
    build: Build, tiny_source: Source, cache_folder: Path, damaged: str, damage: str
) -> None:
    source = tiny_source()
    first = build(source)
    (stored,) = (cache_folder / "wheels").glob(f"*/{damaged}")
    if damage == "delete":
        stored.unlink()
    else:
        stored.write_bytes(stored.read_bytes()[:100] if damage == "truncate" else stored.read_bytes() + b"x")
    again = build(source, out="again")
    assert (again.cached, again.provenance) == (False, first.provenance)
    assert again.wheel.read_bytes() == first.wheel.read_bytes()
    if damage != "delete" or damaged == "*.whl":
        assert again.warnings == ("the stored wheel was damaged and has been built anew",)


def test_a_skipped_import_check_is_made_up_for(build: Build, tiny_source: Source) -> None:
    source = tiny_source()
    assert build(source).provenance.imports is None
    checked = build(source, check_imports=True)
    assert checked.cached
    assert checked.provenance.imports is not None
    assert build(source).provenance == checked.provenance


def test_concurrent_builds_do_the_work_once(
    build_tools: Builder, tiny_source: Source, tmp_path: Path, at_once: Callable[[str], list[str]]
) -> None:
    said = at_once(
        "import os; from pathlib import Path; from release_tools import wheel\n"
        f"out = Path({str(tmp_path / 'out')!r}, str(os.getpid()))\n"
        f"request = wheel.Request({str(tiny_source())!r}, out=out, check_imports=False)\n"
        "print(wheel.build(request).cached)"
    )
    assert sorted(said) == ["False", "True", "True"]
    made = list((tmp_path / "out").glob("*/*.whl"))
    assert (len(made), len({path.read_bytes() for path in made})) == (3, 1)


def test_a_source_without_build_files_is_built_by_setup_py_alone(build: Build, tiny_source: Source) -> None:
    folders = [tfmot.PACKAGE, f"{tfmot.PACKAGE}/python", CORE]
    patches = {f"{folder}/BUILD": lambda _: None for folder in folders}
    built = build(tiny_source(Revision("1.2.3", patches=patches)))
    assert built.provenance.files == tuple(sorted((*SHIPPED, f"{CORE}/version_test.py")))
    assert built.provenance.files_from == "setup.py"
    assert built.warnings == (
        "the tree has no BUILD files: the wheel holds whatever setup.py finds, tests included",
    )


def test_a_module_that_no_target_names_is_left_out_and_listed(build: Build, tiny_source: Source) -> None:
    forgotten = Revision(
        "1.2.3",
        patches={
            f"{CORE}/technique.py": lambda _: "",
            f"{CORE}/BUILD": lambda text: text.replace('        "technique.py",\n', ""),
        },
    )
    made = build(tiny_source(forgotten)).provenance
    assert (made.files, made.left_out) == (SHIPPED, (f"{CORE}/technique.py",))


def test_the_content_digest_outlives_a_version_bump(build: Build, tiny_source: Source) -> None:
    source = tiny_source(
        Revision("1.2.3", "a"),
        Revision("1.2.4", "b"),
        Revision("1.2.4", "c", {f"{CORE}/prune.py": lambda text: text.replace("0.5", "0.6")}),
    )
    a, b, c = (build(source, tag).provenance.content_digest for tag in "abc")
    assert a == b != c


def setup_py(replace: str, by: str) -> Revision:
    return Revision("1.2.3", patches={"setup.py": lambda text: text.replace(replace, by)})


@pytest.mark.parametrize(
    ("revision", "code", "said"),
    [
        (
            setup_py("name=project_name", "name='keras'"),
            "wrong-wheel",
            "the wheel's name is keras, not tensorflow-mo",
        ),
        (
            setup_py("version=__version__", "version='9'"),
            "wrong-wheel",
            "the wheel's version is 9, not 1.2.3",
        ),
        (setup_py("import sys", "import sys\n1/0"), "setup-failed", "ZeroDivisionError: division by zero"),
        (
            setup_py("packages=find_packages()", "packages=['tensorflow_model_optimization']"),
            "wrong-wheel",
            "setup.py leaves out tensorflow_model_optimization/python/__init__.py, which ships; is there",
        ),
        (
            setup_py("setup(\n", "open('tensorflow_model_optimization/made.py', 'w').close()\nsetup(\n"),
            "wrong-wheel",
            "tensorflow_model_optimization/made.py is not as in the commit; setup.py must not make files",
        ),
        (
            setup_py(
                "setup(\n", "open('tensorflow_model_optimization/__init__.py', 'a').write('x')\nsetup(\n"
            ),
            "wrong-wheel",
            "tensorflow_model_optimization/__init__.py is not as in the commit",
        ),
        (
            setup_py(
                "setup(\n",
                "for at in ('.', '../source'):\n"
                "  open(at + '/tensorflow_model_optimization/__init__.py', 'a').write('x')\nsetup(\n",
            ),
            "wrong-wheel",
            "tensorflow_model_optimization/__init__.py is not as in the commit",
        ),
        (
            Revision("1.2.3", patches={"setup.py": lambda _: None}),
            "not-tfmot",
            "not TFMOT's source: no setup.py",
        ),
        (
            Revision("1.2.3", patches={tfmot.VERSION_FILE: lambda _: "__version__ = f()"}),
            "bad-version",
            "no version",
        ),
        (
            Revision("1.2.3", patches={f"{CORE}/BUILD": lambda text: text.replace("prune.py", "prun.py")}),
            "build-file",
            f"//{CORE}:prun.py points nowhere; {CORE}/BUILD:7; close: prune.py",
        ),
    ],
)
def test_a_source_that_cannot_ship_is_refused(
    build: Build, tiny_source: Source, revision: Revision, code: str, said: str
) -> None:
    error = fails(build, tiny_source(revision))
    assert error.startswith(f"error[{code}]: ")
    assert said in error


def test_a_wheel_that_does_not_import_is_refused(build: Build, tiny_source: Source) -> None:
    broken = Revision("1.2.3", patches={f"{CORE}/prune.py": lambda _: "import not_there\n"})
    error = fails(build, tiny_source(broken), check_imports=True)
    assert error.startswith(
        "error[does-not-import]: 2 of 5 modules do not import; the first is tensorflow_model_op"
    )


def test_a_missing_init_is_refused(build: Build, tiny_source: Source) -> None:
    missing = Revision("1.2.3", patches={f"{CORE}/new/technique.py": lambda _: ""})
    assert f"setup.py leaves out {CORE}/new/technique.py" in fails(build, tiny_source(missing))


@pytest.mark.parametrize("more", [{"ref": "nothing"}, {"source": "no/such"}])
def test_a_source_that_is_not_there(build: Build, tiny_source: Source, more: dict[str, str]) -> None:
    arguments = {"source": tiny_source()} | more
    assert fails(build, **arguments).startswith(("error[unknown-ref]", "error[bad-source]"))


def test_an_output_folder_that_cannot_be_is_said_before_any_work(
    build: Build, tmp_path: Path, cache_folder: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"error\[not-writable\]"):
        build("no/such/source", out="file/folder")
    assert not (cache_folder / "git").exists()


def test_says_what_it_does(
    build_tools: Builder, tiny_source: Source, tmp_path: Path, nothing_below: Base
) -> None:
    said: list[str] = []
    source = tiny_source()
    wheel.build(Request(str(source), out=tmp_path / "out"), said.append, nothing_below)
    assert said == [
        f"Fetching {source}",
        "Preparing the build tools",
        "Building tensorflow-model-optimization from 5 files",
        "Importing 5 modules where the wheel is installed",
    ]


def test_provenance_does_not_depend_on_when_it_was_made(
    build: Build, tiny_source: Source, cache_folder: Path
) -> None:
    source = tiny_source()
    first = build(source).wheel.with_name("provenance.json").read_bytes()
    shutil.rmtree(cache_folder / "wheels")
    assert build(source).wheel.with_name("provenance.json").read_bytes() == first
    assert json.loads(first)["builder"]["setuptools"] == "82.0.1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("commit", "c" * 40),
        ("tree", "d" * 40),
        ("commit_time", "2020-01-01T00:00:00+00:00"),
        ("builder", {"setuptools": "1"}),
        ("backend", "another"),
        ("name", "tf-model-optimization-nightly"),
        ("version", "9"),
        ("content_digest", "e" * 64),
        ("files", []),
        ("sha256", "f" * 64),
    ],
)
def test_a_stored_provenance_of_something_else_is_not_trusted(
    build: Build, tiny_source: Source, cache_folder: Path, name: str, value: object
) -> None:
    source = tiny_source()
    first = build(source)
    (stored,) = (cache_folder / "wheels").glob("*/provenance.json")
    stored.write_text(json.dumps(json.loads(stored.read_text()) | {name: value}))
    again = build(source)
    assert (again.cached, again.provenance) == (False, first.provenance)


def test_setup_py_does_not_change_what_is_listed_as_left_out(build: Build, tiny_source: Source) -> None:
    made = f"../source/{CORE}/made.py"
    revision = setup_py("setup(\n", f"open({made!r}, 'w').close()\nsetup(\n")
    assert build(tiny_source(revision)).provenance.left_out == ()


def test_no_wheel_is_placed_where_its_provenance_cannot_be(
    build: Build, tiny_source: Source, tmp_path: Path
) -> None:
    (tmp_path / "out" / "provenance.json").mkdir(parents=True)
    with pytest.raises(UserError, match=r"error\[not-writable\]"):
        build(tiny_source())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["provenance.json"]
