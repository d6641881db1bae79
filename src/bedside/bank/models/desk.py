"""Where a model file is read: its document, the findings so far, and the names that expressions and texts may use."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field

from bedside.bank.body import check_html
from bedside.bank.exhibits import EXHIBIT, check_exhibits
from bedside.bank.media import MediaFolder
from bedside.bank.models.functions import FUNCTIONS
from bedside.bank.models.model import Formula
from bedside.bank.models.shapes import NUMBER, Shape, ShapeError, Sort, shape_of
from bedside.bank.models.template import Template, read_template
from bedside.bank.records import error_at
from bedside.errors import ExpressionError
from bedside.expressions import compile_expression
from bedside.findings import Finding, Severity
from bedside.reading import Document, Path_, Source

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(slots=True)
class Desk:
    """One file while it is read."""

    source: Source
    document: Document
    media: MediaFolder | None = None
    findings: list[Finding] = field(default_factory=list)
    shapes: dict[str, Shape] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)  # names that an expression or a text asks for

    def error(self, path: Path_, rule: str, text: str, *, of_key: bool = False) -> None:
        self.findings.append(error_at(self.document, path, rule, text, of_key=of_key))

    def call(self, name: str, shape: Shape, path: Path_) -> None:
        """Make a name known; one that is none, or stands already, is a finding."""
        if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name in FUNCTIONS:
            text = f'"{name}" is no name: small letters, digits and _, first a letter; and no function or word of the language'
            self.error(path, "wrong-name", text, of_key=True)
        elif name in self.shapes:
            self.error(path, "duplicate-name", f'something is called "{name}" already', of_key=True)
        else:
            self.shapes[name] = shape

    def formula(self, text: str | float, path: Path_, *, wanted: Sort | None = None) -> tuple[Formula | None, Shape]:
        """The expression at `path`, and what it answers; None and a finding where it is none, or not of the wanted sort."""
        words = str(text)
        try:
            expression = compile_expression(words, names=self.shapes.keys(), functions=FUNCTIONS)
            shape = shape_of(words, self.shapes)
        except ExpressionError as error:
            rule = "unknown-name" if error.text.startswith("unknown name") else "wrong-expression"
            self.error(path, rule, f"{error.text} (column {error.column} of the expression)")
            return None, NUMBER
        except ShapeError as error:
            self.error(path, "wrong-expression", str(error))
            return None, NUMBER
        self.used |= expression.names
        if wanted and shape.sort is not wanted and not (wanted is Sort.NUMBER and shape.sort is Sort.TRUTH):
            self.error(path, "wrong-expression", f"this is {shape.sort.value}, and must be {wanted.value}")
            return None, shape
        return Formula(expression, path), shape

    def template(self, text: str, path: Path_) -> Template:
        """The text at `path` in pieces; what is wrong with it is a finding at its own line."""
        first = self.first_line(path)
        template, problems = read_template(text, self.shapes)
        self.used |= template.names
        for problem in problems:
            line = first + text.count("\n", 0, problem.offset)
            self.findings.append(Finding(self.source.file, line, None, problem.rule, Severity.ERROR, problem.text))
        self.findings += check_html(text, self.source.file, first)
        files = without_exhibits(text, "figure")  # a figure has places for values, and is looked at in members
        self.findings += check_exhibits(files, file=self.source.file, first_line=first, media=self.media)
        return template

    def first_line(self, path: Path_) -> int:
        """The line of the file on which the text at `path` begins."""
        place = self.document.place(path)
        line = self.source.line(place.line) or ""
        return place.line + (line[place.column - 1 : place.column] in {"|", ">"})


def without_exhibits(text: str, scheme: str) -> str:
    """The text with the exhibits of a scheme, "media" or "figure", taken out; all lines stay where they are."""
    return EXHIBIT.sub(lambda found: "" if found[2].strip().startswith(f"{scheme}:") else found[0], text)
