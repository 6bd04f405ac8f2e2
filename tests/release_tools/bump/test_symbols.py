from __future__ import annotations

from pathlib import Path

import pytest

from release_tools.bump import symbols

ROOT = "tfmot"
SCRIPTS = {
    "import": ("import tfmot\n\ntfmot.a.f()\n", {"tfmot": 1, "tfmot.a.f": 3}),
    "alias": ("import tfmot as t\nx = t.a.f\nx.y()\n", {"tfmot": 1, "tfmot.a.f": 2, "tfmot.a.f.y": 3}),
    "from": ("from tfmot.a import f as g\ng()\n", {"tfmot.a.f": 1}),
    "submodule": ("import tfmot.a.b\ntfmot.a.b.f\n", {"tfmot.a.b": 1, "tfmot.a.b.f": 2}),
    "alias of a part": ("import tfmot\nk = tfmot.a\nk.b.C()\n", {"tfmot": 1, "tfmot.a": 2, "tfmot.a.b.C": 3}),
    "inside a function": (
        "def f():\n  import tfmot\n  return tfmot.a.f\n",
        {"tfmot": 2, "tfmot.a.f": 3},
    ),
    "base class": ("import tfmot\nclass A(tfmot.a\n  .C): pass\n", {"tfmot": 1, "tfmot.a.C": 3}),
    "getattr": ("import tfmot\ngetattr(tfmot.a, 'f', None)\n", {"tfmot": 1, "tfmot.a": 2, "tfmot.a.f": 2}),
    "lazy": ("tfmot = LazyLoader('tfmot', globals(), 'tfmot')\ntfmot.a.f\n", {"tfmot.a.f": 2}),
    "import_module": ("m = importlib.import_module('tfmot.a')\nm.f()\n", {"tfmot.a.f": 2}),
    "twice": ("import tfmot\ntfmot.f\ntfmot.f\n", {"tfmot": 1, "tfmot.f": 2}),
    "star": ("from tfmot.a import *\nf()\n", {"tfmot.a": 1}),
    "others": ("import tfmot_x, tf\nfrom .tfmot import f\ntf.tfmot\n", {}),
    "no Python": ("print 'tfmot.a'\n", {}),
    "nothing": ("", {}),
}


@pytest.mark.parametrize(("code", "expected"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_finds_symbols(tmp_path: Path, code: str, expected: dict[str, int]) -> None:
    path = tmp_path / "script.py"
    path.write_text(code)
    assert {use.symbol: use.line for use in symbols.used([path], ROOT)} == expected


def test_follows_re_exports(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "from pkg.compat import tfmot\nfrom .deep import inner\n",
        "pkg/compat.py": "try:\n  import tfmot\nexcept ImportError:\n  tfmot = None\n",
        "pkg/deep/__init__.py": "from ..compat import tfmot as inner\n",
        "pkg/user.py": "import pkg\npkg.tfmot.a.f()\n",
        "pkg/other.py": "from pkg import inner\nfrom . import tfmot as t\ninner.g()\nt.h\n",
        "pkg/circle.py": "from pkg.circle import circle\ncircle.circle.x\n",
    }
    for name, code in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(code)
    found = symbols.used([tmp_path / "pkg"], ROOT)
    assert {(use.symbol, use.module, use.line) for use in found if use.symbol != ROOT} == {
        ("tfmot.a.f", "pkg.user", 2),
        ("tfmot.g", "pkg.other", 3),
        ("tfmot.h", "pkg.other", 4),
    }


def test_nothing_is_run(tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    (tmp_path / "a.py").write_text(f"open({str(planted)!r}, 'w')\nimport tfmot\n")
    assert len(symbols.used([tmp_path], ROOT)) == 1
    assert not planted.exists()
