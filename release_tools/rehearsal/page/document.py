"""The rehearsal's page: its parts and their order; equal summaries give equal pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from release_tools.approvals import frame, prose
from release_tools.page import document, figures, grids, process
from release_tools.page.runs import group
from release_tools.rehearsal.page import conversation, markup
from release_tools.rehearsal.page.links import Links, identity
from release_tools.rehearsal.summary import Campaign, Release, Summary

if TYPE_CHECKING:
    from jinja2 import Environment

NAME = "rehearsal.html"
TEMPLATE = "page.html.jinja"
SCROLLS = re.compile(r'(<div class="scroll" role="\w+" aria-label=")([^"]*)')
LONG = 8  # lines of what is said in the play: more is folded, for it stands in the pull request too


@dataclass(frozen=True)
class Part:
    """An entry of the contents, and those below it."""

    place: str
    name: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Trials:
    """A campaign as the page shows it."""

    title: str
    claims: tuple[document.ClaimGroup, ...]
    curves: tuple[figures.CurveFigure, ...]
    size: figures.SizeFigure | None
    facts: tuple[tuple[str, str], ...]


def render(summary: Summary) -> str:
    """The page."""
    links = Links(summary.portrait)
    page = (
        _environment(links.resolve)
        .get_template(TEMPLATE)
        .render(
            summary=summary,
            contents=tuple(_contents(summary)),
            facts=_facts(summary),
            repositories=summary.portrait.repositories,
            campaigns=[_trials(one) for one in summary.campaigns],
            released=_released(summary.release) if summary.release else (),
            place=links.place,
            pulled=links.pull,
        )
    )
    return _named_apart(page)


def _named_apart(page: str) -> str:
    """The page, in which a number tells apart the places that scroll and have the same name."""
    shared = Counter(name for _, name in SCROLLS.findall(page))
    seen: Counter[str] = Counter()

    def numbered(found: re.Match[str]) -> str:
        seen[found[2]] += 1
        return f"{found[0]} {seen[found[2]]}" if shared[found[2]] > 1 else found[0]

    return SCROLLS.sub(numbered, page)


def _environment(resolve: markup.Resolve) -> Environment:
    """The templates, and what they say things with; of what they are given all is escaped."""
    from jinja2 import ChoiceLoader, PackageLoader

    made = document.environment()
    made.loader = ChoiceLoader(
        [PackageLoader("release_tools.rehearsal.page"), PackageLoader("release_tools.page")]
    )
    made.filters |= _filters(resolve)
    made.globals |= {
        "identity": identity,
        "about": frame.STEPS,
        "heading": prose.title,
        "step_classes": process.CLASSES,
        "step_signs": process.SIGNS,
        "github": conversation,
    }
    return made


def _filters(resolve: markup.Resolve) -> dict[str, Callable[..., Any]]:
    return {
        "markdown": lambda text, level=5: markup.render(text, level=level, resolve=resolve),
        "link": lambda address: resolve(address) or "",
        "when": _when,
        "at": _at,
        "duration": grids.duration,
        "size": _size,
        "plain": _plain,
        "long": lambda text: len(text.splitlines()) > LONG,
        "count": lambda number, noun: f"{number} {noun}{'' if number == 1 else 's'}",
    }


def _contents(summary: Summary) -> Iterator[Part]:
    if summary.steps:
        yield Part("steps", "The seven steps")
    if summary.acts:
        acts = (Part(identity("act", number), one.title) for number, one in enumerate(summary.acts, 1))
        yield Part("play", "The play", tuple(acts))
    if pulls := summary.portrait.pulls:
        parts = (
            Part(identity("pull", one.repository, one.number), f"{one.title} #{one.number}") for one in pulls
        )
        yield Part("pulls", "Pull requests", tuple(parts))
    if summary.campaigns:
        parts = (
            Part(identity("campaign", number), one.title) for number, one in enumerate(summary.campaigns, 1)
        )
        yield Part("trials", "Trials", tuple(parts))
    if summary.release:
        yield Part("release", f"Release {summary.release.version}")
    if summary.portrait.repositories:
        yield Part("repositories", "Repositories")
    if summary.audit:
        yield Part("audit", "Audit")


def _facts(summary: Summary) -> list[tuple[str, str]]:
    """The few figures that one looks for first."""
    follows = list(summary.follows)
    found = []
    if follows:
        found += [("As expected", f"{sum(one.passed for one in follows)} of {len(follows)}")]
    if summary.acts:
        found += [("Lines played", str(sum(len(act.lines) for act in summary.acts)))]
    if summary.seconds:
        found += [("Took", grids.duration(summary.seconds))]
    if trials := {trial.digest for one in summary.campaigns for trial in one.trials}:
        found += [("Trials", str(len(trials)))]
    return found


def _trials(campaign: Campaign) -> Trials:
    groups = group(campaign.result, campaign.trials)
    plan = campaign.result.plan
    return Trials(
        campaign.title,
        tuple(claims for runs in groups if (claims := document.claim_group(campaign.result, runs)).rows),
        tuple(figures.curve_figures(campaign.result, groups)),
        figures.size_figure(groups),
        (
            ("Trials", str(len(campaign.result.trials))),
            ("TFMOT content", plan.content_digest[:12]),
            ("Harness", plan.harness[:12]),
            ("Took", grids.duration(campaign.result.seconds)),
        ),
    )


def _released(release: Release) -> tuple[tuple[str, str], ...]:
    found = (
        ("Commit", release.commit),
        ("SHA-256 of the wheel", release.wheel_sha256),
        ("Content digest", release.content_digest),
    )
    return tuple((name, text) for name, text in found if text)


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def _at(moment: str) -> str:
    """A time of the audit; what is none as it stands."""
    try:
        return _when(datetime.fromisoformat(moment))
    except ValueError:
        return moment


def _plain(printed: str) -> str:
    """What a terminal shows, without its colours."""
    from rich.text import Text

    lines = Text.from_ansi(printed).plain.splitlines()
    return "\n".join(line.rstrip() for line in lines).rstrip()  # spaces at an end would hang out


def _size(content: int) -> str:
    return f"{content:,} bytes" if content < 1000 else f"{content / 1000:,.0f} KB"
