"""The folder media/: pictures and sounds, each read once, judged, and with its licence in `media.yaml`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.item import MediaFile
from bedside.bank.media_kinds import MAX_AUDIO_BYTES, look_at
from bedside.bank.records import error_at, read_record
from bedside.errors import ReadError
from bedside.findings import Finding, Severity
from bedside.reading import Document, Path_, parse_yaml, read_text

LIST_NAME = "media.yaml"

_STRICT = ConfigDict(extra="forbid", strict=True)
_Text = Annotated[str, Field(min_length=1, max_length=2000)]


class _List(BaseModel):
    model_config = _STRICT
    schema_: Annotated[Literal["media/1"], Field(alias="schema")]
    files: list[Any]


class _Entry(BaseModel):
    model_config = _STRICT
    path: _Text
    licence: _Text
    authors: Annotated[list[_Text], Field(min_length=1)]
    source: _Text | None = None


class MediaFolder:
    """The media/ folder of one root. What an item refers to is read when it is first asked for, and never twice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._found: dict[str, MediaFile | str] = {}
        self._licensed: frozenset[str] | None = None
        self._findings: list[Finding] = []
        self.unreadable: list[ReadError] = []

    def find(self, target: str) -> MediaFile | str:
        """The file at a path below the folder, or what is wrong with it."""
        if target not in self._found:
            self._found[target] = self._read(target)
        return self._found[target]

    def has_licence(self, target: str) -> bool:
        """Does the list name the file's licence?"""
        return target in self.licensed()

    def licensed(self) -> frozenset[str]:
        """The paths whose licence is recorded."""
        if self._licensed is None:
            self._licensed = frozenset(self._read_list())
        return self._licensed

    def check(self) -> Iterator[Finding]:
        """What is wrong with the list, and the files that it doesn't have."""
        licensed = self.licensed()
        yield from self._findings
        for path in sorted(_plain_files(self.folder)):
            if path not in licensed and path != LIST_NAME:
                text = f"the licence is not recorded in {LIST_NAME}"
                yield Finding(str(self.folder / path), 1, None, "no-licence", Severity.WARNING, text)

    def _read(self, target: str) -> MediaFile | str:
        path = Path(target)
        if not target or path.is_absolute() or ".." in path.parts or "\\" in target or "\0" in target:
            return f'"{target}" leaves media/' if target else 'no file "" in media/'
        source = self.folder / path
        if not source.resolve().is_relative_to(self.folder.resolve()):
            return f'"{target}" leaves media/ through a link'
        if not source.is_file():
            return f'no file "{target}" in media/'
        try:
            with source.open("rb") as file:
                data = file.read(MAX_AUDIO_BYTES + 1)
        except OSError as error:
            return f'"{target}" can\'t be read: {error.strerror}'
        looked = look_at(data, path.suffix.removeprefix(".").lower())
        if looked.problem:
            return f'"{target}": {looked.problem}'
        width, height = looked.size or (None, None)
        return MediaFile(target, hashlib.sha256(data).hexdigest(), len(data), source, width, height)

    def _read_list(self) -> Iterator[str]:
        path = self.folder / LIST_NAME
        if not path.is_file():
            return
        try:
            document = parse_yaml(read_text(path))
        except ReadError as error:
            self.unreadable.append(error)
            return
        record, findings = read_record(_List, document, (), document.value)
        self._findings += [*document.findings, *findings]
        for n, value in enumerate(record.files if record else ()):
            entry, problems = read_record(_Entry, document, ("files", n), value)
            if entry is not None:
                problems += self._check_entry(document, ("files", n), entry)
            self._findings += problems
            if entry is not None and not problems:
                yield entry.path

    def _check_entry(self, document: Document, place: Path_, entry: _Entry) -> Iterator[Finding]:
        found = self.find(entry.path)
        if isinstance(found, str):
            yield error_at(document, (*place, "path"), "unknown-exhibit", found)


def _plain_files(folder: Path) -> Iterator[str]:
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                yield str((Path(above) / name).relative_to(folder))
