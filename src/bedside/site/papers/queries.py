"""What is read of the papers: those of the content, and a person's own rows."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TypeVar
from uuid import UUID

from django.db.models import OuterRef, Subquery

from bedside.errors import NotFoundError, UsageError
from bedside.pathway import Papers, Record, read_papers
from bedside.site.accounts.models import User
from bedside.site.content import Content, current_content
from bedside.site.papers.models import Experience, Letter, OwnRow, Paper, Statement, StatementDraft
from bedside.site.pathway.queries import record_of

R = TypeVar("R", bound=OwnRow)


@dataclass(slots=True)
class _Shelf:
    """The papers of the content that was read last."""

    content: Content | None = None
    papers: Papers | None = None


_SHELF = _Shelf()
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that a person keeps, without what was taken away."""

    papers: dict[str, Paper]
    letters: list[Letter]
    experiences: list[Experience]
    statements: list[Statement]


def papers_of_content() -> Papers:
    """The papers of the content as it is now; of a file with an error none."""
    content = current_content()
    with _LOCK:
        if _SHELF.content is not content or _SHELF.papers is None:
            _SHELF.papers, _findings = read_papers(content.folder / "papers")
            _SHELF.content = content
        return _SHELF.papers


def kept_by(user: User) -> Kept:
    """What a person keeps."""
    return Kept(
        papers={one.key: one for one in _rows(Paper, user)},
        letters=sorted(_rows(Letter, user), key=lambda one: (one.arrived_on is not None, str(one.asked_on or "9"), one.writer)),
        experiences=sorted(_rows(Experience, user), key=lambda one: (str(one.begun_on or ""), one.place), reverse=True),
        statements=sorted(_rows(Statement, user), key=lambda one: one.title),
    )


def taken_away(user: User) -> list[OwnRow]:
    """The rows that were taken away, the newest first."""
    rows: list[OwnRow] = []
    for model in (Paper, Letter, Experience, Statement):
        rows += list(model._default_manager.filter(user=user, removed_at__isnull=False))
    return sorted(rows, key=lambda one: str(one.removed_at), reverse=True)


def own(model: type[R], user: User, pk: UUID) -> R:
    """A person's own row.

    Raises:
        NotFoundError: there is none; a row of somebody else is none.
    """
    row = model._default_manager.filter(user=user, pk=pk).first()
    if row is None:
        raise NotFoundError("there is no such row among yours")
    return row


def paper_row(user: User, key: str) -> Paper | None:
    """The row of a paper; None where nothing was said of it yet."""
    return Paper.objects.filter(user=user, key=key).first()


def drafts_of(statement: Statement) -> list[StatementDraft]:
    """Every draft, the newest first."""
    return list(StatementDraft.objects.filter(statement=statement).order_by("-at", "-pk"))


def newest_texts(user: User) -> dict[UUID, str]:
    """The newest draft of each statement."""
    newest = StatementDraft.objects.filter(statement=OuterRef("pk")).order_by("-at", "-pk").values("text")[:1]
    rows = Statement.objects.filter(user=user).annotate(newest=Subquery(newest)).values_list("pk", "newest")
    return {pk: text or "" for pk, text in rows}


def record_for(user: User) -> Record:
    """What the record of the pathway says of the person; nothing where what is kept there can't be read."""
    try:
        return record_of(user)
    except UsageError:
        return Record()


def _rows(model: type[R], user: User) -> list[R]:
    return list(model._default_manager.filter(user=user, removed_at__isnull=True))
