"""A text file's bytes as characters and back, losing nothing: byte order mark, line ends, unknown bytes."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Decoded:
    """Characters, and what is needed to make the same bytes of them."""

    mark: bytes
    encoding: str
    text: str

    def encode(self, text: str) -> bytes:
        """The bytes of another text in the same encoding."""
        return self.mark + text.encode(self.encoding)


def decode(content: bytes) -> Decoded | None:
    """The characters of a file; None if it is no text.

    What is not UTF-8 is read as Latin-1, in which every byte is a character: what we look for is ASCII.
    """
    mark, marked = next(((mark, name) for mark, name in MARKS if content.startswith(mark)), (b"", ""))
    rest = content.removeprefix(mark)
    for encoding in (marked,) if marked else ("utf-8", "latin-1"):
        try:
            found = Decoded(mark, encoding, rest.decode(encoding))
        except UnicodeDecodeError:
            continue
        return found if "\0" not in found.text and found.encode(found.text) == content else None
    return None
