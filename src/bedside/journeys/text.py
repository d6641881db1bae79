"""Text without signs that nobody sees: a file that others read must hold nothing that its owner can't see."""

from __future__ import annotations

import unicodedata

# controls, formats, line and paragraph separators, halves of characters, private and unassigned ones
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
# letters and marks that are drawn as nothing (Unicode: Default_Ignorable_Code_Point beyond those categories)
_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_JOINERS = frozenset("\u200c\u200d")  # Persian, Urdu and the scripts of India can't be written without


def without_unseen(text: str) -> str:
    """The text without them, and without space at its ends; line ends are line feeds, and tabs may stay.

    What comes of it is not changed by asking again.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if all(line.isascii() and line.isprintable() for line in plain.split("\n")):
        return plain.strip()  # most texts; letter by letter takes a hundred times as long
    seen = "".join(sign for sign in plain if sign in _JOINERS or _is_seen(sign)).strip()
    # a joiner is judged by its neighbours once nothing unseen stands between them; of several only the first can stay
    return "".join(sign for n, sign in enumerate(seen) if sign not in _JOINERS or _is_between_letters(seen, n)).strip()


def _is_seen(sign: str) -> bool:
    if sign in "\n\t":
        return True
    is_nothing = sign in _NOTHING or any(ord(sign) in selectors for selectors in _SELECTORS)
    return not is_nothing and unicodedata.category(sign) not in _UNSEEN


def _is_between_letters(text: str, n: int) -> bool:
    return 0 < n < len(text) - 1 and _is_letter(text[n - 1]) and _is_letter(text[n + 1])


def _is_letter(sign: str) -> bool:
    """Is it a letter or a mark beyond those of ASCII, which a joiner may stand beside?"""
    return not sign.isascii() and unicodedata.category(sign)[0] in "LM"
