"""The files of `content/timelines/`, read and checked together: what is sound becomes a Plan, each offence a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, has_errors, in_order, plural
from bedside.pathway.folder import Pathway
from bedside.pathway.timeline.compiling import Compiler, check_head
from bedside.pathway.timeline.entries import TimelineFile
from bedside.pathway.timeline.plan import Plan
from bedside.reading import Document, Source, parse_yaml, read_text, validate

_FILE = TypeAdapter(TimelineFile)


@dataclass(frozen=True, slots=True)
class Timelines:
    """The roads of a folder, by programme; `findings` is everything wrong, and what is wrong gives no road."""

    by_programme: Mapping[str, Plan]
    findings: tuple[Finding, ...]
    unreadable: tuple[ReadError, ...]

    def get(self, programme: str) -> Plan:
        """The road of a programme: with half its milestones it would be too short, so it is all of them or none.

        Raises:
            NotFoundError: there is none, or a file has an error or can't be read.
        """
        for error in self.unreadable:
            raise NotFoundError(f"a file of the road can't be read, and without it the road is too short: {error}")
        errors = [one for one in self.findings if one.severity is Severity.ERROR]
        if errors:
            first = errors[0]
            raise NotFoundError(
                f"the road has {plural(len(errors), 'error')}, and without all of it it is too short; the first: "
                f"{first.file}:{first.line}: {first.text}"
            )
        if programme not in self.by_programme:
            known = ", ".join(self.by_programme) or "none"
            raise NotFoundError(f'no road is written for "{programme}"; there are some for: {known}')
        return self.by_programme[programme]


def read_timelines(directory: Path, pathways: Mapping[str, Pathway]) -> Timelines:
    """Read every `*.yaml` of the folder. A folder that is absent has no roads.

    Raises:
        OSError: as the system says.
    """
    sources: list[Source] = []
    unreadable: list[ReadError] = []
    for path in sorted(directory.glob("*.yaml")) if directory.is_dir() else []:
        try:
            sources.append(read_text(path))
        except ReadError as error:
            unreadable.append(error)
    found = parse_timelines(sources, pathways)
    return Timelines(found.by_programme, found.findings, (*unreadable, *found.unreadable))


def parse_timelines(sources: Iterable[Source], pathways: Mapping[str, Pathway]) -> Timelines:
    """The roads of some files, read together: what one declares the others may name."""
    findings: list[Finding] = []
    unreadable: list[ReadError] = []
    files: list[tuple[TimelineFile, Document]] = []
    for source in sources:
        try:
            document = parse_yaml(source)
        except ReadError as error:
            unreadable.append(error)
            continue
        checked = validate(_FILE, document, rule="timeline-format")
        file = checked[0]
        offences = [*document.findings, *checked[1]]
        if file is not None:
            offences += check_head(file, document, list(pathways))
        if file is not None and not has_errors(offences):
            files.append((file, document))
        findings += offences
    by_programme: dict[str, Plan] = {}
    for name in sorted({file.programme for file, _ in files}):
        compiler = Compiler(pathways[name], [one for one in files if one[0].programme == name])
        plan = compiler.compile()
        findings += compiler.findings
        if plan is not None:
            by_programme[name] = plan
    return Timelines(by_programme, tuple(in_order(set(findings))), tuple(unreadable))
