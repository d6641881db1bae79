"""The ground floor of reading: text files, YAML and Markdown front matter, with line and column, under limits.

What lives here: bytes to text, text to plain values with the place of each, and values to checked records. What must not:
any knowledge of what the values mean. Files are hostile until read: every limit below is checked before work is done that
grows with the input, no tag makes an object, and no alias is followed further than the node limit allows.

YAML is read as YAML 1.2 (core schema), so `on`, `NO` and `12:30` are strings: libyaml scans, and the scalars are resolved
here. What can't be read at all raises a `ReadError`; what is wrong in a readable file is a `Finding`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from bedside.errors import NotTextError, SyntaxReadError, TooLargeError
from bedside.findings import Finding, Severity

MAX_FILE_BYTES = 4 * 1024 * 1024  # the largest sound content file is a catalogue of a few hundred kB
MAX_NODES = 200_000  # of one YAML document, aliases counted as often as they are used
MAX_DEPTH = 40

# libyaml is C and ships in every wheel; the pure scanner gives the same events, slower.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Path_ = tuple[str | int, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """A line and column of a file, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file, and the name by which findings call it."""

    file: str
    text: str

    def line(self, number: int) -> str | None:
        """The text of line `number` (from 1), or None past the end."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else None


@dataclass(frozen=True, slots=True)
class Document:
    """Plain values read from YAML, and where each stood.

    `values` maps the path of a value (keys and indexes from the root) to the place where it starts, `keys` the path of a
    mapping's entry to the place of its key.
    """

    file: str
    value: Any
    values: Mapping[Path_, Place]
    keys: Mapping[Path_, Place]
    findings: tuple[Finding, ...] = ()

    def place(self, path: Sequence[str | int], *, of_key: bool = False) -> Place:
        """The place of the value at `path`, or of the nearest value above it that has one."""
        known = self._known(path)
        if of_key and known in self.keys:
            return self.keys[known]
        while known and known not in self.values:
            known = known[:-1]
        return self.values.get(known, Place(1, 1))

    def _known(self, path: Sequence[str | int]) -> Path_:
        # pydantic puts names of union members into its path: what names no value here is passed over
        known: Path_ = ()
        for step in path:
            longer = (*known, step)
            if longer in self.values or longer in self.keys:
                known = longer
        return known


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A Markdown file cut in two: the checked part between the `---` lines, and the body with the line it starts at."""

    document: Document
    body: str
    body_line: int


def read_text(path: Path, *, file: str | None = None, max_bytes: int = MAX_FILE_BYTES) -> Source:
    """The text of a UTF-8 file, line ends as `\\n`, a byte-order mark taken off.

    Raises:
        TooLargeError: more than `max_bytes`; nothing is read.
        NotTextError: invalid UTF-8 or a NUL, with the line.
        OSError: as the system says.
    """
    name = file or str(path)
    size = path.stat().st_size
    if size > max_bytes:
        raise TooLargeError(name, f"{size:,} bytes are over the limit of {max_bytes:,} bytes for one file")
    return decode(path.read_bytes(), file=name)


def decode(data: bytes, *, file: str) -> Source:
    """Bytes to text, strictly.

    Raises:
        NotTextError: invalid UTF-8 or a NUL, with the line.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        bad = data[error.start]
        raise NotTextError(file, f"byte 0x{bad:02x} is not valid UTF-8; save the file as UTF-8", line=line) from None
    if "\0" in text:
        raise NotTextError(file, "the text holds a NUL character", line=text.count("\n", 0, text.index("\0")) + 1)
    return Source(file, text.replace("\r\n", "\n").replace("\r", "\n"))


def parse_front_matter(source: Source) -> FrontMatter:
    """Cut a Markdown file at its `---` lines and read what is between them as YAML.

    Raises:
        SyntaxReadError: no front matter, no end to it, or YAML that is not well-formed.
    """
    text = source.text
    if not text.startswith("---\n"):
        raise SyntaxReadError(source.file, "the file must start with a line '---' and its front matter", line=1)
    end = text.find("\n---\n", 3)
    if end < 0 and text.endswith("\n---"):
        end = len(text) - 4
    if end < 0:
        raise SyntaxReadError(source.file, "the front matter has no closing line '---'", line=1)
    head = text[4 : end + 1]
    document = parse_yaml(Source(source.file, head), first_line=2)
    return FrontMatter(document, text[end + 5 :], text.count("\n", 0, end + 1) + 2)


def parse_yaml(source: Source, *, first_line: int = 1) -> Document:
    """Read one YAML document into plain values.

    A key given twice is a finding and its first value stays.

    Raises:
        SyntaxReadError: not well-formed, a tag, or more than one document.
        TooLargeError: deeper than `MAX_DEPTH` or more than `MAX_NODES` values, aliases counted as often as used.
    """
    return _Builder(source.file, first_line).build(source.text)


def validate(record: type[T] | TypeAdapter[T], document: Document, *, rule: str = "format") -> tuple[T | None, list[Finding]]:
    """Check plain values against a pydantic record: the record, or None and one finding an offence, each with its place."""
    adapter: TypeAdapter[T] = record if isinstance(record, TypeAdapter) else TypeAdapter(record)
    try:
        return adapter.validate_python(document.value), []
    except ValidationError as error:
        return None, [_as_finding(offence, document, rule) for offence in error.errors(include_url=False, include_context=True)]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`; did you mean "options"?`, or nothing where no known word is near."""
    near = difflib.get_close_matches(word, known, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _as_finding(offence: Any, document: Document, rule: str) -> Finding:
    path = offence["loc"]
    kind = offence["type"]
    name = str(path[-1]) if path else ""
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        place = document.place(path, of_key=True)
        text = f'unknown key "{name}"'
    elif kind in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        place = document.place(path[:-1], of_key=True)
        text = f'missing key "{name}"'
    else:
        place = document.place(path)
        where = ".".join(str(step) for step in path) or "the document"
        message = str(offence["msg"]).removeprefix("Value error, ")
        text = f"{where}: {message[:1].lower()}{message[1:]}"
    return Finding(document.file, place.line, place.column, rule, Severity.ERROR, text)


# --- YAML 1.2 core schema -------------------------------------------------------------------------------------------

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_OCTAL = re.compile(r"0o[0-7]{1,20}")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?")
_STARTS_NUMBER = frozenset("0123456789+-.")


def _resolve(text: str) -> str | int | float | bool | None:
    """A plain scalar by the core schema of YAML 1.2.2, section 10.3.2. Infinity and NaN stay text: no content means them."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text[0] not in _STARTS_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text[2:], 16)
    return text


@dataclass(slots=True)
class _Open:
    """A collection that is being read."""

    value: Any
    path: Path_
    anchor: str | None
    nodes_before: int
    key: Any = None
    has_key: bool = False
    skip: bool = False


@dataclass(slots=True)
class _Builder:
    """Events to values, without recursion: depth is a limit, not a crash."""

    file: str
    first_line: int
    values: dict[Path_, Place] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    nodes: int = 0
    root: Any = None
    documents: int = 0

    def build(self, text: str) -> Document:
        for event in self._events(text):
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._start(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._end()
                case yaml.AliasEvent():
                    self._alias(event)
                case yaml.DocumentStartEvent():
                    self.documents += 1
                    if self.documents > 1:
                        raise SyntaxReadError(self.file, "a second document starts here", line=self._place(event).line)
                case _:
                    pass  # starts and ends of the stream carry nothing
        return Document(self.file, self.root, self.values, self.keys, tuple(self.findings))

    def _events(self, text: str) -> Iterator[Any]:
        loader = _Loader(text)
        try:
            while loader.check_event():
                yield loader.get_event()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + self.first_line if mark else None
            column = mark.column + 1 if mark else None
            raise SyntaxReadError(self.file, f"not well-formed YAML: {error.problem}", line=line, column=column) from None
        except yaml.YAMLError as error:
            raise SyntaxReadError(self.file, f"not well-formed YAML: {error}") from None
        finally:
            loader.dispose()

    def _place(self, event: Any) -> Place:
        return Place(event.start_mark.line + self.first_line, event.start_mark.column + 1)

    def _count(self, n: int, place: Place) -> None:
        self.nodes += n
        if self.nodes > MAX_NODES:
            text = f"more than {MAX_NODES:,} values, aliases counted as often as they are used"
            raise TooLargeError(self.file, text, line=place.line)

    def _refuse_tag(self, event: Any, place: Place) -> None:
        if event.tag not in {None, "!", "tag:yaml.org,2002:str"}:
            raise SyntaxReadError(self.file, f"the tag {event.tag} is not allowed", line=place.line, column=place.column)

    def _scalar(self, event: Any) -> None:
        place = self._place(event)
        self._refuse_tag(event, place)
        self._count(1, place)
        value = _resolve(event.value) if event.implicit[0] and event.tag is None else event.value
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._put(value, place)

    def _start(self, event: Any, value: Any) -> None:
        place = self._place(event)
        self._refuse_tag(event, place)
        self._count(1, place)
        if len(self.stack) >= MAX_DEPTH:
            raise TooLargeError(self.file, f"nested deeper than {MAX_DEPTH} levels", line=place.line)
        if self._awaits_key():
            raise SyntaxReadError(self.file, "a key must be text or a number", line=place.line, column=place.column)
        path = self._path_of_next()
        if not any(level.skip for level in self.stack):
            self.values.setdefault(path, place)
        self.stack.append(_Open(value, path, event.anchor, self.nodes - 1))

    def _end(self) -> None:
        done = self.stack.pop()
        if done.anchor:
            self.anchors[done.anchor] = (done.value, self.nodes - done.nodes_before)
        self._put(done.value, None)

    def _alias(self, event: Any) -> None:
        place = self._place(event)
        if event.anchor not in self.anchors:
            text = f"the alias *{event.anchor} names no earlier anchor that is complete"
            raise SyntaxReadError(self.file, text, line=place.line, column=place.column)
        value, size = self.anchors[event.anchor]
        self._count(size, place)
        self._put(value, place)

    def _awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and not self.stack[-1].has_key

    def _path_of_next(self) -> Path_:
        if not self.stack:
            return ()
        top = self.stack[-1]
        return (*top.path, top.key if isinstance(top.value, dict) else len(top.value))

    def _put(self, value: Any, place: Place | None) -> None:
        if not self.stack:
            self.root = value
            if place:
                self.values[()] = place
            return
        top = self.stack[-1]
        if self._awaits_key():
            self._put_key(top, value, place)
            return
        if place and not top.skip:
            self.values.setdefault(self._path_of_next(), place)
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            if not top.skip:
                top.value[top.key] = value
            top.has_key = top.skip = False

    def _put_key(self, top: _Open, key: Any, place: Place | None) -> None:
        place = place or Place(self.first_line, 1)
        if isinstance(key, dict | list):
            raise SyntaxReadError(self.file, "a key must be text or a number", line=place.line, column=place.column)
        top.key, top.has_key = key, True
        top.skip = key in top.value
        if top.skip:
            self.findings.append(
                Finding(
                    self.file,
                    place.line,
                    place.column,
                    "duplicate-key",
                    Severity.ERROR,
                    f'the key "{key}" is given twice',
                )
            )
        else:
            self.keys[(*top.path, key)] = place
