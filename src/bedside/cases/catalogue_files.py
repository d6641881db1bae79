"""The files of a catalogue's folder, each read and checked by itself; what they say is kept with its place for findings."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bedside.cases.order_file import (
    AnalyteEntry,
    AnalytesFile,
    ClassesFile,
    LookAlikeFile,
    OrderEntry,
    OrdersFile,
    PlacesFile,
    TurnaroundFile,
)
from bedside.errors import ReadError
from bedside.findings import Finding, Severity
from bedside.reading import Document, Path_, did_you_mean, parse_yaml, read_text, validate

M = TypeVar("M", bound=BaseModel)

_SCHEMAS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "orders/1": OrdersFile,
        "case-analytes/1": AnalytesFile,
        "order-places/1": PlacesFile,
        "order-turnaround/1": TurnaroundFile,
        "order-classes/1": ClassesFile,
        "look-alike/1": LookAlikeFile,
    }
)


@dataclass(frozen=True, slots=True)
class Located(Generic[M]):
    """A part of a file and where it stands."""

    value: M
    document: Document
    path: Path_

    def finding(
        self, rule: str, text: str, *at: str | int, of_key: bool = False, severity: Severity = Severity.ERROR
    ) -> Finding:
        """A finding at this part, or at the value below it that `at` names."""
        place = self.document.place((*self.path, *at), of_key=of_key or not at)
        return Finding(self.document.file, place.line, place.column, rule, severity, text)


@dataclass(slots=True)
class CatalogueFiles:
    """Everything the folder says, keys unique; and what is wrong so far."""

    orders: dict[str, Located[OrderEntry]] = field(default_factory=dict)
    analytes: dict[str, Located[AnalyteEntry]] = field(default_factory=dict)
    places: Located[PlacesFile] | None = None
    turnaround: Located[TurnaroundFile] | None = None
    classes: Located[ClassesFile] | None = None
    look_alike: Located[LookAlikeFile] | None = None
    findings: list[Finding] = field(default_factory=list)


def read_files(folder: Path) -> CatalogueFiles:
    """Read every `*.yaml` of the folder, in the order of their names."""
    files = CatalogueFiles()
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        files.findings.append(Finding(str(folder), 1, None, "no-files", Severity.ERROR, "the folder has no *.yaml"))
    for path in paths:
        try:
            document = parse_yaml(read_text(path))
        except ReadError as error:
            files.findings.append(Finding(error.file, error.line or 1, error.column, "unreadable", Severity.ERROR, error.text))
        except OSError as error:
            text = f"can't be read: {error.strerror}"
            files.findings.append(Finding(str(path), 1, None, "unreadable", Severity.ERROR, text))
        else:
            _take(files, document)
    return files


def _take(files: CatalogueFiles, document: Document) -> None:
    files.findings += document.findings
    schema = document.value.get("schema") if isinstance(document.value, dict) else None
    model = _SCHEMAS.get(schema) if isinstance(schema, str) else None
    if model is None:
        place = document.place(("schema",))
        text = f'"{schema}" is no schema of the catalogue{did_you_mean(str(schema), list(_SCHEMAS))}'
        files.findings.append(Finding(document.file, place.line, place.column, "unknown-schema", Severity.ERROR, text))
        return
    read, findings = checked(model, document, (), document.value)
    files.findings += findings
    match read:
        case OrdersFile():
            _take_each(files, files.orders, OrderEntry, Located(read, document, ("orders",)), read.orders)
        case AnalytesFile():
            _take_each(files, files.analytes, AnalyteEntry, Located(read, document, ("analytes",)), read.analytes)
            _check_sources(files, document, read)
        case PlacesFile():
            files.places = _only(files, files.places, Located(read, document, ()))
        case TurnaroundFile():
            files.turnaround = _only(files, files.turnaround, Located(read, document, ()))
        case ClassesFile():
            files.classes = _only(files, files.classes, Located(read, document, ()))
        case LookAlikeFile():
            files.look_alike = _only(files, files.look_alike, Located(read, document, ()))
        case _:
            pass  # it could not be read, and the findings say why


def _only(files: CatalogueFiles, before: Located[M] | None, found: Located[M]) -> Located[M]:
    if before is not None:
        files.findings.append(found.finding("duplicate-file", f"{before.document.file} has this already"))
        return before
    return found


def _take_each(
    files: CatalogueFiles, into: dict[str, Located[M]], model: type[M], under: Located[Any], values: dict[str, Any]
) -> None:
    for key, value in values.items():
        path = (*under.path, key)
        entry, findings = checked(model, under.document, path, value)
        files.findings += findings
        if entry is None:
            continue
        located = Located(entry, under.document, path)
        if not _is_key(key):
            text = f'"{key}" is no key: small letters, digits and _, a letter first'
            files.findings.append(located.finding("wrong-key", text, of_key=True))
        elif key in into:
            first = into[key]
            place = first.document.place(first.path, of_key=True)
            text = f'"{key}" stands already in {first.document.file}, line {place.line}'
            files.findings.append(located.finding("duplicate-id", text, of_key=True))
        else:
            into[key] = located


def _is_key(key: str) -> bool:
    return key.isascii() and key == key.lower() and key.replace("_", "a").isalnum() and key[0].isalpha()


def _check_sources(files: CatalogueFiles, document: Document, read: AnalytesFile) -> None:
    for located in files.analytes.values():
        source = located.value.source
        if located.document is document and source is not None and source not in read.sources:
            files.findings.append(located.finding("no-source", f'"{source}" is none of the sources', "source"))


def checked(model: type[M], document: Document, path: Path_, value: Any) -> tuple[M | None, list[Finding]]:
    """The value at `path` as a model: None and every offence with its place where it is not one."""
    try:
        return model.model_validate(value), []
    except ValidationError:
        # the places of this part alone, so that the offences of one entry name the whole file's lines
        size = len(path)
        part = dataclasses.replace(
            document,
            value=value,
            values={known[size:]: place for known, place in document.values.items() if known[:size] == path},
            keys={known[size:]: place for known, place in document.keys.items() if known[:size] == path},
        )
        _, findings = validate(model, part, rule="order-format")
        named = [dataclasses.replace(one, text=f"{path[-1]}: {one.text}") for one in findings] if path else findings
        return None, named
