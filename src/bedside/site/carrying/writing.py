"""All that a person owns, written to one file: rows as lines for an exact return, tables for reading, sittings, pictures."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from bedside import __version__
from bedside.delivery import instant_text
from bedside.errors import StoreError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.cards.media import media_path
from bedside.site.cards.models import CardMedia
from bedside.site.carrying.archive import FORMAT, MANIFEST, LeftOut, Manifest, Member, Whose, rows_member
from bedside.site.carrying.rows import Codec, rows_of
from bedside.site.carrying.sittings import sittings_out
from bedside.site.carrying.tables import TABLES
from bedside.site.cases.models import CaseRun
from bedside.site.database import one_write
from bedside.site.exam.export import csv_text, neutral, response_table
from bedside.site.exam.sealed import see_unsealed
from bedside.site.exam.stick import this_server
from bedside.site.registration.export import office_record_table, registration_table

EXPORTED = "person_exported"  # the entry in the audit log
CHUNK = 1024 * 1024
IN_MEMORY_BYTES = 8 * CHUNK  # of a table for reading, while its lines are written

Progress = Callable[[str, int], None]  # what was written, and how many of it


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote."""

    n_bytes: int
    counts: dict[str, int]  # rows by table, and "sittings", "media"
    left_out: tuple[LeftOut, ...]


@dataclass(slots=True)
class _Out:
    """A file that is being written."""

    packed: zipfile.ZipFile
    members: dict[str, Member] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def export_person(
    user: User,
    path: Path,
    *,
    at: datetime,
    actor: User | None = None,
    with_keys: bool | None = None,
    progress: Progress = lambda what, n: None,
) -> Written:
    """Write all that a person owns to a file, beside its place first, and put it there when it is whole.

    `with_keys` says whether sittings go whose keys were not given out yet; by default on one's own computer and nowhere else.
    What is written while this runs may be in the file or not, but never half: what points at a row is read before the row.

    Raises:
        SealedError: a proctored sitting of theirs is under way.
        StoreError: the disk refuses, or a file of theirs can't be read; nothing is there that was not there before.
    """
    see_unsealed(user.pk, at)
    keys = settings.IS_LOCAL if with_keys is None else with_keys
    with _beside(path) as part:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            out = _Out(packed)
            _write_all(out, user, at, with_keys=keys, actor=actor, progress=progress)
            _write_manifest(out, user, at)
        see_unsealed(user.pk, at)  # it may have been begun meanwhile
        n_bytes = part.stat().st_size
        with one_write():
            audit(actor=actor, verb=EXPORTED, subject=str(user.pk), at=at, detail={"bytes": n_bytes})
    return Written(n_bytes, out.counts, tuple(out.left_out))


def _write_all(out: _Out, user: User, at: datetime, *, with_keys: bool, actor: User | None, progress: Progress) -> None:
    media = _write_media(out, user)
    still_open = set() if with_keys else _still_open(out, user)
    for table in reversed(TABLES):  # what points at a row before the row
        codec = Codec(table, at)
        rows = rows_of(user, table, codec)
        if table.name == "media":
            rows = (row for row in rows if row["sha256"] in media)
        elif table.name in _OF_A_RUN:
            rows = _without(rows, _OF_A_RUN[table.name], still_open)
        out.counts[table.name] = _write_table(out, table.name, codec.names, rows)
        progress(table.name, out.counts[table.name])
    n = 0
    for name, text in sittings_out(user, out.left_out, with_keys=with_keys, actor=actor, at=at):
        _write(out, name, [text])
        n += name.startswith("sittings/")
        progress("sittings", n)
    out.counts["sittings"] = n
    _write(out, "read/responses.csv", [csv_text(response_table(user)).encode()])
    _write(out, "read/registrations.csv", [csv_text(registration_table(user)).encode()])
    _write(out, "read/office_records.csv", [csv_text(office_record_table(user)).encode()])


_OF_A_RUN = {"case_runs": "id", "case_commands": "run"}  # and where the run is named


def _still_open(out: _Out, user: User) -> set[str]:
    """The runs of cases that have not ended, and stay: the text of a case says what is right."""
    found = {str(pk) for pk in CaseRun.objects.filter(user=user, ended_at=None, sitting=None).values_list("pk", flat=True)}
    why = "it has not ended, and its text says what is right"
    out.left_out += [LeftOut(what=f"run {pk} of a case", why=why) for pk in sorted(found)]
    return found


def _without(rows: Iterable[dict[str, Any]], name: str, values: Container[str]) -> Iterator[dict[str, Any]]:
    return (row for row in rows if row[name] not in values)


# --- tables -----------------------------------------------------------------------------------------------------------------


def _write_table(out: _Out, name: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> int:
    """The rows as lines, and beside them as a table; answers how many."""
    n = 0
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as kept:
        text = io.TextIOWrapper(kept, encoding="utf-8", newline="", write_through=True)
        sheet = csv.writer(text, lineterminator="\n")
        sheet.writerow(columns)

        def lines() -> Iterator[bytes]:
            nonlocal n
            for row in rows:
                n += 1
                sheet.writerow([_cell(value) for value in row.values()])
                yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

        _write(out, rows_member(name), _gathered(lines()), rows=lambda: n)
        text.flush()
        text.detach()
        kept.seek(0)
        _write(out, f"read/{name}.csv", iter(lambda: kept.read(CHUNK), b""))
    return n


def _cell(value: Any) -> str | int | float | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list | dict):
        return neutral(json.dumps(value, ensure_ascii=False))
    return value if isinstance(value, float) else neutral(value)


def _gathered(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in larger pieces: a piece costs more than its bytes."""
    found, size = [], 0
    for line in lines:
        found.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(found)
            found, size = [], 0
    yield b"".join(found)


# --- members ----------------------------------------------------------------------------------------------------------------


def _write_media(out: _Out, user: User) -> set[str]:
    """The pictures and sounds of a person; answers the hashes of those that are in the file."""
    found = set()
    hashes = CardMedia.objects.filter(user=user).order_by("sha256").values_list("sha256", flat=True).distinct()
    for digest in hashes:
        try:
            with media_path(digest).open("rb") as file:
                _write(out, f"media/{digest}", iter(lambda: file.read(CHUNK), b""), is_packed=True)
            found.add(digest)
        except FileNotFoundError:
            out.left_out.append(LeftOut(what=f"the picture or sound {digest}", why="its file is gone from the data folder"))
    out.counts["media_files"] = len(found)
    return found


def _write(
    out: _Out,
    name: str,
    chunks: Iterable[bytes],
    *,
    rows: Callable[[], int] | None = None,
    is_packed: bool = False,
) -> None:
    """One member; what the manifest says of it is counted on the way."""
    digest, n_bytes = sha256(), 0
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with out.packed.open(info, "w", force_zip64=True) as file:
        for chunk in chunks:
            digest.update(chunk)
            n_bytes += len(chunk)
            file.write(chunk)
    out.members[name] = Member(bytes=n_bytes, sha256=digest.hexdigest(), rows=rows() if rows else None)


def _write_manifest(out: _Out, user: User, at: datetime) -> None:
    manifest = Manifest(
        format=FORMAT,
        program=f"bedside {__version__}",
        server=str(this_server().pk),
        made_at=at,
        user=Whose(id=str(user.pk), name=user.username),
        members=out.members,
        left_out=tuple(out.left_out),
    )
    told = {**manifest.model_dump(mode="json", exclude_none=True), "made_at": instant_text(at)}
    out.packed.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A place beside, put in the place of `path` where the block ends well, and taken away otherwise."""
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")  # mode 0600
        os.close(handle)
        part = Path(name)
        try:
            yield part
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"{path}: can't be written: {error.strerror or error}") from error
