"""The rule files of a folder, read and checked: what is sound becomes a Pathway, each offence a finding with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, has_errors, in_order, plural
from bedside.pathway.compiling import Compiler
from bedside.pathway.entries import About, CertificateEntry, PathwayFile, Place
from bedside.pathway.files import read_files, sources_in
from bedside.pathway.moment import Exam
from bedside.pathway.rule import Deadline, ResultTime, Rule
from bedside.programme import Programme
from bedside.reading import Document, Source, did_you_mean

_FILE = TypeAdapter(PathwayFile)


@dataclass(frozen=True, slots=True)
class Pathway:
    """Every rule about one programme, with the names that records may use."""

    exam: Exam
    steps_of_records: Mapping[str, frozenset[str]]  # the steps that attempts may name, by programme
    certificates: tuple[CertificateEntry, ...]
    places: tuple[Place, ...]
    rules: tuple[Rule, ...]
    deadlines: tuple[Deadline, ...]
    titles: Mapping[str, str] = field(default_factory=dict)  # of steps and certificates, for people
    certificates_of_others: frozenset[str] = frozenset()  # that records may name too; no rule here asks for them
    results: ResultTime | None = None  # None: no file says how late a result may come
    _about: dict[tuple[About, str], tuple[Rule, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def rules_about(self, about: About, name: str) -> tuple[Rule, ...]:
        """The rules that speak of one step, certificate, state or visa."""
        if (about, name) not in self._about:
            self._about[about, name] = tuple(rule for rule in self.rules if rule.speaks_of(about, name))
        return self._about[about, name]

    def title_of(self, name: str) -> str:
        """The name of a step or certificate for people; its own name where it has no other."""
        return self.titles.get(name, name)

    @property
    def certificate_names(self) -> frozenset[str]:
        """The certificates that a record may name: those of every programme, for all can stand in one record."""
        return self.certificates_of_others.union(one.name for one in self.certificates)


@dataclass(frozen=True, slots=True)
class Pathways:
    """The pathways of a folder, by programme; `findings` is everything wrong. A file with an error gives no rules."""

    by_programme: Mapping[str, Pathway]
    findings: tuple[Finding, ...]
    unreadable: tuple[ReadError, ...]

    @property
    def licensing(self) -> str:
        """The programme that leads to a licence: its rules name the boards that give it. Else the only one, or ""."""
        names = [name for name, one in self.by_programme.items() if one.places] or list(self.by_programme)
        return names[0] if len(names) == 1 else ""

    def get(self, programme: str) -> Pathway:
        """The pathway of a programme. Half the rules would say yes where the other half says no: it is all of them or none.

        Raises:
            NotFoundError: there is none, or a file of rules has an error or can't be read.
        """
        for error in self.unreadable:
            raise NotFoundError(f"a file of rules can't be read, and without it no answer is safe: {error}")
        errors = [one for one in self.findings if one.severity is Severity.ERROR]
        if errors:
            first = errors[0]
            raise NotFoundError(
                f"the rules have {plural(len(errors), 'error')}, and without all of them no answer is safe; the first: "
                f"{first.file}:{first.line}: {first.text}"
            )
        if programme not in self.by_programme:
            known = ", ".join(self.by_programme) or "none"
            if not programme:
                raise NotFoundError(f"name an exam: none is known to lead to a licence, and there are rules about: {known}")
            raise NotFoundError(f'there are no rules about "{programme}"; there are some about: {known}')
        return self.by_programme[programme]


def read_pathways(directory: Path, programmes: Mapping[str, Programme]) -> Pathways:
    """Read every `*.yaml` of the folder. A folder that is absent has no pathways; a file with an error is left out.

    Raises:
        OSError: as the system says.
    """
    sources, unreadable = sources_in(directory)
    found = parse_pathways(sources, programmes)
    return Pathways(found.by_programme, found.findings, (*unreadable, *found.unreadable))


def parse_pathways(sources: Iterable[Source], programmes: Mapping[str, Programme]) -> Pathways:
    """The pathways of some files, read together: what one declares the others may name."""
    read = read_files(sources, _FILE, "pathway-format", lambda file, document: _check_head(file, document, programmes))
    files, findings = list(read.sound), list(read.findings)
    by_programme = {}
    for name in sorted({file.programme for file, _ in files}):
        pathway, offences = _build(programmes, name, files)
        by_programme[name] = pathway
        findings += offences
    return Pathways(by_programme, tuple(in_order(set(findings))), read.unreadable)


def _check_head(file: PathwayFile, document: Document, programmes: Mapping[str, Programme]) -> list[Finding]:
    if file.programme in programmes:
        return []
    place = document.place(("programme",))
    hint = did_you_mean(file.programme, sorted(programmes))
    text = f'the programme "{file.programme}" does not exist{hint}'
    return [Finding(document.file, place.line, place.column, "unknown-programme", Severity.ERROR, text)]


def _build(
    programmes: Mapping[str, Programme], name: str, files: list[tuple[PathwayFile, Document]]
) -> tuple[Pathway, list[Finding]]:
    """The files about a programme as its pathway. What a file with an error declares may still be named."""
    own = [file for file, _ in files if file.programme == name]
    compiler = Compiler(programmes, name, own, [file for file, _ in files])
    rules: list[Rule] = []
    deadlines: list[Deadline] = []
    findings: list[Finding] = []
    results: list[ResultTime] = []
    for file, document in files:
        if file.programme != name:
            continue
        own_rules, own_deadlines, offences = compiler.compile(file, document)
        results += compiler.results(file)
        findings += offences
        if not has_errors(offences):
            rules += own_rules
            deadlines += own_deadlines
    pathway = Pathway(
        exam=compiler.exam,
        steps_of_records=compiler.steps_of_records,
        certificates=compiler.certificates,
        places=compiler.places,
        rules=tuple(rules),
        deadlines=tuple(deadlines),
        titles=compiler.titles,
        certificates_of_others=compiler.certificates_of_records,
        results=results[0] if results else None,
    )
    return pathway, findings
