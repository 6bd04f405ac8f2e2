"""Every sentence said on GitHub about a request, the comment and the check; never how they get there."""

from __future__ import annotations

from collections.abc import Iterator

from release_tools.model import Comment, SetCheck
from release_tools.report import sections, words
from release_tools.report.sections import Cut
from release_tools.report.state import Report, State, judged
from release_tools.underway import CHECK

__all__ = ["CHECK", "KEY", "Report", "State", "check", "comment", "effects", "judged"]

LIMIT = 65_536 - 536  # characters of a comment or a check's summary, without what hides in it
KEY = "converge"


def effects(report: Report) -> tuple[Comment, SetCheck]:
    """The comment of the pull request, and the check on the commit that was tried."""
    plan = report.plan
    return Comment(plan.repository, plan.pull_request, KEY, comment(report)), check(report)


def check(report: Report) -> SetCheck:
    """The check run of the request, on the commit that was tried, whatever the head is now."""
    plan, state = report.plan, report.state
    return SetCheck(
        repository=plan.repository,
        sha=plan.head_sha,
        name=CHECK,
        external_id=plan.request_id,
        status=words.check_status(state),
        title=words.title(report),
        summary=_first_that_fits(report, _cuts(curves=False), LIMIT),  # Mermaid is drawn in comments only
        conclusion=words.CONCLUSIONS.get(state),
        details_url=report.run if report.run.startswith("https://") else "",
    )


def comment(report: Report, limit: int = LIMIT) -> str:
    """The comment, as much of it as fits.

    Left out are first the details, then the curves, then rows of tables, and of each it says so.
    """
    return _first_that_fits(report, _cuts(curves=True), limit)


def _first_that_fits(report: Report, cuts: Iterator[Cut], limit: int) -> str:
    return next(shown for cut in cuts if len(shown := _comment(report, cut)) <= limit or cut.rows == 0)


def _cuts(*, curves: bool) -> Iterator[Cut]:
    yield Cut(curves=curves)
    yield Cut(details=False, curves=curves)
    yield Cut(details=False, curves=False)
    for rows in (256, 128, 64, 32, 16, 8, 4, 2, 1, 0):
        yield Cut(details=False, curves=False, rows=rows)


def _comment(report: Report, cut: Cut) -> str:
    parts = [
        sections.head(report),
        sections.numbers(report, cut),
        sections.curves(report) if cut.curves else "",
        sections.deployment(report, cut),
        sections.details(report, cut) if cut.details else sections.footer(report),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts if part.strip())
