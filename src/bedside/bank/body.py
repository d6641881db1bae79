"""The body of an item file: vignette, lead-in, options or answer with their explanations, each with its line.

The rules of the format:

- The options are the lines `- [ ] text` and `- [x] text` (the key), from the first of them to the end of the file.
- Under an option stands its explanation, `  : text`; lines indented by two spaces or more go on with what stands above
  them, and an empty line between them starts a new paragraph.
- The paragraph before the first option is the lead-in; everything above it is the stem, which may hold tables.
- A numeric item has no options but one line `= 7.35 ± 0.02 mmol/L`: value, tolerance (none: exact), unit (none: a pure number).

The text is Markdown and is kept as written. It is not rendered here, and nothing here knows of programmes or takeaways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bedside.bank.item import NumericAnswer, Option
from bedside.findings import Finding, Severity

MAX_OPTIONS = 26  # one letter each
MAX_FINDINGS = 20  # of one rule in one body: a file that is wrong throughout is told so once, not 100,000 times

_OPTION = re.compile(r"- \[([ xX])\](?:[ \t]+(.*))?")
_LIKE_OPTION = re.compile(r"\s*[-*+]\s*\[[ \txX]{0,3}\]")
_ANSWER = re.compile(r"=[ \t]+(.*)")
_LIKE_ANSWER = re.compile(r"\s*=(?!=)")  # a line of several is the underline of a heading
_NUMBER = r"[0-9]{1,15}+(?:\.[0-9]{1,15}+)?+"  # as many digits as an answer may have
_QUANTITY = re.compile(rf"([-+−]?{_NUMBER})(?:\s*(?:±|\+/-)\s*({_NUMBER}))?+(?![0-9.,eE])\s*([^\s±][^±]{{0,39}})?")
_EXPLANATION = re.compile(r" {2,4}:(?:[ \t]+(.*))?")
_NO_PARAGRAPH = re.compile(r"\||>|```|~~~|#{1,6}(?:\s|$)|[-+*](?:\s|$)")
_ATTRIBUTE = r"\s+[A-Za-z_:][A-Za-z0-9:._-]*+(?:\s*+=\s*+(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?"
_HTML = re.compile(
    rf"(?<!\\)<(?:[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*+\s*+/?>|/[A-Za-z][A-Za-z0-9-]*+\s*+>"
    r"|!--|!\[CDATA\[|!DOCTYPE\b|\?[a-z]|/?(?:script|style|iframe|img|svg|object|embed)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Body:
    """What stands under the front matter. `n_options` counts all of them, `options` holds the first 26.

    `n_answers` counts the answers of a numeric item, `answer` is the first; it is None where it can't be read.
    """

    stem: str
    stem_line: int
    lead_in: str
    lead_in_line: int
    options: tuple[Option, ...]
    n_options: int
    answer: NumericAnswer | None
    n_answers: int
    findings: tuple[Finding, ...]


def parse_body(text: str, *, file: str, first_line: int, is_numeric: bool = False) -> Body:
    """Take a body apart; what is not written as the format asks is a finding, and the rest is still read."""
    lines = text.split("\n")
    starts = (_LIKE_OPTION, _LIKE_ANSWER) if is_numeric else (_LIKE_OPTION,)
    start = next((n for n, line in enumerate(lines) if any(like.match(line) for like in starts)), len(lines))
    parser = _Options(file, first_line, is_numeric)
    for n in range(start, len(lines)):
        parser.take(lines[n], n + first_line)
    stem, stem_line, lead_in, lead_in_line = _head(lines[:start], first_line)
    findings = [*parser.findings, *check_html(text, file, first_line)]
    if not lead_in:
        place = lead_in_line if start < len(lines) else first_line
        findings.append(_error(file, place, None, "no-lead-in", "the paragraph before the options must be the lead-in"))
    answer, n_answers = parser.answer(), len(parser.answers)
    findings += parser.unread_answer()
    options, n_options = parser.options(), len(parser.drafts) - n_answers
    return Body(stem, stem_line, lead_in, lead_in_line, options, n_options, answer, n_answers, tuple(findings))


def _head(lines: list[str], first_line: int) -> tuple[str, int, str, int]:
    """Stem and lead-in with their lines; the lead-in is empty where the last block is no paragraph."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    block = [line.strip() for line in lines[start:end]]
    is_paragraph = bool(block) and not _NO_PARAGRAPH.match(block[0])
    lead_in = " ".join(block) if is_paragraph else ""
    stem_end = start if is_paragraph else end
    top = next((n for n in range(stem_end) if lines[n].strip()), stem_end)
    stem = "\n".join(line.rstrip() for line in lines[top:stem_end]).rstrip()
    return stem, top + first_line, lead_in, start + first_line


@dataclass(slots=True)
class _Draft:
    line: int
    is_key: bool
    text: list[str]
    explanation: list[str] | None = None
    is_answer: bool = False


@dataclass(slots=True)
class _Options:
    """The lines from the first option to the end of the file, one after the other."""

    file: str
    first_line: int
    is_numeric: bool
    drafts: list[_Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    after_blank: bool = False
    has_stray: bool = False

    def take(self, line: str, number: int) -> None:
        if not line.strip():
            self.after_blank = True
            return
        if option := _OPTION.fullmatch(line):
            self.drafts.append(_Draft(number, option[1] != " ", [(option[2] or "").strip()]))
        elif self.is_numeric and (answer := _ANSWER.fullmatch(line)):
            self.drafts.append(_Draft(number, True, [answer[1].strip()], is_answer=True))
        elif self.is_numeric and _LIKE_ANSWER.match(line):
            self._broken(line, number, "write an answer as '= 7.35 ± 0.02 mmol/L', from the first column")
        elif _LIKE_OPTION.match(line):
            self._broken(line, number, "write an option as '- [ ] text', or '- [x] text' for the key, from the first column")
        elif not self.drafts:
            pass  # below a first option that is broken and was reported
        elif explanation := _EXPLANATION.fullmatch(line):
            self._explain(line, number, (explanation[1] or "").strip())
        elif line.startswith("  "):
            self._continue(line, number)
        elif line.startswith((":", " :")):
            self._broken(line, number, "indent an explanation by two spaces: '  : text'")
        elif not self.has_stray:
            self.has_stray = True
            text = "text after the options; indent it by four spaces if it goes on with an explanation"
            self.findings.append(_error(self.file, number, 1, "text-after-options", text))
        self.after_blank = False

    def _explain(self, line: str, number: int, text: str) -> None:
        draft = self.drafts[-1]
        if draft.explanation is not None:
            self._broken(line, number, "an explanation stands above already; is the line of an option missing?")
        else:
            draft.explanation = [text]

    def _continue(self, line: str, number: int) -> None:
        draft = self.drafts[-1]
        if draft.explanation is not None:
            draft.explanation += ["", line.strip()] if self.after_blank else [line.strip()]
        elif self.after_blank:
            self._broken(line, number, "an explanation starts with two spaces and a colon: '  : text'")
        else:
            draft.text.append(line.strip())

    def _broken(self, line: str, number: int, text: str) -> None:
        if len(self.findings) < MAX_FINDINGS:
            column = len(line) - len(line.lstrip()) + 1
            self.findings.append(_error(self.file, number, column, "broken-option", text))

    def options(self) -> tuple[Option, ...]:
        return tuple(
            Option(
                letter=chr(ord("A") + n),
                text=" ".join(draft.text).strip(),
                is_key=draft.is_key,
                explanation="\n".join(draft.explanation or ()).strip(),
                line=draft.line,
            )
            for n, draft in enumerate([draft for draft in self.drafts if not draft.is_answer][:MAX_OPTIONS])
        )

    @property
    def answers(self) -> list[_Draft]:
        return [draft for draft in self.drafts if draft.is_answer]

    def answer(self) -> NumericAnswer | None:
        """The first answer; None where there is none, or it is no quantity."""
        draft = next(iter(self.answers), None)
        read = _QUANTITY.fullmatch(" ".join(draft.text)) if draft else None
        if draft is None or read is None:
            return None
        return NumericAnswer(
            value=read[1].replace("−", "-").removeprefix("+"),
            tolerance=read[2] or "0",
            unit=(read[3] or "").strip(),
            explanation="\n".join(draft.explanation or ()).strip(),
            line=draft.line,
        )

    def unread_answer(self) -> Iterator[Finding]:
        """What is wrong with an answer that is there and is no quantity."""
        for draft in self.answers[:1] if self.answer() is None else ():
            text = (
                f"'{' '.join(draft.text)[:40]}' is no answer; write a decimal number, then perhaps '± tolerance' and a unit, "
                "as in '= 7.35 ± 0.02 mmol/L'"
            )
            yield _error(self.file, draft.line, 1, "broken-answer", text)


def check_html(text: str, file: str, first_line: int) -> Iterator[Finding]:
    """Raw HTML in a text, which would show as the text that it is."""
    if "<" not in text:
        return
    for n, tag in enumerate(_HTML.finditer(text)):
        if n == MAX_FINDINGS:
            return
        shown = tag[0] if len(tag[0]) <= 30 else tag[0][:30] + "…"
        line, column = place_in(text, tag.start(), first_line)
        advice = f"raw HTML {shown!r} is not allowed; write Markdown, or '\\<' where the sign is meant"
        yield _error(file, line, column, "raw-html", advice)


def place_in(text: str, offset: int, first_line: int) -> tuple[int, int]:
    """Line and column of an offset into a text that starts at `first_line`."""
    return text.count("\n", 0, offset) + first_line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _error(file: str, line: int, column: int | None, rule: str, text: str) -> Finding:
    return Finding(file, line, column, rule, Severity.ERROR, text)
