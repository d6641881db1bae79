"""Takeaways: `takeaways/<area>.yaml`, each with an id, a title, one sentence, codes, sources and perhaps a cloze."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.item import Codes, Takeaway
from bedside.bank.records import error_at, read_record
from bedside.findings import Finding
from bedside.reading import Document, Path_, Source, did_you_mean, parse_yaml

ID = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
_CLOZE = re.compile(r"\{\{[^{}]+\}\}")
_STRICT = ConfigDict(extra="forbid", strict=True)
_Text = Annotated[str, Field(min_length=1, max_length=2000)]


class _File(BaseModel):
    model_config = _STRICT
    schema_: Annotated[Literal["takeaways/1"], Field(alias="schema")]
    takeaways: list[Any]


class _Takeaway(BaseModel):
    model_config = _STRICT
    id: Annotated[str, Field(pattern=rf"^{ID.pattern}$", max_length=120)]
    title: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    text: _Text
    codes: dict[str, dict[str, Any]] = {}
    sources: Annotated[list[_Text], Field(min_length=1)]
    cloze: _Text | None = None


@dataclass(frozen=True, slots=True)
class TakeawaysReading:
    """The sound takeaways of a file and all findings."""

    takeaways: tuple[Takeaway, ...]
    findings: tuple[Finding, ...]


def parse_takeaways(source: Source, *, area: str, codes: Codes) -> TakeawaysReading:
    """Read the text of one takeaways file; every id starts with `area`, the name of the file.

    Raises:
        ReadError: not well-formed YAML, or over a limit.
    """
    document = parse_yaml(source)
    record, findings = read_record(_File, document, (), document.value)
    findings += document.findings
    takeaways: list[Takeaway] = []
    for n, value in enumerate(record.takeaways if record else ()):
        path: Path_ = ("takeaways", n)
        entry, problems = read_record(_Takeaway, document, path, value)
        if entry is not None:
            chosen, code_problems = _read_codes(document, path, entry.codes, codes)
            problems += [*code_problems, *_check(document, path, entry, area)]
        findings += problems
        if entry is not None and not problems:
            place = document.place(path)
            title = entry.title or entry.id.partition(".")[2].replace("_", " ")
            sources = tuple(entry.sources)
            takeaways.append(Takeaway(entry.id, title, entry.text, chosen, sources, entry.cloze, source.file, place.line))
    return TakeawaysReading(tuple(takeaways), tuple(findings))


def _check(document: Document, path: Path_, entry: _Takeaway, area: str) -> Iterator[Finding]:
    if not entry.id.startswith(f"{area}."):
        text = f'the id "{entry.id}" must start with the name of the file: "{area}."'
        yield error_at(document, (*path, "id"), "id-and-place", text)
    if entry.cloze is not None and not _CLOZE.search(entry.cloze):
        text = "cloze: what is asked for stands between {{ and }}"
        yield error_at(document, (*path, "cloze"), "wrong-value", text)


def _read_codes(
    document: Document, path: Path_, given: dict[str, dict[str, Any]], codes: Codes
) -> tuple[dict[str, dict[str, tuple[str, ...]]], list[Finding]]:
    """programme → axis → codes; a code is known if one step of the programme has it."""
    chosen: dict[str, dict[str, tuple[str, ...]]] = {}
    findings: list[Finding] = []
    for programme, axes in given.items():
        if programme not in codes:
            text = f'unknown programme "{programme}"{did_you_mean(programme, list(codes))}'
            findings.append(error_at(document, (*path, "codes", programme), "unknown-programme", text, of_key=True))
            continue
        known = _codes_by_axis(codes, programme)
        for axis, value in axes.items():
            place: Path_ = (*path, "codes", programme, axis)
            values = [value] if isinstance(value, str) else value
            if axis not in known:
                text = f'{programme} has no axis "{axis}"{did_you_mean(axis, list(known))}'
                findings.append(error_at(document, place, "unknown-axis", text, of_key=True))
            elif not isinstance(values, list) or not all(isinstance(code, str) for code in values):
                findings.append(error_at(document, place, "wrong-value", f"{axis}: should be a code or a list of codes"))
            else:
                findings += [
                    error_at(document, place, "unknown-code", f'the axis "{axis}" has no code "{code}"')
                    for code in values
                    if code not in known[axis]
                ]
                chosen.setdefault(programme, {})[axis] = tuple(values)
    return chosen, findings


def _codes_by_axis(codes: Codes, programme: str) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for axes in codes[programme].values():
        for name, axis in axes.items():
            known.setdefault(name, set()).update(axis.codes)
    return known
