"""Files that the office takes in: a record, which takes the place of the one before, and a transcript, which is added to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedside.errors import ConflictError, ReadError, UsageError
from bedside.findings import Finding, has_errors
from bedside.pathway import Record, merge_transcript, read_record, read_transcript
from bedside.reading import Source
from bedside.site.registration.record_rows import names_of_records

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_BYTES = 256 * 1024  # a long transcript has some 20 kB
MOST_NAMED = 10  # mistakes of one file that are told


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The record that a file makes, and what else it says that the office should know."""

    record: Record
    notes: tuple[str, ...] = ()


def record_of_file(file: UploadedFile[Any] | None) -> TakenIn:
    """The record of a file.

    Raises:
        UsageError: no file, too large a one, or what is wrong in it, with its lines.
        ConflictError: the rules do not load.
    """
    source = _source(file)
    try:
        record, findings = read_record(source, **names_of_records())
    except ReadError as error:
        raise UsageError(str(error)) from error
    if record is None:
        raise UsageError(_told(findings))
    return TakenIn(record)


def record_with_transcript(file: UploadedFile[Any] | None, before: Record) -> TakenIn:
    """The record with the attempts of a transcript.

    Raises:
        UsageError: no file, too large a one, or what is wrong in it.
        ConflictError: it contradicts what the record says; names each attempt. Nothing of it is taken.
    """
    transcript, findings = read_transcript(_source(file))
    if transcript is None:
        raise UsageError(_told(findings))
    record, notes = merge_transcript(before, transcript)
    conflicts = [one.text for one in notes if has_errors([one])]
    if conflicts:
        named = "; ".join(conflicts[:MOST_NAMED])
        raise ConflictError(f"the transcript contradicts the record, and nothing of it was taken: {named}")
    whose = transcript.person.name or transcript.person.usmle_id or "nobody that it names"
    return TakenIn(record, (f"It is the transcript of {whose}.", *(f"{one.text}." for one in (*findings, *notes))))


def _source(file: UploadedFile[Any] | None) -> Source:
    if file is None:
        raise UsageError("choose a file")
    packed = file.read(MOST_BYTES + 1)
    if len(packed) > MOST_BYTES:
        raise UsageError(f"the file has more than {MOST_BYTES:,} bytes")
    try:
        return Source((file.name or "file")[:100], packed.decode())
    except UnicodeDecodeError:
        raise UsageError("the file is no text in UTF-8") from None


def _told(findings: list[Finding]) -> str:
    wrong = [one for one in findings if has_errors([one])]
    lines = [f"line {one.line}: {one.text}" for one in wrong[:MOST_NAMED]]
    more = f"; and {len(wrong) - MOST_NAMED} more" if len(wrong) > MOST_NAMED else ""
    return "the file has mistakes, and nothing of it was taken: " + "; ".join(lines) + more
