"""The error tree: a request that cannot be served, and that leaves no trace.

BedsideError
├── ReadError (ValueError)            a file can't be read at all; names file and line
│   ├── NotTextError                  bytes that are not UTF-8, or NUL
│   ├── TooLargeError                 over a limit: bytes, depth, nodes, rows; names the limit
│   └── SyntaxReadError               not well-formed YAML, Markdown front matter, CSV or JSON
├── UsageError (ValueError)           the request is malformed, or asks for what does not exist in this form
│   └── ExpressionError               an expression outside the small language, or one that can't be computed
├── NotFoundError (LookupError)       the thing named does not exist
├── NotAllowedError (PermissionError) this person may not do this
├── ConflictError                     the request contradicts what is already stored
└── StoreError (OSError)              the store refuses: full, locked, read-only; nothing was written

What is wrong *inside* content is not an error but a `findings.Finding`; what the rules of an exam refuse is a refusal, a
value that is kept with its event. The shell maps errors to a status: the command line 2 (1 for a failed check), the site
400, 404, 403, 409 and 503.
"""

from __future__ import annotations


class BedsideError(Exception):
    """The request cannot be served; the message names the thing, the place and what to do."""


class ReadError(BedsideError, ValueError):
    """A file can't be read at all."""

    def __init__(self, file: str, text: str, *, line: int | None = None, column: int | None = None) -> None:
        self.file = file
        self.line = line
        self.column = column
        self.text = text
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {text}")


class NotTextError(ReadError):
    """The bytes are not UTF-8 text."""


class TooLargeError(ReadError):
    """The file is over a limit, which the message names."""


class SyntaxReadError(ReadError):
    """The file is not well-formed."""


class UsageError(BedsideError, ValueError):
    """The request is malformed."""


class ExpressionError(UsageError):
    """The expression is outside the small language, or can't be computed with these values."""

    def __init__(self, text: str, *, column: int) -> None:
        self.text = text
        self.column = column  # of the expression's text, from 1
        super().__init__(f"column {column}: {text}")


class NotFoundError(BedsideError, LookupError):
    """The thing named does not exist."""


class NotAllowedError(BedsideError, PermissionError):
    """This person may not do this."""


class ConflictError(BedsideError):
    """The request contradicts what is stored."""


class StoreError(BedsideError, OSError):
    """The store refused the write; nothing was written."""
