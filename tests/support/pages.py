"""What people read here, as a test sees it: links, commands in blocks and in lines, and quoted outputs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PROGRAM = "release-tools"
OMITTED = "…"
QUOTING = re.compile(r"<!-- (golden: (?P<golden>\S+)|run) -->")


@dataclass(frozen=True)
class Page:
    """A Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tokens(self) -> list[Token]:
        return MarkdownIt("commonmark").enable("table").parse(self.text)

    @property
    def inline(self) -> list[Token]:
        return [child for token in self.tokens if token.children for child in token.children]

    def links(self) -> Iterator[str]:
        """Targets of links and pictures, and of pictures written as HTML."""
        for token in self.inline:
            target = token.attrs.get("href") or token.attrs.get("src")
            if target:
                yield str(target)
        yield from re.findall(r'<img src="([^"]+)"', self.text)

    def anchors(self) -> set[str]:
        """The headings, as GitHub makes anchors of them."""
        heads = re.findall(r"^#+ (.+)$", self.text, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}

    def codes(self) -> list[str]:
        """Code in lines, without the backslashes that tables need."""
        return [token.content.replace("\\|", "|") for token in self.inline if token.type == "code_inline"]

    def commands(self) -> Iterator[str]:
        """The commands of our own in blocks of a shell."""
        for token in self.tokens:
            if token.type != "fence" or token.info.strip() not in {"sh", "console", "shell"}:
                continue
            prompt = "$ " if token.info.strip() == "console" else ""
            for line in token.content.replace("\\\n", " ").splitlines():
                if line.startswith(f"{prompt}{PROGRAM} "):
                    yield line.removeprefix(prompt)

    def quotes(self) -> Iterator[tuple[str, str, str]]:
        """Quoted outputs: what is quoted, a golden file or nothing for the command above, and the lines."""
        source, command = None, ""
        for token in self.tokens:
            if token.type == "html_block":
                source = QUOTING.search(token.content)
            elif token.type == "fence":
                if source:
                    yield source["golden"] or "", command, token.content
                source = None
                command = next(iter(_shown(token)), command)


def all_pages() -> list[Page]:
    """Everything that is written for people, but for what is made by a test."""
    paths = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("convergence/**/*.md")]
    return [Page(path) for path in sorted(paths) if path.name != "CHANGELOG.md"]


def problem(line: str, root: click.Group) -> str:
    """What our command line would not take of a command; empty where it would run."""
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = root
    while isinstance(command, click.Group):
        if not words:
            return "names no command"
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return f"there is no {words[0]}"
        command, words = found, words[1:]
    context = click.Context(command, info_name=PROGRAM)
    try:
        values, more, _ = command.make_parser(context).parse_args(words)
    except click.UsageError as error:
        return error.format_message()
    if more:
        return f"takes no {' '.join(more)}"
    given = {name for name, value in values.items() if isinstance(value, str | tuple | list) and value}
    needed = [one.name for one in command.params if one.required and not one.envvar]
    missing = [name for name in needed if name not in given]
    return f"needs {', '.join(map(str, missing))}" if missing else ""


def alike(quoted: str, whole: str) -> str:
    """The first quoted line that the whole does not have in this order; empty where all are there."""
    lines = iter(line.rstrip() for line in whole.splitlines())
    for line in quoted.splitlines():
        if line.strip() != OMITTED and line.rstrip() not in lines:
            return line
    return ""


def _shown(token: Token) -> list[str]:
    lines = token.content.splitlines()
    return [line.removeprefix("$ ") for line in lines if line.removeprefix("$ ").startswith(PROGRAM)]
