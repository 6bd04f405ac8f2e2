"""Reads the documents that claims quote from a checkout of TFMOT or of Official Models."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from convergence.errors import UserError
from convergence.model import Claim
from release_tools.documentation.comparison import MARKDOWN

MOST_BYTES = 4 * 2**20


def documents(root: Path, claims: Iterable[Claim]) -> dict[str, str | None]:
    """The texts of that repository's quoted documents, and of the files beside those that have no tables.

    Which repository it is, its folders say: what is quoted of another is left out.

    Returns:
      Texts by path; None for a document that is gone.

    Raises:
      UserError: not-a-checkout, document.
    """
    quoted = sorted({statement.path for claim in claims for statement in claim.documented})
    tops = sorted({PurePosixPath(path).parts[0] for path in quoted})
    here = [path for path in quoted if (root / PurePosixPath(path).parts[0]).is_dir()]
    if not here:
        folders = " nor ".join(f"{top}/" for top in tops) or "document that a claim quotes"
        hint = "name the folder of a checkout of TFMOT or of Official Models"
        raise UserError("not-a-checkout", f"there is no {folders}", where=str(root), hint=hint)
    texts = {path: _text(root / path) for path in here}
    for path in here:
        if PurePosixPath(path).suffix not in MARKDOWN:
            texts |= {beside: _text(root / beside) for beside in _beside(root, path) if beside not in texts}
    return dict(sorted(texts.items()))


def _beside(root: Path, path: str) -> list[str]:
    suffix, folder = PurePosixPath(path).suffix, (root / path).parent
    return sorted(one.relative_to(root).as_posix() for one in folder.glob(f"*{suffix}") if one.is_file())


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError("document", f"is larger than {MOST_BYTES:,} bytes", where=str(path))
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError("document", f"cannot be read: {error.strerror}", where=str(path)) from error
