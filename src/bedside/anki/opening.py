"""Opening a deck of any age, told apart by what is in the file and not by its name."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bedside.anki import archive as archives
from bedside.anki import database as databases
from bedside.anki.archive import Archive
from bedside.anki.database import Database
from bedside.anki.limits import MAX_COLLECTION_BYTES, MAX_FILE_BYTES
from bedside.anki.media import read_media
from bedside.anki.notes_text import TextPackage, is_notes_text
from bedside.anki.package import CollectionPackage, Package
from bedside.anki.records import Format, Media
from bedside.anki.schema import ANKI_1, read_schema
from bedside.anki.skips import Skips
from bedside.anki.wire import WireError, fields_of
from bedside.errors import NotFoundError, ReadError, TooLargeError

NEWEST_PACKAGE = 3
_MEMBERS = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}
_HEAD_BYTES = 4096
_META_BYTES = 4096

Progress = Callable[[int, int], None]  # done and all, in bytes, notes or reviews


def is_deck(path: Path) -> bool:
    """Is the file one that `open_package` should be asked to read, by its first bytes?

    Raises:
        NotFoundError, ReadError: there is no such file, or it can't be read.
    """
    head = _head(path)
    if head.startswith(databases.MAGIC) or is_notes_text(head):
        return True
    if not head.startswith(archives.MAGIC):
        return False
    return path.suffix.lower() in {".apkg", ".colpkg"} or b"collection.anki" in head or _has_collection(path)


def open_package(path: Path, *, file: str | None = None, scratch: Path | None = None) -> Package:
    """Open a deck: .apkg, .colpkg, a bare collection, or a plain text export of notes.

    Args:
        file: how messages call it; the path otherwise.
        scratch: the folder for the unpacked collection, which may take two gigabytes; that of the system otherwise.

    Raises:
        NotFoundError: no such file.
        TooLargeError: over a limit, which the message names.
        ReadError: it is no deck, or damaged; the message says what to do.
    """
    name = file or str(path)
    head = _head(path)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise TooLargeError(name, f"{path.stat().st_size:,} bytes are over the limit of {MAX_FILE_BYTES:,}")
    if not head:
        raise ReadError(name, "the file is empty")
    with ExitStack() as stack:
        if head.startswith(databases.MAGIC):
            return _collection_alone(path, name, stack)
        if head.startswith(archives.MAGIC):
            return _package(path, name, scratch, stack)
        if is_notes_text(head):
            return TextPackage(path, name)
    raise ReadError(name, "this is no deck: neither a package of Anki (.apkg, .colpkg), nor a collection, nor notes as text")


def _package(path: Path, name: str, scratch: Path | None, stack: ExitStack) -> Package:
    archive = Archive(path, name)
    stack.callback(archive.close)
    member = _member(archive)
    unpacked = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bedside-deck-", dir=scratch))) / "collection"
    with unpacked.open("wb") as target:
        for chunk in archive.stream(member, most=MAX_COLLECTION_BYTES):
            target.write(chunk)
    skips = Skips()
    media = read_media(archive, skips)
    return _opened(unpacked, name, stack, member=member, archive=archive, kind=_kind_by_name(name), media=media, skips=skips)


def _collection_alone(path: Path, name: str, stack: ExitStack) -> Package:
    skips = Skips()
    log = path.with_name(path.name + "-wal")
    if log.is_file() and log.stat().st_size:
        skips.add(log.name, "holds changes that Anki has not put into the collection yet; close Anki and try again")
    return _opened(path, name, stack, member=None, archive=None, kind=Format.COLLECTION, media=(), skips=skips)


def _opened(
    path: Path,
    name: str,
    stack: ExitStack,
    *,
    member: str | None,
    archive: Archive | None,
    kind: Format | None,
    media: tuple[Media, ...],
    skips: Skips,
) -> CollectionPackage:
    with path.open("rb") as source:
        if source.read(len(databases.MAGIC)) != databases.MAGIC:
            raise ReadError(name, "the collection inside is no database; export the deck again in Anki")
    database = Database(path, name)
    stack.callback(database.close)
    schema = read_schema(database)
    found = kind or (Format.COLPKG if schema.is_whole else Format.APKG)
    package = CollectionPackage(database, schema, kind=found, member=member, archive=archive, media=media, opening=skips)
    package.keep_open(stack.pop_all())
    return package


def _member(archive: Archive) -> str:
    """Which collection to read: that which the package names, else the newest. One beside it only says "please update"."""
    version = _version(archive)
    if version > NEWEST_PACKAGE:
        raise ReadError(
            archive.file,
            f"the package is of version {version}, newer than is known here; "
            'export it again with "Support older Anki versions" ticked',
        )
    wanted = _MEMBERS.get(version)
    if wanted in archive.names:
        return str(wanted)
    for name in reversed(_MEMBERS.values()):
        if name in archive.names:
            return name
    if any(name.endswith(".anki") for name in archive.names):
        raise ReadError(archive.file, ANKI_1)
    raise ReadError(archive.file, "there is no collection in the archive: it is no package of Anki")


def _version(archive: Archive) -> int:
    if "meta" not in archive.names:
        return 0
    try:
        value = dict(fields_of(archive.read("meta", most=_META_BYTES))).get(1, 0)
    except WireError:
        return 0
    return value if isinstance(value, int) else 0


def _kind_by_name(name: str) -> Format | None:
    """The two kinds of package are built alike, and Anki itself tells them apart by name."""
    return {".apkg": Format.APKG, ".colpkg": Format.COLPKG}.get(Path(name).suffix.lower())


def _has_collection(path: Path) -> bool:
    try:
        archive = Archive(path, str(path))
    except ReadError:
        return False
    archive.close()
    return bool(archive.names & {*_MEMBERS.values()}) or any(name.endswith(".anki") for name in archive.names)


def _head(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise (NotFoundError(f"{path}: no such file") if not path.exists() else ReadError(str(path), "is no file"))
        with path.open("rb") as source:
            return source.read(_HEAD_BYTES)
    except OSError as error:
        raise ReadError(str(path), f"can't be read: {error.strerror}") from None
