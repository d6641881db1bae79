"""The file of a person as a ZIP that may come from anybody: its members, its manifest, and its rows line by line.

Nothing is unpacked by name, so a member can lie nowhere but in the archive. Sizes are counted while they are read, each member
must have the bytes that the manifest says, and a line is read before it is believed.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NoReturn

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bedside.errors import NotFoundError, StoreError, TooLargeError, UsageError
from bedside.site.carrying.tables import BY_NAME

FORMAT = "bedside-person/1"
MANIFEST = "manifest.json"
MAX_FILE_BYTES = 8 * 1024**3
MAX_UNPACKED_BYTES = 16 * 1024**3
MAX_HOSTED_BYTES = 3 * 1024**3  # the same where others use the server: all of it is read while one of eight threads waits
MAX_MEMBERS = 200_000
MAX_MANIFEST_BYTES = 64 * 1024**2
MAX_LINE_BYTES = 4 * 1024**2
MAX_ROWS = 5_000_000  # of one table
MAX_RATIO = 300  # unpacked to packed: lines of one table come to 60 at most
RATIO_FROM_BYTES = 4 * 1024**2
CHUNK = 1024 * 1024

_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ROWS = re.compile(r"rows/([a-z_]{1,40})\.jsonl")
_READ = re.compile(r"read/[a-z_]{1,40}\.csv")
_SITTING = re.compile(rf"sittings/({_ID})\.json")
_RECEIPT = re.compile(rf"receipts/{_ID}\.json")
_MEDIUM = re.compile(r"media/([0-9a-f]{64})")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Whose(_Strict):
    """The account that the file was made for."""

    id: str = Field(max_length=36)
    name: str = Field(max_length=150)


class Member(_Strict):
    """What the manifest says of one member."""

    bytes: int = Field(ge=0, le=MAX_UNPACKED_BYTES)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int | None = Field(default=None, ge=0, le=MAX_ROWS)


class LeftOut(_Strict):
    """What the person owns and the file does not hold, and why."""

    what: str = Field(max_length=200)
    why: str = Field(max_length=500)


class Manifest(_Strict):
    """The file `manifest.json`."""

    format: str
    program: str = Field(max_length=100)
    server: str = Field(max_length=36)
    made_at: datetime
    user: Whose
    members: dict[str, Member] = Field(max_length=MAX_MEMBERS)
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a member, as the file has it."""

    member: str
    number: int  # from 1
    told: dict[str, Any]

    def refuse(self, text: str, *, field: str | None = None) -> NoReturn:
        """Say what is wrong, and where.

        Raises:
            UsageError: always.
        """
        at = f"{self.member}, line {self.number}"
        raise UsageError(f'{at}, field "{field}": {text}' if field else f"{at}: {text}")


class Archive:
    """An opened file. Its members are known and of a bearable size; what they hold is checked as it is read."""

    def __init__(self, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self._packed = packed
        self.manifest = manifest
        self.sittings = tuple(sorted(name for name in manifest.members if _SITTING.fullmatch(name)))
        self.media = tuple(sorted(name for name in manifest.members if _MEDIUM.fullmatch(name)))

    def has_rows(self, table: str) -> bool:
        """Does the file hold rows of this table?"""
        return rows_member(table) in self.manifest.members

    def lines(self, table: str) -> Iterator[Line]:
        """The rows of a table, one at a time; at the end of them it is known that they were whole.

        Raises:
            UsageError: a line is too long or is no JSON object, or the member is not what the manifest says.
        """
        name = rows_member(table)
        number, rest = 0, b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                number += 1
                yield Line(name, number, _object(name, number, line))
            if len(rest) > MAX_LINE_BYTES:
                raise UsageError(f"{name}, line {number + 1}: it is over the limit of {MAX_LINE_BYTES:,} bytes")
        if rest:
            raise UsageError(f"{name}, line {number + 1}: the line has no end")
        if self.manifest.members[name].rows != number:
            raise UsageError(f"{name}: it has {number:,} rows, and not as many as the manifest says")

    def whole(self, name: str, most: int) -> bytes:
        """A member that is read at once.

        Raises:
            UsageError: it is not what the manifest says.
            TooLargeError: it is larger than that.
        """
        if self.manifest.members[name].bytes > most:
            raise TooLargeError(name, f"it is over the limit of {most:,} bytes")
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """A member in pieces; after the last one it is known to be what the manifest says.

        Raises:
            UsageError: it is not, or can't be unpacked.
        """
        said = self.manifest.members[name]
        digest, n_bytes = sha256(), 0
        with _sound(name), self._packed.open(name) as file:
            while chunk := file.read(CHUNK):
                n_bytes += len(chunk)
                if n_bytes > said.bytes:
                    break
                digest.update(chunk)
                yield chunk
        if (n_bytes, digest.hexdigest()) != (said.bytes, said.sha256):
            raise UsageError(f"{name}: it is not what the manifest says; the file was changed or cut off")


def rows_member(table: str) -> str:
    """The member that holds the rows of a table."""
    return f"rows/{table}.jsonl"


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The file of a person.

    Raises:
        NotFoundError: there is no such file.
        UsageError: it is no such file, holds what it must not, or is of another version; names the member.
        TooLargeError: it is larger than any such file.
        StoreError: the system refuses.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise NotFoundError(f"{path}: there is no such file") from None
    except OSError as error:
        raise StoreError(f"{path}: can't be read: {error.strerror or error}") from error
    with file:
        yield read_archive(file, name=path.name)


def read_archive(file: IO[bytes], *, name: str) -> Archive:
    """The archive in an open file, which stays open; see `opened`."""
    if file.seek(0, 2) > MAX_FILE_BYTES:
        raise TooLargeError(name, f"it is over the limit of {MAX_FILE_BYTES:,} bytes")
    try:
        packed = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise UsageError(f"{name}: this is no file of a person's data: {error}") from None
    infos = packed.infolist()
    if len(infos) > MAX_MEMBERS:
        raise TooLargeError(name, f"it has {len(infos):,} members; the limit is {MAX_MEMBERS:,}")
    _see_members(infos)
    return Archive(packed, _manifest(packed, {info.filename: info.file_size for info in infos}))


def _see_members(infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    total = 0
    for info in infos:
        name = info.filename
        if name in seen:
            raise UsageError(f'member "{name[:100]}" is there twice')
        seen.add(name)
        if not _is_known(name):
            raise UsageError(f'member "{name[:100]}" does not belong into a file of a person\'s data; nothing was read')
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UsageError(f"member {name} is encrypted, or packed in a way that is not read here")
        if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * info.compress_size:
            raise TooLargeError(name, f"it unpacks to more than {MAX_RATIO} times its size")
        total += info.file_size
    most = MAX_UNPACKED_BYTES if settings.IS_LOCAL else min(MAX_UNPACKED_BYTES, MAX_HOSTED_BYTES)
    if total > most:
        raise TooLargeError(MANIFEST, f"the members unpack to more than {most:,} bytes")


def _is_known(name: str) -> bool:
    rows = _ROWS.fullmatch(name)
    if rows:
        return rows[1] in BY_NAME
    return name == MANIFEST or any(kind.fullmatch(name) for kind in (_READ, _SITTING, _RECEIPT, _MEDIUM))


def _manifest(packed: zipfile.ZipFile, sizes: dict[str, int]) -> Manifest:
    if sizes.get(MANIFEST) is None:
        raise UsageError(f"the file has no {MANIFEST}; it is no file of a person's data")
    if sizes[MANIFEST] > MAX_MANIFEST_BYTES:
        raise TooLargeError(MANIFEST, f"it is over the limit of {MAX_MANIFEST_BYTES:,} bytes")
    with _sound(MANIFEST), packed.open(MANIFEST) as file:
        text = file.read(MAX_MANIFEST_BYTES + 1)
    told = _json(text, MANIFEST)
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise UsageError(f'{MANIFEST}: field "format" must be "{FORMAT}"; another version of Bedside made this file')
    try:
        manifest = Manifest.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(f'{MANIFEST}, field "{place[:120]}": {first["msg"]}') from None
    if manifest.made_at.tzinfo is None:
        raise UsageError(f'{MANIFEST}, field "made_at": it has no time zone')
    if missing := manifest.members.keys() ^ (sizes.keys() - {MANIFEST}):
        raise UsageError(f'member "{min(missing)[:100]}" is in the file and not in its manifest, or the other way round')
    return manifest


@contextmanager
def _sound(name: str) -> Iterator[None]:
    try:
        yield
    except UsageError:
        raise
    except _BROKEN as error:
        raise UsageError(f"{name}: it can't be unpacked: {error}") from None


def _object(name: str, number: int, line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE_BYTES:
        raise UsageError(f"{name}, line {number}: it is over the limit of {MAX_LINE_BYTES:,} bytes")
    told = _json(line, f"{name}, line {number}")
    if not isinstance(told, dict):
        raise UsageError(f"{name}, line {number}: it is no JSON object")
    return told


def _json(text: bytes, place: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place}: it is no JSON: {error}") from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is there twice")
    return found
