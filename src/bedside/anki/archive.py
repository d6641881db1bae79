"""The ZIP archive of a package: members found safely and read as streams, packed once or twice."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import zstandard

from bedside.anki.limits import MAX_MEMBERS, MAX_RATIO, MAX_WINDOW_BYTES, MIB, RATIO_COUNTS_FROM_BYTES
from bedside.errors import ReadError, TooLargeError

MAGIC = b"PK"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"

_CHUNK_BYTES = MIB
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,  # a member that is encrypted
    UnicodeDecodeError,
    ValueError,
    OverflowError,
)


class Archive:
    """A package as it lies on the disk."""

    def __init__(self, path: Path, file: str) -> None:
        self.file = file
        self._packed_bytes = path.stat().st_size
        try:
            self._zip = zipfile.ZipFile(path)
        except (*_BROKEN, OSError) as error:
            why = f"the file is damaged or was not copied whole: {_text(error)}; export it again"
            raise ReadError(file, why) from None
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            self._zip.close()
            raise TooLargeError(file, f"{len(infos):,} files in the archive are over the limit of {MAX_MEMBERS:,}")
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._twice: set[str] = set()
        for info in infos:
            if info.filename in self._infos:
                self._twice.add(info.filename)
            self._infos.setdefault(info.filename, info)

    def close(self) -> None:
        self._zip.close()

    @property
    def names(self) -> set[str]:
        """Names of its members."""
        return set(self._infos)

    def size_of(self, name: str) -> int:
        """Bytes of a member as the archive says, before any second packing."""
        return self._infos[name].file_size

    def stream(self, name: str, *, most: int) -> Iterator[bytes]:
        """The bytes of a member, unpacked from the second packing too where it has one.

        Raises:
            TooLargeError: more than `most` bytes, or far more than what is packed could sensibly hold.
            ReadError: the member is damaged.
        """
        if name in self._twice:
            raise ReadError(self.file, f'the archive holds "{name}" twice, and which one is meant is not said')
        info = self._infos[name]
        if info.file_size > most:
            raise TooLargeError(self.file, f'"{name}" has {info.file_size:,} bytes, over the limit of {most:,}')
        n_bytes = 0
        try:
            with self._zip.open(info) as member:
                for chunk in _chunks(member):
                    n_bytes += len(chunk)
                    self._watch(name, n_bytes, info.compress_size, most)
                    yield chunk
        except ReadError:  # which is a ValueError
            raise
        except (*_BROKEN, OSError) as error:
            raise ReadError(self.file, f'"{name}" in the archive is damaged: {_text(error)}') from None

    def read(self, name: str, *, most: int) -> bytes:
        """All bytes of a member."""
        return b"".join(self.stream(name, most=most))

    def _watch(self, name: str, n_bytes: int, packed: int, most: int) -> None:
        if n_bytes > most:
            raise TooLargeError(self.file, f'"{name}" unpacks to more than the limit of {most:,} bytes')
        if n_bytes > RATIO_COUNTS_FROM_BYTES and n_bytes > MAX_RATIO * max(1, min(packed, self._packed_bytes)):
            raise TooLargeError(self.file, f'"{name}" unpacks to more than {MAX_RATIO} times its packed size; no deck does')


def _chunks(member: IO[bytes]) -> Iterator[bytes]:
    start = member.read(len(ZSTD_MAGIC))
    if start != ZSTD_MAGIC:
        yield start
        while chunk := member.read(_CHUNK_BYTES):
            yield chunk
        return
    reader = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    # a stream that ends before its time is found by the check sum of the archive around it
    with reader.stream_reader(cast("IO[bytes]", _Joined(start, member)), read_across_frames=True, closefd=False) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


class _Joined:
    """Bytes that were read already, then the rest of the file."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start = start
        self._rest = rest

    def read(self, n_bytes: int = -1) -> bytes:
        start, self._start = self._start, b""
        return start + self._rest.read(n_bytes if n_bytes < 0 else max(0, n_bytes - len(start)))


def _text(error: BaseException) -> str:
    return str(error).strip(" .") or type(error).__name__
