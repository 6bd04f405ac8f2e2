"""Mermaid charts as pictures, drawn by Mermaid itself in an embedded engine; without it, as their text.

A picture inside an `img` runs nothing, links nowhere and loads nothing, whatever is in it.
"""

from __future__ import annotations

import base64
import functools
import html
import re

LONGEST = 20_000  # characters of a chart that is drawn: a longer one keeps the engine busy for minutes
THEMES = {"light": "default", "dark": "dark"}
CONFIG = {"securityLevel": "strict", "flowchart": {"htmlLabels": False}, "htmlLabels": False}
_SCROLLS = '<div class="scroll" role="group" aria-label="Chart" tabindex="0">'
_BOX = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
_KIND = re.compile(r"^ {0,3}([a-zA-Z][\w-]*)", re.MULTILINE)
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def figure(source: str) -> str:
    """The chart with its text below, folded; what cannot be drawn is its text alone."""
    drawn = {scheme: picture(source, theme) for scheme, theme in THEMES.items()}
    text = f"<pre><code>{html.escape(source.rstrip(), quote=False)}</code></pre>"
    if not all(drawn.values()):
        return f'<figure class="mermaid"><figcaption>A Mermaid chart, as text</figcaption>{text}</figure>'
    return (
        f'<figure class="mermaid">{_SCROLLS}{_image(drawn, source)}</div>'
        f"<details><summary>Text of this chart</summary>{text}</details></figure>"
    )


@functools.lru_cache(maxsize=256)
def picture(source: str, theme: str) -> str:
    """The chart as SVG; empty where Mermaid is not installed, or refuses it."""
    if len(source) > LONGEST:
        return ""
    try:
        import mermaidx
    except ImportError:
        return ""
    try:
        return str(mermaidx.render(source, theme=theme, config=CONFIG).svg())
    except (RuntimeError, ValueError):  # what is no Mermaid
        return ""


def _image(drawn: dict[str, str], source: str) -> str:
    width, height = _size(drawn["light"])
    light, dark = (_address(drawn[scheme]) for scheme in ("light", "dark"))
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">'
        f'<img src="{light}" width="{width}" height="{height}" alt="{html.escape(_told(source))}"></picture>'
    )


def _address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _size(svg: str) -> tuple[int, int]:
    found = _BOX.search(svg)
    return (round(float(found[1])), round(float(found[2]))) if found else (700, 320)


def _told(source: str) -> str:
    """What it is, for those who do not see it; what it says is in its text."""
    kind = _KIND.search(_FRONT.sub("", source))
    axis = re.search(r'^\s*y-axis "([^"]*)"', source, re.MULTILINE)
    of = f" of {axis[1]}" if axis else ""
    return f"Chart{of}, drawn by Mermaid ({kind[1] if kind else 'chart'}); its text follows"
