"""TOML is read as tomllib reads it; what would take minutes is refused."""

from __future__ import annotations

import time
import tomllib

import pytest

from convergence import toml


@pytest.mark.parametrize(
    "text",
    [
        "",
        'a = 1\n[b.c]\nd."e.f" = [0.9, 0.91, 0.905]\n',
        f"x = [{', '.join(['0.97'] * 500)}]\n",
        f"x = '{'Two words. ' * 500}'\n",
        f"{'a.' * (toml.DEEPEST - 1)}b = 1\n",
        f"x = '{'…' * 500}{'... ' * 500}'\n",
    ],
)
def test_it_is_read_as_it_is(text: str) -> None:
    assert toml.loads(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{'a.' * toml.DEEPEST}b = 1\n", "a key has more than 50 words"),
        (f"[{'a . ' * 9000}b]\n", "a key has more than 50 words"),
        (f"""x = {{ {'"a".' * 9000}b = 1 }}\n""", "a key has more than 50 words"),
        ("a = 1\n" + "#" * toml.LARGEST, "longer than 1,048,576 characters"),
        ("a = '\ud800'", "surrogates not allowed"),
        ("a = ", "Invalid value"),
        (f"a = {'9' * 5000}", "digits"),
    ],
)
def test_what_nobody_writes_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        toml.loads(text)


@pytest.mark.parametrize(
    "text", ["x" * 900_000, "a." * 40 + "x" * 900_000, "'" * 900_000, "a. " * 300_000, "- " * 400_000]
)
def test_whatever_it_is_it_takes_no_time(text: str) -> None:
    began = time.process_time()
    with pytest.raises(ValueError):  # noqa: PT011 - any reason
        toml.loads(text)
    assert time.process_time() - began < 5
