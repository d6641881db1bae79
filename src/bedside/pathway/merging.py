"""A transcript taken into a record: what is missing there is added, and nothing that stands there is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bedside.findings import Finding, Severity
from bedside.pathway.record import Attempt, Record, Result
from bedside.pathway.transcript import PROGRAMME, STEPS, Transcript

MERGED = "transcript"  # the name of the file in findings about what does not go together

MERGE_RULES = {
    "attempt-conflict": "Transcript and record give an attempt different results. An error: the record keeps its own.",
    "birth-conflict": "Transcript and record have different days of birth. An error: the record keeps its own.",
    "not-on-transcript": "The record has an attempt, older than its newest, that the transcript lacks. A warning.",
    "result-came": "A result that was pending in the record is on the transcript. A note: it is taken over.",
}


def merge_transcript(record: Record, transcript: Transcript) -> tuple[Record, list[Finding]]:
    """The record with the attempts of the transcript, oldest first, and what does not go together.

    An attempt is the same where Step and day are. Where the record says `pending`, it says nothing of the result, and the
    transcript's is taken; any other difference is an error, and the record's own stays.
    """
    told: list[Finding] = []
    there = {(one.step, one.date): one for one in record.attempts if one.programme == PROGRAMME}
    merged = {**there}
    for new in transcript.attempts():
        own = there.get((new.step, new.date))
        merged[new.step, new.date] = new if own is None else _joined(own, new, told)
    told += _lacking(there, transcript)
    others = [one for one in record.attempts if one.programme != PROGRAMME]
    twice = [one for one in record.attempts if one.programme == PROGRAMME and there[one.step, one.date] is not one]
    attempts = sorted([*others, *twice, *merged.values()], key=lambda one: one.date)
    born = _born(record, transcript, told)
    person = record.person if born is None else replace(record.person, born=born)
    return replace(record, person=person, attempts=tuple(attempts)), told


def _joined(own: Attempt, new: Attempt, told: list[Finding]) -> Attempt:
    where = f"{own.step} on {own.date}"
    if own.result is Result.PENDING and new.result is not Result.PENDING:
        _add(told, "result-came", Severity.NOTE, f"{where}: the result came, {new.result.value}")
        return new
    if new.result is not Result.PENDING and own.result is not new.result:
        text = f"{where}: the record says {own.result.value} and the transcript {new.result.value}; the record keeps its own"
        _add(told, "attempt-conflict", Severity.ERROR, text)
    elif own.validity is not new.validity:
        words = f"the record says {_words(own)} and the transcript {_words(new)}"
        _add(told, "attempt-conflict", Severity.ERROR, f"{where}: {words}; the record keeps its own")
    return own


def _words(attempt: Attempt) -> str:
    return attempt.validity.value.replace("_", " ")


def _lacking(there: dict[tuple[str, date], Attempt], transcript: Transcript) -> list[Finding]:
    listed = {(one.step, one.date) for one in transcript.attempts()}
    newest = max((day for _, day in listed), default=date.min)
    told: list[Finding] = []
    for step, day in sorted(there, key=lambda key: key[1]):
        if step in STEPS.values() and day < newest and (step, day) not in listed:
            _add(told, "not-on-transcript", Severity.WARNING, f"{step} on {day} is in the record and not on the transcript")
    return told


def _born(record: Record, transcript: Transcript, told: list[Finding]) -> date | None:
    own, new = record.person.born, transcript.person.born
    if own is not None and new is not None and own != new:
        text = f"the record says born {own} and the transcript {new}; is it the same person? The record keeps its own"
        _add(told, "birth-conflict", Severity.ERROR, text)
    return own or new


def _add(told: list[Finding], rule: str, severity: Severity, text: str) -> None:
    told.append(Finding(MERGED, 1, None, rule, severity, text))
