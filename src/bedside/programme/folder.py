"""The programme files of a folder, read and checked: each sound one a Programme, each offence a finding with its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, has_errors, in_order, plural
from bedside.programme.checks import RULES, check_programme
from bedside.programme.definition import Programme
from bedside.reading import Document, Path_, Source, did_you_mean, parse_yaml, read_text, validate

_PROGRAMME = TypeAdapter(Programme)


@dataclasses.dataclass(frozen=True, slots=True)
class Programmes:
    """The programmes of a folder.

    `by_name` has those without an error, in the order of their names; `findings` everything that is wrong; `unreadable` the
    files that can't be read at all.
    """

    by_name: Mapping[str, Programme]
    findings: tuple[Finding, ...]
    unreadable: tuple[ReadError, ...]

    def get(self, name: str) -> Programme:
        """The programme of that name.

        Raises:
            NotFoundError: there is none, or its file has errors.
        """
        if name in self.by_name:
            return self.by_name[name]
        for error in self.unreadable:
            if Path(error.file).stem == name:
                raise NotFoundError(f'the programme "{name}" can\'t be read: {error}')
        errors = [one for one in self.findings if one.severity is Severity.ERROR and Path(one.file).stem == name]
        if errors:
            first = errors[0]
            raise NotFoundError(
                f'the programme "{name}" has {plural(len(errors), "error")} and is left out; the first: '
                f"{first.file}:{first.line}: {first.text}"
            )
        known = list(self.by_name)
        hint = did_you_mean(name, known) or f"; there are {', '.join(known)}" if known else "; there are none"
        raise NotFoundError(f'no programme "{name}"{hint}')


def read_programmes(directory: Path) -> Programmes:
    """Read every `*.yaml` of the folder. A folder that is absent has no programmes.

    A file with an error is left out and the others are still read.
    """
    found: dict[str, Programme] = {}
    findings: list[Finding] = []
    unreadable: list[ReadError] = []
    for path in sorted(directory.glob("*.yaml")):
        try:
            programme, wrong = parse_programme(read_text(path), stem=path.stem)
        except ReadError as error:
            unreadable.append(error)
            continue
        except OSError as error:
            unreadable.append(ReadError(str(path), f"can't be read: {error.strerror}"))
            continue
        findings.extend(wrong)
        if programme is not None:
            found[programme.name] = programme
    return Programmes(MappingProxyType(found), tuple(in_order(findings)), tuple(unreadable))


def parse_programme(source: Source, *, stem: str) -> tuple[Programme | None, list[Finding]]:
    """One file: the programme, or None where a finding is an error; and all findings.

    Raises:
        ReadError: the text is not well-formed YAML, or over a limit.
    """
    document = parse_yaml(source)
    findings = list(document.findings)
    document, offences = _with_sources(document)
    findings.extend(offences)
    checked = validate(_PROGRAMME, document, rule="programme-format")
    programme = checked[0]
    findings.extend(checked[1])
    if programme is not None:
        findings.extend(check_programme(programme, document, stem=stem))
    findings = in_order(set(findings))
    return (None if has_errors(findings) else programme), findings


def _with_sources(document: Document) -> tuple[Document, list[Finding]]:
    """The document with each key of a record's `sources` replaced by the source it names."""
    if not isinstance(document.value, dict) or not isinstance(document.value.get("sources"), dict):
        return document, []  # the check against the record says what is missing
    known: Mapping[str, Any] = document.value["sources"]
    used: set[str] = set()
    findings: list[Finding] = []

    def finding(rule: str, path: Path_, text: str, *, of_key: bool = False) -> None:
        place = document.place(path, of_key=of_key)
        findings.append(Finding(document.file, place.line, place.column, rule, RULES[rule].severity, text))

    def resolve(key: Any, path: Path_) -> Any:
        if not isinstance(key, str) or key not in known:
            names = sorted(str(name) for name in known)
            finding("unknown-source", path, f'the source "{key}" does not exist{did_you_mean(str(key), names)}')
            return {"title": str(key) or "?", "kind": "none"}  # one finding, not a second one about its form
        used.add(key)
        return known[key]

    def rebuild(value: Any, path: Path_) -> Any:
        if isinstance(value, list):
            if path[-1:] == ("sources",):
                return [resolve(key, (*path, index)) for index, key in enumerate(value)]
            return [rebuild(member, (*path, index)) for index, member in enumerate(value)]
        if isinstance(value, dict) and path != ("sources",):
            return {key: rebuild(member, (*path, key)) for key, member in value.items()}
        return value

    value = rebuild(document.value, ())
    for key in known:
        if key not in used:
            finding("unused-source", ("sources", key), f'no record names the source "{key}"', of_key=True)
    return dataclasses.replace(document, value=value), findings
