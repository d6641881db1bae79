"""The files of a journey: what is signed, and beside it a page to read; and what a ZIP of them is opened to."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bedside.delivery import MAX_CARRIED_BYTES, canonical
from bedside.errors import ConflictError, TooLargeError, UsageError
from bedside.journeys import Choices, Journey, journey_as_dict
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.journeys.sharing import share
from bedside.site.journeys.standalone import readable_page

JOURNEY_FILE, PAGE_FILE = "journey.json", "journey.html"
ZIP_FILE, WITHDRAWAL_FILE = "journey.zip", "journey-withdrawal.json"  # no name of a person and no day in them
MAX_MEMBERS = 20  # of a ZIP; a journey's has two
_ZIP_BEGINS = b"PK\x03\x04"
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Files:
    """A journey that was signed, and the bytes of its files by name."""

    journey: Journey
    members: dict[str, bytes]


def seen_digest(journey: Journey) -> str:
    """A digest of all that its owner was shown. The signature is made at the writing, and is not in it."""
    told = {name: value for name, value in journey_as_dict(journey).items() if name != "signature"}
    return hashlib.sha256(canonical(told)).hexdigest()


def shown_json(journey: Journey) -> str:
    """The JSON as it would be written, to be read; the signature is made at the writing."""
    told: dict[str, Any] = journey_as_dict(journey)
    told["signature"] = "(made when the file is written)"
    return json.dumps(told, indent=2, ensure_ascii=False)


def write_files(user: User, content: Content, choices: Choices, *, at: datetime, seen: str) -> Files:
    """Sign the journey that was shown, and make its files. With another one than that nothing is kept.

    Raises:
        ConflictError: there is nothing to tell yet, or the record is no longer the one that was shown.
    """
    with transaction.atomic():
        journey, packed = share(user, content, choices, at=at)
        if seen_digest(journey) != seen:
            raise ConflictError("what the file would hold is no longer what was shown; look at it again")
    return Files(journey, {JOURNEY_FILE: packed, PAGE_FILE: readable_page(journey)})


def zipped(files: Files) -> bytes:
    """The files as one ZIP, whose members are of 1980: a ZIP would else say when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            packed.writestr(info, content)
    return out.getvalue()


def signed_part(packed: bytes, *, file: str, most: int = MAX_CARRIED_BYTES) -> bytes:
    """The bytes of the journey: those of the file, or of the journey.json in it where it is a ZIP; nothing else is opened.

    Raises:
        UsageError: the ZIP can't be read, or has no journey, or more than one.
        TooLargeError: it is larger than `most` bytes.
    """
    found = _unpacked(packed, file, most) if packed.startswith(_ZIP_BEGINS) else packed
    if len(found) > most:
        raise TooLargeError(file, f"a journey has at most {most:,} bytes")
    return found


def _unpacked(packed: bytes, file: str, most: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            named = [one.filename for one in archive.infolist()]
            if len(named) <= MAX_MEMBERS and named.count(JOURNEY_FILE) == 1:
                with archive.open(JOURNEY_FILE) as member:
                    return member.read(most + 1)
    except _BROKEN as error:
        raise UsageError(f"{file}: this ZIP can't be read: {error}") from None
    raise UsageError(f"{file}: this ZIP has no {JOURNEY_FILE}, more than one, or more than {MAX_MEMBERS} files")
