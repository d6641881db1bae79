"""The files of `content/timelines/`, read and checked together: what is sound becomes a Plan, each offence a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, in_order, plural
from bedside.pathway.files import read_files, sources_in
from bedside.pathway.folder import Pathway
from bedside.pathway.timeline.compiling import Compiler, check_head
from bedside.pathway.timeline.entries import TimelineFile
from bedside.pathway.timeline.plan import Plan
from bedside.reading import Source

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
    sources, unreadable = sources_in(directory)
    found = parse_timelines(sources, pathways)
    return Timelines(found.by_programme, found.findings, (*unreadable, *found.unreadable))


def parse_timelines(sources: Iterable[Source], pathways: Mapping[str, Pathway]) -> Timelines:
    """The roads of some files, read together: what one declares the others may name."""
    read = read_files(sources, _FILE, "timeline-format", lambda file, document: check_head(file, document, list(pathways)))
    files, findings = list(read.sound), list(read.findings)
    by_programme: dict[str, Plan] = {}
    for name in sorted({file.programme for file, _ in files}):
        compiler = Compiler(pathways[name], [one for one in files if one[0].programme == name])
        plan = compiler.compile()
        findings += compiler.findings
        if plan is not None:
            by_programme[name] = plan
    return Timelines(by_programme, tuple(in_order(set(findings))), read.unreadable)
