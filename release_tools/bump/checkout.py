"""The files of a repository at one commit, fetched by git byte for byte; writes nothing back to it."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from convergence.errors import UserError
from release_tools import network, shell
from release_tools.bump.branch import NO_PROGRAMS

ATTEMPTS = 4
BACKOFF_SECONDS = 2.0
# Above all that the repository says itself: no line end, no encoding and no large file is made another.
AS_COMMITTED = "* -text -eol -crlf -ident -filter -working-tree-encoding\n"
FINAL = re.compile(
    r"Authentication failed|could not read Username|not found|returned error: 40[134]|not our ref"
    r"|couldn't find remote ref",
    re.IGNORECASE,
)


def fetch(
    address: str, ref: str, folder: Path, *, token: str = "", wait: Callable[[float], None] = time.sleep
) -> str:
    """Have the files of the commit that `ref` stands for in an empty folder; the commit is returned.

    Args:
      token: goes to `address` only, and never into a command line.
      wait: lets seconds pass before a failure is tried again.

    Raises:
      UserError: `bad-address`, `no-access`, `unreachable`.
    """
    _check(address)
    env = environment(address, token)
    _git(folder, env, "init", "--quiet", "--template=", ".")
    keep_bytes(folder)
    words = ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", address, ref]
    fetch_with(folder, env, address, words, ref, wait=wait)
    _git(folder, env, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    return _git(folder, env, "rev-parse", "HEAD").out.strip()


def keep_bytes(folder: Path) -> None:
    """Has git write every file of a clone as it was committed."""
    attributes = folder / ".git/info/attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text(AS_COMMITTED, encoding="ascii")


def fetch_with(
    folder: Path,
    env: Mapping[str, str],
    address: str,
    words: Sequence[str],
    ref: str,
    timeout: float = 600,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Runs a `git fetch` in a clone, some times if that may help.

    Args:
      ref: what is fetched, for people.

    Raises:
      UserError: `bad-address`, `no-access`, `unreachable`.
    """
    _check(address)
    for attempt in range(ATTEMPTS):
        done = _git(folder, env, *words, check=False, timeout=timeout)
        if not done.status:
            return
        if FINAL.search(done.err):
            raise UserError(
                "no-access",
                f"git cannot fetch {ref}: {done.tail(1)}",
                where=address,
                hint="correct the name, or give the token contents: read",
            )
        if attempt < ATTEMPTS - 1:
            wait(BACKOFF_SECONDS * 2.0**attempt)
    raise UserError("unreachable", f"git cannot fetch: {done.tail(1)}", where=address, hint="try again later")


def _check(address: str) -> None:
    """A token leaves this machine by https only."""
    here = urlsplit(address).scheme == "file" or address.startswith("/")
    if not (here or network.is_private(address)):
        raise UserError("bad-address", f"nothing is fetched from {address!r}", hint="use an https:// address")


def environment(address: str, token: str) -> dict[str, str]:
    """What git needs to start, and the token where no other program can read it."""
    if token:
        _check(address)
    kept = ("HOME", "XDG_CONFIG_HOME", "ALL_PROXY", "all_proxy")
    ours = shell.environment(*kept, prefixes=("GIT_SSL_", "SSL_CERT_")) | network.proxies()
    settings = {"credential.helper": "", "core.symlinks": "true", "core.autocrlf": "false"}
    if token and urlsplit(address).scheme in {"http", "https"}:
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        settings[f"http.{address}.extraHeader"] = f"Authorization: Basic {basic}"
    numbered = {
        f"GIT_CONFIG_{kind}_{index}": text
        for index, pair in enumerate(settings.items())
        for kind, text in zip(("KEY", "VALUE"), pair, strict=True)
    }
    count = {"GIT_CONFIG_COUNT": str(len(settings)), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return ours | numbered | count


def _git(
    folder: Path, env: Mapping[str, str], *words: str, check: bool = True, timeout: float = 600
) -> shell.Finished:
    return shell.run(["git", *NO_PROGRAMS, "-C", folder, *words], env=env, check=check, timeout=timeout)
