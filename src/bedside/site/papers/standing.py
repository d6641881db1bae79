"""The list of papers: by stage, what runs out, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bedside.pathway import (
    KeptAs,
    PaperAbout,
    PaperGrounds,
    Papers,
    PaperSaid,
    Record,
    paper_concerns,
    paper_expires_on,
    paper_is_shown,
    papers_before,
)
from bedside.pathway import Paper as CorePaper
from bedside.programme import Source
from bedside.site.accounts.models import User
from bedside.site.papers import queries, telling
from bedside.site.papers.models import Paper, State
from bedside.site.papers.queries import Kept

SOON = timedelta(days=90)  # what runs out until then stands first
MOST_NEXT = 5
DONE = frozenset({State.HERE, State.SENT, State.VERIFIED, State.NOT_NEEDED})

STATEMENT_CHARACTERS = "statement.characters"
LETTERS_OF_A_PROGRAMME = "letters.programme"
EXPERIENCES = "experience.entries"
MEANINGFUL = "experience.meaningful"
EXPERIENCE_CHARACTERS = "experience.characters"


@dataclass(frozen=True, slots=True)
class Cited:
    """Something said, with where it was read and how far it is to be trusted."""

    text: str
    label: str
    sources: list[tuple[str, str | None]]
    as_of: date
    doubt: str
    note: str

    @classmethod
    def of(cls, said: PaperGrounds, papers: Papers, on: date) -> Cited:
        """One that the content says."""
        label = _labels().get(said.about, "") if isinstance(said, PaperSaid) else ""
        sources = [_link(one) for one in papers.sources_of(said)]
        return cls(said.text, label, sources, said.as_of, _doubt(said, on), said.note or "")


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of the list."""

    key: str
    title: str
    href: str
    state: str
    state_words: str
    told: str
    is_done: bool
    is_own: bool
    is_counted: bool
    waits_for: list[str]
    until: date | None
    until_told: str
    expires: date | None
    expires_told: str
    whom: str
    note: str
    is_unsure: bool
    cited: Cited | None
    says: list[Cited]


def page_of(user: User, on: date) -> dict[str, Any]:
    """Everything that the page of the papers shows."""
    kept, papers, record = queries.kept_by(user), queries.papers_of_content(), queries.record_for(user)
    lines = {one.key: one for one in _Lines(papers, kept, record, queries.newest_texts(user), on).all()}
    by_stage = [
        (stage.title, [lines[one.id] for one in papers.papers if one.stage == stage.name and one.id in lines])
        for stage in papers.stages
    ]
    own = [line for line in lines.values() if line.is_own]
    counted = [line for line in lines.values() if line.is_counted]
    return {
        "on": on,
        "stages": [(title, found) for title, found in by_stage if found],
        "own": sorted(own, key=lambda line: line.title),
        "lead": telling.papers_told(sum(line.is_done for line in counted), len(counted)),
        "expiring": _expiring(list(lines.values()), on),
        "next": _next(list(lines.values())),
        "letters_told": telling.letters_told(kept.letters, on),
        "has_content": bool(papers.papers),
        "knows_kind": record.person.kind is not None,
    }


def _expiring(lines: list[Line], on: date) -> list[Line]:
    found = [one for one in lines if one.expires is not None and one.expires <= on + SOON and one.state != State.NOT_NEEDED]
    return sorted(found, key=lambda one: (one.expires or on, one.title))


def _next(lines: list[Line]) -> list[Line]:
    """What is not done and waits for nothing, first what has a day; then in the order of the road."""
    open_ = [one for one in lines if one.is_counted and not one.is_done and not one.waits_for and not one.is_unsure]
    return sorted(open_, key=lambda one: (one.until is None, one.until or date.max))[:MOST_NEXT]


class _Lines:
    """The lines of a person's list."""

    def __init__(self, papers: Papers, kept: Kept, record: Record, texts: dict[Any, str], on: date) -> None:
        self.papers, self.kept, self.record, self.texts, self.on = papers, kept, record, texts, on
        self.counts: dict[KeptAs, Callable[[], str]] = {
            KeptAs.LETTER: lambda: telling.letters_told(kept.letters, on),
            KeptAs.EXPERIENCE: lambda: telling.entries_told(len(kept.experiences), papers.limit(EXPERIENCES)),
            KeptAs.STATEMENT: lambda: telling.statements_told(
                [texts.get(one.pk, "") for one in kept.statements], papers.limit(STATEMENT_CHARACTERS)
            ),
        }

    def all(self) -> list[Line]:
        known = {one.id for one in self.papers.papers}
        found = []
        for paper in self.papers.papers:
            needed = paper_concerns(paper, self.record)
            if needed is not False or paper.id in self.kept.papers:
                found.append(self._of_content(paper, is_unsure=needed is None))
        return found + [self._own(row) for key, row in self.kept.papers.items() if key not in known]

    def _of_content(self, paper: CorePaper, *, is_unsure: bool) -> Line:
        row = self.kept.papers.get(paper.id)
        is_shown = paper_is_shown(paper, self.record, self.on)
        state = State(row.state) if row else State.TO_DO
        if is_shown and state is State.TO_DO:
            state = State.HERE
        is_paper = paper.kept_as is KeptAs.PAPER
        expires = (row.expires_on if row else None) or paper_expires_on(paper, self.record, self.on)
        told = telling.paper_told(row, is_shown=is_shown, state=state) if is_paper else self.counts[paper.kept_as]()
        return self._line(
            row,
            key=paper.id,
            title=paper.title,
            state=state if is_paper else None,
            told=told,
            expires=expires,
            waits_for=[self._title(one) for one in paper.needs if not self._is_done(one)],
            paper=paper,
            is_unsure=is_unsure,
        )

    def _own(self, row: Paper) -> Line:
        state = State(row.state)
        told = telling.paper_told(row, is_shown=False, state=state)
        return self._line(
            row,
            key=row.key,
            title=row.title,
            state=state,
            told=told,
            expires=row.expires_on,
            waits_for=[],
            paper=None,
            is_unsure=False,
        )

    def _line(
        self,
        row: Paper | None,
        *,
        key: str,
        title: str,
        state: State | None,
        told: str,
        expires: date | None,
        waits_for: list[str],
        paper: CorePaper | None,
        is_unsure: bool,
    ) -> Line:
        until, until_told = self._until(row, paper)
        return Line(
            key=key,
            title=title,
            href=_address(paper, key),
            state=state or "",
            state_words=telling.sentence(str(state.label)) if state else "",
            told=told,
            is_done=state in DONE,
            is_own=paper is None,
            is_counted=state is not None,
            waits_for=waits_for if state not in DONE else [],
            until=until,
            until_told=until_told,
            expires=expires,
            expires_told=telling.expires_told(expires, self.on) if expires else "",
            whom=row.whom if row else "",
            note=row.note if row else "",
            is_unsure=is_unsure,
            cited=Cited.of(paper, self.papers, self.on) if paper else None,
            says=[Cited.of(one, self.papers, self.on) for one in paper.says] if paper else [],
        )

    def _until(self, row: Paper | None, paper: CorePaper | None) -> tuple[date | None, str]:
        """The day that the person set, or else the next that a source names."""
        if row is not None and row.wanted_on is not None:
            return row.wanted_on, _("needed by %(day)s, as you said") % {"day": telling.day_words(row.wanted_on)}
        if paper is None:
            return None, ""
        day = paper.until(self.on)
        if day is not None:
            return day, _("until %(day)s") % {"day": telling.day_words(day)}
        day, title = min(self._waiting(paper), default=(None, ""))
        return day, _("for “%(title)s” until %(day)s") % {"title": title, "day": telling.day_words(day)} if day else ""

    def _waiting(self, paper: CorePaper) -> list[tuple[date, str]]:
        """The days of what waits for a paper and is not done."""
        found = []
        for other in self.papers.papers:
            day = other.until(self.on)
            is_open = day is not None and not self._is_done(other.id)
            if day is not None and is_open and paper.id in papers_before(other, self.papers.papers):
                found.append((day, other.title))
        return found

    def _is_done(self, id_: str) -> bool:
        row, paper = self.kept.papers.get(id_), self.papers.paper(id_)
        is_shown = paper is not None and paper_is_shown(paper, self.record, self.on)
        is_needed = paper is None or paper_concerns(paper, self.record) is not False
        return (row is not None and row.state in DONE) or is_shown or not is_needed

    def _title(self, id_: str) -> str:
        paper = self.papers.paper(id_)
        return paper.title if paper else id_


def _address(paper: CorePaper | None, key: str) -> str:
    pages = {KeptAs.LETTER: "letters", KeptAs.EXPERIENCE: "experiences", KeptAs.STATEMENT: "statements"}
    name = pages.get(paper.kept_as) if paper else None
    return reverse(f"papers:{name}") if name else reverse("papers:paper", args=[key])


def _labels() -> dict[PaperAbout, str]:
    return {
        PaperAbout.ASKED: _("What is asked of it"),
        PaperAbout.TAKES: _("How long it takes"),
        PaperAbout.LASTS: _("How long it holds"),
        PaperAbout.COSTS: _("What it costs"),
        PaperAbout.UNTIL: _("Day to keep"),
    }


def _doubt(said: PaperGrounds, on: date) -> str:
    parts = [_("not certain")] if said.confidence == "low" else []
    if said.is_old(on):
        parts.append(_("more than a year old: ask before you rely on it"))
    return ", ".join(parts)


def _link(source: Source) -> tuple[str, str | None]:
    return source.title, source.url
