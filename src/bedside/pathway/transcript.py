"""A score transcript of the FSMB's service for licensing boards, as the shape that it documents in public.

Shape: <https://github.com/fsmb/usmle-api>, docs/definitions (read 2026-11-29). Own reading: a transcript is hostile until
read, so size, depth and counts are limits; what is not understood is named and never dropped in silence.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bedside.findings import Finding, Severity, has_errors, plural
from bedside.pathway.record import Attempt, Result, Validity
from bedside.reading import Source

PROGRAMME: Final = "usmle"

MAX_CHARACTERS: Final = 1_000_000  # the longest sound one: 200 exams with notes of 1,000 characters
MAX_DEPTH: Final = 12
MAX_EXAMS: Final = 200
MAX_TEXT: Final = 1_000  # the longest text that the service documents

STEPS: Mapping[str, str] = {"STEP1": "step1", "STEP2CK": "step2ck", "STEP2CS": "step2cs", "STEP3": "step3"}
SUMMARIES: Mapping[str, str] = {"step1": "step1", "step2CK": "step2ck", "step2CS": "step2cs", "step3": "step3"}
RESULTS: Mapping[str, Result] = {"Pass": Result.PASS, "Fail": Result.FAIL}
WITHOUT_RESULT = frozenset({"Undetermined", "Not Available"})

TRANSCRIPT_RULES: Mapping[str, str] = {
    "transcript-format": "In a transcript: it is no JSON, over a limit, or a field is missing or not what it should be.",
    "unknown-code": "In a transcript: an exam whose code is none of the Steps. A warning: it is named and not taken over.",
    "unknown-status": "In a transcript: a status that is not documented. A warning: the result counts as not known.",
    "no-result": "In a transcript: an attempt without a result. A warning: it counts as an attempt, its result as not known.",
    "annotation": "In a transcript: a note or irregular behavior. A warning with its words.",
    "double-exam": "In a transcript: the same Step on the same day twice. An error where the results differ.",
    "attempts-differ": "In a transcript: its summary counts other attempts than it lists. A warning.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptExam:
    """One exam as the transcript has it, and as a record would. `step` is None where its code is none of the Steps."""

    code: str
    step: str | None
    day: date
    status: str | None
    result: Result
    validity: Validity
    reported: date | None
    note: str | None
    irregular: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptPerson:
    """Whose it is."""

    usmle_id: str | None
    name: str | None
    born: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A transcript that was read. `has_irregular_behavior`: does it speak of any that stands at no exam?"""

    person: TranscriptPerson
    exams: tuple[TranscriptExam, ...]
    has_irregular_behavior: bool

    def attempts(self) -> tuple[Attempt, ...]:
        """The attempts at Steps, oldest first, each once."""
        found: dict[tuple[str, date], Attempt] = {}
        for exam in sorted(self.exams, key=lambda exam: exam.day):
            if exam.step is not None:
                attempt = Attempt(
                    programme=PROGRAMME,
                    step=exam.step,
                    date=exam.day,
                    result=exam.result,
                    reported=exam.reported,
                    validity=exam.validity,
                )
                found.setdefault((exam.step, exam.day), attempt)
        return tuple(found.values())


def read_transcript(source: Source) -> tuple[Transcript | None, list[Finding]]:
    """The transcript of a JSON text, or None where a finding is an error; and all findings, each naming its field."""
    told: list[Finding] = []
    try:
        value = _parse(source)
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        return None, [Finding(source.file, line, None, "transcript-format", Severity.ERROR, str(error))]
    reading = _Reading(source.file, told)
    transcript = reading.transcript(value)
    return (None if has_errors(told) else transcript), told


def _parse(source: Source) -> Any:
    """JSON, without doubled keys, NaN, or more nesting than any transcript has."""
    if len(source.text) > MAX_CHARACTERS:
        raise ValueError(f"it has more than {MAX_CHARACTERS:,} characters")
    if _depth(source.text) > MAX_DEPTH:
        raise ValueError(f"it is nested deeper than {MAX_DEPTH} levels")
    try:
        return json.loads(source.text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_number)
    except json.JSONDecodeError as error:
        raise json.JSONDecodeError(f"not well-formed JSON: {error.msg}", error.doc, error.pos) from None


def _depth(text: str) -> int:
    deepest = depth = 0
    # a string that does not end goes to the end of the text, so that no text makes this slow
    for mark in re.findall(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{\]}]', text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
        deepest = max(deepest, depth)
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    double = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if double:
        raise ValueError(f'the key "{double[0][:MAX_TEXT]}" is given twice')
    return dict(pairs)


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _number(text: str) -> int:
    if len(text) > 18:
        raise ValueError("a number has more than 18 digits")
    return int(text)


@dataclass(slots=True)
class _Reading:
    """Plain values to a transcript; what is wrong goes to `told`."""

    file: str
    told: list[Finding] = field(default_factory=list)

    def transcript(self, value: Any) -> Transcript | None:
        top = self._object(value, "")
        exams = self._exams(top)
        if top is None or exams is None:
            return None
        person = self._person(top)
        self._check_summary(top, exams)
        irregular = self._irregular(top, "nonAdministrativeIrregularBehavior", "")
        has_any = self._flag(top, "hasNonAdministrativeIrregularBehavior", "") or bool(irregular)
        if has_any:
            words = "; ".join(irregular) or "it gives no words for it"
            self._warn("annotation", f"irregular behavior that stands at no exam: {words}")
        return Transcript(person=person, exams=tuple(exams), has_irregular_behavior=has_any)

    def _exams(self, top: Mapping[str, Any] | None) -> list[TranscriptExam] | None:
        value = None if top is None else top.get("exams")
        if top is None or not isinstance(value, list):
            if top is not None:
                self._error("exams: should be a list; without it this is no transcript")
            return None
        if len(value) > MAX_EXAMS:
            self._error(f"exams: {len(value):,} are more than {MAX_EXAMS}")
            return None
        exams = [exam for index, one in enumerate(value) if (exam := self._exam(one, f"exams.{index}")) is not None]
        self._check_double(exams)
        return exams

    def _exam(self, value: Any, at: str) -> TranscriptExam | None:
        exam = self._object(value, at)
        if exam is None:
            return None
        code, day = self._text(exam, "examCode", at), self._day(exam, "examDate", at)
        status, note = self._text(exam, "passFailStatus", at), self._text(exam, "note", at)
        reported = self._day(exam, "scoreAvailableDate", at)
        irregular = self._irregular(exam, "irregularBehavior", at)
        if self._flag(exam, "hasIrregularBehavior", at) and not irregular:
            irregular = ("it gives no words for it",)
        if code is None or day is None:
            self._error(f"{at}: examCode and examDate are needed")
            return None
        if reported is not None and reported < day:
            self._error(f"{at}.scoreAvailableDate: {reported} is before the exam on {day}")
            reported = None
        step = STEPS.get(code)
        if step is None:
            self._warn("unknown-code", f'{at}.examCode: "{code}" on {day} is none of {", ".join(STEPS)}; it is not taken over')
        result, validity = self._standing(status, note, f"{at}: {code} on {day}")
        self._annotate(note, irregular, f"{at}: {code} on {day}")
        return TranscriptExam(
            code=code,
            step=step,
            day=day,
            status=status,
            result=result,
            validity=validity,
            reported=reported if result in {Result.PASS, Result.FAIL} else None,
            note=note,
            irregular=irregular,
        )

    def _standing(self, status: str | None, note: str | None, where: str) -> tuple[Result, Validity]:
        """Result and validity of a status with its note; docs/reference/pathway-format.md says what becomes of what."""
        words = f"{status} {note}".lower()
        if "indeterminate" in words and status != "Fail":
            return Result.PASS, Validity.INDETERMINATE
        if status is not None and status in RESULTS:
            return RESULTS[status], Validity.VALID
        if "incomplete" in words:
            return Result.INCOMPLETE, Validity.VALID
        if status is not None and status not in WITHOUT_RESULT:
            self._warn("unknown-status", f'{where}: the status "{status}" is not documented; the result counts as not known')
        else:
            self._warn("no-result", f"{where}: no result is given; the attempt counts, its result is not known")
        return Result.PENDING, Validity.VALID

    def _annotate(self, note: str | None, irregular: tuple[str, ...], where: str) -> None:
        if note:
            self._warn("annotation", f'{where}: note "{note}"')
        for words in irregular:
            self._warn("annotation", f"{where}: irregular behavior: {words}. What stands as its result is taken over as it is")

    def _check_double(self, exams: list[TranscriptExam]) -> None:
        first: dict[tuple[str, date], TranscriptExam] = {}
        for exam in exams:
            earlier = first.setdefault((exam.code, exam.day), exam)
            if earlier is exam:
                continue
            same = (earlier.result, earlier.validity) == (exam.result, exam.validity)
            severity = Severity.WARNING if same else Severity.ERROR
            self._add("double-exam", severity, f"exams: {exam.code} on {exam.day} stands there twice")

    def _check_summary(self, top: Mapping[str, Any], exams: list[TranscriptExam]) -> None:
        summary = self._object(top["examSummary"], "examSummary") if top.get("examSummary") is not None else None
        listed = Counter(exam.step for exam in exams)
        for key, step in SUMMARIES.items() if summary is not None else ():
            detail = summary.get(key) if summary is not None else None
            if detail is None:
                continue
            counted = detail.get("attempts") if isinstance(detail, dict) else None
            if isinstance(counted, bool) or not isinstance(counted, int):
                self._error(f"examSummary.{key}.attempts: should be a whole number")
            elif counted != listed[step]:
                times = plural(counted, "attempt")
                self._warn("attempts-differ", f"examSummary.{key}: it counts {times} and the list has {listed[step]}")

    def _person(self, top: Mapping[str, Any]) -> TranscriptPerson:
        usmle_id = self._text(top, "usmleId", "")
        name = self._object(top["legalName"], "legalName") if top.get("legalName") is not None else None
        identity = self._object(top["identity"], "identity") if top.get("identity") is not None else None
        parts = [self._text(name, key, "legalName") for key in _NAME_PARTS] if name is not None else []
        if name is not None and self._flag(name, "isSingularName", "legalName"):
            parts[0] = None  # the service writes FNU there, for a name that has one part
        born = self._day(identity, "birthDate", "identity") if identity is not None else None
        return TranscriptPerson(usmle_id=usmle_id, name=" ".join(part for part in parts if part) or None, born=born)

    def _irregular(self, where: Mapping[str, Any], key: str, at: str) -> tuple[str, ...]:
        path = _below(at, key)
        value = where.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > MAX_EXAMS:
            self._error(f"{path}: should be a list of at most {MAX_EXAMS}")
            return ()
        return tuple(self._words(value))

    def _words(self, value: list[Any]) -> Iterator[str]:
        for one in value:
            told = self._object(one, "irregularBehavior")
            if told is not None:
                parts = [self._text(told, key, "irregularBehavior") for key in ("description", "note")]
                yield ": ".join(part for part in parts if part) or "it gives no words for it"

    def _object(self, value: Any, at: str) -> Mapping[str, Any] | None:
        if isinstance(value, dict):
            return value
        self._error(f"{at or 'the file'}: should be an object")
        return None

    def _text(self, where: Mapping[str, Any], key: str, at: str) -> str | None:
        value = where.get(key)
        if value is None:
            return None
        words = " ".join(value.split()) if isinstance(value, str) and len(value) <= MAX_TEXT else None
        if words is None or not words.isprintable():
            self._error(f"{_below(at, key)}: should be a text of at most {MAX_TEXT:,} characters, all of them printable")
            return None
        return words or None

    def _flag(self, where: Mapping[str, Any], key: str, at: str) -> bool:
        value = where.get(key)
        if value is not None and not isinstance(value, bool):
            self._error(f"{_below(at, key)}: should be true or false")
        return value is True

    def _day(self, where: Mapping[str, Any], key: str, at: str) -> date | None:
        """A day of the service: `2011-10-25T00:00:00`, or the day alone."""
        value = where.get(key)
        if value is None:
            return None
        if isinstance(value, str) and re.fullmatch(_DAY, value, re.ASCII):
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                pass
        self._error(f"{_below(at, key)}: should be a day written as 2026-05-14 or 2026-05-14T00:00:00")
        return None

    def _error(self, text: str) -> None:
        self._add("transcript-format", Severity.ERROR, text)

    def _warn(self, rule: str, text: str) -> None:
        self._add(rule, Severity.WARNING, text)

    def _add(self, rule: str, severity: Severity, text: str) -> None:
        self.told.append(Finding(self.file, 1, None, rule, severity, text))


_DAY = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|[+-]\d{2}:\d{2})?)?"
_NAME_PARTS = ("firstName", "middleName", "lastName", "suffix")


def _below(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
