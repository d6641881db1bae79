"""The YAML files of one kind in a folder: read, held against their shape and against themselves, told of with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from bedside.errors import ReadError
from bedside.findings import Finding, Severity, has_errors
from bedside.reading import Document, Source, parse_yaml, read_text, validate


class Named(Protocol):
    """A file that says its own name."""

    @property
    def name(self) -> str:
        """As the file is called, without its ending."""


F = TypeVar("F", bound=Named)


@dataclass(frozen=True, slots=True)
class FilesRead(Generic[F]):
    """What came of some files: those without an error, every finding, and those that are no text or no YAML."""

    sound: tuple[tuple[F, Document], ...]
    findings: tuple[Finding, ...]
    unreadable: tuple[ReadError, ...]

    @property
    def told(self) -> list[Finding]:
        """All that is wrong as findings, the unreadable too."""
        return [*self.findings, *unreadable_findings(self.unreadable)]


def sources_in(directory: Path) -> tuple[list[Source], list[ReadError]]:
    """The text of every `*.yaml` of a folder, and what can't be read. A folder that is absent has none.

    Raises:
        OSError: as the system says.
    """
    sources: list[Source] = []
    unreadable: list[ReadError] = []
    for path in sorted(directory.glob("*.yaml")) if directory.is_dir() else []:
        try:
            sources.append(read_text(path))
        except ReadError as error:
            unreadable.append(error)
    return sources, unreadable


def read_files(
    sources: Iterable[Source], shape: TypeAdapter[F], rule: str, check: Callable[[F, Document], Iterable[Finding]]
) -> FilesRead[F]:
    """Files held against a shape (`rule` names an offence against it), their name, and what `check` says of each."""
    sound: list[tuple[F, Document]] = []
    findings: list[Finding] = []
    unreadable: list[ReadError] = []
    for source in sources:
        try:
            document = parse_yaml(source)
        except ReadError as error:
            unreadable.append(error)
            continue
        checked = validate(shape, document, rule=rule)
        file = checked[0]
        found = [*document.findings, *checked[1]]
        if file is not None:
            found += [*_check_name(file, document), *check(file, document)]
            if not has_errors(found):
                sound.append((file, document))
        findings += found
    return FilesRead(tuple(sound), tuple(findings), tuple(unreadable))


def unreadable_findings(errors: Iterable[ReadError]) -> list[Finding]:
    """Files that can't be read, as findings."""
    return [Finding(one.file, one.line or 1, one.column or 1, "unreadable", Severity.ERROR, str(one)) for one in errors]


def _check_name(file: Named, document: Document) -> list[Finding]:
    called = Path(document.file)
    if file.name == called.stem:
        return []
    place = document.place(("name",))
    text = f'the name is "{file.name}" and the file is "{called.name}"'
    return [Finding(document.file, place.line, place.column, "name-differs", Severity.ERROR, text)]
