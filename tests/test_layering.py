"""The arrows of the architecture: what may import what, and what start-up must not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = (
    "tensorflow",
    "tensorflow_model_optimization",
    "official",
    "tf_keras",
    "github",
    "scipy",
    "numpy",
    "pydantic",
)
TRAINING = {  # the modules that a training process imports, and nothing else does
    "convergence/flatten.py",
    "convergence/latency.py",
    "convergence/official.py",
    "convergence/resume.py",
    "convergence/measure.py",
    "convergence/waiting.py",
    "convergence/example/config.py",
    "convergence/example/experiments.py",
    "convergence/example/task.py",
}
EXAMPLES = "convergence/examples/"  # what is copied into Official Models, and imports what is there


PYGITHUB = {  # its only user, and what takes the place of its sockets
    "release_tools/github/__init__.py",
    "release_tools/github/errors.py",
    "release_tools/github/examining.py",
    "release_tools/github/keeping.py",
    "release_tools/github/nouns.py",
    "release_tools/github/offering.py",
    "release_tools/github/patience.py",
    "release_tools/github/performing.py",
    "release_tools/github/protecting.py",
    "release_tools/github/releasing.py",
    "release_tools/github/session.py",
    "release_tools/sandbox/inprocess.py",
}


DATA = ROOT / "release_tools" / "rehearsal" / "files"  # what people commit in a rehearsal: none of it is ours


def modules(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*.py") if DATA not in path.parents)


def imports(path: Path, *, top_level: bool) -> set[str]:
    """Top-level packages that a module imports, at its own top level or anywhere."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", modules("convergence"), ids=name)
def test_convergence_knows_nothing_of_release_tools(path: Path) -> None:
    assert "release_tools" not in imports(path, top_level=False)
    assert "github" not in imports(path, top_level=False)


@pytest.mark.parametrize("path", modules("release_tools"), ids=name)
def test_release_tools_never_imports_tensorflow(path: Path) -> None:
    assert not imports(path, top_level=False) & {"tensorflow", "tf_keras", "official"}


@pytest.mark.parametrize("path", modules("convergence"), ids=name)
def test_tfmot_is_imported_only_inside_functions(path: Path) -> None:
    assert "tensorflow_model_optimization" not in imports(path, top_level=True)


@pytest.mark.parametrize(
    "path",
    [p for p in modules("convergence") if name(p) not in TRAINING and not name(p).startswith(EXAMPLES)],
    ids=name,
)
def test_tensorflow_is_imported_only_by_training_modules(path: Path) -> None:
    allowed = {"official"} if path.parent.name == "techniques" else set()
    assert not (imports(path, top_level=True) & {"tensorflow", "tf_keras", "official"}) - allowed


@pytest.mark.parametrize("path", [p for p in modules("release_tools") if p.name != "shell.py"], ids=name)
def test_only_shell_uses_subprocess(path: Path) -> None:
    assert "subprocess" not in imports(path, top_level=False)


@pytest.mark.parametrize("path", [p for p in modules("release_tools") if name(p) not in PYGITHUB], ids=name)
def test_only_github_uses_pygithub(path: Path) -> None:
    assert "github" not in imports(path, top_level=False)


def test_pygithub_is_loaded_when_somebody_connects() -> None:
    script = "import sys, release_tools.github; print('github' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize("path", modules("release_tools"), ids=name)
def test_a_web_server_is_in_the_sandbox_only_and_its_judge_in_no_module(path: Path) -> None:
    web = set() if "sandbox" in path.parts else {"flask", "werkzeug"}
    assert not imports(path, top_level=False) & (web | {"githubkit", "githubkit_schemas"})


def test_start_up_loads_nothing_heavy() -> None:
    script = f"import sys, release_tools.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from release_tools.cli import cli;"
        "result = CliRunner().invoke(cli, ['--help']); assert result.exit_code == 0, result.output;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
