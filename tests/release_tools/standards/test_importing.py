"""Importing an example: what asks for TFMOT, and examples that try to get away with something."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import examples
import pytest
from examples import TFMOT, Limits

from convergence.errors import UserError
from release_tools import standards
from release_tools.jobs.isolation import Isolation
from release_tools.standards import experiments, importing
from release_tools.standards.importing import Apart
from release_tools.standards.nouns import Standing

RULES = ("lazy", "quiet", "readable")


def found(tmp_path: Path, limits: Limits = examples.QUICK, **files: str) -> list[tuple[str, str, bool]]:
    made = examples.read(tmp_path, {f"example/{name}.py": text for name, text in files.items()})
    return examples.said(examples.imported(made, limits), *RULES)


def test_an_example_that_only_defines_things_is_clean(tmp_path: Path) -> None:
    made = examples.read(tmp_path, {"example/a.py": f"def f():\n  import {TFMOT}\n"})
    report = standards.examine(examples.imported(made), RULES)
    assert (report.standing, report.imported, report.findings) == (Standing.PASSED, 2, ())


@pytest.mark.parametrize(
    "text",
    [
        f"x = 1\nimport {TFMOT}.python.core\n",
        f"x = 1\nfrom {TFMOT} import sparsity\n",
        f"try:\n  import {TFMOT}\nexcept ImportError:\n  pass\n",
        f"import importlib\nimportlib.import_module('{TFMOT}')\n",
        "import importlib\nimportlib.import_module('tensorflow' + '_model_optimization')\n",
        f"class C:\n  import {TFMOT}\n",
        "x = 1\nexec('import tensorflow_model' + '_optimization')\n",
    ],
)
def test_it_is_seen_where_an_import_asks_for_tfmot(tmp_path: Path, text: str) -> None:
    said = found(tmp_path, a=text)
    assert [one for one in said if one[0] == "example/a.py:2"] == [
        ("example/a.py:2", "imports TFMOT as soon as example.a is imported", True)
    ]


def test_the_first_offender_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    eager = f"import {TFMOT} as tfmot\n"
    said = found(tmp_path, a="from example import b\n", b=eager, c="import example.a\n" + eager)
    assert said == [
        ("example/b.py:1", "imports TFMOT as soon as example.a is imported", True),
        ("example/c.py:2", "imports TFMOT as soon as it is imported", True),
    ]


def test_modules_that_do_not_get_on_with_each_other_are_imported_alone(tmp_path: Path) -> None:
    once = "import sys\nassert not hasattr(sys, 'taken')\nsys.taken = 1\n"
    assert found(tmp_path, a=once, b=once) == []


def test_a_library_that_is_not_installed_is_stood_in_for(tmp_path: Path) -> None:
    text = (
        "import not_here.deep as d\nfrom not_here import thing\n"
        "@thing.twice(2)\ndef f(): ...\nclass C(d.Base):\n  pass\n"
    )
    made = examples.imported(examples.read(tmp_path, {"example/a.py": text}))
    report = standards.examine(made, RULES)
    assert report.standing is Standing.PASSED
    assert report.notes == (
        "example.a was imported with an empty module for not_here, which is not installed",
    )


def test_behind_a_library_that_is_not_installed_tfmot_is_still_seen(tmp_path: Path) -> None:
    said = found(tmp_path, a=f"import not_here\nx = not_here.y.z\nexec('import {TFMOT}')\n")
    assert ("example/a.py:3", "imports TFMOT as soon as example.a is imported", True) in said


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("import os\nos.environ['GITHUB_TOKEN']\n", "example/a.py:2", "reads a secret of the environment"),
        ("import os\nos.environ.get('MY_API_KEY')\n", "example/a.py:2", "reads a secret of the environment"),
        ("import os\nx = dict(os.environ)\n", "example/a.py:2", "reads a secret of the environment"),
        (
            "import socket\ntry:\n  socket.create_connection(('192.0.2.1', 9), 1)\nexcept OSError:\n  pass\n",
            "example/a.py:3",
            "uses the network",
        ),
        (
            "import socket\ntry:\n  socket.socket().bind(('127.0.0.1', 0))\nexcept OSError:\n  pass\n",
            "example/a.py:3",
            "uses the network",
        ),
        ("from pathlib import Path\nPath(__file__).write_text('')\n", "example/a.py:2", "writes to a file"),
        ("import os\nos.remove(__file__)\n", "example/a.py:2", "writes to a file"),
        ("import subprocess\nsubprocess.run(['true'])\n", "example/a.py:2", "starts a program"),
        ("import os\nos.system('true')\n", "example/a.py:2", "starts a program"),
        ("import os\nos.fork()\n", "example/a.py:2", "starts a program"),
        ("import os\nos._exit(0)\n", "example/a.py", "ends or holds up the interpreter"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "example/a.py", "ends or holds up"),
        (
            "import mmap\nx = [mmap.mmap(-1, 2**32) for _ in range(1000)]\n",  # nothing of it is touched
            "example/a.py:2",
            "does not import: OSError: [Errno 12] Cannot allocate memory",
        ),
        ("raise SystemExit(0)\n", "example/a.py:1", "does not import: SystemExit: 0"),
        ("x = undefined\n", "example/a.py:1", "does not import: NameError"),
        ("raise KeyboardInterrupt\n", "example/a.py:1", "does not import: KeyboardInterrupt"),
    ],
)
def test_what_an_import_does_besides_is_a_finding(tmp_path: Path, text: str, where: str, what: str) -> None:
    said = [one for one in found(tmp_path, a=text, b="x = 1\n") if one[0] == where and what in one[1]]
    assert said
    assert all(certain for *_, certain in said)


@pytest.mark.parametrize("text", ["while True: pass\n", "import time\ntime.sleep(99)\n"])
def test_a_module_that_hangs_is_ended_and_named_and_the_others_are_still_imported(
    tmp_path: Path, text: str
) -> None:
    limits = Limits(seconds=20, seconds_each=1, preload=())
    said = found(tmp_path, limits, a=text, b=f"exec('import {TFMOT}')\n")
    assert said == [
        ("example/a.py", "example.a could not be imported to the end: too slow", False),
        ("example/b.py:1", "imports TFMOT as soon as example.b is imported", True),
        ("example/a.py", "ends or holds up the interpreter when it is imported: too slow", True),
    ]


def test_what_it_prints_counts_for_nothing(tmp_path: Path) -> None:
    fake = '{"kind": "end", "module": "example.b", "path": "", "line": 0, "detail": ""}'
    text = f"import sys, os\nprint({fake!r}, flush=True)\nprint({fake!r}, file=sys.stderr)\nos._exit(0)\n"
    said = found(tmp_path, a=text)
    assert ("example/a.py", "ends or holds up the interpreter when it is imported: status 0", True) in said


def test_one_that_says_that_all_is_done_is_not_believed(tmp_path: Path) -> None:
    done = '{"kind": "done", "module": "", "path": "", "line": 0, "detail": ""}\\n'
    text = f"import os\nfor fd in range(3, 20):\n  try: os.write(fd, b'{done}')\n  except OSError: pass\n"
    said = found(tmp_path, a=text, b="x = 1\n")
    assert ("example/b.py", "was not imported, so it is not proven", False) in said


def test_one_that_says_nonsense_is_not_believed(tmp_path: Path) -> None:
    text = "import os\nfor fd in range(3, 20):\n  try: os.write(fd, b'no event\\n')\n  except OSError: pass\n"
    assert (
        "example/a.py",
        "ends or holds up the interpreter when it is imported: garbled",
        True,
    ) in found(tmp_path, a=text)


def test_nothing_of_the_checkout_is_written_and_it_is_said_what_would_have_been(tmp_path: Path) -> None:
    text = (
        "import numpy as np\nfrom pathlib import Path\nnp.save(Path(__file__).with_name('left.npy'), [1])\n"
    )
    said = found(tmp_path, a=text)
    assert ("example/left.npy", "was written while the example was imported", True) in said
    assert sorted(path.name for path in (tmp_path / "example").iterdir()) == ["__init__.py", "a.py"]


def test_no_token_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    text = (
        "import os\nfrom pathlib import Path\nseen = os.popen('env').read()\n"
        "for path in Path('/proc').glob('[0-9]*/environ'):\n"
        "  try: seen += path.read_text(errors='replace')\n"
        "  except OSError: pass\n"
    )
    if not importing.has_namespaces():
        text = "import os\n\nseen = os.popen('env').read()\n"
    everything = f"{text}assert 'PATH=' in seen, 'blind'\nassert 's3cret' not in seen, 'told'\n"
    said = found(tmp_path, a=everything)
    assert said == [("example/a.py:3", "starts a program when it is imported: subprocess.Popen", True)]


def test_a_process_that_it_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    if not importing.has_namespaces():
        pytest.fail("this machine has no namespaces: unshare and setpriv")
    mark = tmp_path / "mark"
    text = (
        "import os, sys, time\n"
        "if os.fork() == 0:\n"
        "  os.setsid()\n"
        f"  open({str(tmp_path / 'alive')!r}, 'w').close()\n"
        "  time.sleep(3)\n"
        f"  open({str(mark)!r}, 'w').close()\n"
        "  os._exit(0)\n"
        "time.sleep(0.5)\n"
    )
    said = found(tmp_path, a=text)
    assert ("example/a.py:2", "starts a program when it is imported: os.fork", True) in said
    assert (tmp_path / "alive").exists()
    assert not _processes_in(tmp_path)


def _processes_in(folder: Path) -> list[int]:
    """Processes whose command line or working directory is of a folder that is gone or here."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes()
        except OSError:
            continue
        if b"importer.py" in words and int(path.name) != os.getpid():
            found.append(int(path.name))
    return found


def test_a_copy_that_was_forked_does_not_go_on(tmp_path: Path) -> None:
    first = "import os, time\nif os.fork():\n  time.sleep(0.5)\n"  # so that the copy would be ahead
    second = "import os\nassert os.getpid() == os.getsid(0), 'a copy'\n"
    made = examples.read(tmp_path, {"example/a.py": first, "example/b.py": second})
    run = examples.imported(made).run
    assert run is not None
    assert [event.module for event in run.of("begin")] == ["example", "example.a", "example.b"]


def test_it_cannot_take_back_what_it_asked_for(tmp_path: Path) -> None:
    text = f"import sys, types\nsys.modules['{TFMOT}'] = types.ModuleType('x')\n"
    said = found(tmp_path, a=text)
    assert ("example/a.py", "imports TFMOT as soon as example.a is imported", True) in said


def test_what_hides_from_the_examination_is_named(tmp_path: Path) -> None:
    said = found(tmp_path, a=f"import sys\nsys.meta_path.pop(0)\nimport {TFMOT}.version\n")
    assert ("example/a.py:2", "meddles with the interpreter: sys.meta_path", True) in said
    assert ("example/a.py:3", "imports TFMOT as soon as it is imported", True) in said


def test_without_what_all_need_nothing_is_proven(tmp_path: Path) -> None:
    said = found(tmp_path, Limits(60, 10, ("no_such_library",)), a="x = 1\n")
    assert said == [
        (
            "example",
            "the import proves nothing: ModuleNotFoundError: No module named 'no_such_library'",
            False,
        )
    ]


def test_an_interpreter_that_is_killed_proves_nothing(tmp_path: Path) -> None:
    text = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"
    made = examples.read(tmp_path, {"example/a.py": text})
    apart = Apart(Isolation(""))
    run = importing.run(made, {}, apart, examples.QUICK)
    assert run.trouble.startswith("it ended with status -9")
    assert run.imported == frozenset()


def test_foreign_code_is_refused_without_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(UserError, match=r"error\[not-isolated\]"):
        importing.choose(None, None, foreign=True, allowed=False)
    assert not importing.choose(None, None, foreign=True, allowed=True).isolated
    assert not importing.choose(None, None, foreign=False, allowed=False).isolated


def test_a_container_is_given_the_copy_and_our_program_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = examples.read(tmp_path, {"example/a.py": "x = 1\n"})
    log, engine = tmp_path / "words", tmp_path / "engine"
    text = f'#!/bin/sh\nfor word; do echo "$word"; done > {log}\nenv >> {log}\n'
    engine.write_text(f'{text}case "$*" in *importer.py*) exit 3;; esac\n')
    engine.chmod(0o755)
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    run = importing.run(made, {}, Apart(Isolation(str(engine))), examples.QUICK)
    words = log.read_text()
    assert run.trouble.startswith("it ended with status 3")
    assert "--network=none" in words
    assert str(tmp_path / "example") not in words
    assert "GITHUB_TOKEN" not in words


def test_an_image_that_does_not_start_is_bad_input(tmp_path: Path) -> None:
    engine = tmp_path / "engine"
    engine.write_text("#!/bin/sh\necho no such image >&2\nexit 125\n")
    engine.chmod(0o755)
    made = examples.read(tmp_path, {"example/a.py": "x = 1\n"})
    with pytest.raises(UserError, match=r"error\[bad-image\]: no such image"):
        importing.run(made, {}, Apart(Isolation(str(engine))), examples.QUICK)


def test_ten_thousand_files_are_refused(tmp_path: Path) -> None:
    files = {f"example/m{number}.py": "" for number in range(10_000)}
    with pytest.raises(UserError, match=r"error\[too-large\]: there are more than 5,000 files"):
        examples.read(tmp_path, files)


PLACE = "official/projects/mot/e.py:4"
OFFICIAL = {
    "official/__init__.py": "",
    "official/core/__init__.py": "",
    "official/core/exp_factory.py": (
        "made = {}\ndef register_config_factory(name):\n  return lambda f: made.setdefault(name, f)\n"
        "def get_exp_config(name):\n  return made[name]()\n"
    ),
    "official/core/task_factory.py": "def get_task(config):\n  return config\n",
}
EXPERIMENT = (
    "from official.core import exp_factory\n"
    "class Task:\n  def build_model(self):\n    {}\n"
    "class Config:\n  task = Task()\n"
    '@exp_factory.register_config_factory("mine")\ndef mine():\n  return Config()\n'
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pass", []),
        (
            f"import {TFMOT}",
            [
                (
                    "official/projects/mot/e.py:4",
                    "imports TFMOT as soon as mine is made, with no option set",
                    True,
                )
            ],
        ),
        (
            "raise ValueError('no data')",
            [
                (
                    "official/projects/mot/e.py:4",
                    "mine could not be imported to the end: ValueError: no data",
                    False,
                ),
                ("official/projects/mot/e.py:7", "mine cannot be made: ValueError: no data", True),
            ],
        ),
    ],
)
def test_an_experiment_is_made_as_for_a_user_who_sets_no_option(
    tmp_path: Path, line: str, said: list[tuple[str, str, bool]]
) -> None:
    files = {**OFFICIAL, "official/projects/mot/e.py": EXPERIMENT.format(line)}
    made = examples.read(tmp_path, files, "official/projects/mot")
    apart = Apart(Isolation(""), importing.has_namespaces())
    run = importing.run(made, experiments.order(made), apart, examples.QUICK)
    assert examples.said(replace(made, run=run), "lazy", "registered") == said


def test_an_experiment_whose_module_fails_is_not_made(tmp_path: Path) -> None:
    files = {**OFFICIAL, "official/projects/mot/e.py": f"import {TFMOT}\n" + EXPERIMENT.format("pass")}
    made = examples.read(tmp_path, files, "official/projects/mot")
    run = importing.run(made, experiments.order(made), Apart(Isolation("")), examples.QUICK)
    assert [event.module for event in run.of("blocked")] == ["mine"]
