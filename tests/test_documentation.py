"""What is written for people is so: links lead somewhere, commands run, outputs are those of today."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pages
import pytest
from click.testing import CliRunner
from pages import ROOT, Page

from convergence import claims
from release_tools import cli, slash

PAGES = pages.all_pages()
LONGEST = 120  # lines of a guide
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
SLASH = re.compile(r"/([a-z][a-z-]+)(?: |$)")


def page(path: Page) -> str:
    return path.name


def words(line: str) -> list[str]:
    """The words of a command up to what stands for something."""
    return re.split(r"[ \[]", line.removeprefix("release-tools "))


def options(command: click.Command) -> set[str]:
    own = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            own |= options(found)
    return own


@pytest.mark.parametrize("path", PAGES, ids=page)
def test_links_lead_somewhere(path: Page) -> None:
    broken = []
    for link in path.links():
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        there = (path.path.parent / target).resolve() if target else path.path
        is_there = there.is_relative_to(ROOT) and there.exists()
        if not is_there or (anchor and anchor not in Page(there).anchors()):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", PAGES, ids=page)
def test_commands_in_blocks_would_run(path: Page) -> None:
    lines = path.commands()
    wrong = [f"{line}: {problem}" for line in lines if (problem := pages.problem(line, cli.cli))]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("release-tools status --repo tensorflow/models  # with a token", ""),
        ("release-tools status --repo", "Option '--repo' requires an argument."),
        ("release-tools status --every --repo a/b", "No such option '--every'."),
        ("release-tools release plam 0.8.2", "there is no plam"),
        ("release-tools release plan", "needs version"),
        ("release-tools release plan 0.8.2 0.8.3", "takes no 0.8.3"),
        ("release-tools release", "names no command"),
    ],
)
def test_what_would_not_run_is_told(line: str, problem: str) -> None:
    assert pages.problem(line, cli.cli) == problem


def leaves(command: click.Command) -> Iterator[click.Command]:
    if not isinstance(command, click.Group):
        yield command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found)


@pytest.mark.parametrize("command", list(leaves(cli.cli)), ids=lambda one: one.callback.__module__)
def test_every_command_has_an_example_that_would_run(command: click.Command) -> None:
    examples = re.findall(r"^  (release-tools .+)$", (command.epilog or "").replace("\\\n", ""), re.MULTILINE)
    assert examples
    assert [(one, wrong) for one in examples if (wrong := pages.problem(one, cli.cli))] == []


@pytest.mark.parametrize("path", PAGES, ids=page)
def test_commands_in_lines_are_commands(path: Page) -> None:
    known = set(cli.cli.list_commands(click.Context(cli.cli)))
    named = [code for code in path.codes() if code.startswith("release-tools ")]
    assert [code for code in named if words(code)[0] not in known] == []
    for code in named:
        if "|" in code.split()[1]:
            continue
        command: click.Command | None = cli.cli
        for word in words(code):
            if not isinstance(command, click.Group) or not re.fullmatch(r"[a-z|-]+", word):
                break
            for one in word.split("|"):
                found = command.get_command(click.Context(command), one)
                assert found is not None, code
            command = found


@pytest.mark.parametrize("path", PAGES, ids=page)
def test_options_in_lines_are_options(path: Page) -> None:
    known = options(cli.cli) | {"--help", "--sha", "--tier", "--randomly-seed"}  # of comments, of pytest
    named = {word for code in path.codes() for word in re.findall(r"(?<![\w-])--[a-z][a-z-]+", code)}
    assert named - known == set()


@pytest.mark.parametrize("path", PAGES, ids=page)
def test_slash_commands_are_those_there_are(path: Page) -> None:
    known = {*slash.names(), "checkpoints", "data"}
    blocks = [t.content for t in path.tokens if t.type == "fence" and t.info.strip() == "text"]
    lines = [*path.codes(), *(line for block in blocks for line in block.splitlines())]
    assert {found[1] for line in lines if (found := SLASH.match(line))} - known == set()


@pytest.mark.parametrize("path", PAGES, ids=page)
def test_targets_of_make_are_in_the_makefile(path: Page) -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    blocks = [t.content for t in path.tokens if t.type == "fence"]
    named = {word for code in path.codes() for word in re.findall(r"^make ([a-z-]+)", code)}
    named |= {
        word for block in blocks for word in re.findall(r"^(?:\$ )?make ([a-z-]+)", block, re.MULTILINE)
    }
    assert named - known == set()


@pytest.mark.parametrize("path", PAGES, ids=page)
def test_quoted_outputs_are_those_of_today(
    path: Page, goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of golden files, or of the command above, run where a contributor would be."""
    shutil.copytree(claims.FOLDER.parent / "examples" / "claims", tmp_path / "convergence" / "claims")
    monkeypatch.chdir(tmp_path)
    for golden, command, quoted in path.quotes():
        if golden == "README":
            whole = (ROOT / "README.md").read_text(encoding="utf-8")
        elif golden:
            whole = (goldens / golden).read_text(encoding="utf-8")
        else:
            given = [word.replace("dist/*.whl", __file__) for word in command.split()[1:]]
            whole = CliRunner().invoke(cli.cli, given).output
        assert pages.alike(quoted, whole) == "", golden or command


def test_a_line_that_is_not_there_is_told() -> None:
    whole = "a\nb\nc\nd\n"
    assert pages.alike("a\nc\n", whole) == ""
    assert pages.alike("a\n…\nd\n", whole) == ""
    assert pages.alike("c\na\n", whole) == "a"
    assert pages.alike("a\ne\n", whole) == "e"


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_a_guide_is_a_page_and_begins_with_a_command(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST
    assert (lines[0][:2], lines[2][:3]) == ("# ", "```")


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_who_is_told_to_raise_the_minimum_raises_it(path: Path) -> None:
    told = [line for line in Page(path).commands() if line.startswith("release-tools bump-min-version ")]
    tried = [line for line in told if line.endswith(" --dry-run")]
    assert [line for line in tried if line.removesuffix(" --dry-run") not in told] == []


def test_how_long_the_play_takes_is_the_same_wherever_it_is_said() -> None:
    said = re.findall(r"about \d+ minutes", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(said) == 2
    assert len(set(said)) == 1


def test_no_guide_repeats_another() -> None:
    """Not a sentence: one of them has it, and the others link."""
    seen: dict[str, str] = {}
    repeated = []
    for path in GUIDES:
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for sentence in re.split(r"(?<=[.:|])\s+", text):
            plain = " ".join(sentence.split())
            if len(plain) > 60 and seen.setdefault(plain, path.name) != path.name:
                repeated.append(plain)
    assert repeated == []


def test_readme_names_every_command_and_every_guide() -> None:
    readme = Page(ROOT / "README.md")
    said = {words(code)[0] for code in readme.codes() if code.startswith("release-tools ")}
    assert set(cli.cli.list_commands(click.Context(cli.cli))) <= said
    assert {f"docs/guides/{path.name}" for path in GUIDES} <= set(readme.links())


def test_folders_that_readme_names_are_there() -> None:
    rows = re.findall(r"^\| (`[^|]+/`) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([^`]+/)`", row)}
    assert len(named) > 15
    roots = (ROOT, ROOT / "release_tools")
    assert [name for name in sorted(named) if not any((root / name).is_dir() for root in roots)] == []
