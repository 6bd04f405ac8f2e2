from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.bump.surface import Surface

FILES = {
    "t/__init__.py": "from t.core.api import keras\nfrom t.core import star\nimport os\n__version__ = '1'\n",
    "t/core/__init__.py": "",
    "t/core/api/__init__.py": "from t.core.api import keras\nfrom . import keras as again\n",
    "t/core/api/keras/__init__.py": (
        "from t.core.impl import f, C as D\n"
        "from ...impl import f as g\n"
        "try:\n  import numpy as np\nexcept ImportError:\n  np = None\n"
        "if True:\n  late: int = 1\n"
        "a, (b, c) = 1, (2, 3)\n"
        "from t.core.impl import gone\n"
    ),
    "t/core/impl.py": "def f(): pass\nclass C:\n  def m(self): pass\nasync def h(): pass\n",
    "t/core/star.py": "from t.core.impl import *\nfrom numpy import *\n",
    "t/core/lazy.py": "def __getattr__(name): return 1\n",
    "t/core/circle.py": "from t.core.circle import x\nfrom t.core.circle import *\n",
    "t/core/broken.py": "print 'x'\n",
}
THERE = [
    "t", "t.keras", "t.keras.f", "t.keras.g", "t.keras.D", "t.keras.D.m.anything", "t.keras.np.ndarray",
    "t.keras.late", "t.keras.a", "t.keras.c", "t.core.impl.f", "t.core.impl.h", "t.core.api.again.f",
    "t.__version__", "t.os.path", "t.star.f", "t.core.lazy.whatever", "other.x", "t.core.broken",
]  # fmt: skip
MISSING = [
    "t.x", "t.keras.C", "t.keras.gone", "t.core.impl.x", "t.core.circle.x", "t.core.circle.y",
    "t.core.broken.x", "t.core.nothing.x",
]  # fmt: skip


@pytest.fixture(scope="module")
def surface(tmp_path_factory: pytest.TempPathFactory) -> Surface:
    wheel = tmp_path_factory.mktemp("wheel") / "t-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, code in FILES.items():
            archive.writestr(name, code)
    return Surface(wheel)


@pytest.mark.parametrize("symbol", THERE)
def test_has(surface: Surface, symbol: str) -> None:
    assert surface.has(symbol)


@pytest.mark.parametrize("symbol", MISSING)
def test_has_not(surface: Surface, symbol: str) -> None:
    assert not surface.has(symbol)


def test_roots(surface: Surface) -> None:
    assert surface.roots == ("t",)


def test_an_unsound_wheel(tmp_path: Path) -> None:
    (tmp_path / "t.whl").write_text("rubbish")
    with pytest.raises(UserError, match=r"error\[bad-wheel\]"):
        Surface(tmp_path / "t.whl")
