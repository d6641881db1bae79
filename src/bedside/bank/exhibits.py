"""Exhibits in Markdown: `![alternative text](figure:KIND key=value …)` and `![…](media:PATH)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bedside.bank.body import MAX_FINDINGS, place_in
from bedside.findings import Finding, Severity

EXHIBIT = re.compile(r"(?<!\\)!\[([^\]\n]{0,500})\]\(([^()\n]{0,500})\)")

FIGURE_KINDS: frozenset[str] = frozenset()  # none is drawn yet


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One exhibit as written: `scheme` is "figure" or "media" or what stands there instead."""

    alternative: str
    scheme: str
    target: str
    offset: int


def exhibits_in(text: str) -> Iterator[Exhibit]:
    """The exhibits of a Markdown text, in order."""
    if "![" not in text:
        return
    for found in EXHIBIT.finditer(text):
        scheme, _, target = found[2].strip().partition(":")
        yield Exhibit(found[1].strip(), scheme, target.strip(), found.start())


def check_exhibits(text: str, *, file: str, first_line: int, media: Path | None) -> Iterator[Finding]:
    """What is wrong with the exhibits of `text`; files are looked for below `media`, never outside it."""
    for n, exhibit in enumerate(exhibits_in(text)):
        if n == MAX_FINDINGS:
            return
        line, column = place_in(text, exhibit.offset, first_line)
        if not exhibit.alternative:
            advice = "an exhibit needs an alternative text that does not give the answer away: ![text](…)"
            yield Finding(file, line, column, "no-alternative-text", Severity.ERROR, advice)
        if problem := _problem(exhibit, media):
            yield Finding(file, line, column, "unknown-exhibit", Severity.ERROR, problem)


def _problem(exhibit: Exhibit, media: Path | None) -> str | None:
    if exhibit.scheme == "figure":
        kind = exhibit.target.split(" ", 1)[0]
        if kind in FIGURE_KINDS:
            return None
        known = ", ".join(sorted(FIGURE_KINDS)) or "no kinds exist yet"
        return f'unknown kind of figure "{kind}"; known: {known}'
    if exhibit.scheme == "media":
        return _media_problem(exhibit.target, media)
    return f'an exhibit is written figure:KIND or media:PATH, not "{exhibit.scheme}"'


def _media_problem(target: str, media: Path | None) -> str | None:
    if media is None or not target:
        return f'no file "{target}" in media/'
    path = Path(target)
    if path.is_absolute() or ".." in path.parts or "\\" in target:
        return f'"{target}" leaves media/'
    if not (media / path).resolve().is_relative_to(media.resolve()):
        return f'"{target}" leaves media/ through a link'
    return None if (media / path).is_file() else f'no file "{target}" in media/'
