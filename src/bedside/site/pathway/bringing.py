"""A file that a person brings: a record, which takes the place of theirs, or a transcript, whose attempts are added to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from bedside.errors import ReadError
from bedside.findings import Finding
from bedside.pathway import Pathway, Record, merge_transcript, read_record, read_transcript
from bedside.reading import Source, decode
from bedside.site.pathway.shapes import MOST_BYTES

MOST_TRANSCRIPT_BYTES = 1024 * 1024  # of a transcript, whose notes are long
MOST_PROBLEMS = 20  # of a file; the rest is counted
ANOTHER_PERSON = "birth-conflict"  # the finding that lets a transcript be somebody else's


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file. `record` is None where nothing may be kept; `problems` say why, `notes` what to know."""

    record: Record | None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    n_attempts: int | None = None  # that a transcript added; None: it was a record


def read_brought(sent: UploadedFile[bytes], mine: Record, rules: Pathway) -> Brought:
    """What a file brings to a record. Nothing is kept here."""
    name = Path(sent.name or "file").name[:80]
    is_transcript = name.lower().endswith(".json")
    most = MOST_TRANSCRIPT_BYTES if is_transcript else MOST_BYTES
    if (sent.size or 0) > most:
        return Brought(None, (_("the file has %(n)d bytes; the limit is %(most)d") % {"n": sent.size, "most": most},))
    try:
        source = decode(sent.read(), file=name)
        return _transcript(source, mine) if is_transcript else _record(source, rules)
    except ReadError as error:
        return Brought(None, (str(error),))


def _record(source: Source, rules: Pathway) -> Brought:
    record, findings = read_record(source, steps=rules.steps_of_records, certificates=rules.certificate_names)
    return Brought(record, tuple(problem_lines(findings)))


def _transcript(source: Source, mine: Record) -> Brought:
    """The record with the attempts of a transcript. What does not go together is named, and the record keeps its own."""
    transcript, told = read_transcript(source)
    if transcript is None:
        return Brought(None, tuple(_cut([one.text for one in told])))
    merged, conflicts = merge_transcript(mine, transcript)
    others = [one.text for one in conflicts if one.rule == ANOTHER_PERSON]
    if others:
        return Brought(None, tuple(others))
    notes = _cut([one.text for one in (*conflicts, *told)])
    return Brought(merged, notes=tuple(notes), n_attempts=len(merged.attempts) - len(mine.attempts))


def problem_lines(findings: Iterable[Finding]) -> list[str]:
    """What is wrong, line by line."""
    return _cut([_("line %(line)d: %(text)s") % {"line": one.line, "text": one.text} for one in findings])


def _cut(lines: list[str]) -> list[str]:
    over = len(lines) - MOST_PROBLEMS
    return [*lines[:MOST_PROBLEMS], _("and %(n)d more") % {"n": over}] if over > 0 else lines
