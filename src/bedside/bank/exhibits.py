"""Exhibits in Markdown: `![alternative text](figure:KIND key=value …)` and `![…](media:PATH)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bedside.bank.body import MAX_FINDINGS, place_in
from bedside.bank.figures import read_figure
from bedside.bank.item import MediaFile
from bedside.bank.media import LIST_NAME, MediaFolder
from bedside.findings import Finding, Severity

EXHIBIT = re.compile(r"(?<!\\)!\[([^\]\n]{0,500})\]\(([^()\n]{0,500})\)")


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


def check_exhibits(text: str, *, file: str, first_line: int, media: MediaFolder | None) -> Iterator[Finding]:
    """What is wrong with the exhibits of `text`; files are looked for below `media`, never outside it."""
    for n, exhibit in enumerate(exhibits_in(text)):
        if n == MAX_FINDINGS:
            return
        line, column = place_in(text, exhibit.offset, first_line)
        if not exhibit.alternative:
            advice = "an exhibit needs an alternative text that does not give the answer away: ![text](…)"
            yield Finding(file, line, column, "no-alternative-text", Severity.ERROR, advice)
        for rule, problem in _problems(exhibit, media):
            yield Finding(file, line, column, rule, Severity.ERROR, problem)


def media_in(text: str, media: MediaFolder | None) -> tuple[MediaFile, ...]:
    """The sound files that the exhibits of `text` show, each once, in order."""
    if media is None:
        return ()
    targets = dict.fromkeys(exhibit.target for exhibit in exhibits_in(text) if exhibit.scheme == "media")
    return tuple(found for target in targets if isinstance(found := media.find(target), MediaFile))


def _problems(exhibit: Exhibit, media: MediaFolder | None) -> Iterator[tuple[str, str]]:
    """Rule and text."""
    if exhibit.scheme == "figure":
        if isinstance(problem := read_figure(exhibit.target), str):
            yield "unknown-exhibit", problem
    elif exhibit.scheme != "media":
        yield "unknown-exhibit", f'an exhibit is written figure:KIND or media:PATH, not "{exhibit.scheme}"'
    elif media is None:
        yield "unknown-exhibit", f'no file "{exhibit.target}" in media/'
    elif isinstance(found := media.find(exhibit.target), str):
        yield "unknown-exhibit", found
    elif not media.has_licence(exhibit.target):
        yield "no-licence", f'the licence of "{exhibit.target}" is not recorded in media/{LIST_NAME}'
