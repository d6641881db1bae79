"""JSON with one way to write it, so that the same values are the same bytes on every machine and have one digest.

Keys are sorted by code point, nothing stands between the parts, text is UTF-8 and not escaped beyond what JSON asks for, and
numbers are whole: fractions are written as text. Another program therefore gets the same bytes without a rule about floats.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal


def canonical(value: object) -> bytes:
    """The canonical JSON bytes of JSON values without fractions."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: object) -> str:
    """The SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def decimal_text(number: Decimal) -> str:
    """A decimal as text in the one way it is written: no exponent, no zeros behind, and never a minus before zero."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
