"""Which addresses are of this machine, and which variables name the proxies to all others."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")
SPARED = ("NO_PROXY", "no_proxy")  # what is reached without a proxy; programs that know both read the second
PROXIES = (*SPARED, "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
NOTHING = "*"  # goes through a proxy, where it stands alone


def on_loopback(address: str) -> bool:
    """Whether the address is of this machine."""
    return urlsplit(address).hostname in LOOPBACK


def is_private(address: str) -> bool:
    """Whether nobody on the way reads what goes to a web address: by https, or on this machine."""
    scheme = urlsplit(address).scheme
    return scheme == "https" or (scheme == "http" and on_loopback(address))


def proxies() -> dict[str, str]:
    """The proxies that we are told to use, for a program that asks this machine too."""
    told = {name: os.environ[name] for name in PROXIES if name in os.environ}
    spared = (told.get("no_proxy") or told.get("NO_PROXY") or "").strip()
    if spared != NOTHING:
        spared = ",".join(filter(None, (spared, *LOOPBACK)))
    return told | dict.fromkeys(SPARED, spared)
