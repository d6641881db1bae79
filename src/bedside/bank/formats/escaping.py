"""Plain text to Markdown in which it shows exactly as it was, with as few backslashes as that needs."""

from __future__ import annotations

import re

# what must be escaped anywhere in a line
_INLINE = re.compile(
    r"""
      \\(?=[!-/:-@\[-`{-~]|$)            # a backslash before punctuation would vanish
    | `
    | \*(?!(?<=\s\*)\s)                  # unless it stands free between spaces
    | _(?!(?<=[^\W_]_)[^\W_])            # unless it stands inside a word
    | <(?=[A-Za-z/!?])                   # would read as a tag
    | &(?=\#?\w{1,32};)                  # would read as a character reference
    | (?<=!)\[                           # would read as an exhibit
    """,
    re.VERBOSE,
)
# what must be escaped at the start of a line: (the sign or number before it, the sign)
_BLOCK = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^()(\#(?=\#{0,5}(?:\s|$))|>|[-+](?=\s|$|\[|-|:|\|)|=(?==*\s*$)|~(?=~~)|:|\|)")


def escape_line(text: str) -> str:
    """One line of text as Markdown that stands inside a line (an option, a cell)."""
    return _INLINE.sub(lambda sign: "\\" + sign[0], " ".join(text.split()))


def escape_paragraph(text: str) -> str:
    """One line of text as a Markdown paragraph."""
    return guard_start(escape_line(text))


def guard_start(markdown: str) -> str:
    """Keep Markdown that was escaped inside the line from reading as a list, a heading or a table at its start."""
    return _BLOCK.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[4]}", markdown, count=1)
