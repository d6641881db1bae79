"""Papers of a person, made for tests."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID

from bedside.site.accounts.models import User
from bedside.site.papers.models import Experience, Letter, Paper, Statement, StatementDraft
from tests.support.pathway_site import SHIPPED, write_pathway_content


def write_papers_content(folder: Path) -> Path:
    """A small content folder with the rules and the papers that ship."""
    write_pathway_content(folder)
    shutil.copytree(SHIPPED / "papers", folder / "papers", dirs_exist_ok=True)
    return folder


def one_of_each(user: User, ids: tuple[UUID, UUID, UUID, UUID], at: datetime) -> None:
    """A paper, a letter, an experience, and a statement with a draft."""
    letter, experience, statement, draft = ids
    Paper.objects.create(user=user, key="ecfmg.passport", title="Passport", state="here", expires_on=at.date(), changed_at=at)
    Letter.objects.create(pk=letter, user=user, writer="Dr. Rahman", asked_on=at.date(), waived=True, changed_at=at)
    Experience.objects.create(
        pk=experience, user=user, kind="research", place="Aga Khan", hours=20, done="Counted cells.", changed_at=at
    )
    made = Statement.objects.create(pk=statement, user=user, title="Psychiatry", changed_at=at)
    StatementDraft.objects.create(pk=draft, statement=made, text="I listen.", at=at)
