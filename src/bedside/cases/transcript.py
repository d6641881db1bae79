"""Transcripts: a run as JSON lines, from which it is replayed to the last bit.

The header names the case, the catalogue, the semantics of the engine and the seed; then come the commands with their virtual
time, each with the real time and the typed query where they are known, which the engine does not use; the footer has the
instant reached and the digest of everything that was emitted. The chosen id is kept and not the words, so search may change
without breaking a replay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from bedside.cases.commands import (
    Advance,
    AdvanceToResult,
    AdvanceUntilCalled,
    Cancel,
    Command,
    End,
    Examine,
    History,
    Move,
    Order,
)
from bedside.cases.emitted import Emitted
from bedside.cases.engine import Run
from bedside.cases.plans import Case
from bedside.errors import ConflictError, SyntaxReadError, TooLargeError

SEMANTICS = 2  # of the engine; raised with every change that alters what a run emits
MAX_BYTES = 4 * 1024 * 1024  # a course of 10,000 commands takes about 1 MB
MAX_COMMANDS = 20_000

_VERBS: Mapping[str, type[Command]] = {
    "order": Order,
    "cancel": Cancel,
    "move": Move,
    "exam": Examine,
    "history": History,
    "advance": Advance,
    "advance_to_result": AdvanceToResult,
    "advance_until_called": AdvanceUntilCalled,
    "end": End,
}
_VERB_OF = {kind: verb for verb, kind in _VERBS.items()}
_COMMANDS: Mapping[str, TypeAdapter[Command]] = {verb: TypeAdapter(kind) for verb, kind in _VERBS.items()}
_STRICT = ConfigDict(extra="forbid", strict=True)
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Second = Annotated[int, Field(ge=0, le=2**53)]


@checked(frozen=True, slots=True, config=_STRICT)
class Header:
    """What the run was of."""

    schema: Literal["transcript/1"]
    case: str
    case_digest: Digest
    catalogue_digest: Digest
    semantics: int
    seed: Second
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """What is kept of a command for people: milliseconds of real time since the candidate began, and what was typed."""

    real_ms: int | None = None
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A command at its virtual time."""

    at_s: int
    command: Command
    aside: Aside = Aside()


@checked(frozen=True, slots=True, config=_STRICT)
class Footer:
    """Where the run was when it was written down, and the digest of what it had emitted."""

    now_s: Second
    digest: Digest


@dataclass(frozen=True, slots=True)
class Transcript:
    """A run, written down."""

    header: Header
    steps: tuple[Step, ...]
    footer: Footer


def digest_of(emitted: Iterable[Emitted]) -> str:
    """The SHA-256 over what was emitted: kind and fields of each, as JSON with the shortest text of every number."""
    sha = hashlib.sha256()
    for one in emitted:
        plain = [type(one).__name__, *(_plain(getattr(one, field.name)) for field in fields(one))]
        sha.update(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return sha.hexdigest()


def transcript_of(run: Run, *, asides: Mapping[int, Aside] | None = None) -> Transcript:
    """Write a run down; `asides` by the number of the command, from 0."""
    case = run.case
    is_of_seed = len(case.variants) == max(1, len(case.file.variants))
    header = Header(
        schema="transcript/1",
        case=case.id,
        case_digest=case.digest,
        catalogue_digest=case.catalogue.digest,
        semantics=SEMANTICS,
        seed=run.seed,
        variant=None if is_of_seed else run.variant,
    )
    kept = asides or {}
    steps = tuple(Step(at_s, one, kept.get(number, Aside())) for number, (at_s, one) in enumerate(run.history.commands))
    return Transcript(header, steps, Footer(run.now_s, digest_of(run.history.emitted)))


def replay(case: Case, transcript: Transcript, *, until: int | None = None) -> Run:
    """Run a transcript again; with `until` only that many of its commands, to play on from there.

    Raises:
        ConflictError: of another case, catalogue or semantics; or what is emitted differs from what the footer says.
    """
    header = transcript.header
    for what, here, there in (
        ("case", case.id, header.case),
        ("text of the case", case.digest, header.case_digest),
        ("catalogue", case.catalogue.digest, header.catalogue_digest),
        ("semantics of the engine", SEMANTICS, header.semantics),
    ):
        if here != there:
            raise ConflictError(f"the transcript is of another {what}: {there}, and not {here}")
    run = Run(case, seed=header.seed)
    for step in transcript.steps[:until]:
        if step.at_s > run.now_s:
            run.advance_to(step.at_s)
        run.do(step.command)
    if until is None:
        run.advance_to(transcript.footer.now_s)
        if (run.now_s, digest_of(run.history.emitted)) != (transcript.footer.now_s, transcript.footer.digest):
            raise ConflictError(f"the replay of {case.id} differs from its transcript")
    return run


def write_transcript(transcript: Transcript) -> str:
    """The transcript as JSON lines."""
    lines = [_fields(transcript.header), *map(_step_as_dict, transcript.steps), _fields(transcript.footer)]
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)


def read_transcript(text: str, *, file: str = "transcript") -> Transcript:
    """Read JSON lines.

    Raises:
        SyntaxReadError: not a transcript; names the line.
        TooLargeError: over 4 MB or 20,000 commands.
    """
    if len(text) > MAX_BYTES:
        raise TooLargeError(file, f"larger than {MAX_BYTES:,} bytes")
    lines = text.splitlines()
    if len(lines) > MAX_COMMANDS + 2:
        raise TooLargeError(file, f"more than {MAX_COMMANDS:,} commands")
    if len(lines) < 2:
        raise SyntaxReadError(file, "a transcript has a header and a footer", line=1)
    read = [_line(text, file, number) for number, text in enumerate(lines, start=1)]
    header = _checked(Header, read[0], file, 1)
    footer = _checked(Footer, read[-1], file, len(lines))
    steps = tuple(_step(line, file, number) for number, line in enumerate(read[1:-1], start=2))
    return Transcript(header, steps, footer)


def _line(text: str, file: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise SyntaxReadError(file, "not JSON", line=number) from None
    if not isinstance(value, dict):
        raise SyntaxReadError(file, "not an object", line=number)
    return value


def _checked(kind: type[Any], line: dict[str, Any], file: str, number: int) -> Any:
    try:
        return TypeAdapter(kind).validate_json(json.dumps(line))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise SyntaxReadError(file, f"{where}: {first['msg']}", line=number) from None


def _step(line: dict[str, Any], file: str, number: int) -> Step:
    rest = dict(line)
    at_s, verb, real_ms, typed = (rest.pop(key, None) for key in ("at_s", "do", "real_ms", "typed"))
    if verb not in _COMMANDS:
        raise SyntaxReadError(file, f"do: no command {verb!r}", line=number)
    if type(at_s) is not int or at_s < 0:
        raise SyntaxReadError(file, "at_s: should be whole seconds", line=number)
    unknown = rest.keys() - {field.name for field in fields(_VERBS[verb])}
    if unknown:
        raise SyntaxReadError(file, f"unknown keys: {', '.join(sorted(unknown))}", line=number)
    try:
        command = _COMMANDS[verb].validate_json(json.dumps(rest), strict=True)
    except ValidationError as error:
        raise SyntaxReadError(file, str(error.errors(include_url=False)[0]["msg"]), line=number) from None
    return Step(at_s, command, replace(Aside(), real_ms=real_ms, typed=typed))


def _step_as_dict(step: Step) -> dict[str, Any]:
    aside = {key: value for key, value in _fields(step.aside).items() if value is not None}
    return {"at_s": step.at_s, "do": _VERB_OF[type(step.command)], **_fields(step.command), **aside}


def _fields(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):  # lines of a report
        return [list(_fields(line).values()) for line in value]
    return value
