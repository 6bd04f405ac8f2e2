"""What is not on GitHub: the package index, git's log, what pip installs; or nobody to ask."""

from __future__ import annotations

from collections.abc import Sequence

from release_tools.approvals.facts import Installed, Minimum, Published, Unknown
from release_tools.model import PullRequest

NOBODY = Unknown("not looked up here; release-tools status does")


class Nowhere:
    """Knows nothing of the world outside, and says so."""

    def release(self, technique: str, content_digest: str) -> Published | Unknown | None:  # noqa: ARG002
        """Not known."""
        return NOBODY

    def minimum(self, pull: PullRequest, version: str) -> Minimum | Unknown:  # noqa: ARG002
        """Not known."""
        return NOBODY

    def installed(self, pull: PullRequest, version: str, files: Sequence[str]) -> Installed | Unknown:  # noqa: ARG002
        """Not known."""
        return NOBODY
