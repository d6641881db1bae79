"""A journey that is brought through the page: out of a file or a ZIP file, never larger than a limit, never kept on the way.

Where nobody here trusts the key that signed it, the file travels once more, in a field of the page that asks about the key.
What comes back is read and its signature checked as if it were new, so that the field need not be trusted.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from bedside.errors import UsageError
from bedside.site.journeys.files import signed_part

MAX_FILE_BYTES = 4 * 1024**2  # a journey of twenty years with all its notes is smaller
MAX_ZIP_BYTES = 8 * 1024**2
MAX_FIELD = 180_000  # letters; forms of pages may have 256 KiB


def sent_file(request: HttpRequest) -> tuple[bytes, str]:
    """The journey that a form brought, as bytes, and its name for messages.

    Raises:
        UsageError: there is none, it is too large, or it is a ZIP file without a journey in it.
        TooLargeError: the journey in it is too large.
    """
    if request.POST.get("held"):
        return _from_field(request.POST["held"]), _named(request.POST.get("name", ""))
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise UsageError("choose the file first")
    name = _named(sent.name or "")
    if (sent.size or 0) > MAX_ZIP_BYTES:
        raise UsageError(f"{name}: {sent.size:,} bytes are over the limit of {MAX_ZIP_BYTES:,} bytes")
    data = sent.read(MAX_ZIP_BYTES + 1)
    return signed_part(data, file=name, most=MAX_FILE_BYTES), name


def as_field(packed: bytes) -> str:
    """The file as the text of a form's field; empty where it is too large for one."""
    text = base64.b64encode(zlib.compress(packed, 9)).decode()
    return text if len(text) <= MAX_FIELD else ""


def _from_field(text: str) -> bytes:
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(text, validate=True), MAX_FILE_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise UsageError("the page was changed; choose the file again") from error
    return signed_part(data, file="the file", most=MAX_FILE_BYTES)


def _named(name: str) -> str:
    """The last part of a file's name, with plain signs only."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\w .()-]", "-", last)[:80].strip() or "the file"
