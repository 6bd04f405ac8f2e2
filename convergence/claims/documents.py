"""What documents say of a claim: the numbers in a text, and whether a claim agrees with what it quotes.

Reads no file; `release_tools.documentation` holds quotations against a checkout.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from convergence.model import Claim, Kind

STATED = (Kind.AT_LEAST, Kind.AT_MOST, Kind.SIZE)  # kinds whose target is a documented value itself
SCALES = (1.0, 100.0, 2.0**20)  # a value as it stands, a fraction as a percentage, mebibytes as bytes
# "528,128" is one number, "0.74.43" one malformed number, the 5 of "MobileNetV3.5" and of "v2" none.
NUMBER = re.compile(
    r"(?<![\w.])(?<!\d,)(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*)(?!\d|[.,]\d|x\d)",
    re.ASCII,
)


def numbers(text: str) -> tuple[str, ...]:
    """The numbers in a text, written in one way: no thousands' commas, no zeros at the end, no units.

    A malformed number (`0.74.43`) stays as it is written.
    """
    return tuple(_plain(found.group()) for found in NUMBER.finditer(text))


def problems(claim: Claim) -> Iterator[tuple[str, str]]:
    """The keys of a claim that disagree with what it quotes, each with the reason."""
    if claim.sigma_from and claim.sigma is None:
        yield "sigma_from", "says where no sigma is from"
    if claim.documented_baseline is not None and not math.isfinite(claim.documented_baseline):
        yield "documented_baseline", "is no finite number"
    for statement in claim.documented:
        if not _inside(statement.path):
            yield "documented.path", "is a path inside the repository, as docs/guide.md"
        if not statement.cells:
            yield "documented.cells", "quotes nothing"
    quoted = [text for statement in claim.documented for text in statement.cells.values()]
    if quoted and claim.kind in STATED and not _quotes(claim.target, quoted):
        yield "target", f"{claim.target:g} is not among what is documented: {'; '.join(quoted)}"
    if quoted and claim.documented_baseline is not None and not _quotes(claim.documented_baseline, quoted):
        yield "documented_baseline", f"{claim.documented_baseline:g} is not among what is documented"


def _quotes(value: float, texts: list[str]) -> bool:
    """Whether one of the numbers is the value; of a malformed one, whether its last two parts are."""
    found = [number for text in texts for number in numbers(text)]
    readings = [float(".".join(number.split(".")[-2:])) for number in found]
    return any(math.isclose(value, scale * reading, rel_tol=1e-5) for reading in readings for scale in SCALES)


def _plain(number: str) -> str:
    number = number.replace(",", "")
    if number.count(".") != 1:
        return number
    return number.rstrip("0").rstrip(".")


def _inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts
