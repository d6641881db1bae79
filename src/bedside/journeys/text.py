"""Text without signs that nobody sees: a file that others read must hold nothing that its owner can't see."""

from __future__ import annotations

import unicodedata

# controls, formats, line and paragraph separators, halves of characters, private and unassigned ones
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters that are drawn as nothing
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_JOINERS = frozenset("\u200c\u200d")  # Persian, Urdu and the scripts of India can't be written without


def without_unseen(text: str) -> str:
    """The text without them, and without space at its ends; line ends are line feeds, and tabs may stay."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for n, sign in enumerate(plain) if _is_seen(plain, n)).strip()


def _is_seen(text: str, n: int) -> bool:
    sign = text[n]
    if sign in "\n\t":
        return True
    if sign in _JOINERS:
        return 0 < n < len(text) - 1 and _joins(text[n - 1]) and _joins(text[n + 1])
    if sign in _FILLERS or any(ord(sign) in selectors for selectors in _SELECTORS):
        return False
    return unicodedata.category(sign) not in _UNSEEN


def _joins(sign: str) -> bool:
    """Is it a letter or a mark, beyond those of ASCII, that a joiner may stand beside?"""
    return not sign.isascii() and unicodedata.category(sign)[0] in "LM"
