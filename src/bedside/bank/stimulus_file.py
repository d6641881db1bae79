"""A shared stimulus: `stimuli/<id>.md`, an abstract or an advertisement that the items of one set ask about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.body import check_html
from bedside.bank.exhibits import check_exhibits, media_in
from bedside.bank.item import Stimulus, StimulusKind
from bedside.bank.media import MediaFolder
from bedside.bank.names import ID, MAX_BODY, MAX_ID
from bedside.bank.records import error_at, read_record
from bedside.findings import Finding, Severity, has_errors
from bedside.reading import Source, parse_front_matter

_STRICT = ConfigDict(extra="forbid", strict=True)
_Text = Annotated[str, Field(min_length=1, max_length=2000)]


class _FrontMatter(BaseModel):
    model_config = _STRICT
    schema_: Annotated[Literal["stimulus/1"], Field(alias="schema")]
    id: Annotated[str, Field(max_length=MAX_ID, pattern=rf"^{ID.pattern}$")]
    kind: Literal["abstract", "advertisement", "passage"]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    authors: list[_Text] = []
    sources: list[_Text] = []


STIMULUS_KEYS = tuple(field.alias or name for name, field in _FrontMatter.model_fields.items())


@dataclass(frozen=True, slots=True)
class StimulusReading:
    """A stimulus, None where it has an error, and all findings."""

    stimulus: Stimulus | None
    findings: tuple[Finding, ...]


def parse_stimulus(source: Source, *, name: str, media: MediaFolder | None = None) -> StimulusReading:
    """Read the text of a stimulus file; its id is `name`, that of the file.

    Raises:
        ReadError: no front matter, or it is not well-formed.
    """
    matter = parse_front_matter(source)
    document = matter.document
    record, findings = read_record(_FrontMatter, document, (), document.value)
    findings += [*document.findings, *check_html(matter.body, source.file, matter.body_line)]
    findings += check_exhibits(matter.body, file=source.file, first_line=matter.body_line, media=media)
    findings += _check_text(matter.body, source.file, matter.body_line)
    if record is not None and record.id != name:
        text = f'the id "{record.id}" differs from the name of the file, "{name}.md"'
        findings.append(error_at(document, ("id",), "id-and-place", text))
    if record is None or has_errors(findings):
        return StimulusReading(None, tuple(findings))
    stimulus = Stimulus(
        id=record.id,
        kind=StimulusKind(record.kind),
        title=record.title,
        text="\n".join(line.rstrip() for line in matter.body.split("\n")).strip(),
        line=matter.body_line,
        media=media_in(matter.body, media),
        file=source.file,
    )
    return StimulusReading(stimulus, tuple(findings))


def _check_text(body: str, file: str, line: int) -> Iterator[Finding]:
    if not body.strip():
        yield Finding(file, line, None, "no-stem", Severity.ERROR, "no text below the front matter")
    if len(body) > MAX_BODY:
        text = f"{len(body):,} signs; what stands below the front matter has at most {MAX_BODY:,}"
        yield Finding(file, line, None, "too-long", Severity.ERROR, text)
