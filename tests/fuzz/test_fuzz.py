"""Whatever comes from outside: `make fuzz` looks for a minute at each reader, `make test` for a moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fuzzing
import pytest

READERS = list(fuzzing.readers())


@pytest.mark.parametrize("name", READERS)
def test_valid_input_is_read(name: str, tmp_path: Path) -> None:
    reader = fuzzing.load(name)
    assert reader.EXAMPLES
    for example in reader.EXAMPLES:
        assert fuzzing.check(reader, example, tmp_path), example


@pytest.mark.parametrize("name", READERS)
def test_whatever_comes_is_read_or_refused_in_one_line(name: str, tmp_path: Path) -> None:
    taken, refused = fuzzing.run(fuzzing.load(name), tmp_path)
    print(f"{name}: {taken} read, {refused} refused")
    assert taken > 0


@pytest.mark.parametrize("name", READERS)
def test_ten_megabytes_are_read_or_refused(name: str, tmp_path: Path) -> None:
    reader, before = fuzzing.load(name), fuzzing.most_memory()
    for given in large(reader.EXAMPLES[0]):
        fuzzing.check(reader, given, tmp_path)
    fuzzing.require_modest_memory(before)


def large(example: Any) -> list[Any]:
    """The example with 10 MB of one thing, at its end or in the middle of its longest line."""
    if isinstance(example, tuple):
        return [(*example[:-1], one) for one in large(example[-1])]
    if not isinstance(example, str | bytes):
        return []
    text = example if isinstance(example, str) else example.decode("latin-1")
    line = max(text.splitlines(), key=len)
    middle = text.index(line) + len(line) // 2
    made = []
    for word, place in (("x", middle), ("[", len(text)), ("\n", middle), ("é ", len(text))):
        long = word * (fuzzing.TEN_MEGABYTES // len(word))
        made.append(text[:place] + long + text[place:])
    return [one if isinstance(example, str) else one.encode() for one in made]
