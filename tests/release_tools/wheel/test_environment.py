from __future__ import annotations

import importlib.util
import site
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import shell, wheel
from release_tools.sandbox.tfmot_source import Patch, Published, Revision, published, write
from release_tools.wheel import builder, environment, tfmot
from release_tools.wheel.builder import Builder
from release_tools.wheel.environment import Base

CORE = f"{tfmot.PACKAGE}/python/core"
needs_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not installed"
)


@pytest.fixture
def tiny_wheel(tmp_path: Path, tiny_source: Callable[..., Path], build_tools: Builder) -> Callable[..., Path]:
    """Builds the tiny TFMOT with patches, without importing it."""

    def make(name: str = "tiny", **patches: Patch) -> Path:
        paths = {f"{CORE}/{module}.py": patch for module, patch in patches.items()}
        source = tiny_source(Revision("1.2.3", "v1.2.3", paths), name=name)
        request = wheel.Request(str(source), out=tmp_path / f"{name}-out", check_imports=False)
        return wheel.build(request).wheel

    return make


@pytest.fixture
def base_with_another_tfmot(tmp_path: Path) -> Base:
    """Packages below a layer: another TFMOT of the same version, and something that only they have."""
    folder = tmp_path / "base"
    (folder / tfmot.PACKAGE).mkdir(parents=True)
    (folder / tfmot.PACKAGE / "__init__.py").write_text("raise ImportError('the base, not the wheel')")
    (folder / "only_below.py").write_text("WORD = 'below'")
    (folder / "listed").mkdir()
    (folder / "listed" / "by_path_file.py").touch()
    (folder / "more.pth").write_text(f"{folder / 'listed'}\n")
    info = folder / "tensorflow_model_optimization-1.2.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tensorflow-model-optimization\nVersion: 1.2.3\n"
    )
    (info / "RECORD").write_text(f"{tfmot.PACKAGE}/__init__.py,,\n")
    (info / "INSTALLER").write_text("pip\n")
    return Base((folder,))


def say(python: Path, code: str) -> str:
    return shell.run([python, "-I", "-c", code]).out.strip()


def test_the_wheel_hides_the_tfmot_below(
    tiny_wheel: Callable[..., Path], base_with_another_tfmot: Base
) -> None:
    python = environment.create(tiny_wheel(), base=base_with_another_tfmot)
    code = (
        f"import {tfmot.PACKAGE} as t, only_below, by_path_file\n"
        "print(t.__file__, only_below.WORD, t.prune.SPARSITY)"
    )
    file, word, sparsity = say(python, code).split()
    assert (python.parents[1] in Path(file).parents, word, sparsity) == (True, "below", "0.5")
    assert (base_with_another_tfmot.folders[0] / tfmot.PACKAGE / "__init__.py").exists()


def test_is_made_once(tiny_wheel: Callable[..., Path], nothing_below: Base, tmp_path: Path) -> None:
    made = tiny_wheel()
    first = environment.create(made, tmp_path / "environments", nothing_below)
    stamp = first.lstat().st_mtime_ns
    assert environment.create(made, tmp_path / "environments", nothing_below) == first
    assert first.lstat().st_mtime_ns == stamp


def test_another_wheel_or_base_is_another_environment(
    tiny_wheel: Callable[..., Path], nothing_below: Base, base_with_another_tfmot: Base
) -> None:
    one, other = tiny_wheel(), tiny_wheel("other", prune=lambda text: text + "MORE = 1\n")
    pairs = [(one, nothing_below), (other, nothing_below), (one, base_with_another_tfmot)]
    assert len({environment.create(made, base=base) for made, base in pairs}) == 3


def test_a_newer_package_below_is_another_environment(tmp_path: Path) -> None:
    base = Base((tmp_path,))
    (tmp_path / "tensorflow-2.20.0.dist-info").mkdir()
    before = base.identity()
    (tmp_path / "tensorflow-2.20.0.dist-info").rename(tmp_path / "tensorflow-2.21.0.dist-info")
    assert before != base.identity()


def test_an_interrupted_one_is_made_anew(
    tiny_wheel: Callable[..., Path], nothing_below: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tiny_wheel()
    with monkeypatch.context() as patch:
        patch.setattr(builder, "pip_install", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            environment.create(made, base=nothing_below)
    python = environment.create(made, base=nothing_below)
    assert say(python, f"import {tfmot.PACKAGE} as t; print(t.prune.SPARSITY)") == "0.5"


def test_imports_every_module(tiny_wheel: Callable[..., Path], nothing_below: Base) -> None:
    python = environment.create(tiny_wheel(), base=nothing_below)
    checked = environment.check_imports(python, [tfmot.PACKAGE, f"{tfmot.PACKAGE}.python.core.prune"])
    assert (checked.modules, checked.tensorflow) == (2, None)


FAULTS = {
    "missing": ("import not_there", "ModuleNotFoundError: No module named 'not_there'"),
    "exits": ("raise SystemExit", "SystemExit"),
    "divides": ("1/0", "ZeroDivisionError: division by zero"),
    "long": ("raise Exception('two\\nlines')", "Exception: two"),
    "dies": ("import os; os._exit(7)", "Python ended with status 7 while importing"),
    "keras": ("import os; assert os.environ.get('TF_USE_LEGACY_KERAS') != '1'", "AssertionError"),
    "tokens": ("import os; assert 'GITHUB_TOKEN' in os.environ", "AssertionError"),
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory, shared_builders: Path, tiny: Published) -> Path:
    """An interpreter with a wheel that holds a module for each fault."""
    folder = tmp_path_factory.mktemp("faulty")
    patches = {f"{CORE}/{name}.py": lambda _, code=code: code for name, (code, _) in FAULTS.items()}
    write(folder / "source", [Revision("1.2.3", patches=patches)], tiny)
    (folder / "builders").symlink_to(shared_builders)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELEASE_TOOLS_CACHE", str(folder))
        request = wheel.Request(str(folder / "source"), out=folder / "out", check_imports=False)
        return environment.create(wheel.build(request).wheel, base=Base(()))


@pytest.mark.network
@pytest.mark.parametrize(("name", "said"), [(name, said) for name, (_, said) in FAULTS.items()])
def test_a_module_that_does_not_import_is_named(
    faulty: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "x")
    with pytest.raises(UserError, match=r"error\[does-not-import\]") as caught:
        environment.check_imports(faulty, [tfmot.PACKAGE, f"{tfmot.PACKAGE}.python.core.{name}"])
    assert said in str(caught.value)
    assert "lines" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "is none"),
        ("{", "is none"),
        ("[]", "is none"),
        ('{"origins": {}, "failures": {}, "tensorflow": 7}', "is none"),
        ('{"origins": {}, "failures": {}, "tensorflow": null}', "is of other modules"),
    ],
)
def test_a_module_that_writes_the_answer_itself_is_found_out(tmp_path: Path, written: str, said: str) -> None:
    """It runs in the process that says what was imported."""
    ends = f"import os, sys\nopen(sys.argv[1], 'w').write({written!r})\nos._exit(0)\n"
    (tmp_path / "mine.py").write_text(ends)
    with pytest.raises(UserError, match=rf"error\[does-not-import\]: the list of what was imported {said}"):
        environment.try_imports(Path(sys.executable), ["mine"], [tmp_path])


def test_a_source_tree_in_the_working_directory_is_not_imported(
    tiny_wheel: Callable[..., Path], nothing_below: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = environment.create(tiny_wheel(), base=nothing_below)
    (tmp_path / "left_out.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(UserError, match="No module named 'left_out'"):
        environment.check_imports(python, ["left_out"])


def test_a_module_from_elsewhere_is_not_the_wheels(
    tiny_wheel: Callable[..., Path], base_with_another_tfmot: Base
) -> None:
    python = environment.create(tiny_wheel(), base=base_with_another_tfmot)
    with pytest.raises(
        UserError, match=r"error\[shadowed\]: a module does not come from the wheel; .*only_below"
    ):
        environment.check_imports(python, ["only_below"])


def test_a_wheel_of_something_else(tmp_path: Path, build_tools: Builder, nothing_below: Base) -> None:
    stage = tmp_path / "stage"
    stage.mkdir()
    (stage / "setup.py").write_text("from setuptools import setup; setup(name='keras', version='1')")
    made = builder.bdist_wheel(build_tools, stage, nightly=True, time=0)
    with pytest.raises(UserError, match=r"error\[not-tfmot\]: not a wheel of TFMOT but of keras"):
        environment.create(made, base=nothing_below)


@pytest.mark.parametrize("site_folders", [["tf", "other", "missing"], ["other"]])
def test_the_base_has_the_running_interpreters_tensorflow(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site_folders: list[str]
) -> None:
    for name in ("tf/tensorflow", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "tf" / "tensorflow" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "tf"))
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(tmp_path / name) for name in site_folders])
    monkeypatch.setattr(site, "ENABLE_USER_SITE", False)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert set(environment.with_tensorflow().folders) == {tmp_path / "tf", tmp_path / "other"}


def test_without_tensorflow_one_is_installed_below(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, build_tools: Builder
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(builder, "pip_install", lambda pip, into, *words: asked.extend(words))
    bases = [environment.with_tensorflow() for _ in range(2)]
    assert asked == environment._base_requirements()
    assert [str(word).split("<")[0].split(">")[0] for word in asked] == ["tensorflow", "tf-keras"]
    assert bases[0] == bases[1] != environment.running()


@needs_tensorflow
@pytest.mark.training
def test_all_of_tfmot_imports(tmp_path: Path, build_tools: Builder) -> None:
    write(tmp_path / "tfmot")
    built = wheel.build(wheel.Request(str(tmp_path / "tfmot"), ref="v0.8.2.dev", out=tmp_path / "out"))
    assert built.provenance.imports is not None
    assert built.provenance.imports.modules == len(built.provenance.files) == len(published().files)
    python = environment.create(built.wheel)
    code = "import convergence, importlib.metadata as m; print(m.version('tensorflow-model-optimization'))"
    assert say(python, code) == "0.8.2.dev0"
